"""One account of the panel and its model, told the same, and what must hold between them."""

import pickle
from itertools import pairwise
from typing import Any

from fakeserver.panel.panel import SimulatedPanel
from fakeserver.settings import configuration
from fakeserver.spec.units import AccountMs
from tests.driver import REAL_MS, World
from tests.proof.deeds import MINE, fault_document
from tests.proof.model import ENTRIES, GRAPH, REFUNDED, Account, Fault, Pair, Params

IDS_PER_ACCOUNT = 1_000_000_000
PHONEBOOK = 1403


class Beside:
    """`world` is an account of a panel that others are on too; `first_id` is what its first send is called,
    `their_first_id` the other one's.
    """

    def __init__(self, world: World, serial: int, other_serial: int) -> None:
        self.world = world
        self.model = Account(serial * IDS_PER_ACCOUNT + 1)
        self.their_first_id = other_serial * IDS_PER_ACCOUNT + 1
        self.saved: tuple[Params, Account] | None = None

    # What happens to both

    def ask(self, params: Params) -> None:
        params = addressed(params, self.model.first_id, self.their_first_id)
        # The model counts a fault's requests too, so each is asked once.
        expected = self.model.ask(params)
        assert self.world.call(key=self.world.key, params=params) == expected, (params, self.world.reason)

    def advance(self, milliseconds: int) -> None:
        clock = self.world.account.clock
        clock.set(AccountMs(self.world.now_ms + milliseconds), REAL_MS)
        self.model.now += milliseconds

    def advance_to(self, number: int) -> None:
        """To one of the instants around which something changes, any whole number choosing."""
        if moments := self.model.moments():
            self.advance(moments[number % len(moments)] - self.model.now)

    def change(self, settings: Params) -> None:
        self.world.change(**settings)
        self.model.change(**settings)

    def fault(self, fault: Params) -> None:
        account = self.world.account
        account.faults.add(fault_document(fault), account.settings.line_number)
        self.model.faults.append(Fault(**fault))

    def deliver(self, sender: str, text: str) -> None:
        self.world.deliver(sender, text)
        self.model.deliver(sender, text)

    def command(self, number: int, command: str | Pair, only_first: bool) -> None:
        place = self.place(number)
        if place is None:
            return
        send_id = str(self.model.first_id + place)
        if command == "approve":
            assert self.world.approve(send_id) == self.model.approve(place)
        elif command == "cancel":
            assert self.world.cancel(send_id) == self.model.cancel(place)
        elif not isinstance(command, str):
            only = next(iter(self.model.sends[place].receivers)) if only_first else None
            assert self.world.force(send_id, command, only) == self.model.force(place, command, only)

    def place(self, number: int) -> int | None:
        """One of the sends that are kept, any whole number choosing; None when there is none."""
        kept = len(self.model.sends) - self.model.dropped
        return self.model.dropped + number % kept if kept else None

    def keep_or_go_back(self) -> None:
        """The first time what is now is kept, the next it is restored, and so on."""
        if self.saved is None:
            self.world.account.keep_snapshot("saved", REAL_MS)
            self.saved = self.world.document, self.model.copy()
            return
        self.world.document, self.model = self.saved
        self.world.account.restore_snapshot("saved", REAL_MS)
        self.saved = None

    # What must hold

    def check(self) -> None:
        self.check_reads()
        self.check_money()
        self.check_lives()
        self.check_phonebook()

    def check_reads(self) -> None:
        """Every report, the credit, the status and the messages are the model's; reading changes nothing."""
        self.world.account.book_refunds(self.world.now_ms)  # as every request does
        before = self.state()
        for place in range(len(self.model.sends)):
            self.ask({"action": "reportSend", "sendID": (MINE, place)})
        self.ask({"action": "credit"})
        if self.model.received == "keep" and not self.model.faults:
            self.ask({"action": "receivedMessages"})
            self.ask({"action": "status"})
        assert self.state() == before, "reading changed the account"

    def check_money(self) -> None:
        now = self.world.now_ms
        ledger = self.world.account.money(now)
        assert ledger.credit == ledger.granted - ledger.charged + ledger.refunded == self.model.credit >= 0
        assert ledger.granted == self.model.granted
        assert ledger.refunded == sum(
            sent.cost
            for sent in self.model.sends
            for receiver in sent.receivers.values()
            if receiver.pair(now) in REFUNDED
        )

    def check_lives(self) -> None:
        """What was, is and will be of every receiver: along the graph, and as the model has it."""
        for send in self.world.account.sends:
            sent = self.model.sends[send.id - self.model.first_id]
            assert list(send.deliveries) == list(sent.receivers)
            for number, delivery in send.deliveries.items():
                steps = [(at, (int(pair[0]), int(pair[1]))) for at, pair in delivery.steps()]
                assert steps[0][1] in ENTRIES
                assert all(after[1] in GRAPH[step[1]] for step, after in pairwise(steps)), steps
                assert all(after[0] >= step[0] for step, after in pairwise(steps)), steps
                assert steps == sent.receivers[number].steps

    def check_phonebook(self) -> None:
        (phonebook,) = self.world.account.phonebooks.values()
        assert sorted(phonebook.contacts) == sorted(self.model.phonebook)
        assert len({number[-10:] for number in phonebook.contacts}) == len(phonebook.contacts)

    def state(self) -> bytes:
        """Everything but the journal, which every request is written into, the requests that faults have
        seen, and the settings, which are frozen.
        """
        apart = dict.fromkeys(("journal", "faults", "settings", "created_as"))
        return pickle.dumps({**self.world.account.__dict__, **apart})

    def whole_state(self) -> bytes:
        return pickle.dumps(self.world.account.__dict__)


def addressed(params: Params, mine: int, theirs: int) -> Params:
    """The request with the id of a send in the place of its number."""
    send_id: Any = params.get("sendID")
    if not isinstance(send_id, tuple):
        return params
    whose, number = send_id
    return {**params, "sendID": str((mine if whose == MINE else theirs) + number)}


def two_accounts() -> tuple[Beside, Beside]:
    """Two accounts of one panel, each beside its model."""
    worlds = [World(key=key) for key in ("key-of-a", "key-of-b")]
    panel = SimulatedPanel([configuration.parse_account(world.document) for world in worlds], REAL_MS)
    for world in worlds:
        world.panel = panel
    return Beside(worlds[0], 1, 2), Beside(worlds[1], 2, 1)
