"""Accounts are worlds: what makes one, what it does not see, and that nothing outlives it."""

from typing import Any

import pytest

from fakeserver.testing import FakeserverError, Panel, PanelServer, UsageError
from tests.testing.application import LINE, NUMBER, OTHER, START, ask, attempt, post, send


def accounts(server: PanelServer, panel: Panel) -> set[str]:
    """The keys of all accounts of the server, asked for with any of its panels."""
    assert panel.url == server.url
    return {account["key"] for account in panel.plane.ask("GET", "/accounts")["accounts"]}


def state(panel: Panel) -> tuple[Any, ...]:
    """All that can be seen of an account."""
    faults = panel.control("GET", "/faults")
    seen = (panel.credit, panel.now, panel.messages, panel.journal, panel.phonebook(1403))
    return (*seen, faults, panel.control("GET", ""), panel.explain(action="receivedMessages").reply)


def do_everything(panel: Panel) -> None:
    send(panel, phoneBook=1403)
    attempt(panel, "letters")
    panel.deliver(from_=NUMBER, text="hello")
    panel.fail(http=500, times=0)
    panel.set(credit=5, bad_receivers="skip", blacklist=[OTHER])
    panel.snapshot()
    panel.advance(hours=1)
    panel.set(clock="real")


# new_account


def test_an_account_has_the_settings_that_it_was_made_with(panel_server: PanelServer) -> None:
    with panel_server.new_account(
        credit=2_500, prices={"latin": 1_000, "unicode": 500}, reply_scalars="native"
    ) as panel:
        assert panel.credit == 2_500
        answers = [ask(panel, "send", from_=LINE, receivers=NUMBER, text="hello") for _ in range(3)]
        assert [answer["result"] for answer in answers] == [1, 1, 109]
        assert panel.credit == 500


def test_an_account_without_settings_has_the_defaults_and_a_frozen_clock(panel_server: PanelServer) -> None:
    with panel_server.new_account() as panel:
        assert (panel.credit, panel.now) == (1_000_000, START)
        assert panel.phonebook(1403).numbers == []
        pattern = panel.explain(
            action="sendServices", from_="90001403", textCode=1001, textData=["1"], receivers=NUMBER
        )
        assert pattern.reply["result"] == "1"


def test_every_account_has_a_key_of_its_own(panel_server: PanelServer) -> None:
    panels = [panel_server.new_account() for _ in range(5)]
    assert len({panel.api_key for panel in panels}) == 5
    for panel in panels:
        panel.remove()


def test_a_key_may_be_chosen_and_belongs_to_one_account(panel_server: PanelServer) -> None:
    with panel_server.new_account(key="chosen") as panel:
        assert panel.api_key == "chosen"
        assert post(panel, "status", key="chosen").json == {"result": "1"}
        with pytest.raises(UsageError, match="key"):
            panel_server.new_account(key="chosen", credit=5)
        assert panel.credit == 1_000_000


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"credt": 5}, "credt: unknown; did you mean `credit`?"),
        ({"bad_reciever": "skip"}, "bad_reciever: unknown; did you mean `bad_receivers`?"),
        ({"lines": [{"number": "1", "ordinari": True}]}, "unknown; did you mean `ordinary`?"),
        ({"otp_names": {"action": "otp", "ap": "a", "code": "c"}}, "unknown; did you mean `app`?"),
    ],
)
def test_an_unknown_setting_is_refused_with_the_nearest_name(
    panel_server: PanelServer, panel: Panel, settings: dict[str, Any], told: str
) -> None:
    before = accounts(panel_server, panel)
    with pytest.raises(UsageError) as refused:
        panel_server.new_account(**settings)
    assert told in str(refused.value)
    assert accounts(panel_server, panel) == before


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("credit", -1),
        ("credit", 1.5),
        ("clock", "frosen"),
        ("max_parts", 0),
        ("allowed_ips", ["nowhere"]),
        ("outcomes", {"lost": 1}),
        ("timeline", "fast"),
        ("fields", [{"id": "F1", "name": "a", "kind": "colour"}]),
        ("phonebooks", [{"id": 1, "name": "a"}, {"id": 1, "name": "b"}]),
    ],
)
def test_an_impossible_value_is_refused_with_its_setting(
    panel_server: PanelServer, setting: str, value: Any
) -> None:
    with pytest.raises(UsageError, match=rf"\b{setting}\b"):
        panel_server.new_account(**{setting: value})


def test_a_refusal_is_a_value_error_of_the_panel(panel: Panel) -> None:
    with pytest.raises(ValueError, match="credt") as refused:
        panel.set(credt=5)
    assert isinstance(refused.value, FakeserverError)


# Worlds


def test_two_accounts_do_not_see_one_another(panel: Panel, panel_server: PanelServer) -> None:
    with panel_server.new_account() as other:
        send(other, OTHER, "mine")
        before = state(other)
        do_everything(panel)
        assert state(other) == before
        panel.reset()
        panel.remove()
        assert state(other) == before
        assert attempt(other) == "1"


def test_another_account_knows_nothing_of_a_message(panel: Panel, panel_server: PanelServer) -> None:
    send_id = send(panel)
    with panel_server.new_account() as other:
        assert ask(other, "reportSend", sendID=send_id) == {"result": "-6"}
        with pytest.raises(UsageError):
            other.cancel(panel.messages[0])
        assert send(other) != send_id
    assert panel.messages[0].receivers[0].processing_status == 0


def test_a_fresh_panel_is_not_touched_by_what_an_earlier_one_did(panel_server: PanelServer) -> None:
    with panel_server.new_account(key="reborn") as first:
        fresh = state(first)
        do_everything(first)
        assert state(first) != fresh
    with panel_server.new_account(key="reborn") as second:
        assert state(second) == fresh
        assert second.snapshot().name
        assert attempt(second) == "1"


# The end of an account


def test_a_removed_account_is_gone(panel: Panel, panel_server: PanelServer) -> None:
    gone = panel_server.new_account()
    assert gone.api_key in accounts(panel_server, panel)
    gone.remove()
    assert gone.api_key not in accounts(panel_server, panel)
    assert ask(gone, "status") == {"result": "-1"}


def test_removing_an_account_again_does_nothing(panel_server: PanelServer) -> None:
    first = panel_server.new_account(key="twice")
    first.remove()
    with panel_server.new_account(key="twice") as second:
        first.remove()
        assert ask(second, "status") == {"result": "1"}


def test_what_is_asked_of_a_removed_account_is_refused(panel: Panel) -> None:
    panel.remove()
    for asked in (
        lambda: panel.credit,
        lambda: panel.messages,
        lambda: panel.journal,
        panel.freeze,
        panel.snapshot,
        panel.reset,
        panel.assert_sent,
        panel.assert_nothing_sent,
        lambda: panel.wait_for(timeout=0),
        lambda: panel.advance(1),
        lambda: panel.fail(http=500),
        lambda: panel.deliver(from_=NUMBER, text="hello"),
    ):
        with pytest.raises(UsageError, match="no account"):
            asked()


def test_a_panel_as_a_context_manager_ends_with_its_block(panel_server: PanelServer, panel: Panel) -> None:
    def fail() -> None:
        with short:
            assert short.api_key in accounts(panel_server, panel)
            raise LookupError

    short = panel_server.new_account()
    with pytest.raises(LookupError):
        fail()
    assert short.api_key not in accounts(panel_server, panel)
