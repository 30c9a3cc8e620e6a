"""Server, client and contracts agree.

They state one protocol three times, independently; a mistake in one of them is a disagreement here.
"""

import json
from collections.abc import Callable
from typing import Any

import mydnspanel_contracts as contracts
import pytest
from hypothesis import example, given, strategies as st
from mydnspanel_client import OtpNames, calls, replies, wire
from mydnspanel_client._codes import REFUSALS as CLIENT_CODES
from mydnspanel_client._errors import PanelError, Refused
from mydnspanel_client.calls import WireRequest
from mydnspanel_client.replies import WireReply

from fakeserver.account.sends import Send
from fakeserver.notation.params import Params
from fakeserver.settings.defaults import DEFAULTS
from fakeserver.spec import codes as spec
from fakeserver.wire import encode
from fakeserver.wire.call import Call
from fakeserver.wire.decode import Request, decode
from tests.driver import KEY, AccountDriver
from tests.examples import examples
from tests.web.serving import serve

ENDPOINT = "http://panel.test/webservice/server"
ACTIONS = sorted(spec.RESULT_CODES)


def on_the_wire(
    call: WireRequest,
    method: wire.Method,
    encoding: wire.Encoding,
    *,
    key: str = KEY,
    endpoint: str = ENDPOINT,
) -> Call:
    """The call that the server decodes from the bytes of the client."""
    request = wire.encode(call, endpoint=endpoint, api_key=key, method=method, encoding=encoding)
    headers = dict(request.headers)
    target = "/" + request.url.split("/", 3)[3]
    authorization = tuple(filter(None, [headers.get("Authorization")]))
    body = request.body or b""
    return decode(
        Request(request.method, target, authorization, headers.get("Content-Type", ""), body, "127.0.0.1")
    )


WIRES: list[tuple[wire.Method, wire.Encoding]] = [
    ("POST", "form"),
    ("POST", "multipart"),
    ("POST", "json"),
    ("GET", "form"),
]

# The codes


def codes_of_client(action: str) -> set[tuple[int, str]]:
    return {(code, meaning.rule) for code, meaning in CLIENT_CODES.get(action, {}).items()}


def codes_of_contract(action: str) -> set[tuple[int, str]]:
    return {(code.code, code.rule) for code in contracts.codes(action)}


def codes_of_server(action: str) -> set[tuple[int, str]]:
    return {(row.code, row.rule) for row in (*spec.GATE, *spec.RESULT_CODES[action])}


@pytest.mark.parametrize("action", ACTIONS)
def test_server_and_contract_have_the_same_codes_for_the_same_rules(action: str) -> None:
    left_out = {(1, "R3"), (100, "A7")}  # an archived report is a report, and an unknown action has no table
    assert codes_of_server(action) - left_out == codes_of_contract(action) - left_out


@pytest.mark.parametrize("action", ACTIONS)
def test_server_and_client_have_the_same_refusals_for_the_same_rules(action: str) -> None:
    refusals = {(code, rule) for code, rule in codes_of_server(action) if code not in (1, 401)}
    if action in ("send", "sendServices", "sendOTP"):
        refusals.remove((0, "A6"))  # these actions have a 0 of their own
    assert refusals == codes_of_client(action)


@pytest.mark.parametrize("action", ACTIONS)
def test_server_and_contract_agree_on_the_evidence(action: str) -> None:
    evidence = {
        (row.rule, row.code): str(row.evidence) for row in spec.RESULT_CODES[action] if row.rule != "R3"
    }
    rules = {code.rule for code in contracts.codes(action)} & {rule for rule, _ in evidence}
    assert evidence == {
        (code.rule, code.code): str(code.evidence) for code in contracts.codes(action) if code.rule in rules
    }


