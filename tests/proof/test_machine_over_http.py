"""The same over HTTP: the reference client and the handle of an account, beside the plain model."""

import asyncio
from typing import Any

import pytest
from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from mydnspanel_client import PanelClient

from fakeserver.testing import Panel, PanelServer, UsageError
from tests.proof import deeds, spoken
from tests.proof.beside import IDS_PER_ACCOUNT, PHONEBOOK, addressed
from tests.proof.model import Account, Fault, Pair, Params, Reply

WHO = st.integers(0, 1)
WAYS = st.sampled_from([("POST", "form"), ("POST", "multipart"), ("POST", "json"), ("GET", "form")])


class Remote:
    """An account of a running server and its model, told the same."""

    def __init__(self, panel: Panel, loop: asyncio.AbstractEventLoop) -> None:
        self.panel = panel
        self.loop = loop
        serial = int(panel.api_key.removeprefix("account-"))
        self.model = Account(serial * IDS_PER_ACCOUNT + 1)
        self.saved: tuple[Any, Account] | None = None
        self.clients: dict[tuple[str, str], PanelClient] = {}

    def client(self, way: Any) -> PanelClient:
        if way not in self.clients:
            method, encoding = way
            self.clients[way] = PanelClient(
                self.panel.url, self.panel.api_key, method=method, encoding=encoding
            )
        return self.clients[way]

    def ask(self, params: Params, way: Any, theirs: int = 1) -> Reply:
        params = addressed(params, self.model.first_id, theirs)
        expected = self.model.ask(params)
        reply = self.loop.run_until_complete(spoken.ask(self.client(way), params))
        assert reply == expected, params
        return reply

    def advance(self, milliseconds: int) -> None:
        self.panel.advance(milliseconds / 1000)
        self.model.now += milliseconds

    def change(self, change: Params) -> None:
        self.panel.set(**change)
        self.model.change(**change)

    def fault(self, fault: Params) -> None:
        self.panel.control("POST", "/faults", deeds.fault_document(fault))
        self.model.faults.append(Fault(**fault))

    def deliver(self, sender: str, text: str) -> None:
        self.panel.deliver(from_=sender, text=text)
        self.model.deliver(sender, text)

    def command(self, number: int, command: str | Pair) -> None:
        """The control plane answers 409 where nothing can be moved, and has then moved nothing."""
        kept = [place for place in range(len(self.model.sends)) if not self.model.archived(place)]
        if not kept:
            return
        place = kept[number % len(kept)]
        below = f"/messages/{self.model.first_id + place}"
        if command == "approve":
            moved, way, body = self.model.approve(place), "approve", None
        elif command == "cancel":
            moved, way, body = self.model.cancel(place), "cancel", None
        else:
            assert not isinstance(command, str)
            moved, way = self.model.force(place, command), "status"
            body = {"processingStatus": command[0], "sendStatus": command[1]}
        try:
            self.panel.control("POST", f"{below}/{way}", body)
        except UsageError:
            assert not moved
        else:
            assert moved

    def keep_or_go_back(self) -> None:
        if self.saved is None:
            self.saved = self.panel.snapshot(), self.model.copy()
            return
        snapshot, self.model = self.saved
        self.panel.restore(snapshot)
        self.saved = None

    def check(self, way: Any) -> None:
        """The service says what the model says, and so does the handle; looking has changed nothing."""
        before = self.seen()
        for place in range(len(self.model.sends)):
            self.ask({"action": "reportSend", "sendID": (deeds.MINE, place)}, way)
        self.ask({"action": "credit"}, way)
        assert self.seen() == before, "reading changed the account"
        assert self.panel.credit == self.model.credit >= 0
        contacts = [contact.number for contact in self.panel.phonebook(PHONEBOOK).contacts]
        assert contacts == self.model.phonebook

    def seen(self) -> list[Any]:
        """All that the control plane shows of the account, but its journal."""
        places = ("", "/messages", "/phonebooks", "/inbound", "/clock")
        return [self.panel.control("GET", place) for place in places]

    def close(self) -> None:
        for client in self.clients.values():
            self.loop.run_until_complete(client.close())
        self.panel.remove()


class ServerBesideModel(RuleBasedStateMachine):
    def __init__(self, server: PanelServer) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.accounts = [Remote(server.new_account(), self.loop) for _ in range(2)]

    def teardown(self) -> None:
        for account in self.accounts:
            account.close()
        self.loop.close()

    @initialize(request=deeds.SENDS, way=WAYS)
    def begin(self, request: Params, way: Any) -> None:
        self.accounts[0].ask(request, way)

    @rule(who=WHO, request=deeds.SENDS, way=WAYS, milliseconds=deeds.SHORT_WAITS_MS)
    def send_and_wait(self, who: int, request: Params, way: Any, milliseconds: int) -> None:
        self.accounts[who].ask(request, way)
        self.accounts[who].advance(milliseconds)

    @rule(who=WHO, request=deeds.REQUESTS.filter(lambda one: one.get("action") in spoken.ACTIONS), way=WAYS)
    def ask(self, who: int, request: Params, way: Any) -> None:
        self.accounts[who].ask(request, way, self.accounts[1 - who].model.first_id)

    @rule(who=WHO, milliseconds=deeds.WAITS_MS)
    def advance(self, who: int, milliseconds: int) -> None:
        self.accounts[who].advance(milliseconds)

    @rule(who=WHO, number=st.integers(0, 99))
    def advance_to_a_change(self, who: int, number: int) -> None:
        model = self.accounts[who].model
        if moments := model.moments():
            self.accounts[who].advance(moments[number % len(moments)] - model.now)

    @rule(who=WHO, number=st.integers(0, 9), command=deeds.COMMANDS)
    def command(self, who: int, number: int, command: str | Pair) -> None:
        self.accounts[who].command(number, command)

    @rule(who=WHO, sender=st.sampled_from(deeds.SENDERS), text=st.sampled_from(deeds.INBOUND))
    def deliver(self, who: int, sender: str, text: str) -> None:
        self.accounts[who].deliver(sender, text)

    @rule(who=WHO, fault=deeds.FAULTS)
    def fault(self, who: int, fault: Params) -> None:
        self.accounts[who].fault(fault)

    @rule(who=WHO, change=deeds.CHANGES)
    def change(self, who: int, change: Params) -> None:
        self.accounts[who].change(change)

    @rule(who=WHO)
    def keep_or_go_back(self, who: int) -> None:
        self.accounts[who].keep_or_go_back()

    @invariant()
    def each_account_is_its_model(self) -> None:
        for account in self.accounts:
            account.check(("POST", "form"))


@pytest.mark.rule("W5", "L6", "M6", "R3", "B1", "N4")
def test_the_server_is_at_every_moment_what_the_plain_model_says() -> None:
    examples = max(10, min(settings().max_examples // 5, 300))  # each example is hundreds of requests
    with PanelServer.start() as server:
        factory: Any = lambda: ServerBesideModel(server)  # noqa: E731 - Hypothesis takes any, its types a class
        run_state_machine_as_test(
            factory,
            settings=settings(stateful_step_count=15, max_examples=examples),
        )
