"""Failed expectations, word for word: they are what a developer has in hand when a test of his fails."""

import re
from collections.abc import Callable

import pytest

from fakeserver.testing import Panel, PanelServer
from tests.testing.application import LINE, NUMBER, OTHER, attempt, post, send

NOTHING = """\
sent, newest last: none
requests, newest last: none
clock 2024-11-01T00:00:00Z (frozen), seed 1403, credit 1000000 rials
account KEY at URL"""


def told(panel: Panel, expectation: Callable[[], object]) -> str:
    """The whole text of an expectation that fails."""
    with pytest.raises(AssertionError) as failed:
        expectation()
    return str(failed.value).replace(panel.url, "URL").replace(panel.api_key, "KEY")


def test_nothing_was_sent_at_all(panel: Panel) -> None:
    assert told(panel, panel.assert_sent) == f"expected a message; there are none\n\n{NOTHING}"


@pytest.mark.parametrize(
    ("expectation", "words"),
    [
        (lambda panel: panel.assert_sent(to=NUMBER), f"expected a message to {NUMBER}"),
        (lambda panel: panel.assert_sent(text="کد"), "expected a message with «کد» in the text"),
        (lambda panel: panel.assert_sent(count=1), "expected exactly 1 message"),
        (
            lambda panel: panel.assert_sent(to=f"+98{NUMBER}", text="کد", count=2),
            f"expected exactly 2 messages to +98{NUMBER} with «کد» in the text",
        ),
        (lambda panel: panel.wait_for(timeout=0), "expected 1 message within 0 s"),
        (
            lambda panel: panel.wait_for(to=NUMBER, text="کد", count=3, timeout=0.05),
            f"expected at least 3 messages to {NUMBER} with «کد» in the text within 0.05 s",
        ),
    ],
)
def test_the_first_line_says_what_was_expected(
    panel: Panel, expectation: Callable[[Panel], object], words: str
) -> None:
    assert told(panel, lambda: expectation(panel)) == f"{words}; there are none\n\n{NOTHING}"


def test_something_else_was_sent(panel: Panel) -> None:
    first = send(panel, f"{OTHER},9120000004", "کد شما 1234")
    panel.advance(2.5)
    second = send(panel, "9120000002", "hello")
    panel.advance(4)
    assert (
        told(panel, lambda: panel.assert_sent(to=NUMBER, text="کد"))
        == f"""\
expected a message to {NUMBER} with «کد» in the text; there are none

sent, newest last:
  {first} send to {OTHER} delivered (2,3), 9120000004 undelivered (2,4): «کد شما 1234»
  {second} send to 9120000002 unreached (2,2): «hello»
requests, newest last:
  send: 1 (S12), accepted for 2 receiver(s): 1 unicode part(s), 2000 rials
  send: 1 (S12), accepted for 1 receiver(s): 1 latin part(s), 2000 rials
clock 2024-11-01T00:00:06.500Z (frozen), seed 1403, credit 996000 rials
account KEY at URL"""
    )


def test_too_many_were_sent(panel: Panel) -> None:
    first, second = send(panel), send(panel)
    assert (
        told(panel, lambda: panel.assert_sent(to=NUMBER, count=1))
        == f"""\
expected exactly 1 message to {NUMBER}; there are 2

sent, newest last:
  {first} send to {NUMBER} awaiting (0,-1): «hello»
  {second} send to {NUMBER} awaiting (0,-1): «hello»
requests, newest last:
  send: 1 (S12), accepted for 1 receiver(s): 1 latin part(s), 2000 rials
  send: 1 (S12), accepted for 1 receiver(s): 1 latin part(s), 2000 rials
clock 2024-11-01T00:00:00Z (frozen), seed 1403, credit 996000 rials
account KEY at URL"""
    )


@pytest.mark.parametrize(
    ("expectation", "words"),
    [
        (lambda panel: panel.assert_nothing_sent(), "expected nothing to be sent"),
        (lambda panel: panel.assert_nothing_sent(within=0.05), "expected nothing to be sent"),
        (lambda panel: panel.assert_sent(count=0), "expected no message"),
        (lambda panel: panel.assert_sent(to=OTHER, count=0), f"expected no message to {OTHER}"),
    ],
)
def test_something_was_sent_where_nothing_should_be(
    panel_server: PanelServer, expectation: Callable[[Panel], object], words: str
) -> None:
    with panel_server.new_account(seed=7, credit=3_000) as panel:
        send_id = send(panel, OTHER)
        assert (
            told(panel, lambda: expectation(panel))
            == f"""\
{words}; there is 1

sent, newest last:
  {send_id} send to {OTHER} awaiting (0,-1): «hello»
requests, newest last:
  send: 1 (S12), accepted for 1 receiver(s): 1 latin part(s), 2000 rials
clock 2024-11-01T00:00:00Z (frozen), seed 7, credit 1000 rials
account KEY at URL"""
        )


def test_requests_were_refused(panel: Panel) -> None:
    attempt(panel, from_="30001404")
    attempt(panel, to="letters")
    post(panel, "send", from_=LINE, recievers=NUMBER, text="hello")
    post(panel, "sned", from_=LINE, receivers=NUMBER, text="hello")
    post(panel, "")
    assert (
        told(panel, lambda: panel.assert_sent(to=NUMBER))
        == f"""\
expected a message to {NUMBER}; there are none

sent, newest last: none
requests, newest last:
  send: 106 (S6), «30001404» is not a line of this account
  send: 105 (S5), receiver 1 of 1, «letters», has characters other than digits (F3)
  send: 0 (S1), `receivers` is missing; did you misspell it as `recievers`?; \
not read: recievers (did you mean receivers?)
  sned: 100 (A7), «sned» is not an action of the panel (names are case-sensitive, W11)
  no action: 0 (A6), `action` is empty, which counts as missing (W9)
clock 2024-11-01T00:00:00Z (frozen), seed 1403, credit 1000000 rials
account KEY at URL"""
    )


