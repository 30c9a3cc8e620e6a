import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum, StrEnum
from typing import Any

import pytest
from mydnspanel_client import OtpNames, WireRequest, calls


class Line(StrEnum):
    ORDINARY = "30001403"


class TextEnum(str, Enum):  # noqa: UP042 - str(TextEnum.LINE) is "TextEnum.LINE", unlike its characters
    LINE = "30001403"


class NumberEnum(int, Enum):
    PATTERN = 1001


def test_a_send_has_no_parameter_for_an_omitted_argument() -> None:
    assert calls.send("auto", "hi", "9121234567") == WireRequest(
        "send", {"from": "auto", "text": "hi", "receivers": "9121234567"}
    )


def test_a_send_has_a_parameter_for_every_argument() -> None:
    call = calls.send("auto", "hi", ["9121", "9122"], phone_book=1403, try_send=0, type_=1)
    assert call.params == {
        "from": "auto",
        "text": "hi",
        "receivers": "9121,9122",
        "phoneBook": 1403,
        "trySend": 0,
        "type": 1,
    }


@pytest.mark.rule("P6")
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"name": "محمد", "amount": 1200}, {"name": "محمد", "amount": "1200"}),
        (["a", 1, 0.5, ""], ["a", "1", "0.5", ""]),
        (("a",), ["a"]),
        ([1e22, -1.5e-7], ["10000000000000000000000", "-0.00000015"]),
        ({"0": "a"}, {"0": "a"}),
    ],
)
def test_pattern_data_is_sent_by_name_or_by_position(
    data: Mapping[str, calls.Value] | Sequence[calls.Value], expected: calls.Param
) -> None:
    call = calls.send_services("90001403", 1001, "9121", data, try_send=3)
    assert call == WireRequest(
        "sendServices",
        {"from": "90001403", "textCode": 1001, "textData": expected, "receivers": "9121", "trySend": 3},
    )


@pytest.mark.parametrize("data", [None, [], (), {}])
def test_empty_pattern_data_is_not_sent(data: Sequence[str] | None) -> None:
    assert "textData" not in calls.send_services("auto", 1001, "9121", data).params


@pytest.mark.rule("O1")
def test_a_one_time_code_keeps_its_leading_zeros() -> None:
    assert calls.send_otp("test-app", "0042", "9121", type_=1) == WireRequest(
        "sendOTP", {"appID": "test-app", "code": "0042", "receivers": "9121", "type": 1}
    )


def test_otp_names_replace_the_names_of_the_one_time_code() -> None:
    names = OtpNames(action="otp", app="otpID", code="otpCode")
    assert calls.send_otp("a", "12", "9121", names=names) == WireRequest(
        "otp", {"otpID": "a", "otpCode": "12", "receivers": "9121"}
    )


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ({"action": ""}, "each name in OtpNames must consist of"),
        ({"action": 5}, "each name in OtpNames must consist of"),
        ({"code": "a[0]"}, "each name in OtpNames must consist of"),
        ({"code": 'a"'}, "each name in OtpNames must consist of"),
        ({"code": "a\r\n"}, "each name in OtpNames must consist of"),
        ({"action": "send"}, "OtpNames.action must not be the name of another action"),
        ({"app": "code"}, "must be different names"),
        ({"app": "receivers"}, "none of action, key, receivers, type"),
        ({"code": "key"}, "none of action, key, receivers, type"),
    ],
)
def test_otp_names_that_are_malformed_or_taken_raise_a_value_error(
    names: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        OtpNames(**names)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (calls.report_send(7), WireRequest("reportSend", {"sendID": 7})),
        (calls.report_send("7"), WireRequest("reportSend", {"sendID": "7"})),
        (calls.credit(), WireRequest("credit")),
        (calls.received_messages(), WireRequest("receivedMessages")),
        (calls.status(), WireRequest("status")),
        (calls.new_contact(1403, "9121"), WireRequest("newContact", {"phoneId": 1403, "cNumber": "9121"})),
        (
            calls.new_contact(1403, "9121", {}),
            WireRequest("newContact", {"phoneId": 1403, "cNumber": "9121"}),
        ),
        (
            calls.new_contact("1403", "9121", {"FMTAwMQ": 12}),
            WireRequest("newContact", {"phoneId": "1403", "cNumber": "9121", "cFields": {"FMTAwMQ": "12"}}),
        ),
    ],
)
def test_each_of_the_other_actions_has_its_parameters(call: WireRequest, expected: WireRequest) -> None:
    assert call == expected


