import copy
import html
import json
import pickle
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import mydnspanel_client as client
import pytest
from hypothesis import example, given, strategies as st
from mydnspanel_client import (
    ContactResult,
    FieldCode,
    PanelError,
    PhoneBookCode,
    ProcessingStatus,
    ReceivedMessage,
    ReceiverReport,
    Refused,
    Report,
    SendResult,
    SendStatus,
    UnexpectedStatus,
    UnreadableReply,
    WireReply,
    replies,
)
from mydnspanel_client._codes import REFUSALS as KNOWN_REFUSALS

ACTIONS = [
    "send",
    "sendServices",
    "sendOTP",
    "reportSend",
    "credit",
    "receivedMessages",
    "status",
    "newContact",
]

# Action → code → rule and class. This repeats the tables of the client on purpose, so that a wrong row fails.
GATE_CODES: dict[int, tuple[str, type[Refused]]] = {
    -1: ("A1", client.AuthenticationError),
    -2: ("A2", client.AccountError),
    -3: ("A3", client.AccountError),
    -4: ("A4", Refused),
    -5: ("A5", client.AccountError),
    0: ("A6", Refused),
    100: ("A7", Refused),
}
CODES_OF_ACTIONS: dict[str, dict[int, tuple[str, type[Refused]]]] = {
    "send": {
        0: ("S1", Refused),
        103: ("S2", Refused),
        104: ("S3", Refused),
        114: ("S4", client.AccountError),
        105: ("S5", client.InvalidReceiver),
        106: ("S6", Refused),
        107: ("S7", Refused),
        108: ("S8", client.SendingFailed),
        109: ("S9", client.InsufficientCredit),
        112: ("S10", client.SendingFailed),
        113: ("S11", client.SendingFailed),
    },
    "sendServices": {
        0: ("P1", Refused),
        603: ("P2", Refused),
        604: ("P3", client.InvalidReceiver),
        609: ("P4", Refused),
        605: ("P5", Refused),
        606: ("P6", Refused),
        607: ("P7", client.SendingFailed),
        608: ("P8", client.InsufficientCredit),
    },
    "sendOTP": {
        0: ("O1", Refused),
        103: ("O2", Refused),
        104: ("O2", Refused),
        105: ("O3", client.InvalidReceiver),
        151: ("O4", Refused),
        152: ("O5", Refused),
        153: ("O6", Refused),
        154: ("O7", Refused),
        108: ("O8", client.SendingFailed),
        109: ("O8", client.InsufficientCredit),
    },
    "reportSend": {-6: ("R1", client.UnknownSend)},
    "newContact": {801: ("N1", Refused), 802: ("N2", Refused), 803: ("N3", Refused)},
}
REFUSALS = [
    pytest.param(action, code, rule, kind, marks=pytest.mark.rule(rule), id=f"{action}{code}")
    for action in ACTIONS
    for code, (rule, kind) in {**GATE_CODES, **CODES_OF_ACTIONS.get(action, {})}.items()
]


def reply_with(document: object, *, secret: str = "") -> WireReply:
    return WireReply(200, json.dumps(document).encode(), "application/json; charset=utf-8", secret)


def error_of(action: str, reply: WireReply) -> PanelError:
    with pytest.raises(PanelError) as caught:
        replies.read(action, reply)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    return caught.value


@pytest.mark.parametrize("notation", [int, str])
@pytest.mark.parametrize(("action", "code", "rule", "kind"), REFUSALS)
def test_each_code_of_each_action_raises_the_right_exception(
    action: str, code: int, rule: str, kind: type[Refused], notation: type
) -> None:
    error = error_of(action, reply_with({"result": notation(code)}))
    assert isinstance(error, Refused)
    assert (type(error), error.action, error.code, error.rule) == (kind, action, code, rule)
    assert error.meaning in str(error)
    assert error.meaning != "unknown code"
    assert not error.maybe_accepted


@pytest.mark.parametrize("action", ACTIONS)
def test_a_code_that_is_not_in_the_table_of_the_action_is_unknown(action: str) -> None:
    known = {1, *KNOWN_REFUSALS[action], *([401] if action == "receivedMessages" else [])}
    for code in {*range(-10, 1000), 10**20} - known:
        error = error_of(action, reply_with({"result": str(code)}))
        assert isinstance(error, Refused)
        assert (type(error), error.code, error.meaning, error.rule) == (Refused, code, "unknown code", "")