def test_requests_came_with_a_wrong_key(panel_server: PanelServer, panel: Panel) -> None:
    post(panel, "send", key="before-the-account-was-made")
    with panel_server.new_account() as fresh:
        post(fresh, "send", key="wrong", from_=LINE, receivers=NUMBER, text="hello")
        post(fresh, "credit", key=f"Bearer {fresh.api_key}")
        post(fresh, "status", key="")
        assert (
            told(fresh, fresh.assert_sent)
            == """\
expected a message; there are none

sent, newest last: none
requests, newest last: none
requests whose key opens no account:
  send: -1 (A1), no account has the API key wr...
  credit: -1 (A1), there is a word before the API key; the header carries the key alone
  status: -1 (A1), the request has no API key: POST carries it in the `Authorization` header, bare
clock 2024-11-01T00:00:00Z (frozen), seed 1403, credit 1000000 rials
account KEY at URL"""
        )


def test_a_fault_fired(panel: Panel) -> None:
    broken = panel.fail(action="send", http=502)
    away = panel.fail(action="send", result="113", description="the operator is away", after=1)
    form = {"from_": LINE, "receivers": NUMBER, "text": "hello"}
    post(panel, "send", **form)
    post(panel, "send", **form)
    assert (
        told(panel, panel.assert_sent)
        == f"""\
expected a message; there are none

sent, newest last: none
requests, newest last:
  send: HTTP 502, fault {broken.id} answers in place of the panel; nothing happened; by fault {broken.id}
  send: 113 (S11), fault {away.id} asks for 113 (S11: an unexpected error while sending); by fault {away.id}
clock 2024-11-01T00:00:00Z (frozen), seed 1403, credit 1000000 rials
account KEY at URL"""
    )


def test_long_lists_are_cut_to_their_newest(panel: Panel) -> None:
    sent = [send(panel, text=f"message {number}") for number in range(25)]
    for number in range(25):
        post(panel, "status", key=f"wrong {number}")
    shown = "\n".join(
        f"  {sent[number]} send to {NUMBER} awaiting (0,-1): «message {number}»" for number in range(15, 25)
    )
    requests = "\n".join(["  send: 1 (S12), accepted for 1 receiver(s): 1 latin part(s), 2000 rials"] * 8)
    strangers = "\n".join(["  status: -1 (A1), no account has the API key wron..."] * 8)
    assert (
        told(panel, lambda: panel.assert_sent(to=OTHER))
        == f"""\
expected a message to {OTHER}; there are none

sent, newest last:
  (15 more)
{shown}
requests, newest last:
  (17 more)
{requests}
requests whose key opens no account:
  (17 more)
{strangers}
clock 2024-11-01T00:00:00Z (frozen), seed 1403, credit 950000 rials
account KEY at URL"""
    )


def test_long_texts_and_many_receivers_are_cut(panel: Panel) -> None:
    numbers = [str(9_130_000_000 + number) for number in range(50)]
    text = "0123456789" * 60
    send_id = send(panel, ",".join(numbers), text)
    shown = ", ".join(f"{number} awaiting (0,-1)" for number in numbers[:5])
    assert (
        told(panel, lambda: panel.assert_sent(to=OTHER))
        == f"""\
expected a message to {OTHER}; there are none

sent, newest last:
  {send_id} send to {shown} and 45 more: «{text[:200]}…»
requests, newest last:
  send: 1 (S12), accepted for 50 receiver(s): 4 latin part(s), 400000 rials
clock 2024-11-01T00:00:00Z (frozen), seed 1403, credit 600000 rials
account KEY at URL"""
    )


def test_a_running_clock_is_said_to_run(panel: Panel) -> None:
    panel.set(clock="real")
    text = re.sub(r"T00:00:[0-9.]+Z", "T…", told(panel, panel.assert_sent))
    clock = "clock 2024-11-01T… (running), seed 1403, credit 1000000 rials"
    assert text.splitlines()[-2:] == [clock, "account KEY at URL"]


async def test_a_wait_that_stops_its_own_loop_is_told_how_not_to(panel: Panel) -> None:
    assert told(panel, lambda: panel.wait_for(to=NUMBER, timeout=0.05)) == (
        f"expected 1 message to {NUMBER} within 0.05 s; there are none\n"
        "(wait_for stops this thread's event loop; `await panel.wait_for_async(…)` does not)\n"
        f"\n{NOTHING}"
    )


async def test_a_wait_that_does_not_stop_the_loop_is_told_nothing_of_it(panel: Panel) -> None:
    with pytest.raises(AssertionError) as failed:
        await panel.wait_for_async(to=NUMBER, timeout=0.05)
    text = told(panel, lambda: panel.assert_sent(to=NUMBER))
    assert str(failed.value).partition("\n")[2].endswith(f"account {panel.api_key} at {panel.url}")
    assert text.partition("\n")[2] == f"\n{NOTHING}"
    assert "event loop" not in str(failed.value)
