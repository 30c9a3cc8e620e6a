"""The journal without HTTP: what an entry keeps of a request, what it cuts, and what makes room."""

import json
from typing import Any

import pytest

from fakeserver.account.journal import Entry, Journal
from fakeserver.notation.params import Params
from fakeserver.panel.panel import SimulatedPanel
from fakeserver.settings import configuration
from fakeserver.spec.units import RealMs
from fakeserver.wire import encode
from fakeserver.wire.call import Call
from tests.driver import REAL_MS, World

ONE = "9121111111"


def last(world: World) -> Entry:
    return world.account.journal.entries[-1]


def after(world: World, **params: Any) -> Entry:
    world.post(params)
    return last(world)


def test_an_entry_says_everything_of_a_request() -> None:
    world = World()
    world.advance(5)
    call = Call("POST", world.key, Params({"action": "credit"}), "127.0.0.1", "text/x")
    entry = world.panel.handle(call, REAL_MS).entry
    assert entry == Entry(
        id=1,
        at_ms=world.now_ms,
        method="POST",
        content_type="text/x",
        action="credit",
        params=Params({"action": "credit"}),
        unread=(),
        rule="C1",
        reason="the credit is 1000000 rials",
        result="1",
        fault_id=None,
        send_id=None,
        http=200,
        reply=b'{"result":"1","credit":"1000000"}',
    )
    assert world.account.journal.entries == [entry]


def test_an_entry_names_the_send_that_its_request_made_and_no_other() -> None:
    world = World()
    send_id = int(world.send()["sendID"])
    assert last(world).send_id == send_id
    world.send(from_="1")
    assert (last(world).send_id, last(world).result) == (None, "106")
    world.credit()
    assert last(world).send_id is None


def test_entries_are_numbered_from_one_and_the_oldest_make_room() -> None:
    panel = SimulatedPanel([configuration.parse_account({"key": "k"})], REAL_MS, journal_max=3)
    for _ in range(5):
        panel.handle(Call("GET", "k", Params({"action": "credit"}), "127.0.0.1"), REAL_MS)
    journal = panel.accounts["k"].journal
    assert [entry.id for entry in journal.entries] == [3, 4, 5]
    assert (journal.dropped, journal.last_id) == (2, 5)


def test_a_journal_that_was_cleared_counts_on_and_has_dropped_nothing() -> None:
    world = World()
    world.credit()
    world.credit()
    journal = world.account.journal
    journal.clear()
    assert (list(journal.entries), journal.dropped) == ([], 0)
    world.credit()
    assert ([entry.id for entry in journal.entries], journal.dropped) == ([3], 0)


def test_requests_whose_key_opens_nothing_stand_in_the_panels_own_journal() -> None:
    world = World()
    world.advance(77)
    world.call(key="nobody", params={"action": "send", "x": "1"})
    world.call(key="nobody")
    assert list(world.account.journal.entries) == []
    entry, second = world.panel.journal.entries
    assert (entry.id, entry.at_ms, entry.action, entry.rule, entry.result) == (1, REAL_MS, "send", "A1", "-1")
    assert (entry.unread, entry.params, second.id) == ((), {"action": "send", "x": "1"}, 2)


def test_the_panels_own_journal_is_as_long_as_an_accounts() -> None:
    panel = SimulatedPanel([], REAL_MS, journal_max=2)
    for _ in range(3):
        panel.handle(Call("GET", "x", Params(), "127.0.0.1"), REAL_MS)
    assert [entry.id for entry in panel.journal.entries] == [2, 3]
    assert SimulatedPanel([], REAL_MS).journal.kept == 10_000


def journal_of(world: World) -> Journal:
    """Four entries, a second apart: a send, a refused send, the credit, and a send."""
    world.send()
    for ask in (lambda: world.send(from_="1"), world.credit, world.send):
        world.advance(1)
        ask()
    return world.account.journal


def everything(_id: int, _at_ms: int) -> bool:
    return True