@pytest.mark.rule("A7")
@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("body", [b"0", b"0\n", b" 0 "])
def test_a_body_with_the_text_0_means_that_the_action_is_unknown(action: str, body: bytes) -> None:
    error = error_of(action, WireReply(200, body))
    assert isinstance(error, Refused)
    assert (error.code, error.rule) == (0, "A7")


@pytest.mark.rule("S10")
def test_a_refusal_has_the_description_of_the_panel() -> None:
    error = error_of("send", reply_with({"result": "112", "description": "خطای اپراتور"}))
    assert isinstance(error, client.SendingFailed)
    assert error.description == "خطای اپراتور"
    assert "خطای اپراتور" in str(error)


@pytest.mark.parametrize("description", [None, "", 5, ["a"], {"a": 1}])
def test_an_invalid_description_is_ignored(description: object) -> None:
    error = error_of("send", reply_with({"result": "112", "description": description}))
    assert isinstance(error, Refused)
    assert error.description is None


@pytest.mark.rule("S12", "P9", "O9", "W3")
@pytest.mark.parametrize("action", ["send", "sendServices", "sendOTP"])
@pytest.mark.parametrize(
    "document", [{"result": "1", "sendID": "1000000001"}, {"result": 1, "sendID": 1000000001}]
)
def test_the_result_of_an_accepted_send_has_its_id(action: str, document: object) -> None:
    assert replies.read(action, reply_with(document)) == SendResult(1000000001, None)


@pytest.mark.rule("C2")
def test_the_send_id_and_the_credit_can_be_at_dotted_paths() -> None:
    send = reply_with({"result": 1, "a": {"b": "5"}})
    credit = reply_with({"result": "1", "data": {"credit": "7"}})
    assert replies.read("send", send, send_id_name="a.b") == SendResult(5)
    assert replies.read("credit", credit, credit_name="data.credit") == 7
    with pytest.raises(UnreadableReply, match="data is not an object"):
        replies.read_credit(reply_with({"result": 1, "data": []}), "data.credit")


@pytest.mark.rule("B1", "B2", "B3", "B4", "B5", "B6")
@pytest.mark.parametrize(
    ("code", "name"),
    [
        (-1, "SERVICE_OFF"),
        (-2, "UNKNOWN_PHONE_BOOK"),
        (-3, "ALREADY_THERE"),
        (-4, "INVALID_NUMBER"),
        (1, "ADDED"),
    ],
)
def test_the_result_of_a_send_has_the_code_of_the_phonebook(code: int, name: str) -> None:
    for value in (code, str(code)):
        result = replies.read_send(reply_with({"result": "1", "sendID": "5", "phoneBook": value}))
        assert result.phone_book is PhoneBookCode[name]
    assert PhoneBookCode[name].meaning


@pytest.mark.rule("R2", "W3")
def test_the_sample_reply_of_the_guide_can_be_read() -> None:
    body = (
        b'{"result":"1","data":{"count":"1","archive":"false","receivers":'
        b'[{"number":"9120000000","processingStatus":"2","sendStatus":"3"}]}}'
    )
    receiver = ReceiverReport("9120000000", ProcessingStatus.SENT, SendStatus.DELIVERED)
    assert replies.read_report(WireReply(200, body)) == Report(count=1, archived=False, receivers=(receiver,))


@pytest.mark.rule("R2", "W3")
def test_a_report_with_native_numbers_and_booleans_can_be_read() -> None:
    item = {"number": "9120000000", "processingStatus": 5, "sendStatus": -2}
    document = {"result": 1, "data": {"count": 1, "archive": False, "receivers": [item]}}
    receiver = ReceiverReport("9120000000", ProcessingStatus.CANCELLED, SendStatus.CANCELLED)
    assert replies.read_report(reply_with(document)) == Report(count=1, archived=False, receivers=(receiver,))


@pytest.mark.rule("L1")
def test_all_fourteen_pairs_of_statuses_can_be_read() -> None:
    pairs = [
        (0, -1),
        (1, -1),
        (2, -1),
        (3, -1),
        (2, 0),
        (2, 1),
        (2, 2),
        (2, 3),
        (2, 4),
        (2, 5),
        (2, 6),
        (2, 7),
        (4, 2),
        (5, -2),
    ]
    items = [{"number": "9121", "processingStatus": str(p), "sendStatus": str(s)} for p, s in pairs]
    document = {"result": "1", "data": {"count": "14", "archive": "false", "receivers": items}}
    report = replies.read_report(reply_with(document))
    assert [(r.processing_status, r.send_status) for r in report.receivers] == pairs


