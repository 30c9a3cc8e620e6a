"""Accounts of a running server compared with their models, driven by the client and the handle."""

import asyncio
from functools import partial
from typing import Any

import pytest
from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from mydnspanel_client import PanelClient

from fakeserver.testing import Panel, PanelServer, UsageError
from tests.examples import examples
from tests.model import client_calls, strategies
from tests.model.account import ModelAccount, ModelFault, Params, Reply
from tests.model.compared import IDS_PER_ACCOUNT, PHONEBOOK, with_send_id
from tests.model.lifecycle import Pair

ACCOUNTS = st.integers(0, 1)
CLIENT_REQUESTS = strategies.REQUESTS.filter(lambda request: request.get("action") in client_calls.ACTIONS)
WIRES = st.sampled_from([("POST", "form"), ("POST", "multipart"), ("POST", "json"), ("GET", "form")])


class ComparedRemoteAccount:
    """An account of a running server and its model, which receive the same requests and events."""

    def __init__(self, panel: Panel, loop: asyncio.AbstractEventLoop) -> None:
        self.panel = panel
        self.loop = loop
        serial = int(panel.api_key.removeprefix("account-"))
        self.model = ModelAccount(serial * IDS_PER_ACCOUNT + 1)
        self.snapshot: tuple[Any, ModelAccount] | None = None
        self.clients: dict[tuple[str, str], PanelClient] = {}

    def client(self, wire: Any) -> PanelClient:
        if wire not in self.clients:
            method, encoding = wire
            self.clients[wire] = PanelClient(
                self.panel.url, self.panel.api_key, method=method, encoding=encoding
            )
        return self.clients[wire]

    def ask(self, params: Params, wire: Any, other_first_id: int = 1) -> Reply:
        params = with_send_id(params, self.model.first_id, other_first_id)
        expected = self.model.ask(params)
        reply = self.loop.run_until_complete(client_calls.ask(self.client(wire), params))
        assert reply == expected, params
        return reply

    def advance(self, milliseconds: int) -> None:
        self.panel.advance(milliseconds / 1000)
        self.model.now += milliseconds

    def change(self, change: Params) -> None:
        self.panel.set(**change)
        self.model.change(**change)

    def add_fault(self, fault: Params) -> None:
        self.panel.control("POST", "/faults", strategies.fault_document(fault))
        self.model.faults.append(ModelFault(**fault))

    def deliver(self, sender: str, text: str) -> None:
        self.panel.deliver(from_=sender, text=text)
        self.model.deliver(sender, text)

    def command(self, number: int, command: str | Pair) -> None:
        """Approve, cancel or force one of the kept sends. The control plane refuses if nothing can move."""
        kept = [place for place in range(len(self.model.sends)) if not self.model.archived(place)]
        if not kept:
            return
        place = kept[number % len(kept)]
        message = f"/messages/{self.model.first_id + place}"
        if command == "approve":
            moved, name, body = self.model.approve(place), "approve", None
        elif command == "cancel":
            moved, name, body = self.model.cancel(place), "cancel", None
        else:
            assert not isinstance(command, str)
            moved, name = self.model.force(place, command), "status"
            body = {"processingStatus": command[0], "sendStatus": command[1]}
        try:
            self.panel.control("POST", f"{message}/{name}", body)
        except UsageError:
            assert not moved
        else:
            assert moved

    def keep_or_restore_snapshot(self) -> None:
        if self.snapshot is None:
            self.snapshot = self.panel.snapshot(), self.model.copy()
            return
        snapshot, self.model = self.snapshot
        self.panel.restore(snapshot)
        self.snapshot = None

    def check(self, wire: Any) -> None:
        """The service and the handle agree with the model, and reading changes nothing."""
        before = self.state()
        for place in range(len(self.model.sends)):
            self.ask({"action": "reportSend", "sendID": (strategies.OWN, place)}, wire)
        self.ask({"action": "credit"}, wire)
        assert self.state() == before, "reading changed the account"
        assert self.panel.credit == self.model.credit >= 0
        contacts = [contact.number for contact in self.panel.phonebook(PHONEBOOK).contacts]
        assert contacts == self.model.phonebook

    def state(self) -> list[Any]:
        """Everything that the control plane shows of the account, except its journal."""
        places = ("", "/messages", "/phonebooks", "/inbound", "/clock")
        return [self.panel.control("GET", place) for place in places]

    def close(self) -> None:
        for client in self.clients.values():
            self.loop.run_until_complete(client.close())
        self.panel.remove()


