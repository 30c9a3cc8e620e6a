"""Many threads on one handle, hundreds of accounts, values that JSON cannot hold, unusual keys, Persian."""

import math
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from fakeserver.testing import Panel, PanelServer, UsageError
from tests.command import request
from tests.testing.application import LINE, NUMBER, OTHER, START, ask, attempt, post, send

THREADS = 8


def run_together(*functions: Callable[[], object]) -> list[object]:
    """Call each function in a thread, all at once. Returns the results, and raises any exception."""
    barrier = threading.Barrier(len(functions))

    def call(function: Callable[[], object]) -> object:
        barrier.wait(10)
        return function()

    with ThreadPoolExecutor(len(functions)) as pool:
        return list(pool.map(call, functions))


# Threads


def test_many_threads_may_use_one_handle(panel: Panel) -> None:
    panel.set(credit=10_000_000)

    def use(thread: int) -> None:
        number = str(9_130_000_000 + thread)
        for round_ in range(10):
            send_id = send(panel, number, f"code {thread:02}{round_:02}")
            found = panel.wait_for(to=number, count=round_ + 1)
            assert (found[-1].send_id, found[-1].code) == (send_id, f"{thread:02}{round_:02}")
            panel.assert_sent(to=number, count=round_ + 1)
            assert panel.explain(action="credit").rule == "C1"
            assert panel.phonebook(1403).numbers == []

    run_together(*(lambda thread=thread: use(thread) for thread in range(THREADS)))
    panel.assert_sent(count=10 * THREADS)
    assert len(panel.journal) == 10 * THREADS
    assert panel.credit == 10_000_000 - 2_000 * 10 * THREADS


def test_a_waiting_thread_does_not_block_the_others(panel: Panel) -> None:
    def send_from_another_thread() -> None:
        for _ in range(20):
            panel.advance(1)
            send(panel, OTHER)
        send(panel)

    waits = [lambda: panel.wait_for(to=NUMBER, timeout=60)] * THREADS
    *found, _ = run_together(*waits, send_from_another_thread)
    assert found == [panel.assert_sent(to=NUMBER, count=1)] * THREADS


def test_advances_of_many_threads_add_up(panel: Panel) -> None:
    send(panel)
    results = run_together(*[lambda: [panel.advance(0.25) for _ in range(10)]] * THREADS)
    assert panel.now == START + timedelta(seconds=0.25 * 10 * THREADS)
    changes = [change for result in results if isinstance(result, list) for one in result for change in one]
    assert sorted((change.at - START).total_seconds() for change in changes) == [1, 2, 3, 4, 6]


def test_snapshots_of_many_threads_have_different_names(panel: Panel) -> None:
    kept = run_together(*[panel.snapshot] * THREADS)
    assert len(set(kept)) == THREADS


def test_many_threads_create_and_remove_accounts(panel_server: PanelServer) -> None:
    def use() -> list[str]:
        keys = []
        for _ in range(10):
            with panel_server.new_account() as panel:
                send(panel)
                panel.assert_sent(to=NUMBER, count=1)
                keys.append(panel.api_key)
        return keys

    keys = [key for found in run_together(*[use] * THREADS) if isinstance(found, list) for key in found]
    assert len(set(keys)) == 10 * THREADS


def test_many_threads_may_remove_the_same_account(panel_server: PanelServer) -> None:
    panel = panel_server.new_account()
    run_together(*[panel.remove] * THREADS)
    assert ask(panel, "status") == {"result": "-1"}


def test_three_hundred_accounts_leave_nothing_behind(panel_server: PanelServer) -> None:
    def account_count() -> int:
        return int(request(f"{panel_server.url}/_fake/health")["accounts"])

    before, keys = account_count(), set()
    for _ in range(300):
        with panel_server.new_account(credit=2_000) as short:
            assert (attempt(short), attempt(short)) == ("1", "109")
            short.assert_sent(to=NUMBER, count=1)
            keys.add(short.api_key)
    assert len(keys) == 300
    assert account_count() == before


# Values that JSON cannot hold

LOOP: list[Any] = []
LOOP.append(LOOP)
DEEP: list[Any] = []
for _ in range(100_000):
    DEEP = [DEEP]

VALUES = {
    "nan": math.nan,
    "infinity": -math.inf,
    "a set": {1},
    "bytes": b"5",
    "a decimal": Decimal(5),
    "a time": datetime(2024, 11, 1, tzinfo=UTC),
    "a tuple as a key": {(1, 2): 3},
    "a list that holds itself": LOOP,
    "a number with too many digits": 10**5_000,
    "half a character": "\ud800",
}