@pytest.mark.rule("R3")
@pytest.mark.parametrize("receivers", [{"receivers": []}, {"receivers": None}, {}])
@pytest.mark.parametrize("archive", [True, "true"])
def test_the_report_of_an_archived_send_has_no_receivers(
    receivers: dict[str, object], archive: object
) -> None:
    document = {"result": "1", "data": {"count": "3", "archive": archive, **receivers}}
    assert replies.read_report(reply_with(document)) == Report(count=3, archived=True, receivers=())


@pytest.mark.rule("C1", "C2", "W3")
@pytest.mark.parametrize("value", ["1000000", 1000000])
def test_the_credit_is_an_integer(value: object) -> None:
    assert replies.read_credit(reply_with({"result": "1", "credit": value})) == 1000000


@pytest.mark.rule("I2", "I3", "W3")
@pytest.mark.parametrize("number", ["1", 1])
def test_the_dates_of_received_messages_are_in_tehran_time(number: object) -> None:
    item = {"id": number, "number": "9121", "to": "30001403", "text": "لغو11", "date": "2024-11-05 02:30:00"}
    (message,) = replies.read_received_messages(reply_with({"result": "1", "data": [item]}))
    assert message == ReceivedMessage(1, "9121", "30001403", "لغو11", message.date)
    assert message.date == datetime(2024, 11, 4, 23, 0, tzinfo=UTC)
    assert message.date.utcoffset() == timedelta(hours=3, minutes=30)


@pytest.mark.rule("I1")
@pytest.mark.parametrize("code", ["401", 401])
def test_code_401_returns_no_received_messages(code: object) -> None:
    assert replies.read_received_messages(reply_with({"result": code})) == ()


def test_a_lone_surrogate_in_a_message_is_replaced() -> None:
    item = {**MESSAGE, "text": "a\ud83d"}  # json.dumps escapes the surrogate
    (message,) = replies.read_received_messages(reply_with({"result": "1", "data": [item]}))
    assert message.text == "a\ufffd"


@pytest.mark.rule("T1")
def test_an_active_status_returns_none() -> None:
    assert replies.read("status", reply_with({"result": "1"})) is None


@pytest.mark.rule("N4", "X1", "X2", "X3", "X4", "X5", "X6", "X7")
@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, None),
        ({"fields": None}, None),
        ({"fields": {}}, {}),
        (
            {"fields": {"FYa12346": "1", "FMTAwMQ": -1, "FMTAwMg": "-3"}},
            {
                "FYa12346": FieldCode.STORED,
                "FMTAwMQ": FieldCode.UNKNOWN_FIELD,
                "FMTAwMg": FieldCode.DUPLICATE_VALUE,
            },
        ),
        ({"fields": "-2"}, FieldCode.INVALID_VALUE),
        ({"fields": 1}, FieldCode.STORED),
    ],
)
def test_a_contact_has_one_code_per_field_or_one_for_all_fields(
    fields: dict[str, object], expected: object
) -> None:
    result = replies.read_contact(reply_with({"result": "1", **fields}))
    assert result == ContactResult(expected)  # type: ignore[arg-type]


RECEIVER = {"number": "9121", "processingStatus": "2", "sendStatus": "3"}
REPORT = {"count": "1", "archive": "false", "receivers": [RECEIVER]}
MESSAGE = {"id": "1", "number": "9121", "to": "3", "text": "a", "date": "2024-11-05 00:00:00"}


def objects(values: tuple[object, ...]) -> tuple[object, ...]:
    """Return the values with the type `object`, because mypy infers a narrower type in a comprehension."""
    return values


def without(members: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in members.items() if key != name}


