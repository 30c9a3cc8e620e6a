"""The text of a failed expectation: its first line, and the state of the account below it."""

import re
from collections.abc import Callable
from typing import NamedTuple

import pytest

from fakeserver.testing import Panel, PanelServer
from tests.testing.application import LINE, NUMBER, OTHER, attempt, post, send

SENT = "sent, newest last"
REQUESTS = "requests, newest last"
UNKNOWN_KEY_REQUESTS = "requests without a valid API key, newest last"


class Failure(NamedTuple):
    """The parts of a failure. `sections` is a list of lines for each title."""

    headline: str
    sections: dict[str, list[str]]
    clock: str
    account: str


def failure(expectation: Callable[[], object]) -> Failure:
    """The failure of an expectation that is not met."""
    with pytest.raises(AssertionError) as failed:
        expectation()
    headline, _, report = str(failed.value).partition("\n\n")
    *body, clock, account = report.split("\n")
    sections: dict[str, list[str]] = {}
    for line in body:
        if line.startswith("  "):
            sections[next(reversed(sections))].append(line.strip())
        else:
            sections[line.removesuffix(": none").removesuffix(":")] = []
    return Failure(headline, sections, clock, account)


# The first line


@pytest.mark.parametrize(
    ("expectation", "headline"),
    [
        (lambda panel: panel.assert_sent(), "expected a message; there are none"),
        (lambda panel: panel.assert_sent(to=NUMBER), f"expected a message to {NUMBER}; there are none"),
        (lambda panel: panel.assert_sent(count=1), "expected exactly 1 message; there are none"),
        (
            lambda panel: panel.assert_sent(to=f"+98{NUMBER}", text="کد", count=2),
            f"expected exactly 2 messages to +98{NUMBER} with «کد» in the text; there are none",
        ),
        (lambda panel: panel.wait_for(timeout=0), "expected 1 message within 0 s; there are none"),
        (
            lambda panel: panel.wait_for(text="کد", count=3, timeout=0.05),
            "expected at least 3 messages with «کد» in the text within 0.05 s; there are none",
        ),
    ],
)
def test_the_first_line_has_the_expectation(
    panel: Panel, expectation: Callable[[Panel], object], headline: str
) -> None:
    assert failure(lambda: expectation(panel)).headline == headline


@pytest.mark.parametrize(
    ("expectation", "headline"),
    [
        (lambda panel: panel.assert_nothing_sent(), "expected nothing to be sent; there are 2"),
        (lambda panel: panel.assert_nothing_sent(within=0.05), "expected nothing to be sent; there are 2"),
        (lambda panel: panel.assert_sent(count=0), "expected no message; there are 2"),
        (lambda panel: panel.assert_sent(to=OTHER, count=0), f"expected no message to {OTHER}; there is 1"),
        (lambda panel: panel.assert_sent(count=1), "expected exactly 1 message; there are 2"),
        (
            lambda panel: panel.assert_sent(to=OTHER, count=2),
            f"expected exactly 2 messages to {OTHER}; there is 1",
        ),
    ],
)
def test_the_first_line_has_the_number_of_matching_messages(
    panel: Panel, expectation: Callable[[Panel], object], headline: str
) -> None:
    send(panel, NUMBER)
    send(panel, OTHER)
    assert failure(lambda: expectation(panel)).headline == headline


async def test_wait_for_in_an_event_loop_recommends_wait_for_async(panel: Panel) -> None:
    headline = failure(lambda: panel.wait_for(timeout=0.05)).headline
    assert headline.splitlines()[1:] == [
        "(wait_for blocks the event loop; `await panel.wait_for_async(…)` does not)"
    ]


async def test_wait_for_async_does_not_recommend_itself(panel: Panel) -> None:
    with pytest.raises(AssertionError) as failed:
        await panel.wait_for_async(to=NUMBER, timeout=0.05)
    assert "event loop" not in str(failed.value)


# The state of the account


def test_without_messages_and_requests_there_are_none(panel: Panel) -> None:
    shown = failure(panel.assert_sent)
    assert shown.sections == {SENT: [], REQUESTS: []}
    assert shown.account == f"account {panel.api_key} at {panel.url}"


def test_the_clock_the_seed_and_the_credit_are_shown(panel_server: PanelServer) -> None:
    with panel_server.new_account(seed=7, credit=3_000) as panel:
        send(panel)
        panel.advance(6.5)
        clock = failure(lambda: panel.assert_sent(to=OTHER)).clock
        assert clock == "clock 2024-11-01T00:00:06.500Z (frozen), seed 7, credit 1000 rials"
        panel.set(clock="real")
        clock = failure(lambda: panel.assert_sent(to=OTHER)).clock
        assert re.fullmatch(r"clock \S+ \(running\), seed 7, credit 1000 rials", clock)