@pytest.mark.parametrize(
    ("action", "result", "ids"),
    [
        (None, None, [1, 2, 3, 4]),
        ("send", None, [1, 2, 4]),
        ("credit", None, [3]),
        (None, "1", [1, 3, 4]),
        (None, "106", [2]),
        ("send", "1", [1, 4]),
        ("credit", "106", []),
        ("status", None, []),
    ],
)
def test_entries_are_found_by_their_action_and_their_result(
    action: str | None, result: str | None, ids: list[int]
) -> None:
    journal = journal_of(World())
    assert [entry.id for entry in journal.matching(action, result, everything)] == ids


def test_entries_are_found_by_what_they_come_after() -> None:
    world = World()
    start = world.now_ms
    journal = journal_of(world)
    later = journal.matching(None, None, lambda _id, at_ms: at_ms > start + 1000)
    assert [entry.id for entry in later] == [3, 4]
    assert [entry.id for entry in journal.matching("send", None, lambda id_, _at_ms: id_ > 1)] == [2, 4]
    assert [entry.id for entry in journal.matching(None, "1", lambda id_, _at_ms: id_ > 1)] == [3, 4]
    assert journal.matching("send", "1", lambda _id, _at_ms: False) == []


# What nobody read


@pytest.mark.rule("W11")
@pytest.mark.parametrize(
    ("action", "name", "meant"),
    [
        ("send", "Text", "text"),
        ("send", "reciever", "receivers"),
        ("send", "RECEIVERS", "receivers"),
        ("send", "phonebook", "phoneBook"),
        ("send", "Action", "action"),
        ("send", "x", None),
        ("sendOTP", "appid", "appID"),
        ("sendOTP", "receivers2", "receivers"),
        ("sendOTP", "types", "type"),
        ("sendOTP", "codes", "code"),
        ("sendOTP", "actions", "action"),
        ("reportSend", "sendid", "sendID"),
        ("credit", "text", None),
        ("newContact", "PHONEID", "phoneId"),
        ("reportSend", "sendID" + "x" * 9, None),
    ],
)
def test_what_nobody_read_is_listed_with_what_may_have_been_meant(
    action: str, name: str, meant: str | None
) -> None:
    assert after(World(), **{"action": action, name: "1"}).unread == ((name, meant),)


@pytest.mark.rule("W11")
def test_what_an_action_reads_is_not_listed() -> None:
    world = World()
    everything = ("from", "text", "receivers", "phoneBook", "trySend", "type")
    assert after(world, action="send", **dict.fromkeys(everything, "1")).unread == ()
    assert after(world, action="sendOTP", appID="1", code="2", receivers="3", type="4").unread == ()
    assert after(world, action="credit").unread == ()
    assert after(world, action="nothing", x="1").unread == ()


@pytest.mark.rule("W11", "O1")
def test_the_one_time_codes_action_is_known_by_the_names_of_the_settings() -> None:
    world = World(otp_names={"action": "otp", "app": "app", "code": "secret"})
    entry = after(world, action="otp", app="1", secret="2", receivers="3", type="4", code="5")
    assert (entry.action, entry.unread) == ("otp", (("code", None),))
    entry = after(world, action="sendOTP", x="1")
    assert (entry.rule, entry.unread) == ("A7", ())


@pytest.mark.rule("W11")
def test_the_first_hundred_unread_names_are_kept_and_of_each_2000_characters() -> None:
    world = World()
    entry = after(world, action="credit", **{f"{n}" + "x" * 3000: "1" for n in range(101)})
    assert len(entry.unread) == 100
    assert {len(name) for name, _ in entry.unread} == {2000}
    assert entry.unread[99][0].startswith("99x")


@pytest.mark.rule("W11")
def test_of_a_long_name_the_beginning_says_what_may_have_been_meant() -> None:
    name = "receivers" + "x" * 5
    assert after(World(), action="send", **{name: "1"}).unread == ((name, "receivers"),)
    far = "receivers" * 8
    assert after(World(), action="send", **{far: "1"}).unread == ((far, None),)


