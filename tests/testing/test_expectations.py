"""Expectations: `wait_for`, `wait_for_async`, `assert_sent` and `assert_nothing_sent`."""

import asyncio
import math
import time
from collections.abc import Callable

import aiohttp
import pytest

from fakeserver.testing import Panel, UsageError
from tests.testing.application import LINE, NUMBER, NUMBER_FORMS, OTHER, ask, attempt, in_background, send

AT_ONCE_SECONDS = 5.0  # a wait that does not end at once takes a minute
ODD_TEXT = "۵۰٪ off & a=b #1 + «100%»?\nbye"


@pytest.fixture
def send_later(panel: Panel) -> Callable[..., None]:
    """Sends messages after 0.2 seconds, so that a test which expects them has to wait."""

    def send_after_a_delay(*texts: str, to: str = NUMBER) -> None:
        panel.fail(action="status", delay=0.2)
        ask(panel, "status")
        for text in texts:
            send(panel, to, text)

    return send_after_a_delay


# wait_for


def test_wait_for_returns_at_once_if_there_is_a_message(panel: Panel) -> None:
    sent = [send(panel), send(panel)]
    began = time.monotonic()
    found = panel.wait_for(timeout=600)  # longer than one request to the control plane may wait
    assert time.monotonic() - began < AT_ONCE_SECONDS
    assert isinstance(found, list)
    assert [message.send_id for message in found] == sent


def test_wait_for_returns_when_the_message_arrives(panel: Panel, send_later: Callable[..., None]) -> None:
    began = time.monotonic()
    with in_background(lambda: send_later("hello")):
        (message,) = panel.wait_for(timeout=600)
    assert message.text == "hello"
    assert time.monotonic() - began < AT_ONCE_SECONDS


