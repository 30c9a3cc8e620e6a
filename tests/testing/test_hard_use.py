"""Hard use: many threads on one handle, values that no JSON can hold, odd keys, hundreds of accounts."""

import math
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from fakeserver.testing import Panel, PanelServer, UsageError
from tests.testing.application import LINE, NUMBER, OTHER, START, ask, attempt, post, send

THREADS = 8


def at_once(*work: Callable[[], object]) -> list[object]:
    """Do all of it in threads that begin together; what each returns, and raise what one raises."""
    barrier = threading.Barrier(len(work))

    def begin(one: Callable[[], object]) -> object:
        barrier.wait(10)
        return one()

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(begin, work))


# Threads


def test_many_threads_use_one_handle(panel: Panel) -> None:
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

    at_once(*(lambda thread=thread: use(thread) for thread in range(THREADS)))
    panel.assert_sent(count=10 * THREADS)
    assert len(panel.journal) == 10 * THREADS
    assert panel.credit == 10_000_000 - 2_000 * 10 * THREADS


def test_a_thread_that_waits_does_not_hold_up_the_others(panel: Panel) -> None:
    def others() -> None:
        for _ in range(20):
            panel.advance(1)
            send(panel, OTHER)
        send(panel)

    waits = [lambda: panel.wait_for(to=NUMBER, timeout=60)] * THREADS
    *found, _ = at_once(*waits, others)
    assert found == [panel.assert_sent(to=NUMBER, count=1)] * THREADS


def test_time_that_many_threads_move_is_the_sum_of_their_moves(panel: Panel) -> None:
    send(panel)
    moves = at_once(*[lambda: [panel.advance(0.25) for _ in range(10)]] * THREADS)
    assert panel.now == START + timedelta(seconds=0.25 * 10 * THREADS)
    told = [change for move in moves if isinstance(move, list) for changes in move for change in changes]
    assert sorted((change.at - START).total_seconds() for change in told) == [1, 2, 3, 4, 6]


def test_snapshots_of_many_threads_are_snapshots_of_their_own(panel: Panel) -> None:
    kept = at_once(*[panel.snapshot] * THREADS)
    assert len(set(kept)) == THREADS


def test_many_threads_open_and_close_accounts(panel_server: PanelServer) -> None:
    def use() -> list[str]:
        keys = []
        for _ in range(10):
            with panel_server.new_account() as panel:
                send(panel)
                panel.assert_sent(to=NUMBER, count=1)
                keys.append(panel.api_key)
        return keys

    keys = [key for found in at_once(*[use] * THREADS) if isinstance(found, list) for key in found]
    assert len(set(keys)) == 10 * THREADS


def test_removing_from_many_threads_is_removing_once(panel_server: PanelServer) -> None:
    panel = panel_server.new_account()
    at_once(*[panel.remove] * THREADS)
    assert ask(panel, "status") == {"result": "-1"}


def test_three_hundred_accounts_come_and_go(panel_server: PanelServer, panel: Panel) -> None:
    def health() -> int:
        return int(panel.plane.ask("GET", "/health")["accounts"])

    before, keys = health(), set()
    for _ in range(300):
        with panel_server.new_account(credit=2_000) as short:
            assert (attempt(short), attempt(short)) == ("1", "109")
            short.assert_sent(to=NUMBER, count=1)
            keys.add(short.api_key)
    assert len(keys) == 300
    assert health() == before


def test_an_account_that_somebody_else_removed_is_removed_without_complaint(
    panel_server: PanelServer,
) -> None:
    panel = panel_server.new_account()
    panel.control("DELETE", "")
    panel.remove()


# Values that no JSON can hold

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
    "a number without end": 10**5_000,
    "half a character": "\ud800",
}


def refused(deed: Callable[[], object]) -> str:
    with pytest.raises(UsageError) as told:
        deed()
    return str(told.value)


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_a_value_that_no_json_can_hold_is_refused_wherever_it_is_given(panel: Panel, value: Any) -> None:
    before = panel.control("GET", "")
    for deed in (
        lambda: panel.set(credit=value),
        lambda: panel.set(lines=[{"number": value}]),
        lambda: panel.explain(action="send", text=value),
        lambda: panel.deliver(from_=NUMBER, text=value),
        lambda: panel.fail(http=502, http_body=value),
        lambda: panel.fail(text=["hello", value], http=502),
    ):
        refused(deed)
    assert panel.control("GET", "") == before
    assert panel.control("GET", "/faults")["faults"] == []
    assert ask(panel, "receivedMessages") == {"result": "401"}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_a_new_account_is_refused_such_a_value_in_the_same_words_both_ways(
    panel_server: PanelServer, value: Any
) -> None:
    with PanelServer.at(panel_server.url) as other:
        told = refused(lambda: panel_server.new_account(credit=value))
        assert refused(lambda: other.new_account(credit=value)) == told


@pytest.mark.parametrize("kind", ["nan", "a set", "half a character"])
def test_the_refusal_names_the_setting_at_fault(panel_server: PanelServer, kind: str) -> None:
    assert "credit" in refused(lambda: panel_server.new_account(seed=7, credit=VALUES[kind]))


def test_a_list_that_is_nested_too_deep_is_refused(panel_server: PanelServer, panel: Panel) -> None:
    refused(lambda: panel_server.new_account(blacklist=DEEP))
    refused(lambda: panel.set(blacklist=DEEP))


def test_a_text_that_cannot_be_looked_for_is_refused(panel: Panel) -> None:
    refused(lambda: panel.assert_sent(text="\ud800"))
    refused(lambda: panel.wait_for(text="\ud800", timeout=0))


@pytest.mark.parametrize("count", [1.5, math.nan])
def test_a_count_that_is_no_whole_number_is_refused(panel: Panel, count: Any) -> None:
    assert "count" in refused(lambda: panel.wait_for(count=count, timeout=0))
    assert "count" in refused(lambda: panel.assert_sent(count=count))


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
def test_a_key_of_any_visible_characters_is_an_account(panel_server: PanelServer, key: str) -> None:
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
def test_a_key_that_is_none_is_refused(panel_server: PanelServer, key: Any) -> None:
    assert "key" in refused(lambda: panel_server.new_account(key=key))


# Persian settings


def test_settings_in_persian_are_what_the_account_has(panel_server: PanelServer) -> None:
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
        answer = ask(panel, "sendServices", from_="auto", textCode=7, textData=data, receivers=NUMBER)
        assert answer["result"] == "1"
        ask(panel, "sendOTP", appID="app", code="4321", receivers=NUMBER)
        send(panel, text="برندهٔ قرعه‌کشی شدید")
        panel.advance(60)
        texts = ["سلام سارا، «کد» شما: ۱۲۳۴ 🎉", "رمز یک‌بارمصرف: 4321", "برندهٔ قرعه‌کشی شدید"]
        assert [message.text for message in panel.messages] == texts
        assert [message.receivers[0].send_status for message in panel.messages] == [3, 3, 7]
        assert panel.messages[0].code == "1234"
        panel.assert_sent(text="«کد» شما", count=1)


def test_a_refused_persian_value_is_shown_as_it_was_written(panel_server: PanelServer) -> None:
    assert "گاهی" in refused(lambda: panel_server.new_account(monitoring="گاهی"))
    assert "اعتبار" in refused(lambda: panel_server.new_account(اعتبار=5))


def test_a_wrong_key_in_persian_bytes_is_a_wrong_key(panel: Panel) -> None:
    assert post(panel, "status", key="کلید".encode().decode("latin-1")).json == {"result": "-1"}
    assert attempt(panel, from_=LINE) == "1"
