"""Accounts: their creation, their isolation from each other, and their end."""

from typing import Any

import pytest

from fakeserver.testing import FakeserverError, Panel, PanelServer, UsageError
from tests.command import request
from tests.testing.application import LINE, NUMBER, OTHER, START, ask, attempt, post, send


def keys(server: PanelServer) -> set[str]:
    """The keys of all accounts of the server."""
    return {account["key"] for account in request(f"{server.url}/_fake/accounts")["accounts"]}


def state(panel: Panel) -> tuple[Any, ...]:
    """Everything that can be seen of an account."""
    settings, faults = panel.control("GET", ""), panel.control("GET", "/faults")
    received = panel.explain(action="receivedMessages").reply
    return (panel.now, panel.messages, panel.journal, panel.phonebook(1403), settings, faults, received)


def change_everything(panel: Panel) -> None:
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
        replies = [ask(panel, "send", from_=LINE, receivers=NUMBER, text="hello") for _ in range(3)]
        assert [reply["result"] for reply in replies] == [1, 1, 109]
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
    ("settings", "error"),
    [
        ({"credt": 5}, "credt: unknown; did you mean `credit`?"),
        ({"bad_reciever": "skip"}, "bad_reciever: unknown; did you mean `bad_receivers`?"),
        ({"lines": [{"number": "1", "ordinari": True}]}, "unknown; did you mean `ordinary`?"),
        ({"otp_names": {"action": "otp", "ap": "a", "code": "c"}}, "unknown; did you mean `app`?"),
    ],
)
def test_an_unknown_setting_is_refused_with_the_nearest_name(
    panel_server: PanelServer, settings: dict[str, Any], error: str
) -> None:
    before = keys(panel_server)
    with pytest.raises(UsageError) as refused:
        panel_server.new_account(**settings)
    assert error in str(refused.value)
    assert [refused.value.argument] == list(settings)
    assert keys(panel_server) == before


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
def test_an_impossible_value_is_refused_with_the_name_of_its_setting(
    panel_server: PanelServer, setting: str, value: Any
) -> None:
    with pytest.raises(UsageError, match=rf"\b{setting}\b"):
        panel_server.new_account(**{setting: value})


def test_a_usage_error_is_a_value_error(panel: Panel) -> None:
    with pytest.raises(ValueError, match="credt") as refused:
        panel.set(credt=5)
    assert isinstance(refused.value, FakeserverError)


# Isolation


def test_an_account_is_not_changed_by_what_is_done_to_another(
    panel: Panel, panel_server: PanelServer
) -> None:
    with panel_server.new_account() as other:
        send(other, OTHER, "mine")
        before = state(other)
        change_everything(panel)
        assert state(other) == before
        panel.reset()
        panel.remove()
        assert state(other) == before
        assert attempt(other) == "1"


def test_an_account_has_no_access_to_the_message_of_another(panel: Panel, panel_server: PanelServer) -> None:
    send_id = send(panel)
    with panel_server.new_account() as other:
        assert ask(other, "reportSend", sendID=send_id) == {"result": "-6"}
        with pytest.raises(UsageError):
            other.cancel(panel.messages[0])
        assert send(other) != send_id
    assert panel.messages[0].receivers[0].processing_status == 0


def test_a_new_account_does_not_inherit_from_a_removed_one_with_the_same_key(
    panel_server: PanelServer,
) -> None:
    with panel_server.new_account(key="again") as first:
        fresh = state(first)
        change_everything(first)
        assert state(first) != fresh
    with panel_server.new_account(key="again") as second:
        assert state(second) == fresh
        assert second.snapshot().name
        assert attempt(second) == "1"


# The end of an account


def test_a_removed_account_does_not_exist_any_more(panel_server: PanelServer) -> None:
    removed = panel_server.new_account()
    assert removed.api_key in keys(panel_server)
    removed.remove()
    assert removed.api_key not in keys(panel_server)
    assert ask(removed, "status") == {"result": "-1"}


def test_removing_an_account_again_does_nothing(panel_server: PanelServer) -> None:
    first = panel_server.new_account(key="twice")
    first.remove()
    with panel_server.new_account(key="twice") as second:
        first.remove()
        assert ask(second, "status") == {"result": "1"}


def test_the_handle_of_a_removed_account_refuses_every_call(panel: Panel) -> None:
    panel.remove()
    for call in (
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
            call()


def test_the_end_of_a_with_block_removes_the_account(panel_server: PanelServer) -> None:
    def fail() -> None:
        with panel:
            assert panel.api_key in keys(panel_server)
            raise LookupError

    panel = panel_server.new_account()
    with pytest.raises(LookupError):
        fail()
    assert panel.api_key not in keys(panel_server)
