"""The accounts of a panel: their keys, their serial numbers, and a reset."""

from typing import Any

import pytest

from fakeserver.notation.params import Params
from fakeserver.panel.panel import HandledCall, SimulatedPanel, TooManyAccounts
from fakeserver.settings import configuration
from fakeserver.settings.account_settings import Settings, default_accounts
from fakeserver.spec.units import RealMs
from fakeserver.wire.call import Call

REAL_MS = RealMs(1_700_000_000_000)


def settings(key: str, **others: Any) -> Settings:
    return configuration.parse_account({"key": key, "clock": "real", **others})


def send(panel: SimulatedPanel, key: str, *stray_keys: str) -> HandledCall:
    params = Params({"action": "send", "from": "30001403", "text": "a", "receivers": "9121111111"})
    return panel.handle(Call("POST", key, params, "127.0.0.1", "", stray_keys), REAL_MS)


def test_accounts_are_numbered_from_one() -> None:
    panel = SimulatedPanel([settings("a"), settings("b")], REAL_MS)
    added = panel.add(settings("c"), RealMs(REAL_MS + 5))
    assert [account.serial for account in panel.accounts.values()] == [1, 2, 3]
    assert panel.accounts["c"] is added
    assert added.clock.now_ms(REAL_MS) == REAL_MS + 5
    assert send(panel, "c").answer.fields["sendID"] == 3_000_000_001


@pytest.mark.rule("K1")
def test_the_default_accounts_can_share_a_panel() -> None:
    panel = SimulatedPanel(default_accounts(), REAL_MS)
    assert len(panel.accounts) == 9
    assert send(panel, "test-key").answer.rule == "S12"


def test_the_number_of_a_removed_account_is_not_used_again() -> None:
    panel = SimulatedPanel([settings("a")], REAL_MS)
    panel.remove("a")
    assert (panel.accounts, send(panel, "a").answer.rule) == ({}, "A1")
    assert panel.add(settings("a"), REAL_MS).serial == 2


def test_a_key_belongs_to_one_account() -> None:
    panel = SimulatedPanel([settings("a")], REAL_MS)
    with pytest.raises(KeyError, match=r"^'a'$"):
        panel.add(settings("a"), REAL_MS)


def test_the_number_of_accounts_is_limited() -> None:
    panel = SimulatedPanel([settings("a")], REAL_MS, max_accounts=2)
    panel.add(settings("b"), REAL_MS)
    with pytest.raises(TooManyAccounts, match=r"^there are 2 accounts; .*2"):
        panel.add(settings("c"), REAL_MS)
    panel.remove("a")
    panel.add(settings("c"), REAL_MS)
    assert list(panel.accounts) == ["b", "c"]


def test_by_default_the_limit_is_a_thousand() -> None:
    panel = SimulatedPanel([], REAL_MS)
    account = panel.add(settings("0"), REAL_MS)
    panel.accounts |= {str(number): account for number in range(999)}
    panel.add(settings("the-thousandth"), REAL_MS)
    with pytest.raises(TooManyAccounts, match="there are 1000 accounts"):
        panel.add(settings("one-more"), REAL_MS)


def test_a_free_key_is_the_next_one_that_no_account_has() -> None:
    panel = SimulatedPanel([settings("a")], REAL_MS)
    assert panel.free_key() == "account-2"
    panel.add(settings("account-3"), REAL_MS)
    assert panel.free_key() == "account-4"
    panel.add(settings("account-4"), REAL_MS)
    panel.remove("a")
    panel.add(settings("account-5"), REAL_MS)
    assert panel.free_key() == "account-6"
    taken = SimulatedPanel([settings("account-3"), settings("account-4")], REAL_MS)
    assert taken.free_key() == "account-5"


def test_a_reset_of_the_panel_restores_its_first_accounts() -> None:
    panel = SimulatedPanel([settings("a"), settings("b")], REAL_MS, journal_max=7)
    send(panel, "a")
    send(panel, "nobody")
    panel.add(settings("c"), REAL_MS)
    panel.remove("b")
    panel.reset(RealMs(REAL_MS + 9))
    assert [(key, account.serial) for key, account in panel.accounts.items()] == [("a", 1), ("b", 2)]
    assert panel.accounts["a"].clock.now_ms(REAL_MS) == REAL_MS + 9
    assert (panel.accounts["a"].sends.accepted, len(panel.journal.entries)) == (0, 0)
    assert (panel.journal.last_id, panel.journal.kept) == (0, 7)
    assert panel.accounts["a"].journal.kept == 7
    assert panel.add(settings("c"), REAL_MS).serial == 3


def test_a_reset_account_is_as_it_was_created_and_keeps_its_number() -> None:
    panel = SimulatedPanel([settings("a"), settings("b")], REAL_MS, journal_max=7)
    old = panel.accounts["b"]
    send(panel, "b")
    old.change(settings("b", credit=5), ["credit"], REAL_MS)
    fresh = panel.reset_account(old, RealMs(REAL_MS + 9))
    assert panel.accounts["b"] is fresh is not old
    assert (fresh.serial, fresh.credit(fresh.clock.now_ms(REAL_MS))) == (2, 1_000_000)
    assert (fresh.sends.accepted, len(fresh.journal.entries), fresh.journal.kept) == (0, 0, 7)
    assert fresh.clock.now_ms(REAL_MS) == REAL_MS + 9
    assert fresh.settings == old.created_as


def test_a_handled_call_names_its_account_its_journal_entry_and_its_send() -> None:
    panel = SimulatedPanel([settings("a")], REAL_MS)
    handled = send(panel, "a")
    account = panel.accounts["a"]
    assert handled.account is account
    assert (handled.entry.send_id, handled.fault) == (account.sends.next_id - 1, None)
    assert [handled.entry] == account.journal.entries
    refused = send(panel, "nobody")
    assert (refused.account, refused.entry.send_id, refused.answer.rule) == (None, None, "A1")
    assert [refused.entry] == panel.journal.entries


@pytest.mark.rule("A1")
def test_a_stray_key_selects_an_account_whose_key_may_stand_anywhere() -> None:
    panel = SimulatedPanel([settings("strict"), settings("a", key_placement="anywhere")], REAL_MS)
    assert send(panel, "", "nobody", "strict", "a").account is panel.accounts["a"]
    assert send(panel, "x", "a").account is panel.accounts["a"]
    assert send(panel, "strict", "a").account is panel.accounts["strict"]
    assert send(panel, "", "strict").account is None