# Requests

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=300)
NOT_BLANK = TEXT.filter(str.strip)
VALUE = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20).filter(str.strip)
LOCAL = st.integers(9_121_000_000, 9_399_999_999).map(str)
NUMBERS = st.builds(str.__add__, st.sampled_from(["", "0", "98", "0098", "+98"]), LOCAL)
RECEIVERS = st.lists(NUMBERS, min_size=1, max_size=4)
TRIES = st.none() | st.integers(0, 10)
CODE = st.text(st.sampled_from("abcXYZ0123456789"), min_size=2, max_size=12)
FIELD_VALUE = {
    "FYa12346": st.sampled_from(["1360/06/06", "1403/12/30"]),
    "FMjUyMjUz": VALUE,
    "FMTAwMQ": st.integers(-999, 999),
}

GOOD_CALLS: dict[str, st.SearchStrategy[WireRequest]] = {
    "send": st.builds(
        calls.send,
        st.sampled_from(["30001403", "auto", "9830001403"]),
        NOT_BLANK,
        RECEIVERS,
        phone_book=st.none() | st.just(1403),
        try_send=TRIES,
        type_=st.none() | st.just(1),
    ),
    "sendServices": st.builds(
        calls.send_services,
        st.sampled_from(["90001403", "auto"]),
        st.just(1002),
        RECEIVERS,
        st.fixed_dictionaries({"name": VALUE, "{amount}": VALUE | st.integers(0)}) | st.tuples(VALUE, VALUE),
        try_send=TRIES,
    ),
    "sendOTP": st.builds(calls.send_otp, st.just("test-app"), CODE, RECEIVERS, type_=st.none() | st.just(1)),
    "reportSend": st.builds(calls.report_send, st.integers(0, 10**12)),
    "credit": st.builds(calls.credit),
    "receivedMessages": st.builds(calls.received_messages),
    "status": st.builds(calls.status),
    "newContact": st.builds(
        calls.new_contact, st.just(1403), NUMBERS, st.none() | st.fixed_dictionaries({}, optional=FIELD_VALUE)
    ),
}


def good_calls(action: str) -> st.SearchStrategy[WireRequest]:
    assert action in GOOD_CALLS, f"the client has no call for {action}: add one to GOOD_CALLS"
    return GOOD_CALLS[action]


@pytest.mark.parametrize("action", ACTIONS)
@examples(25)
@given(data=st.data())
def test_any_request_of_the_client_is_valid_by_the_contracts(action: str, data: st.DataObject) -> None:
    call = data.draw(good_calls(action))
    contracts.validate_request(action, {"action": call.action, **call.params})
    for method, encoding in WIRES:
        contracts.validate_request(action, on_the_wire(call, method, encoding).params)


def effect_of(call: Call, **settings: Any) -> tuple[dict[str, Any], list[tuple[Any, ...]], Any]:
    """The reply, the sends and the contacts: everything that a call can do to a fresh account."""
    driver = AccountDriver(credit=10**9, **settings)
    answer, account, *_ = driver.panel.handle(call, driver.real_ms)
    reply: dict[str, Any] = json.loads(encode.body(answer, account.settings if account else None))
    contacts = driver.account.phonebooks[1403].contacts
    return reply, [_sent(send) for send in driver.account.sends], contacts


def _sent(send: Send) -> tuple[Any, ...]:
    plans = [delivery.schedule.plan for delivery in send.deliveries.values()]
    message = send.message
    return (message.action, message.sender, message.text, list(send.deliveries), plans)


@pytest.mark.rule("W5", "W7", "W8", "X7")
@pytest.mark.parametrize("action", ACTIONS)
@examples(20)
@given(data=st.data())
def test_a_call_means_the_same_in_every_encoding(action: str, data: st.DataObject) -> None:
    call = data.draw(good_calls(action))
    effects = [effect_of(on_the_wire(call, method, encoding)) for method, encoding in WIRES]
    assert all(effect == effects[0] for effect in effects)


@pytest.mark.rule("S12", "F2", "F6", "L2")
@examples(30)
@given(NOT_BLANK, RECEIVERS, st.integers(0, 10))
def test_a_send_keeps_its_text_receivers_and_tries(text: str, receivers: list[str], tries: int) -> None:
    call = calls.send("auto", text, receivers, try_send=tries)
    reply, sent, _ = effect_of(on_the_wire(call, "POST", "form"), max_parts=100)
    numbers = list(dict.fromkeys(written[-10:] for written in receivers))
    assert reply["result"] == "1"
    ((action, sender, sent_text, to, plans),) = sent
    assert (action, sender, sent_text, to) == ("send", "auto", text, numbers)
    assert {plan.retries for plan in plans} == {tries}


