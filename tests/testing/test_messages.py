"""What the handle shows of its account: addresses, credit, and messages with their receivers and codes."""

from datetime import datetime, timedelta

import pytest

from fakeserver.testing import Message, Panel, PanelServer, Receiver
from tests.testing.application import LINE, NUMBER, OTHER, START, ask, send

PATTERN = {"from_": "auto", "textCode": 1001}


def only_message(panel: Panel) -> Message:
    (message,) = panel.messages
    return message


def only_receiver(panel: Panel) -> Receiver:
    (found,) = only_message(panel).receivers
    return found


# The account


def test_the_endpoint_is_below_the_base_url(panel: Panel, panel_server: PanelServer) -> None:
    assert panel.url.startswith("http://127.0.0.1:")
    assert not panel.url.endswith("/")
    assert panel.endpoint == f"{panel.url}/webservice/server"
    assert (panel_server.url, panel_server.endpoint) == (panel.url, panel.endpoint)


def test_the_service_accepts_the_key(panel: Panel) -> None:
    assert isinstance(panel.api_key, str)
    assert ask(panel, "status") == {"result": "1"}


def test_the_credit_is_in_rials_and_decreases_with_each_message(panel: Panel) -> None:
    assert panel.credit == 1_000_000
    assert type(panel.credit) is int
    send(panel, f"{NUMBER},{OTHER}")
    assert panel.credit == 996_000 == int(ask(panel, "credit")["credit"])


def test_environ_has_the_variables_of_exec(panel: Panel) -> None:
    assert panel.environ == {
        "PANEL_URL": panel.url,
        "PANEL_ENDPOINT": panel.endpoint,
        "PANEL_API_KEY": panel.api_key,
    }


# Messages


def test_a_fresh_panel_has_no_messages(panel: Panel) -> None:
    assert panel.messages == []


def test_the_newest_message_is_the_last(panel: Panel) -> None:
    sent = [send(panel, text=text) for text in ("one", "two", "three")]
    assert [(message.send_id, message.text) for message in panel.messages] == list(
        zip(sent, ("one", "two", "three"), strict=True)
    )


def test_a_refused_request_is_not_a_message(panel: Panel) -> None:
    assert ask(panel, "send", from_="1", receivers=NUMBER, text="hello") == {"result": "106"}
    assert panel.messages == []


def test_a_message_shows_what_was_accepted(panel: Panel) -> None:
    panel.advance(90)
    send_id = send(panel, f"0{NUMBER}, +98{OTHER}", "hello [you]")
    message = only_message(panel)
    assert message.send_id == send_id
    assert (message.action, message.sender, message.text) == ("send", LINE, "hello [you]")
    assert (message.parts, message.alphabet, message.cost) == (1, "latin", 4_000)
    assert message.accepted_at == START + timedelta(seconds=90)
    assert [one.number for one in message.receivers] == [NUMBER, OTHER]
    assert message.codes == []


def test_the_cost_is_the_parts_times_the_price_of_the_alphabet(panel: Panel) -> None:
    send(panel, f"{NUMBER},{OTHER}", "س" * 71)
    message = only_message(panel)
    assert (message.parts, message.alphabet, message.cost) == (2, "unicode", 4_000)
    assert [one.cost for one in message.receivers] == [2_000, 2_000]


def test_numbers_are_integers_and_times_are_in_utc(panel: Panel) -> None:
    send(panel)
    panel.advance(minutes=1)
    message, one = only_message(panel), only_receiver(panel)
    integers = [message.send_id, message.parts, message.cost, one.attempts, one.cost]
    integers += [number for step in one.history for number in (step.processing_status, step.send_status)]
    integers += [one.processing_status, one.send_status]
    assert {type(number) for number in integers} == {int}
    assert type(one.refunded) is bool
    times: list[datetime] = [message.accepted_at, *(step.at for step in one.history)]
    assert {time.utcoffset() for time in times} == {timedelta(0)}


def test_the_history_of_a_receiver_has_its_pairs_until_now(panel: Panel) -> None:
    send(panel)
    panel.advance(3.5)
    pairs = [(0, -1), (1, -1), (2, -1), (2, 0)]
    assert [(step.processing_status, step.send_status) for step in only_receiver(panel).history] == pairs
    panel.advance(seconds=60)
    seconds = [(step.at - START).total_seconds() for step in only_receiver(panel).history]
    assert seconds == [0, 1, 2, 3, 4, 6]
    assert (only_receiver(panel).processing_status, only_receiver(panel).send_status) == (2, 3)