def error_of(call: Callable[[], object]) -> UsageError:
    with pytest.raises(UsageError) as refused:
        call()
    return refused.value


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_an_argument_that_json_cannot_hold_is_refused(panel: Panel, value: Any) -> None:
    before = panel.control("GET", "")
    for argument, call in (
        ("credit", lambda: panel.set(credit=value)),
        ("lines", lambda: panel.set(lines=[{"number": value}])),
        ("text", lambda: panel.explain(action="send", text=value)),
        ("from_", lambda: panel.explain(action="send", from_=value)),
        ("from_", lambda: panel.deliver(from_=value, text="hello")),
        ("text", lambda: panel.deliver(from_=NUMBER, text=value)),
        ("http_body", lambda: panel.fail(http=502, http_body=value)),
        ("text", lambda: panel.fail(text=["hello", value], http=502)),
    ):
        assert error_of(call).argument == argument
    assert panel.control("GET", "") == before
    assert panel.control("GET", "/faults")["faults"] == []
    assert ask(panel, "receivedMessages") == {"result": "401"}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_a_setting_that_json_cannot_hold_is_refused_by_every_server_in_the_same_words(
    panel_server: PanelServer, value: Any
) -> None:
    with PanelServer.at(panel_server.url) as same_server:
        error = error_of(lambda: panel_server.new_account(seed=7, credit=value))
        assert error.argument == "credit"
        assert str(error_of(lambda: same_server.new_account(seed=7, credit=value))) == str(error)


def test_a_list_that_is_nested_too_deeply_is_refused(panel_server: PanelServer, panel: Panel) -> None:
    assert error_of(lambda: panel_server.new_account(blacklist=DEEP)).argument == "blacklist"
    assert error_of(lambda: panel.set(blacklist=DEEP)).argument == "blacklist"


def test_an_expected_text_with_half_of_a_surrogate_pair_is_refused(panel: Panel) -> None:
    assert error_of(lambda: panel.assert_sent(to=NUMBER, text="\ud800")).argument == "text"
    assert error_of(lambda: panel.wait_for(to=NUMBER, text="\ud800", timeout=0)).argument == "text"


@pytest.mark.parametrize("count", [1.5, math.nan])
def test_a_count_that_is_not_a_whole_number_is_refused(panel: Panel, count: Any) -> None:
    assert error_of(lambda: panel.wait_for(count=count, timeout=0)).argument == "count"
    assert error_of(lambda: panel.assert_sent(count=count)).argument == "count"


# Keys


@pytest.mark.parametrize(
    "key",
    [
        "a/b?c#d%",
        "a%2Fb",
        "%2e%2e",
        "../accounts",
        "...",
        "__",
        "a,b;c=d&e+f",
        "\"'<>\\`|{}[]()^~!@$*:",
        "0",
        "x" * 128,
    ],
)
def test_a_key_may_have_any_visible_ascii_characters(panel_server: PanelServer, key: str) -> None:
    with panel_server.new_account(key=key) as panel:
        assert panel.api_key == key
        send_id = send(panel)
        panel.advance(60)
        assert [message.send_id for message in panel.wait_for(to=NUMBER)] == [send_id]
        panel.restore(panel.snapshot())
        panel.fail(action="credit", http=500).remove()
        assert len(panel.journal) == 1
    assert ask(panel, "status") == {"result": "-1"}


@pytest.mark.parametrize("key", ["", "_", ".", "..", "a b", "a\n", "کلید", "x" * 129, 5, None])
def test_what_is_not_a_key_is_refused(panel_server: PanelServer, key: Any) -> None:
    assert error_of(lambda: panel_server.new_account(key=key)).argument == "key"


# Persian


def test_settings_may_be_persian(panel_server: PanelServer) -> None:
    with panel_server.new_account(
        patterns=[{"code": 7, "text": "سلام {نام}، «کد» شما: {کد} 🎉", "approved": True, "bulk": False}],
        otp_apps=[{"id": "app", "template": "رمز یک‌بارمصرف: {code}", "enabled": True}],
        forbidden_words=["قرعه‌کشی"],
        fields=[{"id": "F1", "name": "شغل", "kind": "choice", "options": ["معلم", "پزشک"]}],
        phonebooks=[
            {
                "id": 9,
                "name": "مشتریان ویژه",
                "contacts": [{"number": NUMBER, "fields": {"F1": "پزشک"}}],
            }
        ],
    ) as panel:
        book = panel.phonebook(9)
        assert (book.name, dict(book.contact(NUMBER).fields)) == ("مشتریان ویژه", {"F1": "پزشک"})
        data = {"نام": "سارا", "کد": "۱۲۳۴"}
        reply = ask(panel, "sendServices", from_="auto", textCode=7, textData=data, receivers=NUMBER)
        assert reply["result"] == "1"
        ask(panel, "sendOTP", appID="app", code="4321", receivers=NUMBER)
        send(panel, text="برندهٔ قرعه‌کشی شدید")
        panel.advance(60)
        texts = ["سلام سارا، «کد» شما: ۱۲۳۴ 🎉", "رمز یک‌بارمصرف: 4321", "برندهٔ قرعه‌کشی شدید"]
        assert [message.text for message in panel.messages] == texts
        assert [message.receivers[0].send_status for message in panel.messages] == [3, 3, 7]
        assert panel.messages[0].code == "1234"
        panel.assert_sent(text="«کد» شما", count=1)


def test_a_refused_persian_value_is_shown_in_persian(panel_server: PanelServer) -> None:
    assert "گاهی" in str(error_of(lambda: panel_server.new_account(monitoring="گاهی")))
    assert error_of(lambda: panel_server.new_account(اعتبار=5)).argument == "اعتبار"


def test_a_persian_key_is_an_unknown_key(panel: Panel) -> None:
    assert post(panel, "status", key="کلید".encode().decode("latin-1")).json == {"result": "-1"}
    assert attempt(panel, from_=LINE) == "1"