class ServerMachine(RuleBasedStateMachine):
    def __init__(self, server: PanelServer) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.accounts = [ComparedRemoteAccount(server.new_account(), self.loop) for _ in range(2)]

    def teardown(self) -> None:
        for account in self.accounts:
            account.close()
        self.loop.close()

    @initialize(request=strategies.SENDS, wire=WIRES)
    def begin(self, request: Params, wire: Any) -> None:
        self.accounts[0].ask(request, wire)

    @rule(chosen=ACCOUNTS, request=strategies.SENDS, wire=WIRES, milliseconds=strategies.SHORT_WAITS_MS)
    def send_and_wait(self, chosen: int, request: Params, wire: Any, milliseconds: int) -> None:
        self.accounts[chosen].ask(request, wire)
        self.accounts[chosen].advance(milliseconds)

    @rule(chosen=ACCOUNTS, request=CLIENT_REQUESTS, wire=WIRES)
    def ask(self, chosen: int, request: Params, wire: Any) -> None:
        self.accounts[chosen].ask(request, wire, self.accounts[1 - chosen].model.first_id)

    @rule(chosen=ACCOUNTS, milliseconds=strategies.WAITS_MS)
    def advance(self, chosen: int, milliseconds: int) -> None:
        self.accounts[chosen].advance(milliseconds)

    @rule(chosen=ACCOUNTS, number=st.integers(0, 99))
    def advance_to_a_change(self, chosen: int, number: int) -> None:
        model = self.accounts[chosen].model
        if moments := model.moments():
            self.accounts[chosen].advance(moments[number % len(moments)] - model.now)

    @rule(chosen=ACCOUNTS, number=st.integers(0, 9), command=strategies.COMMANDS)
    def command(self, chosen: int, number: int, command: str | Pair) -> None:
        self.accounts[chosen].command(number, command)

    @rule(
        chosen=ACCOUNTS, sender=st.sampled_from(strategies.SENDERS), text=st.sampled_from(strategies.INBOUND)
    )
    def deliver(self, chosen: int, sender: str, text: str) -> None:
        self.accounts[chosen].deliver(sender, text)

    @rule(chosen=ACCOUNTS, fault=strategies.FAULTS)
    def add_fault(self, chosen: int, fault: Params) -> None:
        self.accounts[chosen].add_fault(fault)

    @rule(chosen=ACCOUNTS, change=strategies.CHANGES)
    def change(self, chosen: int, change: Params) -> None:
        self.accounts[chosen].change(change)

    @rule(chosen=ACCOUNTS)
    def keep_or_restore_snapshot(self, chosen: int) -> None:
        self.accounts[chosen].keep_or_restore_snapshot()

    @invariant()
    def each_account_agrees_with_its_model(self) -> None:
        for account in self.accounts:
            account.check(("POST", "form"))


@pytest.mark.rule("W5", "L6", "M6", "R3", "B1", "N4")
def test_the_server_always_agrees_with_the_models_of_its_accounts() -> None:
    with PanelServer.start() as server:
        machine: Any = partial(ServerMachine, server)  # Hypothesis takes any callable; its types want a class
        run_state_machine_as_test(
            machine,
            settings=settings(examples(6, most=300), stateful_step_count=15),
        )