@pytest.mark.rule("P6", "P9")
@examples(30)
@given(VALUE, VALUE, LOCAL)
def test_a_pattern_is_filled_with_its_values(name: str, amount: str, receiver: str) -> None:
    call = calls.send_services("auto", 1002, receiver, {"name": name, "{amount}": amount})
    _, sent, _ = effect_of(on_the_wire(call, "POST", "multipart"))
    assert sent[0][2] == f"{name} گرامی، مبلغ {amount} دریافت شد."


@pytest.mark.rule("X6")
@examples(30)
@given(VALUE, LOCAL)
def test_a_contact_keeps_its_field(value: str, number: str) -> None:
    call = calls.new_contact(1403, number, {"FMjUyMjUz": value})
    _, _, contacts = effect_of(on_the_wire(call, "GET", "form"))
    assert contacts == {number: {"FMjUyMjUz": value}}


ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
ANY_NUMBER = st.one_of(st.integers(-(10**60), 10**60), st.sampled_from(["12", "x", ""]))
ANY_VALUE = st.one_of(
    ANY_TEXT, st.integers(-(10**20), 10**20), st.floats(allow_nan=False, allow_infinity=False)
)
ANY_NAME = st.one_of(ANY_TEXT, st.sampled_from(["code", "{code}", "0", "1", "00", "²", "a[0]", "a]b", "۱"]))
BY_NAME = st.dictionaries(ANY_NAME, ANY_VALUE, max_size=4)
ANY_RECEIVERS = st.one_of(ANY_TEXT, st.lists(ANY_TEXT.filter(lambda text: "," not in text), max_size=4))
ANY_WORD = st.from_regex(r"[A-Za-z0-9_.-]{1,8}", fullmatch=True)


def otp_names(words: list[str]) -> OtpNames | None:
    try:
        return OtpNames(*words)
    except ValueError:  # a name that has another meaning
        return None


OTP_NAMES = st.lists(ANY_WORD, min_size=3, max_size=3).map(otp_names).filter(lambda names: names is not None)
MAYBE = st.one_of(st.none(), ANY_NUMBER)
ANY_CALLS = st.one_of(
    st.builds(calls.send, ANY_TEXT, ANY_TEXT, ANY_RECEIVERS, phone_book=MAYBE, try_send=MAYBE, type_=MAYBE),
    st.builds(
        calls.send_services,
        ANY_TEXT,
        ANY_NUMBER,
        ANY_RECEIVERS,
        st.one_of(st.none(), st.lists(ANY_VALUE, max_size=4), BY_NAME),
        try_send=MAYBE,
    ),
    st.builds(calls.send_otp, ANY_TEXT, ANY_TEXT, ANY_RECEIVERS, type_=MAYBE, names=OTP_NAMES),
    st.builds(calls.report_send, ANY_NUMBER),
    st.builds(calls.new_contact, ANY_NUMBER, ANY_TEXT, st.one_of(st.none(), BY_NAME)),
    st.sampled_from([calls.credit(), calls.received_messages(), calls.status()]),
)
KEYS = st.from_regex(r"[!-~]{1,30}", fullmatch=True)
BASES = st.sampled_from(["http://127.0.0.1:1403", "http://h/", "https://h/a/b", "http://h/webservice/server"])


def plain(params: Any) -> dict[str, Any]:
    """Parameters by their meaning: a number is its digits (W8), an array may be JSON text (W7)."""
    meaning: dict[str, Any] = {}
    for name, value in params.items():
        meaning[name] = str(value) if isinstance(value, int) else value
        if name in ("textData", "cFields") and isinstance(value, str) and value.startswith("{"):
            meaning[name] = json.loads(value)
    return meaning


