"""The panel beside its model: anything that can happen to two accounts of one panel, in any order."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.proof import deeds
from tests.proof.beside import Beside, two_accounts
from tests.proof.model import Pair, Params

WHO = st.integers(0, 1)


class PanelBesideModel(RuleBasedStateMachine):
    """Each step is one account's; the other one must not notice, not by a byte."""

    def __init__(self) -> None:
        super().__init__()
        self.accounts = two_accounts()

    @contextmanager
    def only(self, who: int) -> Iterator[Beside]:
        other = self.accounts[1 - who]
        before = other.whole_state()
        yield self.accounts[who]
        assert other.whole_state() == before, "the other account changed"

    @initialize(first=deeds.SENDS, second=deeds.SENDS, keep=st.sampled_from([1, 2, 3]))
    def begin(self, first: Params, second: Params, keep: int) -> None:
        """The second one keeps few sends and skips bad receivers from the start: else that is rarely seen."""
        self.accounts[1].change({"keep_sends": keep, "bad_receivers": "skip"})
        for account, request in zip(self.accounts, (first, second), strict=True):
            account.ask(request)

    @rule(who=WHO, request=deeds.SENDS, milliseconds=deeds.SHORT_WAITS_MS)
    def send_and_wait(self, who: int, request: Params, milliseconds: int) -> None:
        with self.only(who) as account:
            account.ask(request)
            account.advance(milliseconds)

    @rule(who=WHO, request=deeds.REQUESTS)
    def ask(self, who: int, request: Params) -> None:
        with self.only(who) as account:
            account.ask(request)

    @rule(who=WHO, milliseconds=deeds.WAITS_MS)
    def advance(self, who: int, milliseconds: int) -> None:
        with self.only(who) as account:
            account.advance(milliseconds)

    @rule(who=WHO, number=st.integers(0, 99))
    def advance_to_a_change(self, who: int, number: int) -> None:
        with self.only(who) as account:
            account.advance_to(number)

    @rule(who=WHO, number=st.integers(0, 9), command=deeds.COMMANDS, only_first=st.booleans())
    def command(self, who: int, number: int, command: str | Pair, only_first: bool) -> None:
        with self.only(who) as account:
            account.command(number, command, only_first)

    @rule(who=WHO, sender=st.sampled_from(deeds.SENDERS), text=st.sampled_from(deeds.INBOUND))
    def deliver(self, who: int, sender: str, text: str) -> None:
        with self.only(who) as account:
            account.deliver(sender, text)

    @rule(who=WHO, fault=deeds.FAULTS)
    def fault(self, who: int, fault: Params) -> None:
        with self.only(who) as account:
            account.fault(fault)

    @rule(who=WHO, change=deeds.CHANGES)
    def change(self, who: int, change: Params) -> None:
        with self.only(who) as account:
            account.change(change)

    @rule(who=WHO)
    def keep_or_go_back(self, who: int) -> None:
        with self.only(who) as account:
            account.keep_or_go_back()

    @invariant()
    def each_account_is_its_model(self) -> None:
        for account in self.accounts:
            account.check()


@pytest.mark.rule("L1", "L2", "L3", "L4", "L5", "L6", "L8", "M2", "M4", "M5", "M6", "R3", "R4", "B5", "B8")
def test_two_accounts_of_one_panel_are_at_every_moment_what_the_plain_model_says() -> None:
    examples = min(settings().max_examples, 1000)  # a deep run of a machine outlasts the patience for a test
    run_state_machine_as_test(
        PanelBesideModel, settings=settings(stateful_step_count=40, max_examples=examples)
    )


# What a machine comes to too seldom to be relied on: changes of the panel that it once let pass.


@pytest.mark.rule("L2")
@pytest.mark.parametrize("tries", [0, 1, 2])
def test_a_failed_attempt_is_forced_on_only_while_tries_are_left(tries: int) -> None:
    account = two_accounts()[0]
    account.ask({**deeds.PLAIN, "receivers": "9120000002", "trySend": tries})
    for _ in range(tries + 1):
        while account.model.sends[0].receivers["9120000002"].pair(account.model.now) != (2, 2):
            account.advance(1000)
        account.command(0, (2, 2), only_first=False)
        account.check()
        account.command(0, (1, -1), only_first=False)
        account.command(0, (2, -1), only_first=False)
        account.check()
        account.command(0, (2, 2), only_first=False)
        account.check()


@pytest.mark.rule("L4")
@pytest.mark.parametrize("outcome", deeds.OUTCOMES)
def test_a_faults_outcome_is_that_of_the_receivers_it_names_alone(outcome: str) -> None:
    account = two_accounts()[0]
    one, other = deeds.PEOPLE[:2]
    fault = {"action": "send", "kind": "outcome", "value": outcome, "to": one, "after": 0, "times": 1}
    account.fault(fault)
    for receivers in (other, f"{other},{one}", f"{one},{other}"):
        account.ask({**deeds.PLAIN, "receivers": receivers})
        account.check()
    account.advance(90_000_000)
    account.check()