# Action → members that make a reply with `"result": 1` unreadable.
INVALID: dict[str, list[dict[str, Any]]] = {
    "status": [
        {"result": value}
        for value in objects(
            (None, True, 1.0, "", " 1", "1\n", "+1", "1.0", "۱", [], {}, "1" * 65, "-" + "1" * 65)
        )
    ],
    "send": [
        *({}, {"sendID": None}, {"sendID": "x"}, {"sendID": True}),
        *({"sendID": 5, "phoneBook": code} for code in objects((0, 2, -5, "x", True, [], {}))),
    ],
    "reportSend": [
        *({"data": data} for data in objects((None, [], "x", {}))),
        *({"data": without(REPORT, name)} for name in REPORT),
        *({"data": {**REPORT, "count": value}} for value in objects(("-1", "x", None, True))),
        *({"data": {**REPORT, "archive": value}} for value in objects((0, "True", None, [], "true", True))),
        *({"data": {**REPORT, "archive": "true", "receivers": value}} for value in objects(({}, "", False))),
        *({"data": {**REPORT, "receivers": value}} for value in objects((None, {}, ["9121"]))),
        *({"data": {**REPORT, "receivers": [without(RECEIVER, name)]}} for name in RECEIVER),
        *(
            {"data": {**REPORT, "receivers": [{**RECEIVER, **invalid}]}}
            for invalid in (
                {"processingStatus": "6"},
                {"processingStatus": "-1"},
                {"sendStatus": "8"},
                {"sendStatus": "-3"},
                {"sendStatus": None},
                {"number": 9121},
            )
        ),
    ],
    "credit": [{}, {"credit": 1.5}, {"credit": "1.5"}, {"credit": []}, {"credit": True}],
    "receivedMessages": [
        *({}, {"data": None}, {"data": {}}, {"data": ["x"]}),
        *({"data": [without(MESSAGE, name)]} for name in MESSAGE),
        *({"data": [{**MESSAGE, name: None}]} for name in MESSAGE),
        *(
            {"data": [{**MESSAGE, "date": date}]}
            for date in (
                "",
                "2024-02-31 00:00:00",
                "2024-11-05",
                "2024-11-05T00:00:00",
                "۲۰۲۴-11-05 00:00:00",
            )
        ),
    ],
    "newContact": [
        {"fields": fields} for fields in objects(([], "x", 0, True, {"F": 2}, {"F": None}, {"F": "-4"}))
    ],
}
NOT_REPLIES: list[object] = [[], "0", 1, -1, 0.0, False, None, {}, {"Result": "1"}]
UNREADABLE: list[tuple[str, object]] = [
    *((action, document) for action in ACTIONS for document in NOT_REPLIES),
    *((action, {"result": 1, **members}) for action, invalid in INVALID.items() for members in invalid),
]


@pytest.mark.parametrize(("action", "document"), UNREADABLE)
def test_a_reply_with_a_missing_or_invalid_member_is_unreadable(action: str, document: object) -> None:
    error = error_of(action, reply_with(document))
    assert isinstance(error, UnreadableReply)
    assert (error.action, error.http_status, error.excerpt) == (action, 200, json.dumps(document)[:500])
    assert "may have been accepted" in str(error)
    assert error.maybe_accepted


@pytest.mark.rule("W2", "W4")
@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (b"", "", "not JSON"),
        (b"<html>", "text/html", "not JSON"),
        (b'{"result":"1"', "", "not JSON"),
        (b"[" * 100_000, "", "not JSON"),
        (b'{"result":NaN}', "", "NaN"),
        (b'{"result":1,"x":-Infinity}', "", "NaN"),
        (b'{"result":' + b"1" * 5000 + b"}", "", "64 digits"),
        (b'{"result":"1\xff"}', "", "not UTF-8"),
        ('{"result":"1"}'.encode("utf-16"), "", "not UTF-8"),
        (b'{"result":"1"}', "application/json; charset=windows-1256", "charset"),
        (b'{"result":"1"}', 'application/json;Charset="latin-1"', "charset"),
    ],
)
def test_a_body_that_is_not_json_in_utf_8_is_unreadable(body: bytes, content_type: str, reason: str) -> None:
    error = error_of("status", WireReply(200, body, content_type))
    assert type(error) is UnreadableReply
    assert reason in error.reason
    assert len(error.excerpt) <= 500


@pytest.mark.parametrize(
    "content_type", ["", "text/html", "application/json;charset=UTF-8", 'a/b; charset="utf8"']
)
def test_any_media_type_is_accepted_if_the_charset_is_utf_8(content_type: str) -> None:
    replies.read_status(WireReply(200, b'\xef\xbb\xbf{"result":"1"}', content_type))