# What is cut


def test_a_request_within_the_limits_is_kept_as_it_is() -> None:
    params = Params(
        {"action": "credit", "text": "x" * 2000, "n" * 2000: "1", **{str(n): "1" for n in range(97)}}
    )
    world = World()
    entry = world.panel.handle(Call("POST", world.key, params, "127.0.0.1"), REAL_MS).entry
    assert entry.params == params


def test_a_long_text_is_cut_and_says_how_long_it_was() -> None:
    entry = after(World(), action="credit", text="x" * 2001)
    assert entry.params == {"action": "credit", "text": "x" * 2000 + "… (2001 characters)"}


def test_an_entry_says_of_what_it_has_only_the_beginning() -> None:
    world = World()
    assert after(world, action="credit", text="x" * 2000, a=["1"]).truncated == ()
    assert after(world, action="credit", text="x" * 2001).truncated == ("params",)
    for number in range(4):
        receivers = ",".join(f"9121{number}{place:05}" for place in range(100))
        world.change(credit=10**9)
        world.send(receivers)
    many = ",".join(f"91233{place:05}" for place in range(310))
    send_id = world.send(many)["sendID"]
    whole = after(world, action="reportSend", sendID=str(int(send_id) - 1))
    assert (whole.truncated, json.loads(whole.reply or b"")["result"]) == ((), "1")
    entry = after(world, action="reportSend", sendID=send_id)
    assert (entry.http, len(entry.reply or b""), entry.truncated) == (200, 20_000, ("reply",))
    world.credit()
    assert world.account.journal.entries[-2] == entry


def test_an_entry_says_how_long_the_reply_took_the_delay_of_a_fault_included() -> None:
    world = World()
    call = Call("POST", world.key, Params({"action": "credit"}), "127.0.0.1")
    assert world.panel.handle(call, REAL_MS, lambda: 123).entry.duration_us == 123
    assert world.panel.handle(call._replace(key="nobody"), REAL_MS, lambda: 45).entry.duration_us == 45
    world.account.faults.add({"then": {"delaySeconds": 1.5}}, world.account.settings.line_number)
    assert world.panel.handle(call, REAL_MS, lambda: 123).entry.duration_us == 1_500_123


def test_a_bug_before_the_reply_exists_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """One entry, no charge: the reply is written before the message is accepted."""
    world = World()
    world.account.faults.add({"then": {"delaySeconds": 1}, "times": 0}, world.account.settings.line_number)

    def broken(*_: object) -> bytes:
        raise ZeroDivisionError

    monkeypatch.setattr(encode, "body", broken)
    params = Params({"action": "send", "from": "30001403", "text": "x", "receivers": ONE})
    call = Call("POST", world.key, params, "127.0.0.1")
    with pytest.raises(ZeroDivisionError):
        world.panel.handle(call, REAL_MS)
    assert world.account.journal.entries == []
    assert (world.account.sends.accepted, world.account.credit(world.now_ms)) == (0, 1_000_000)
    (rule,) = world.account.faults.rules.values()
    assert (rule.seen, rule.fired) == (0, 0)


def test_of_many_parameters_the_first_hundred_are_kept_and_less_of_each() -> None:
    entry = after(World(), action="credit", **{str(n): "x" * 200 for n in range(99)}, last="x", more="y")
    assert list(entry.params) == ["action", *map(str, range(99))]
    assert entry.params["98"] == "x" * 200
    entry = after(World(), action="credit", **{str(n): "x" * 2001 for n in range(10)})
    assert {entry.params[str(n)] for n in range(10)} == {"x" * 200 + "… (2001 characters)"}
    entry = after(World(), action="credit", **{str(n): "x" * 2001 for n in range(9)})
    assert {entry.params[str(n)] for n in range(9)} == {"x" * 2000 + "… (2001 characters)"}