@pytest.mark.rule("W5", "W7", "W8", "A1", "X7")
@given(ANY_CALLS, st.sampled_from(WIRES), KEYS, BASES)
@example(
    calls.send_services("auto", 1, "9121111111", {"0": "a", "1": "b"}), ("POST", "form"), "k", "http://h"
)
@example(calls.send("30001403", "a\0b\r\n--", "9121111111"), ("POST", "multipart"), "k", "http://h")
@example(
    calls.new_contact(1403, "9121111111", {"": "", "a[0]": "=&+%"}), ("GET", "form"), "a&key=b", "http://h"
)
def test_the_server_decodes_what_the_client_encodes(
    call: WireRequest, encoded: tuple[wire.Method, wire.Encoding], key: str, base: str
) -> None:
    decoded = on_the_wire(call, *encoded, key=key, endpoint=wire.endpoint_of(base))
    assert decoded.undecodable is None
    assert (decoded.key, decoded.stray_keys) == (key, ())
    assert plain(decoded.params) == plain({"action": call.action, **call.params})


# Replies

ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers().map(str) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)
RESERVED = st.integers(0, 999).map(lambda digits: f"9120000{digits:03}")
LIKELY: dict[str, st.SearchStrategy[Any]] = {
    "from": st.sampled_from(["30001403", "90001403", "auto", "1"]),
    "text": TEXT,
    "receivers": RECEIVERS.map(",".join)
    | RESERVED
    | st.sampled_from(["9121111111,x", "9120000105,9120000604"]),
    "phoneBook": st.sampled_from(["1403", "1", "x"]),
    "trySend": st.sampled_from(["0", "10", "11"]),
    "type": st.sampled_from(["1", "2", "5"]),
    "textCode": st.sampled_from(["1001", "1002", "1", "x"]),
    "textData": st.sampled_from([["1"], ["1", "2"], {"code": "1"}, '{"{code}":"1"}', "x"]),
    "appID": st.sampled_from(["test-app", "test-app-off", "x"]),
    "code": st.sampled_from(["12345", "1", "a b"]) | CODE,
    "sendID": st.sampled_from(["1000000001", "1", "x"]),
    "phoneId": st.sampled_from(["1403", "1", "x"]),
    "cNumber": NUMBERS | st.just("x"),
    "cFields": st.sampled_from(
        [{"FMTAwMQ": "1"}, {"FX": "1"}, "{FYa12346:”1360/06/06”}", "x", {"FMTAwMg": "a"}]
    ),
}
SETTINGS: dict[str, st.SearchStrategy[Any]] = {
    "webservice_enabled": st.just(value=False),
    "identity_verified": st.just(value=False),
    "sending_verified": st.booleans(),
    "billing_ok": st.booleans(),
    "credit": st.sampled_from([0, 1000, 10**6]),
    "reply_scalars": st.sampled_from(["strings", "native"]),
    "bad_receivers": st.sampled_from(["refuse", "skip"]),
    "fields_reply": st.sampled_from(["by_field", "single"]),
    "archived_receivers": st.sampled_from(["empty", "absent", "null"]),
    "received": st.sampled_from(["keep", "once"]),
    "phonebook_enabled": st.booleans(),
    "timeline": st.sampled_from(["default", "instant", "slow"]),
    "send_types": st.sampled_from([[1], [], [1, 2]]),
    "smart_sender": st.booleans(),
    "keep_sends": st.just(1),
}


def requests_of(action: str) -> st.SearchStrategy[dict[str, Any]]:
    """Parameters of the action: mostly likely ones, sometimes anything."""
    names = [name for name in LIKELY if name in _PARAMETERS[action]]
    likely = st.fixed_dictionaries({name: LIKELY[name] for name in names})
    spoilt = st.dictionaries(st.sampled_from(names or ["x"]), ANYTHING, max_size=2)
    return st.builds(lambda good, bad: {**good, **bad}, likely, spoilt | st.just({}))


_PARAMETERS = {
    "send": ("from", "text", "receivers", "phoneBook", "trySend", "type"),
    "sendServices": ("from", "textCode", "textData", "receivers", "trySend", "type"),
    "sendOTP": ("appID", "code", "receivers", "type"),
    "reportSend": ("sendID",),
    "credit": (),
    "receivedMessages": (),
    "status": (),
    "newContact": ("phoneId", "cNumber", "cFields"),
}


