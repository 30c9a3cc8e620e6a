"""Two accounts of one panel compared with their models: any requests and events, in any order."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.examples import examples
from tests.model import strategies
from tests.model.account import Params
from tests.model.compared import ComparedAccount, two_accounts
from tests.model.lifecycle import OUTCOMES, Pair

ACCOUNTS = st.integers(0, 1)


class PanelMachine(RuleBasedStateMachine):
    """Each step concerns one account; the other one must not change by a byte."""

    def __init__(self) -> None:
        super().__init__()
        self.accounts = two_accounts()

    @contextmanager
    def only(self, chosen: int) -> Iterator[ComparedAccount]:
        other = self.accounts[1 - chosen]
        before = other.whole_state()
        yield self.accounts[chosen]
        assert other.whole_state() == before, "the other account changed"

    @initialize(first=strategies.SENDS, second=strategies.SENDS, keep=st.sampled_from([1, 2, 3]))
    def begin(self, first: Params, second: Params, keep: int) -> None:
        """The second account keeps few sends and skips bad receivers; random changes rarely lead there."""
        self.accounts[1].change({"keep_sends": keep, "bad_receivers": "skip"})
        for account, request in zip(self.accounts, (first, second), strict=True):
            account.ask(request)

    @rule(chosen=ACCOUNTS, request=strategies.SENDS, milliseconds=strategies.SHORT_WAITS_MS)
    def send_and_wait(self, chosen: int, request: Params, milliseconds: int) -> None:
        with self.only(chosen) as account:
            account.ask(request)
            account.advance(milliseconds)

    @rule(chosen=ACCOUNTS, request=strategies.REQUESTS)
    def ask(self, chosen: int, request: Params) -> None:
        with self.only(chosen) as account:
            account.ask(request)

    @rule(chosen=ACCOUNTS, milliseconds=strategies.WAITS_MS)
    def advance(self, chosen: int, milliseconds: int) -> None:
        with self.only(chosen) as account:
            account.advance(milliseconds)

    @rule(chosen=ACCOUNTS, number=st.integers(0, 99))
    def advance_to_a_change(self, chosen: int, number: int) -> None:
        with self.only(chosen) as account:
            account.advance_to(number)

    @rule(chosen=ACCOUNTS, number=st.integers(0, 9), command=strategies.COMMANDS, only_first=st.booleans())
    def command(self, chosen: int, number: int, command: str | Pair, only_first: bool) -> None:
        with self.only(chosen) as account:
            account.command(number, command, only_first)

    @rule(
        chosen=ACCOUNTS, sender=st.sampled_from(strategies.SENDERS), text=st.sampled_from(strategies.INBOUND)
    )
    def deliver(self, chosen: int, sender: str, text: str) -> None:
        with self.only(chosen) as account:
            account.deliver(sender, text)

    @rule(chosen=ACCOUNTS, fault=strategies.FAULTS)
    def add_fault(self, chosen: int, fault: Params) -> None:
        with self.only(chosen) as account:
            account.add_fault(fault)

    @rule(chosen=ACCOUNTS, change=strategies.CHANGES)
    def change(self, chosen: int, change: Params) -> None:
        with self.only(chosen) as account:
            account.change(change)

    @rule(chosen=ACCOUNTS)
    def keep_or_restore_snapshot(self, chosen: int) -> None:
        with self.only(chosen) as account:
            account.keep_or_restore_snapshot()

    @invariant()
    def each_account_agrees_with_its_model(self) -> None:
        for account in self.accounts:
            account.check()


@pytest.mark.rule("L1", "L2", "L3", "L4", "L5", "L6", "L8", "M2", "M4", "M5", "M6", "R3", "R4", "B5", "B8")
def test_two_accounts_of_one_panel_always_agree_with_their_models() -> None:
    run_state_machine_as_test(
        PanelMachine, settings=settings(examples(20, most=1000), stateful_step_count=40)
    )


# Bugs that the machine finds too rarely


@pytest.mark.rule("L2")
@pytest.mark.parametrize("tries", [0, 1, 2])
def test_a_failed_attempt_can_be_forced_on_only_while_tries_are_left(tries: int) -> None:
    account = two_accounts()[0]
    account.ask({**strategies.PLAIN, "receivers": "9120000002", "trySend": tries})
    for _ in range(tries + 1):
        while account.model.sends[0].receivers["9120000002"].pair(account.model.now) != (2, 2):
            account.advance(1000)
        account.command(0, (2, 2))
        account.check()
        account.command(0, (1, -1))
        account.command(0, (2, -1))
        account.check()
        account.command(0, (2, 2))
        account.check()


@pytest.mark.rule("L4")
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_faults_outcome_applies_only_to_the_receivers_that_it_names(outcome: str) -> None:
    account = two_accounts()[0]
    one, other = strategies.PEOPLE[:2]
    account.add_fault(
        {"action": "send", "kind": "outcome", "value": outcome, "to": one, "after": 0, "times": 1}
    )
    for receivers in (other, f"{other},{one}", f"{one},{other}"):
        account.ask({**strategies.PLAIN, "receivers": receivers})
        account.check()
    account.advance(90_000_000)
    account.check()