def test_long_names_are_cut() -> None:
    entry = after(World(), action="credit", **{"n" * 2001: "x" * 2001})
    assert list(entry.params) == ["action", "n" * 2000]
    names = {str(n) * 300: "x" * 2001 for n in range(10)}
    entry = after(World(), action="credit", **names)
    assert {len(name) for name in entry.params} == {len("action"), 200}


def test_of_an_array_the_first_items_are_kept_and_less_of_each() -> None:
    entry = after(World(), action="credit", a=["x" * 201, "x" * 200, ["y" * 21], *["1"] * 100])
    assert isinstance(entry.params["a"], list)
    assert entry.params["a"][:3] == [
        "x" * 200 + "… (201 characters)",
        "x" * 200,
        ["y" * 20 + "… (21 characters)"],
    ]
    assert len(entry.params["a"]) == 100


def test_of_an_object_the_first_members_are_kept_and_less_of_each() -> None:
    many = {str(n): "1" for n in range(100)}
    entry = after(World(), action="credit", o={"n" * 201: "x" * 201, "in": {"m" * 65: "y" * 21}, **many})
    kept = entry.params["o"]
    assert isinstance(kept, dict)
    assert kept["n" * 200] == "x" * 200 + "… (201 characters)"
    assert kept["in"] == {"m" * 64: "y" * 20 + "… (21 characters)"}
    assert len(kept) == 100


@pytest.mark.parametrize("value", [None, True, False])
def test_what_is_no_text_is_kept_as_it_is(value: Any) -> None:
    assert after(World(), action="credit", x=value).params == {"action": "credit", "x": value}


def test_500_characters_of_a_name_of_an_action_are_kept() -> None:
    entry = after(World(), action="a" * 501)
    assert entry.action == "a" * 500


def test_500_characters_of_a_reason_are_kept() -> None:
    world = World()
    world.call(params={}, undecodable="u" * 600)
    assert last(world).reason == "the parameters cannot be read: " + "u" * 469


# A bug in this program


def test_a_bug_is_told_in_the_journal_of_the_account_at_its_time() -> None:
    world = World()
    world.advance(9)
    call = Call("POST", world.key, Params({"action": "send"}), "127.0.0.1", "text/x")
    world.panel.record_bug(call, ZeroDivisionError("by zero"), REAL_MS)
    entry = last(world)
    assert (entry.id, entry.at_ms, entry.method, entry.content_type) == (1, world.now_ms, "POST", "text/x")
    assert (entry.rule, entry.result, entry.http, entry.action) == ("", "", 500, "send")
    assert entry.bug == "ZeroDivisionError: by zero"
    assert entry.reason == "a bug in fakeserver, please report it: ZeroDivisionError: by zero"
    assert (entry.fault_id, entry.send_id, entry.params) == (None, None, {"action": "send"})


def test_a_bug_is_told_at_the_time_of_a_clock_that_runs() -> None:
    world = World(clock="real")
    world.panel.record_bug(
        Call("GET", world.key, Params(), "127.0.0.1"), ValueError("x"), RealMs(REAL_MS + 9)
    )
    assert last(world).at_ms == REAL_MS + 9


@pytest.mark.parametrize("key", ["nobody", None, ""])
def test_a_bug_without_an_account_is_told_in_the_panels_own_journal(key: str | None) -> None:
    world = World(key="XXXX")  # what a mutant may take for no key
    world.panel.record_bug(Call("GET", key, Params(), "127.0.0.1"), KeyError("x"), RealMs(REAL_MS + 5))
    assert list(world.account.journal.entries) == []
    (entry,) = world.panel.journal.entries
    assert (entry.at_ms, entry.bug, entry.method) == (REAL_MS + 5, "KeyError: 'x'", "GET")


def test_500_characters_of_a_bug_are_kept() -> None:
    world = World()
    world.panel.record_bug(Call("GET", "x", Params(), "127.0.0.1"), ValueError("v" * 600), REAL_MS)
    (entry,) = world.panel.journal.entries
    assert entry.bug == "ValueError: " + "v" * 488
    assert entry.reason == ("a bug in fakeserver, please report it: ValueError: " + "v" * 488)[:500]