@pytest.mark.rule("F4")
@pytest.mark.parametrize(
    ("receivers", "expected"),
    [
        ("9121, 9122,", "9121, 9122,"),
        (["9121", "9122"], "9121,9122"),
        (iter(("9121",)), "9121"),
        ([" 9121", ""], " 9121,"),
        ([], ""),
    ],
)
def test_receivers_are_joined_with_commas(receivers: str | Iterable[str], expected: str) -> None:
    assert calls.send("auto", "hi", receivers).params["receivers"] == expected


def test_values_that_the_panel_checks_are_sent_unchanged() -> None:
    call = calls.send("", "\0", "nobody", phone_book="x", try_send=99, type_=-1)
    assert call.params == {
        "from": "",
        "text": "\0",
        "receivers": "nobody",
        "phoneBook": "x",
        "trySend": 99,
        "type": -1,
    }


@pytest.mark.parametrize("sender", [Line.ORDINARY, TextEnum.LINE])
def test_a_str_subclass_is_sent_as_its_characters(sender: str) -> None:
    value = calls.send(sender, "hi", "9121").params["from"]
    assert (type(value), value) == (str, "30001403")


def test_an_int_subclass_is_sent_as_an_int() -> None:
    value = calls.send_services("auto", NumberEnum.PATTERN, "9121").params["textCode"]
    assert (type(value), value) == (int, 1001)


@pytest.mark.parametrize(
    "call",
    [
        lambda: calls.send(30001403, "hi", "9121"),  # type: ignore[arg-type]
        lambda: calls.send("auto", b"hi", "9121"),  # type: ignore[arg-type]
        lambda: calls.send("auto", None, "9121"),  # type: ignore[arg-type]
        lambda: calls.send("auto", "hi", 9121234567),  # type: ignore[arg-type]
        lambda: calls.send("auto", "hi", b"9121"),  # type: ignore[arg-type]
        lambda: calls.send("auto", "hi", [9121234567]),  # type: ignore[list-item]
        lambda: calls.send("auto", "hi", {"9121": 1}),
        lambda: calls.send("auto", "hi", "9121", try_send=True),
        lambda: calls.send("auto", "hi", "9121", try_send=1.0),  # type: ignore[arg-type]
        lambda: calls.send_services("auto", 1, "9121", "abc"),
        lambda: calls.send_services("auto", 1, "9121", {"a"}),  # type: ignore[arg-type]
        lambda: calls.send_services("auto", 1, "9121", [True]),
        lambda: calls.send_services("auto", 1, "9121", [None]),  # type: ignore[list-item]
        lambda: calls.send_services("auto", 1, "9121", [["a"]]),  # type: ignore[list-item]
        lambda: calls.send_services("auto", 1, "9121", {1: "a"}),  # type: ignore[dict-item]
        lambda: calls.send_services("auto", None, "9121"),  # type: ignore[arg-type]
        lambda: calls.send_otp("app", 1234, "9121"),  # type: ignore[arg-type]
        lambda: calls.report_send(None),  # type: ignore[arg-type]
        lambda: calls.new_contact(1, "9121", [("a", "b")]),  # type: ignore[arg-type]
    ],
)
def test_an_argument_of_the_wrong_type_raises_a_type_error(call: Callable[[], WireRequest]) -> None:
    with pytest.raises(TypeError, match="must be"):
        call()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: calls.send("auto", "hi", ["9121,9122"]), r"receivers\[0\] contains a comma"),
        (lambda: calls.send("auto", "\ud83d", "9121"), "text contains a lone surrogate"),
        (lambda: calls.send("auto", "hi", ["9121", "\udfff"]), r"receivers\[1\] contains a lone surrogate"),
        (
            lambda: calls.send_services("auto", 1, "9121", {"\ud800": "a"}),
            "a name in data contains a lone surrogate",
        ),
        (lambda: calls.send_services("auto", 1, "9121", [math.nan]), r"data\[0\] is not a finite number"),
        (lambda: calls.new_contact(1, "9121", {"F": -math.inf}), "a value in fields is not a finite number"),
        (lambda: calls.report_send(10**5000), "send_id has too many digits"),
        (lambda: calls.send_services("auto", 1, "9121", [10**5000]), r"data\[0\] has too many digits"),
    ],
)
def test_a_value_that_cannot_be_sent_unchanged_raises_a_value_error(
    call: Callable[[], WireRequest], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        call()