@pytest.mark.rule("W15", "W12")
def test_an_integer_has_at_most_64_digits() -> None:
    assert replies.read_credit(reply_with({"result": 1, "credit": "-" + "9" * 64})) == -(10**64) + 1
    assert replies.read_credit(reply_with({"result": 1, "credit": 10**63})) == 10**63
    assert isinstance(error_of("credit", reply_with({"result": 1, "credit": "1" * 65})), UnreadableReply)
    assert isinstance(error_of("credit", reply_with({"result": 1, "credit": 10**64})), UnreadableReply)


@pytest.mark.rule("W4", "W13")
@pytest.mark.parametrize("status", [201, 302, 400, 401, 413, 500])
def test_a_reply_with_another_http_status_than_200_is_unreadable(status: int) -> None:
    error = error_of("status", WireReply(status, b'{"result":"1"}'))
    assert isinstance(error, UnexpectedStatus)
    assert (error.http_status, error.excerpt) == (status, '{"result":"1"}')


def test_an_excerpt_has_at_most_500_characters() -> None:
    error = error_of("status", WireReply(200, "س".encode() * 600))
    assert isinstance(error, UnreadableReply)
    assert error.excerpt == "س" * 500


KEY = "t&st/\"key'+1"


@pytest.mark.parametrize(
    "spelling",
    [
        KEY,
        quote(KEY),
        quote(KEY, safe=""),
        quote(KEY, safe="").lower(),
        json.dumps(KEY)[1:-1],
        json.dumps(KEY)[1:-1].replace("/", r"\/"),
        html.escape(KEY),
        html.escape(KEY, quote=False),
    ],
)
def test_a_key_that_the_panel_echoes_is_redacted(spelling: str) -> None:
    for prefix in ("", "x" * 495):
        error = error_of("send", WireReply(500, (prefix + spelling).encode(), secret=KEY))
        assert isinstance(error, UnreadableReply)
        assert error.excerpt == (prefix + "***")[:500]
        assert spelling not in repr(error)
    assert KEY not in repr(WireReply(200, b"", secret=KEY))


def test_a_key_in_a_description_is_redacted() -> None:
    error = error_of("send", reply_with({"result": "112", "description": f"bad {KEY}"}, secret=KEY))
    assert isinstance(error, Refused)
    assert error.description == "bad ***"


@pytest.mark.parametrize(
    "error",
    [
        error_of("send", reply_with({"result": "112", "description": "x"})),
        error_of("send", WireReply(404, b"x")),
        client.PanelTimeout("send", "late", maybe_accepted=True),
        client.ConnectionFailed("send", "refused", maybe_accepted=False),
    ],
)
def test_errors_can_be_copied_and_pickled(error: PanelError) -> None:
    for duplicate in (copy.copy(error), pickle.loads(pickle.dumps(error))):  # noqa: S301 - bytes made here
        assert (type(duplicate), str(duplicate), vars(duplicate)) == (type(error), str(error), vars(error))


scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["1", "true", "401"])
)
names = st.sampled_from(
    ["result", "sendID", "phoneBook", "data", "count", "archive", "receivers", "credit", "fields"]
)
trees = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(names | st.text(), inner))
documents = trees | st.fixed_dictionaries(
    {"result": st.sampled_from([1, "1"])}, optional={"data": trees, "fields": trees}
)


def read_or_catch(action: str, reply: WireReply) -> None:
    """Read a reply. A `PanelError` is fine if its message can be encoded; any other exception is a bug."""
    try:
        replies.read(action, reply)
    except PanelError as error:
        str(error).encode()


@given(st.sampled_from(ACTIONS), st.integers(0, 999) | st.just(200), st.binary(), st.text())
@example("send", 200, b"[" * 100_000, "")
@example("send", 200, b'{"result":' + b"1" * 5000 + b"}", "")
@example("send", 200, b'{"result":"112","description":"\\ud800"}', "")
def test_any_bytes_give_a_result_or_a_panel_error(
    action: str, status: int, body: bytes, content_type: str
) -> None:
    read_or_catch(action, WireReply(status, body, content_type))


@given(st.sampled_from(ACTIONS), documents)
def test_any_json_gives_a_result_or_a_panel_error(action: str, document: object) -> None:
    read_or_catch(action, reply_with(document))


def test_reading_the_reply_to_an_unknown_action_raises_a_key_error() -> None:
    with pytest.raises(KeyError):
        replies.read("sendMail", reply_with({"result": "1"}))