def refusal_in(action: str, reply: dict[str, Any]) -> int | None:
    """The code of the refusal that the client reads; None for a result."""
    try:
        replies.read(action, WireReply(200, json.dumps(reply).encode(), encode.CONTENT_TYPE))
    except Refused as refused:
        return refused.code
    return None


@pytest.mark.rule("W2", "W3")
@pytest.mark.parametrize("action", ACTIONS)
@examples(60)
@given(data=st.data())
def test_any_reply_of_the_server_is_valid_by_the_contracts_and_read_by_the_client(
    action: str, data: st.DataObject
) -> None:
    chosen = data.draw(st.sets(st.sampled_from(sorted(SETTINGS)), max_size=4))
    driver = AccountDriver(**{name: data.draw(SETTINGS[name]) for name in sorted(chosen)})
    driver.send()
    if data.draw(st.booleans()):
        driver.deliver("9121234567", "سلام")
        driver.advance(data.draw(st.sampled_from([0.5, 3, 300_000])))
    params = {"action": action, **data.draw(requests_of(action))}
    reply = driver.call(params=params)
    contracts.validate_reply(action, reply)
    code = int(reply["result"])
    is_result = code == 1 or (action, code) == ("receivedMessages", 401)
    assert refusal_in(action, reply) == (None if is_result else code)


@pytest.mark.rule("W2", "A6")
@examples(50)
@given(st.dictionaries(st.text(max_size=8) | st.just("action"), ANYTHING, max_size=4))
def test_any_parameters_have_an_answer(params: dict[str, Any]) -> None:
    driver = AccountDriver()
    answer, account, *_ = driver.panel.handle(Call("POST", KEY, Params(params), "127.0.0.1"), driver.real_ms)
    assert isinstance(json.loads(encode.body(answer, account.settings if account else None)), dict)


def test_the_settings_of_this_file_exist() -> None:
    assert set(SETTINGS) <= set(DEFAULTS)


@pytest.mark.parametrize(("method", "encoding"), WIRES)
async def test_the_client_drives_the_server_over_http(method: wire.Method, encoding: wire.Encoding) -> None:
    from mydnspanel_client import PanelClient

    async with serve() as server, PanelClient(server.url, KEY, method=method, encoding=encoding) as panel:
        before = await panel.credit()
        sent = await panel.send("30001403", "سلام", ["9120000000", "09120000004"], phone_book=1403)
        assert (await panel.credit(), sent.phone_book) == (before - 2000, 1)
        server.pass_time(10_000)
        report = await panel.report_send(sent.send_id)
        assert [(one.number, one.send_status) for one in report.receivers] == [
            ("9120000000", 3),
            ("9120000004", 4),
        ]
        assert (await panel.send_services("auto", 1001, "9121111111", {"code": 12345})).send_id
        assert (await panel.send_otp("test-app", "0042", "9121111111")).send_id
        contact = await panel.new_contact(1403, "9121111111", {"FYa12346": "1360/06/06", "FX": "1"})
        assert contact.fields == {"FYa12346": 1, "FX": -1}
        assert await panel.received_messages() == ()
        await panel.status()


REFUSED_CALLS: list[tuple[str, Callable[[Any], Any], int]] = [
    ("test-key-disabled", lambda panel: panel.status(), -2),
    ("test-key-poor", lambda panel: panel.send("auto", "x", "9121111111"), 109),
    ("test-key", lambda panel: panel.send("auto", "x", "9120000112"), 112),
    ("nobody", lambda panel: panel.credit(), -1),
]


@pytest.mark.parametrize(("key", "ask", "code"), REFUSED_CALLS)
async def test_the_client_raises_the_refusals_of_the_server(
    key: str, ask: Callable[[Any], Any], code: int
) -> None:
    from mydnspanel_client import PanelClient

    async with serve() as server, PanelClient(server.url, key) as panel:
        with pytest.raises(Refused) as caught:
            await ask(panel)
    assert caught.value.code == code
    assert isinstance(caught.value, PanelError)
