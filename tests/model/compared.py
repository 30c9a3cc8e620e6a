"""An account of the panel and its model: both receive the same requests and events, and must agree."""

import pickle
from itertools import pairwise
from typing import Any

from fakeserver.spec.units import AccountMs
from tests.driver import REAL_MS, AccountDriver, in_one_panel
from tests.model.account import ModelAccount, ModelFault, Params
from tests.model.lifecycle import ENTRIES, GRAPH, REFUNDED, Pair
from tests.model.strategies import OWN, fault_document

IDS_PER_ACCOUNT = 1_000_000_000
PHONEBOOK = 1403


class ComparedAccount:
    """`driver` drives one of two accounts of a panel; `other_first_id` is the first send id of the other."""

    def __init__(self, driver: AccountDriver, serial: int, other_serial: int) -> None:
        self.driver = driver
        self.model = ModelAccount(serial * IDS_PER_ACCOUNT + 1)
        self.other_first_id = other_serial * IDS_PER_ACCOUNT + 1
        self.snapshot: tuple[Params, ModelAccount] | None = None

    # Requests and events, each for both

    def ask(self, params: Params) -> None:
        params = with_send_id(params, self.model.first_id, self.other_first_id)
        # The model counts the requests that faults match, so it is asked once.
        expected = self.model.ask(params)
        assert self.driver.call(params=params) == expected, (params, self.driver.reason)

    def advance(self, milliseconds: int) -> None:
        self.driver.account.clock.set(AccountMs(self.driver.now_ms + milliseconds), REAL_MS)
        self.model.now += milliseconds

    def advance_to(self, number: int) -> None:
        """Advance to one of the instants around coming changes; any whole number chooses one."""
        if moments := self.model.moments():
            self.advance(moments[number % len(moments)] - self.model.now)

    def change(self, settings: Params) -> None:
        self.driver.change(**settings)
        self.model.change(**settings)

    def add_fault(self, fault: Params) -> None:
        self.driver.add_fault(**fault_document(fault))
        self.model.faults.append(ModelFault(**fault))

    def deliver(self, sender: str, text: str) -> None:
        self.driver.deliver(sender, text)
        self.model.deliver(sender, text)

    def command(self, number: int, command: str | Pair, only_first: bool = False) -> None:
        """Approve, cancel or force one of the kept sends; any whole number chooses one."""
        kept = len(self.model.sends) - self.model.dropped
        if not kept:
            return
        place = self.model.dropped + number % kept
        send_id = str(self.model.first_id + place)
        if command == "approve":
            assert self.driver.approve(send_id) == self.model.approve(place)
        elif command == "cancel":
            assert self.driver.cancel(send_id) == self.model.cancel(place)
        elif not isinstance(command, str):
            only = next(iter(self.model.sends[place].receivers)) if only_first else None
            assert self.driver.force(send_id, command, only) == self.model.force(place, command, only)

    def keep_or_restore_snapshot(self) -> None:
        """Keep a snapshot, or restore and forget the one that was kept."""
        if self.snapshot is None:
            self.driver.account.keep_snapshot("kept", REAL_MS)
            self.snapshot = self.driver.document, self.model.copy()
            return
        self.driver.document, self.model = self.snapshot
        self.driver.account.restore_snapshot("kept", REAL_MS)
        self.snapshot = None

    # What must hold

    def check(self) -> None:
        self.check_reads()
        self.check_money()
        self.check_deliveries()
        self.check_phonebook()

    def check_reads(self) -> None:
        """Every report, the credit, the status and the messages are the model's; reading changes nothing."""
        self.driver.account.book_refunds(self.driver.now_ms)  # as every request does
        before = self.state()
        for place in range(len(self.model.sends)):
            self.ask({"action": "reportSend", "sendID": (OWN, place)})
        self.ask({"action": "credit"})
        if self.model.received == "keep" and not self.model.faults:
            self.ask({"action": "receivedMessages"})
            self.ask({"action": "status"})
        assert self.state() == before, "reading changed the account"

    def check_money(self) -> None:
        now = self.driver.now_ms
        ledger = self.driver.account.money(now)
        assert ledger.credit == ledger.granted - ledger.charged + ledger.refunded == self.model.credit >= 0
        assert ledger.granted == self.model.granted
        assert ledger.refunded == sum(
            sent.cost
            for sent in self.model.sends
            for receiver in sent.receivers.values()
            if receiver.pair(now) in REFUNDED
        )

    def check_deliveries(self) -> None:
        """Every receiver's steps, past and coming, follow the graph and are the model's."""
        for send in self.driver.account.sends:
            sent = self.model.sends[send.id - self.model.first_id]
            assert list(send.deliveries) == list(sent.receivers)
            for number, delivery in send.deliveries.items():
                steps = [(at, (int(pair[0]), int(pair[1]))) for at, pair in delivery.steps()]
                assert steps[0][1] in ENTRIES
                assert all(after[1] in GRAPH[step[1]] for step, after in pairwise(steps)), steps
                assert all(after[0] >= step[0] for step, after in pairwise(steps)), steps
                assert steps == sent.receivers[number].steps

    def check_phonebook(self) -> None:
        (phonebook,) = self.driver.account.phonebooks.values()
        assert sorted(phonebook.contacts) == sorted(self.model.phonebook)

    def state(self) -> bytes:
        """Everything but the journal and the counts of the faults, which every request changes, and the
        settings, which are frozen.
        """
        left_out = dict.fromkeys(("journal", "faults", "settings", "created_as"))
        return pickle.dumps({**self.driver.account.__dict__, **left_out})

    def whole_state(self) -> bytes:
        return pickle.dumps(self.driver.account.__dict__)


def with_send_id(params: Params, own_first_id: int, other_first_id: int) -> Params:
    """The request with a real send id in place of (OWN, number) or (OTHER, number)."""
    send_id: Any = params.get("sendID")
    if not isinstance(send_id, tuple):
        return params
    owner, number = send_id
    return {**params, "sendID": str((own_first_id if owner == OWN else other_first_id) + number)}


def two_accounts() -> tuple[ComparedAccount, ComparedAccount]:
    """Two accounts of one panel, each with its model."""
    drivers = [AccountDriver(key=key) for key in ("key-of-a", "key-of-b")]
    in_one_panel(*drivers)
    return ComparedAccount(drivers[0], 1, 2), ComparedAccount(drivers[1], 2, 1)