def test_a_receiver_that_was_not_reached_was_tried_again_and_is_refunded(panel: Panel) -> None:
    send(panel, "9120000002", trySend=2)
    assert (only_receiver(panel).refunded, panel.credit) == (False, 998_000)
    panel.advance(hours=1)
    one = only_receiver(panel)
    assert (one.processing_status, one.send_status, one.attempts) == (4, 2, 3)
    assert (one.refunded, one.cost, panel.credit) == (True, 2_000, 1_000_000)


def test_the_status_of_a_receiver_is_a_word_for_its_pair(panel: Panel) -> None:
    send(panel, f"{NUMBER},9120000002", trySend=0)
    assert [one.status for one in only_message(panel).receivers] == ["awaiting", "awaiting"]
    panel.advance(hours=1)
    assert [one.status for one in only_message(panel).receivers] == ["delivered", "returned"]


def test_a_message_does_not_change_after_it_was_read(panel: Panel) -> None:
    send(panel)
    before, again = only_message(panel), only_message(panel)
    assert before == again
    panel.advance(minutes=1)
    assert before.receivers[0].send_status == -1
    assert before != only_message(panel)


def test_a_value_gives_access_to_its_document(panel: Panel) -> None:
    send_id = send(panel)
    assert only_message(panel)["sendID"] == send_id
    assert only_receiver(panel)["processingStatus"] == 0


def test_pattern_messages_and_one_time_codes_are_messages_too(panel: Panel) -> None:
    ask(panel, "sendServices", **PATTERN, textData=["4321"], receivers=NUMBER)
    ask(panel, "sendOTP", appID="test-app", code="1234", receivers=OTHER)
    pattern, otp = panel.messages
    assert (pattern.action, pattern.text, pattern.code) == ("sendServices", "کد ورود شما: 4321", "4321")
    assert (otp.action, otp.text, otp.code) == ("sendOTP", "کد شما: 1234", "1234")
    assert [message.receivers[0].processing_status for message in panel.messages] == [1, 1]


# Codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("your code is 1234", ["1234"]),
        ("کد شما: ۱۲۳۴۵", ["12345"]),
        ("رمز ٠٩٨٧٦٥ است", ["098765"]),
        ("12345678", ["12345678"]),
        ("123 and 123456789", []),
        (f"call 0{NUMBER}", []),
        ("1111 or 2222", ["1111", "2222"]),
        ("hello", []),
    ],
)
def test_codes_are_runs_of_four_to_eight_digits(panel: Panel, text: str, codes: list[str]) -> None:
    send(panel, text=text)
    assert only_message(panel).codes == codes


@pytest.mark.parametrize("code", ["12", "ab12", "123456789012"])
def test_the_code_of_a_one_time_message_is_the_one_that_was_sent(panel: Panel, code: str) -> None:
    ask(panel, "sendOTP", appID="test-app", code=code, receivers=NUMBER)
    assert only_message(panel).codes == [code]
    assert only_message(panel).code == code


def test_code_is_the_code_as_ascii_digits(panel: Panel) -> None:
    send(panel, text="کد شما: ۱۲۳۴۵")
    assert only_message(panel).code == "12345"


def test_code_of_a_text_without_one_fails_and_shows_the_text(panel: Panel) -> None:
    send_id = send(panel, text="سلام 123")
    with pytest.raises(AssertionError) as failed:
        _ = only_message(panel).code
    assert str(failed.value) == (
        f"no one-time code (4 to 8 digits) in the text of message {send_id}: «سلام 123»"
    )


def test_a_code_may_occur_twice(panel: Panel) -> None:
    send(panel, text="Your code: 123456\n@example.com #۱۲۳۴۵۶")
    assert (only_message(panel).code, only_message(panel).codes) == ("123456", ["123456", "123456"])


def test_code_of_a_text_with_several_fails_and_shows_the_text(panel: Panel) -> None:
    send_id = send(panel, text="1111 or 2222")
    with pytest.raises(AssertionError) as failed:
        _ = only_message(panel).code
    assert str(failed.value) == (
        f"2 one-time codes in the text of message {send_id}: «1111 or 2222»; `message.codes` has them all"
    )
