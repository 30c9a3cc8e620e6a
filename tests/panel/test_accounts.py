"""The accounts of a panel: their keys, their numbers, and what is left of them after a reset."""

from typing import Any

import pytest

from fakeserver.notation.params import Params
from fakeserver.panel.panel import HandledCall, SimulatedPanel, TooManyAccounts
from fakeserver.settings import configuration
from fakeserver.settings.account_settings import Settings
from fakeserver.spec.units import RealMs
from fakeserver.wire.call import Call
from tests.driver import World

REAL_MS = RealMs(1_700_000_000_000)


def settings(key: str, **others: Any) -> Settings:
    return configuration.parse_account({"key": key, "clock": "real", **others})


def ask(panel: SimulatedPanel, key: str, *stray_keys: str) -> HandledCall:
    params = Params({"action": "send", "from": "30001403", "text": "a", "receivers": "9121111111"})
    return panel.handle(Call("POST", key, params, "127.0.0.1", "", stray_keys), REAL_MS)


def test_accounts_are_numbered_from_one_in_their_order() -> None:
    panel = SimulatedPanel([settings("a"), settings("b")], REAL_MS)
    added = panel.add(settings("c"), RealMs(REAL_MS + 5))
    assert [account.serial for account in panel.accounts.values()] == [1, 2, 3]
    assert panel.accounts["c"] is added
    assert added.clock.now_ms(REAL_MS) == REAL_MS + 5
    assert ask(panel, "c").answer.fields["sendID"] == 3_000_000_001


def test_an_account_that_was_removed_leaves_its_number_to_nobody() -> None:
    panel = SimulatedPanel([settings("a")], REAL_MS)
    panel.remove("a")
    assert (panel.accounts, ask(panel, "a").answer.rule) == ({}, "A1")
    assert panel.add(settings("a"), REAL_MS).serial == 2


def test_a_key_belongs_to_one_account() -> None:
    panel = SimulatedPanel([settings("a")], REAL_MS)
    with pytest.raises(KeyError, match=r"^'a'$"):
        panel.add(settings("a"), REAL_MS)


def test_there_are_as_many_accounts_as_there_may_be() -> None:
    panel = SimulatedPanel([settings("a")], REAL_MS, max_accounts=2)
    panel.add(settings("b"), REAL_MS)
    with pytest.raises(TooManyAccounts, match=r"^there are 2 accounts; no more than 2 are allowed$"):
        panel.add(settings("c"), REAL_MS)
    panel.remove("a")
    panel.add(settings("c"), REAL_MS)
    assert list(panel.accounts) == ["b", "c"]


def test_by_default_there_may_be_a_thousand() -> None:
    panel = SimulatedPanel([], REAL_MS)
    for number in range(1000):
        panel.accounts[str(number)] = panel.accounts.get("0") or panel.add(settings("0"), REAL_MS)
    with pytest.raises(TooManyAccounts, match="there are 1000 accounts"):
        panel.add(settings("one-more"), REAL_MS)


def test_a_free_key_is_the_next_that_no_account_has() -> None:
    panel = SimulatedPanel([settings("a")], REAL_MS)
    assert panel.free_key() == "account-2"
    panel.add(settings("account-3"), REAL_MS)
    assert panel.free_key() == "account-4"
    panel.add(settings("account-4"), REAL_MS)
    panel.remove("a")
    panel.add(settings("account-5"), REAL_MS)
    assert panel.free_key() == "account-6"


def test_a_free_key_passes_over_the_keys_that_are_taken() -> None:
    panel = SimulatedPanel([settings("account-3"), settings("account-4")], REAL_MS)
    assert panel.free_key() == "account-5"


def test_a_reset_brings_the_beginning_back() -> None:
    panel = SimulatedPanel([settings("a"), settings("b")], REAL_MS, journal_max=7)
    ask(panel, "a")
    ask(panel, "nobody")
    panel.add(settings("c"), REAL_MS)
    panel.remove("b")
    panel.reset(RealMs(REAL_MS + 9))
    assert [(key, account.serial) for key, account in panel.accounts.items()] == [("a", 1), ("b", 2)]
    assert panel.accounts["a"].clock.now_ms(REAL_MS) == REAL_MS + 9
    assert (panel.accounts["a"].sends.accepted, len(panel.journal.entries)) == (0, 0)
    assert (panel.journal.last_id, panel.journal.kept) == (0, 7)
    assert panel.accounts["a"].journal.kept == 7
    assert panel.add(settings("c"), REAL_MS).serial == 3


def test_a_refund_that_is_due_is_booked_before_the_credit_is_set() -> None:
    world = World()
    world.send("9120000015")
    world.advance(10)
    world.change(credit=0)
    assert world.credit() == 0


def test_an_account_that_is_reset_is_as_it_was_created_with_its_number() -> None:
    panel = SimulatedPanel([settings("a"), settings("b")], REAL_MS, journal_max=7)
    old = panel.accounts["b"]
    ask(panel, "b")
    old.change(settings("b", credit=5), ["credit"], REAL_MS)
    fresh = panel.reset_account(old, RealMs(REAL_MS + 9))
    assert panel.accounts["b"] is fresh is not old
    assert (fresh.serial, fresh.credit(fresh.clock.now_ms(REAL_MS)), fresh.sends.accepted) == (
        2,
        1_000_000,
        0,
    )
    assert (len(fresh.journal.entries), fresh.journal.kept) == (0, 7)
    assert fresh.clock.now_ms(REAL_MS) == REAL_MS + 9
    assert fresh.settings == old.created_as


def test_what_became_of_a_call_names_account_entry_and_send() -> None:
    panel = SimulatedPanel([settings("a")], REAL_MS)
    handled = ask(panel, "a")
    account = panel.accounts["a"]
    assert handled.account is account
    assert (handled.entry.send_id, handled.fault) == (account.sends.next_id - 1, None)
    assert [handled.entry] == account.journal.entries
    refused = ask(panel, "nobody")
    assert (refused.account, refused.entry.send_id, refused.answer.rule) == (None, None, "A1")
    assert [refused.entry] == panel.journal.entries


@pytest.mark.rule("A1")
def test_a_stray_key_opens_the_account_that_takes_it_from_anywhere() -> None:
    panel = SimulatedPanel([settings("strict"), settings("a", key_placement="anywhere")], REAL_MS)
    assert ask(panel, "", "nobody", "strict", "a").account is panel.accounts["a"]
    assert ask(panel, "x", "a").account is panel.accounts["a"]
    assert ask(panel, "strict", "a").account is panel.accounts["strict"]
    assert ask(panel, "", "strict").account is None
