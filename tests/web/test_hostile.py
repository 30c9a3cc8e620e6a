"""No bytes whatever produce a 500, a traceback or a change."""

import json
import random

import pytest
from hypothesis import given, strategies as st

from fakeserver.wire import encode
from fakeserver.wire.decode import Request, decode
from tests.driver import KEY, AccountDriver
from tests.web.http import Served, served

TYPES = st.sampled_from(
    [
        "application/x-www-form-urlencoded",
        "application/json",
        "multipart/form-data; boundary=XX",
        "multipart/form-data",
        "",
    ]
)
ACTIONS = (
    "send",
    "sendServices",
    "sendOTP",
    "reportSend",
    "credit",
    "receivedMessages",
    "status",
    "newContact",
)
PIECES = st.sampled_from(
    [
        *(f"action={action}&".encode() for action in ACTIONS),
        b"from=auto&",
        b"text=a&",
        b"receivers=9121234567&",
        b"textCode=1001&",
        b"textData",
        b"cFields",
        b"sendID=1&",
        b"phoneId=1403&cNumber=9121234567&",
        b"[0]",
        b"[",
        b"]",
        b"=",
        b"&",
        b"%00",
        b"%ff",
        b'{"action":"send",',
        b'"a":1e999,',
        b"}",
        b"\x00",
        b'--XX\r\nContent-Disposition: form-data; name="action"\r\n\r\nsend\r\n',
        b"--XX--",
    ]
)


@pytest.mark.rule("W12", "A6")
@given(
    st.lists(PIECES | st.binary(max_size=4), max_size=12).map(b"".join),
    TYPES,
    st.sampled_from(["GET", "POST"]),
)
def test_any_body_or_query_has_an_answer_of_the_panel(data: bytes, content_type: str, method: str) -> None:
    driver = AccountDriver()
    query = data.decode("utf-8", "surrogateescape")
    target = f"/webservice/server?key={KEY}&{query}" if method == "GET" else "/webservice/server"
    call = decode(Request(method, target, (KEY,), content_type, data, "127.0.0.1"))
    answer, account, *_ = driver.panel.handle(call, driver.real_ms)
    reply = json.loads(encode.body(answer, account.settings if account else None))
    assert isinstance(reply["result"], str)
    assert answer.reason
    if reply["result"] != "1":
        assert driver.credit() == 1_000_000


GOOD = (
    b"POST /webservice/server HTTP/1.1\r\nHost: x\r\nAuthorization: test-key\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 63\r\nConnection: close\r\n\r\n"
    b"action=send&from=auto&text=a&receivers=9121234567&trySend=1&a=b"
)


def spoilt(chance: random.Random) -> bytes:
    """The good request with a few of its bytes changed, doubled or left out."""
    data = bytearray(GOOD)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(data))
        match chance.randrange(3):
            case 0:
                data[place] = chance.randrange(256)
            case 1:
                del data[place : place + chance.randint(1, 9)]
            case _:
                data[place:place] = data[place : place + chance.randint(1, 9)]
    return bytes(data)


async def test_spoilt_requests_never_get_500_nor_a_trace() -> None:
    chance = random.Random(1403)
    async with served() as server:
        for _ in range(300):
            await _check(server, spoilt(chance))
    assert [record.getMessage() for record in server.logged if record.exc_info] == []


async def _check(server: Served, data: bytes) -> None:
    reply = await server.raw(data, half_close=True)
    assert not reply.startswith((b"HTTP/1.1 5", b"HTTP/1.0 5")), (data, reply)
