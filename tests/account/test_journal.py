"""The journal: what an entry keeps of a request, what it cuts, and which entries are dropped."""

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
from tests.driver import REAL_MS, AccountDriver

ONE = "9121111111"


def last_entry(driver: AccountDriver) -> Entry:
    return driver.account.journal.entries[-1]


def entry_of(driver: AccountDriver, **params: Any) -> Entry:
    driver.post(params)
    return last_entry(driver)


def test_an_entry_holds_the_request_the_answer_and_the_reply() -> None:
    driver = AccountDriver()
    driver.advance(5)
    call = Call("POST", driver.key, Params({"action": "credit"}), "127.0.0.1", "text/x")
    entry = driver.panel.handle(call, REAL_MS).entry
    assert entry == Entry(
        id=1,
        at_ms=driver.now_ms,
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
    assert driver.account.journal.entries == [entry]


def test_an_entry_names_the_send_of_its_own_request_only() -> None:
    driver = AccountDriver()
    send_id = int(driver.send()["sendID"])
    assert last_entry(driver).send_id == send_id
    driver.send(from_="1")
    assert (last_entry(driver).send_id, last_entry(driver).result) == (None, "106")
    driver.credit()
    assert last_entry(driver).send_id is None


def test_entries_are_numbered_and_the_oldest_are_dropped() -> None:
    panel = SimulatedPanel([configuration.parse_account({"key": "k"})], REAL_MS, journal_max=3)
    for _ in range(5):
        panel.handle(Call("GET", "k", Params({"action": "credit"}), "127.0.0.1"), REAL_MS)
    journal = panel.accounts["k"].journal
    assert [entry.id for entry in journal.entries] == [3, 4, 5]
    assert (journal.dropped, journal.last_id) == (2, 5)


def test_a_cleared_journal_counts_on_and_has_dropped_nothing() -> None:
    driver = AccountDriver()
    driver.credit()
    driver.credit()
    journal = driver.account.journal
    journal.clear()
    assert (list(journal.entries), journal.dropped) == ([], 0)
    driver.credit()
    assert ([entry.id for entry in journal.entries], journal.dropped) == ([3], 0)


def test_requests_with_an_unknown_key_are_in_the_panels_own_journal() -> None:
    driver = AccountDriver()
    driver.advance(77)
    driver.call(key="nobody", params={"action": "send", "x": "1"})
    driver.call(key="nobody")
    assert list(driver.account.journal.entries) == []
    entry, second = driver.panel.journal.entries
    assert (entry.id, entry.at_ms, entry.action, entry.rule, entry.result) == (1, REAL_MS, "send", "A1", "-1")
    assert (entry.unread, entry.params, second.id) == ((), {"action": "send", "x": "1"}, 2)
    assert (entry.http, entry.reply) == (200, b'{"result":"-1"}')


def test_the_panels_own_journal_keeps_as_many_entries_as_an_accounts() -> None:
    panel = SimulatedPanel([], REAL_MS, journal_max=2)
    for _ in range(3):
        panel.handle(Call("GET", "x", Params(), "127.0.0.1"), REAL_MS)
    assert [entry.id for entry in panel.journal.entries] == [2, 3]
    assert SimulatedPanel([], REAL_MS).journal.kept == 10_000


def journal_of(driver: AccountDriver) -> Journal:
    """Four entries, a second apart: a send, a refused send, the credit, and a send."""
    driver.send()
    for ask in (lambda: driver.send(from_="1"), driver.credit, driver.send):
        driver.advance(1)
        ask()
    return driver.account.journal


def any_entry(_id: int, _at_ms: int) -> bool:
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
def test_entries_are_found_by_action_and_result(
    action: str | None, result: str | None, ids: list[int]
) -> None:
    journal = journal_of(AccountDriver())
    assert [entry.id for entry in journal.matching(action, result, any_entry)] == ids


def test_entries_are_found_by_a_condition_on_id_and_time() -> None:
    driver = AccountDriver()
    start = driver.now_ms
    journal = journal_of(driver)
    later = journal.matching(None, None, lambda _id, at_ms: at_ms > start + 1000)
    assert [entry.id for entry in later] == [3, 4]
    assert [entry.id for entry in journal.matching("send", None, lambda id_, _at_ms: id_ > 1)] == [2, 4]
    assert [entry.id for entry in journal.matching(None, "1", lambda id_, _at_ms: id_ > 1)] == [3, 4]
    assert journal.matching("send", "1", lambda _id, _at_ms: False) == []


# Unread parameters


@pytest.mark.rule("W11")
@pytest.mark.parametrize(
    ("action", "name", "similar"),
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
def test_an_unread_parameter_is_listed_with_a_similar_name(
    action: str, name: str, similar: str | None
) -> None:
    assert entry_of(AccountDriver(), **{"action": action, name: "1"}).unread == ((name, similar),)


@pytest.mark.rule("W11")
def test_the_parameters_of_an_action_are_not_listed_as_unread() -> None:
    driver = AccountDriver()
    everything = ("from", "text", "receivers", "phoneBook", "trySend", "type")
    assert entry_of(driver, action="send", **dict.fromkeys(everything, "1")).unread == ()
    assert entry_of(driver, action="sendOTP", appID="1", code="2", receivers="3", type="4").unread == ()
    assert entry_of(driver, action="credit").unread == ()
    assert entry_of(driver, action="nothing", x="1").unread == ()


@pytest.mark.rule("W11")
def test_unread_parameters_are_listed_even_if_the_gate_or_a_fault_answers() -> None:
    driver = AccountDriver()
    driver.add_fault({"result": "-1"}, when={"action": "credit"})
    assert entry_of(driver, action="credit", x="1").unread == (("x", None),)
    driver.change(webservice_enabled=False)
    assert entry_of(driver, action="credit", x="1").unread == (("x", None),)


@pytest.mark.rule("W11", "O1")
def test_the_parameters_of_a_renamed_one_time_code_action_are_known() -> None:
    driver = AccountDriver(otp_names={"action": "otp", "app": "app", "code": "secret"})
    entry = entry_of(driver, action="otp", app="1", secret="2", receivers="3", type="4", code="5")
    assert (entry.action, entry.unread) == ("otp", (("code", None),))
    entry = entry_of(driver, action="sendOTP", x="1")
    assert (entry.rule, entry.unread) == ("A7", ())


@pytest.mark.rule("W11")
def test_a_hundred_unread_names_of_2000_characters_are_kept() -> None:
    driver = AccountDriver()
    entry = entry_of(driver, action="credit", **{f"{n}" + "x" * 3000: "1" for n in range(101)})
    assert len(entry.unread) == 100
    assert {len(name) for name, _ in entry.unread} == {2000}
    assert entry.unread[99][0].startswith("99x")


@pytest.mark.rule("W11")
def test_only_the_beginning_of_a_long_name_is_compared() -> None:
    name = "receivers" + "x" * 5
    assert entry_of(AccountDriver(), action="send", **{name: "1"}).unread == ((name, "receivers"),)
    far = "receivers" * 8
    assert entry_of(AccountDriver(), action="send", **{far: "1"}).unread == ((far, None),)


# Truncation


def test_a_request_within_the_limits_is_kept_whole() -> None:
    params = Params(
        {"action": "credit", "text": "x" * 2000, "n" * 2000: "1", **{str(n): "1" for n in range(97)}}
    )
    driver = AccountDriver()
    entry = driver.panel.handle(Call("POST", driver.key, params, "127.0.0.1"), REAL_MS).entry
    assert entry.params == params


def test_a_long_text_is_cut_with_a_note_of_its_length() -> None:
    entry = entry_of(AccountDriver(), action="credit", text="x" * 2001)
    assert entry.params == {"action": "credit", "text": "x" * 2000 + "… (2001 characters)"}


def test_an_entry_lists_its_truncated_members() -> None:
    driver = AccountDriver()
    assert entry_of(driver, action="credit", text="x" * 2000, a=["1"]).truncated == ()
    assert entry_of(driver, action="credit", text="x" * 2001).truncated == ("params",)
    for number in range(4):
        receivers = ",".join(f"9121{number}{place:05}" for place in range(100))
        driver.change(credit=10**9)
        driver.send(receivers)
    many = ",".join(f"91233{place:05}" for place in range(310))
    send_id = driver.send(many)["sendID"]
    whole = entry_of(driver, action="reportSend", sendID=str(int(send_id) - 1))
    assert (whole.truncated, json.loads(whole.reply or b"")["result"]) == ((), "1")
    entry = entry_of(driver, action="reportSend", sendID=send_id)
    assert (entry.http, len(entry.reply or b""), entry.truncated) == (200, 20_000, ("reply",))
    entry = entry_of(driver, action="reportSend", sendID=send_id, text="x" * 2001)
    assert entry.truncated == ("params", "reply")
    driver.credit()
    assert driver.account.journal.entries[-2] == entry


@pytest.mark.parametrize(("longer", "truncated"), [(0, ()), (1, ("reply",))])
def test_a_reply_of_20_000_bytes_is_kept_whole(longer: int, truncated: tuple[str, ...]) -> None:
    driver = AccountDriver()
    driver.deliver(ONE, "")
    empty = len(entry_of(driver, action="receivedMessages").reply or b"")
    driver = AccountDriver()
    driver.deliver(ONE, "x" * (20_000 - empty + longer))
    entry = entry_of(driver, action="receivedMessages")
    assert (len(entry.reply or b""), entry.truncated) == (20_000, truncated)


def test_the_duration_includes_the_delay_of_a_fault() -> None:
    driver = AccountDriver()
    call = Call("POST", driver.key, Params({"action": "credit"}), "127.0.0.1")
    assert driver.panel.handle(call, REAL_MS, lambda: 123).entry.duration_us == 123
    assert driver.panel.handle(call._replace(key="nobody"), REAL_MS, lambda: 45).entry.duration_us == 45
    driver.add_fault({"delaySeconds": 1.5})
    assert driver.panel.handle(call, REAL_MS, lambda: 123).entry.duration_us == 1_500_123


def test_a_bug_before_the_reply_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reply is written before the message is accepted, so nothing is charged or recorded."""
    driver = AccountDriver()
    driver.add_fault({"delaySeconds": 1}, times=0)

    def broken(*_: object) -> bytes:
        raise ZeroDivisionError

    monkeypatch.setattr(encode, "body", broken)
    params = Params({"action": "send", "from": "30001403", "text": "x", "receivers": ONE})
    call = Call("POST", driver.key, params, "127.0.0.1")
    with pytest.raises(ZeroDivisionError):
        driver.panel.handle(call, REAL_MS)
    assert driver.account.journal.entries == []
    assert (driver.account.sends.accepted, driver.account.credit(driver.now_ms)) == (0, 1_000_000)
    (rule,) = driver.account.faults.rules.values()
    assert (rule.seen, rule.fired) == (0, 0)


def test_a_hundred_parameters_are_kept_and_less_of_each() -> None:
    entry = entry_of(
        AccountDriver(), action="credit", **{str(n): "x" * 200 for n in range(99)}, last="x", more="y"
    )
    assert list(entry.params) == ["action", *map(str, range(99))]
    assert entry.params["98"] == "x" * 200
    entry = entry_of(AccountDriver(), action="credit", **{str(n): "x" * 2001 for n in range(10)})
    assert {entry.params[str(n)] for n in range(10)} == {"x" * 200 + "… (2001 characters)"}
    entry = entry_of(AccountDriver(), action="credit", **{str(n): "x" * 2001 for n in range(9)})
    assert {entry.params[str(n)] for n in range(9)} == {"x" * 2000 + "… (2001 characters)"}


def test_long_names_are_cut() -> None:
    entry = entry_of(AccountDriver(), action="credit", **{"n" * 2001: "x" * 2001})
    assert list(entry.params) == ["action", "n" * 2000]
    names = {str(n) * 300: "x" * 2001 for n in range(10)}
    entry = entry_of(AccountDriver(), action="credit", **names)
    assert {len(name) for name in entry.params} == {len("action"), 200}


def test_a_hundred_items_of_a_list_are_kept_and_less_of_each() -> None:
    entry = entry_of(AccountDriver(), action="credit", a=["x" * 201, "x" * 200, ["y" * 21], *["1"] * 100])
    assert isinstance(entry.params["a"], list)
    assert entry.params["a"][:3] == [
        "x" * 200 + "… (201 characters)",
        "x" * 200,
        ["y" * 20 + "… (21 characters)"],
    ]
    assert len(entry.params["a"]) == 100


def test_a_hundred_members_of_an_object_are_kept_and_less_of_each() -> None:
    many = {str(n): "1" for n in range(100)}
    entry = entry_of(
        AccountDriver(), action="credit", o={"n" * 201: "x" * 201, "in": {"m" * 65: "y" * 21}, **many}
    )
    kept = entry.params["o"]
    assert isinstance(kept, dict)
    assert kept["n" * 200] == "x" * 200 + "… (201 characters)"
    assert kept["in"] == {"m" * 64: "y" * 20 + "… (21 characters)"}
    assert len(kept) == 100


@pytest.mark.parametrize("value", [None, True, False])
def test_values_that_are_not_text_are_kept(value: Any) -> None:
    assert entry_of(AccountDriver(), action="credit", x=value).params == {"action": "credit", "x": value}


def test_500_characters_of_an_action_are_kept() -> None:
    entry = entry_of(AccountDriver(), action="a" * 501)
    assert entry.action == "a" * 500


def test_500_characters_of_a_reason_are_kept() -> None:
    driver = AccountDriver()
    driver.call(params={}, undecodable="u" * 600)
    assert last_entry(driver).reason == "the parameters cannot be read: " + "u" * 469


# Bugs of this program


def test_a_bug_is_recorded_in_the_accounts_journal_at_its_time() -> None:
    driver = AccountDriver()
    driver.advance(9)
    call = Call("POST", driver.key, Params({"action": "send"}), "127.0.0.1", "text/x")
    driver.panel.record_bug(call, ZeroDivisionError("by zero"), REAL_MS)
    entry = last_entry(driver)
    assert (entry.id, entry.at_ms, entry.method, entry.content_type) == (1, driver.now_ms, "POST", "text/x")
    assert (entry.rule, entry.result, entry.http, entry.action) == ("", "", 500, "send")
    assert entry.bug == "ZeroDivisionError: by zero"
    assert entry.reason == "a bug in fakeserver, please report it: ZeroDivisionError: by zero"
    assert (entry.fault_id, entry.send_id, entry.params) == (None, None, {"action": "send"})
    assert (entry.duration_us, entry.reply) == (0, None)


def test_a_bug_is_recorded_at_the_time_of_a_running_clock() -> None:
    driver = AccountDriver(clock="real")
    driver.panel.record_bug(
        Call("GET", driver.key, Params(), "127.0.0.1"), ValueError("x"), RealMs(REAL_MS + 9)
    )
    assert last_entry(driver).at_ms == REAL_MS + 9


@pytest.mark.parametrize("key", ["nobody", None, ""])
def test_a_bug_without_an_account_is_recorded_in_the_panels_own_journal(key: str | None) -> None:
    driver = AccountDriver(key="XXXX")  # the string that mutmut puts in place of no key
    driver.panel.record_bug(Call("GET", key, Params(), "127.0.0.1"), KeyError("x"), RealMs(REAL_MS + 5))
    assert list(driver.account.journal.entries) == []
    (entry,) = driver.panel.journal.entries
    assert (entry.at_ms, entry.bug, entry.method) == (REAL_MS + 5, "KeyError: 'x'", "GET")


def test_500_characters_of_a_bug_are_kept() -> None:
    driver = AccountDriver()
    driver.panel.record_bug(Call("GET", "x", Params(), "127.0.0.1"), ValueError("v" * 600), REAL_MS)
    (entry,) = driver.panel.journal.entries
    assert entry.bug == "ValueError: " + "v" * 488
    assert entry.reason == ("a bug in fakeserver, please report it: ValueError: " + "v" * 488)[:500]