def test_messages_are_shown_with_the_status_of_each_receiver(panel: Panel) -> None:
    first = send(panel, f"{OTHER},9120000004", "کد شما 1234")
    panel.advance(2.5)
    second = send(panel, "9120000002", "hello")
    panel.advance(4)
    assert failure(lambda: panel.assert_sent(to=NUMBER)).sections[SENT] == [
        f"{first} send to {OTHER} delivered (2,3), 9120000004 undelivered (2,4): «کد شما 1234»",
        f"{second} send to 9120000002 unreached (2,2): «hello»",
    ]


def test_requests_are_shown_with_result_rule_and_reason(panel: Panel) -> None:
    send(panel)
    attempt(panel, from_="30001404")
    post(panel, "send", from_=LINE, recievers=NUMBER, text="hello")
    post(panel, "")
    reasons = [entry.reason for entry in panel.journal]
    assert failure(lambda: panel.assert_sent(to=OTHER)).sections[REQUESTS] == [
        f"send: 1 (S12), {reasons[0]}",
        f"send: 106 (S6), {reasons[1]}",
        f"send: 0 (S1), {reasons[2]}; not read: recievers (did you mean receivers?)",
        f"no action: 0 (A6), {reasons[3]}",
    ]


def test_requests_without_a_valid_key_are_shown_since_the_account_was_created(
    panel_server: PanelServer, panel: Panel
) -> None:
    post(panel, "send", key="before-the-account-was-created")
    with panel_server.new_account() as fresh:
        post(fresh, "send", key="wrong", from_=LINE, receivers=NUMBER, text="hello")
        post(fresh, "credit", key=f"Bearer {fresh.api_key}")
        post(fresh, "status", key="")
        shown = failure(fresh.assert_sent).sections
        assert shown[REQUESTS] == []
        beginnings = ["send: -1 (A1), ", "credit: -1 (A1), ", "status: -1 (A1), "]
        assert [line.partition(", ")[0] + ", " for line in shown[UNKNOWN_KEY_REQUESTS]] == beginnings


def test_a_request_that_met_a_fault_shows_its_id(panel: Panel) -> None:
    proxy = panel.fail(action="send", http=502)
    broken = panel.fail(action="credit", disconnect="before")
    refused = panel.fail(action="send", result="113", after=1)
    attempt_without_reply(panel, "send")
    attempt_without_reply(panel, "credit")
    attempt(panel)
    shown = failure(panel.assert_sent).sections[REQUESTS]
    assert [(line.partition(",")[0], line.rpartition("; ")[2]) for line in shown] == [
        ("send: HTTP 502", f"by fault {proxy.id}"),
        ("credit: HTTP connection broken", f"by fault {broken.id}"),
        ("send: 113 (S11)", f"by fault {refused.id}"),
    ]


def attempt_without_reply(panel: Panel, action: str) -> None:
    with pytest.raises((OSError, ValueError)):
        attempt(panel) if action == "send" else post(panel, action)


def test_long_lists_are_cut_to_the_newest_entries(panel: Panel) -> None:
    sent = [send(panel, text=f"message {number}") for number in range(25)]
    for number in range(25):
        post(panel, "status", key=f"wrong {number}")
    shown = failure(lambda: panel.assert_sent(to=OTHER)).sections
    assert shown[SENT][0] == "(15 more)"
    assert [int(line.split()[0]) for line in shown[SENT][1:]] == sent[15:]
    for title in (REQUESTS, UNKNOWN_KEY_REQUESTS):
        assert shown[title][0] == "(17 more)"
        assert len(shown[title]) == 1 + 8


def test_long_texts_and_many_receivers_are_cut(panel: Panel) -> None:
    numbers = [str(9_130_000_000 + number) for number in range(50)]
    text = "first line\n" + "0123456789" * 60
    send_id = send(panel, ",".join(numbers), text)
    receivers = ", ".join(f"{number} awaiting (0,-1)" for number in numbers[:5])
    start = text[:200].replace("\n", " ⏎ ")
    (line,) = failure(lambda: panel.assert_sent(to=OTHER)).sections[SENT]
    assert line == f"{send_id} send to {receivers} and 45 more: «{start}…»"