def test_a_wait_may_take_several_requests(
    panel: Panel, send_later: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fakeserver.testing.sent_messages.WAIT_MAX_SECONDS", 0.01)
    with in_background(lambda: send_later("hello")):
        (message,) = panel.wait_for(timeout=60)
    assert message.text == "hello"


def test_wait_for_waits_until_there_are_enough(panel: Panel, send_later: Callable[..., None]) -> None:
    send(panel, text="one")
    with in_background(lambda: send_later("two", "three")):
        found = panel.wait_for(count=3, timeout=60)
    assert [message.text for message in found] == ["one", "two", "three"]


def test_wait_for_waits_for_a_message_that_matches(panel: Panel, send_later: Callable[..., None]) -> None:
    send(panel, text="hello")
    send(panel, OTHER, "code")
    with in_background(lambda: send_later("not yet", "code 1234")):
        (message,) = panel.wait_for(to=NUMBER, text="code", timeout=60)
    assert message.text == "code 1234"


def test_wait_for_returns_all_matching_messages(panel: Panel) -> None:
    sent = [send(panel) for _ in range(3)]
    assert [message.send_id for message in panel.wait_for(count=2)] == sent


def test_wait_for_fails_when_the_time_is_over(panel: Panel) -> None:
    send(panel)
    began = time.monotonic()
    with pytest.raises(AssertionError, match=r"^expected at least 2 messages within 0\.2 s; there is 1\n"):
        panel.wait_for(count=2, timeout=0.2)
    assert 0.2 <= time.monotonic() - began < AT_ONCE_SECONDS


def test_wait_for_with_timeout_0_does_not_wait(panel: Panel) -> None:
    with pytest.raises(AssertionError):
        panel.wait_for(timeout=0)
    send_id = send(panel)
    assert panel.wait_for(timeout=0)[0].send_id == send_id


@pytest.mark.parametrize("number", NUMBER_FORMS)
def test_wait_for_takes_a_number_in_any_notation(panel: Panel, number: str) -> None:
    send(panel, OTHER)
    send_id = send(panel, f"{OTHER},{NUMBER}")
    assert [message.send_id for message in panel.wait_for(to=number)] == [send_id]


@pytest.mark.parametrize("part", [ODD_TEXT, "&", "#1 +", "۵۰٪", "\n", "«100%»"])
def test_wait_for_takes_any_part_of_the_text(panel: Panel, part: str) -> None:
    send(panel, text="hello")
    send_id = send(panel, text=ODD_TEXT)
    assert [message.send_id for message in panel.wait_for(text=part)] == [send_id]


def test_the_case_of_the_text_matters(panel: Panel) -> None:
    send(panel, text="Hello")
    with pytest.raises(AssertionError):
        panel.wait_for(text="hello", timeout=0)


@pytest.mark.parametrize("count", [0, -1])
def test_wait_for_refuses_a_count_below_1(panel: Panel, count: int) -> None:
    with pytest.raises(UsageError, match="count"):
        panel.wait_for(count=count)


@pytest.mark.parametrize("seconds", [-1, math.nan, math.inf])
def test_a_wait_has_a_finite_length(panel: Panel, seconds: float) -> None:
    with pytest.raises(UsageError, match=r"^timeout: should be a number of seconds from 0"):
        panel.wait_for(timeout=seconds)
    with pytest.raises(UsageError, match=r"^within: should be a number of seconds from 0"):
        panel.assert_nothing_sent(within=seconds)


@pytest.mark.parametrize("number", ["912", "", "letters"])
def test_what_is_not_a_mobile_number_is_refused(panel: Panel, number: str) -> None:
    # An expectation that nothing is sent there would hold whatever the application does.
    with pytest.raises(UsageError, match="to: should be a mobile number such as 9121234567"):
        panel.assert_sent(to=number, count=0)
    with pytest.raises(UsageError, match="to: should be a mobile number"):
        panel.wait_for(to=number)


# wait_for_async


async def run_application(panel: Panel, *texts: str) -> None:
    async with aiohttp.ClientSession(headers={"Authorization": panel.api_key}) as session:
        for text in texts:
            form = {"action": "send", "from": LINE, "receivers": NUMBER, "text": text}
            async with session.post(panel.endpoint, data=form) as reply:
                assert (await reply.json())["result"] == "1"


async def test_wait_for_async_lets_the_application_run_on_the_same_loop(panel: Panel) -> None:
    sending = asyncio.create_task(run_application(panel, "one", "two"))
    found = await panel.wait_for_async(to=f"0{NUMBER}", text="o", count=2, timeout=10)
    await sending
    assert [message.text for message in found] == ["one", "two"]


async def test_wait_for_async_uses_no_thread_of_the_default_executor(panel: Panel) -> None:
    waits = [asyncio.create_task(panel.wait_for_async(to=NUMBER, timeout=30)) for _ in range(40)]
    await asyncio.sleep(0)  # lets the waits begin
    await asyncio.get_running_loop().run_in_executor(None, lambda: send(panel, to=NUMBER))
    assert [len(await wait) for wait in waits] == [1] * 40


async def test_wait_for_async_fails_when_the_time_is_over(panel: Panel) -> None:
    with pytest.raises(AssertionError, match=r"^expected 1 message to 9121234567 within 0\.1 s; there are"):
        await panel.wait_for_async(to=NUMBER, timeout=0.1)


# assert_sent


def test_assert_sent_without_a_count_expects_at_least_one_and_returns_all(panel: Panel) -> None:
    with pytest.raises(AssertionError):
        panel.assert_sent()
    sent = [send(panel), send(panel)]
    assert [message.send_id for message in panel.assert_sent()] == sent


def test_assert_sent_with_a_count_expects_exactly_that_many(panel: Panel) -> None:
    send(panel)
    with pytest.raises(AssertionError):
        panel.assert_sent(count=2)
    send(panel)
    assert len(panel.assert_sent(count=2)) == 2
    send(panel)
    with pytest.raises(AssertionError):
        panel.assert_sent(count=2)


def test_assert_sent_with_count_0_expects_none(panel: Panel) -> None:
    send(panel, OTHER)
    assert panel.assert_sent(to=NUMBER, count=0) == []
    send(panel, NUMBER)
    with pytest.raises(AssertionError):
        panel.assert_sent(to=NUMBER, count=0)


def test_assert_sent_matches_receiver_and_text_together(panel: Panel) -> None:
    send(panel, NUMBER, "hello")
    send(panel, OTHER, "code 1234")
    with pytest.raises(AssertionError):
        panel.assert_sent(to=NUMBER, text="code")
    send_id = send(panel, f"{OTHER},{NUMBER}", "code 4321")
    assert [message.send_id for message in panel.assert_sent(to=NUMBER, text="code", count=1)] == [send_id]


@pytest.mark.parametrize("number", NUMBER_FORMS)
def test_assert_sent_takes_a_number_in_any_notation(panel: Panel, number: str) -> None:
    send(panel, OTHER)
    send(panel, NUMBER)
    panel.assert_sent(to=number, count=1)


def test_assert_sent_refuses_a_negative_count(panel: Panel) -> None:
    with pytest.raises(UsageError, match="count"):
        panel.assert_sent(count=-1)


# assert_nothing_sent


def test_assert_nothing_sent_fails_once_a_message_was_accepted(panel: Panel) -> None:
    panel.assert_nothing_sent()
    assert attempt(panel, "letters") == "105"
    panel.assert_nothing_sent()
    send(panel)
    with pytest.raises(AssertionError):
        panel.assert_nothing_sent()


def test_assert_nothing_sent_within_waits_for_that_time(panel: Panel) -> None:
    began = time.monotonic()
    panel.assert_nothing_sent(within=0.2)
    assert 0.2 <= time.monotonic() - began < AT_ONCE_SECONDS


def test_assert_nothing_sent_within_fails_as_soon_as_there_is_a_message(
    panel: Panel, send_later: Callable[..., None]
) -> None:
    began = time.monotonic()
    with in_background(lambda: send_later("hello")), pytest.raises(AssertionError, match=r"there is 1\n"):
        panel.assert_nothing_sent(within=60)
    assert time.monotonic() - began < AT_ONCE_SECONDS
