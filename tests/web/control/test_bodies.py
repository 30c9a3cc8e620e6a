"""Bodies of control requests: whatever they are, they are no bug, and a refused one changes nothing."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings, strategies as st

from fakeserver.web.app import Options
from tests.examples import examples
from tests.web.control.routes import BODIES
from tests.web.control_client import (
    ACCOUNTS,
    JSON,
    LINE,
    NUMBER,
    AccountClient,
    ControlClient,
    Response,
    assert_problem,
    control_client,
)

# The routes that take a body, with the names of members that it may have.
ACCOUNT = f"{ACCOUNTS}/mine"
MEMBERS: dict[tuple[str, str], tuple[str, ...]] = {
    ("POST", ACCOUNTS): ("key", "credit", "max_parts", "keep_sends", "seed", "prices", "lines", "timeline"),
    ("PATCH", ACCOUNT): (
        "credit",
        "max_parts",
        "keep_sends",
        "seed",
        "validity_seconds",
        "outcomes",
        "clock",
    ),
    ("POST", f"{ACCOUNT}/inbound"): ("from", "text", "to"),
    ("POST", f"{ACCOUNT}/clock"): ("freeze", "advance", "set", "speed"),
    ("POST", f"{ACCOUNT}/faults"): ("when", "after", "times", "then"),
    ("POST", f"{ACCOUNT}/explain"): ("action", "from", "text", "receivers", "textData", "cFields"),
    ("POST", f"{ACCOUNT}/messages/SEND/status"): ("number", "processingStatus", "sendStatus"),
}
ROUTES = list(MEMBERS)
FAULTS = ("POST", f"{ACCOUNT}/faults")


@pytest.fixture
async def account(control: ControlClient) -> AccountClient:
    """An account with a message."""
    account = await control.create_account(key="mine")
    await account.send()
    return account


async def submit(account: AccountClient, route: tuple[str, str], body: bytes) -> Response:
    """Make a control request with these bytes; it must be done, or refused with a problem."""
    method, path = route
    if "SEND" in path:
        path = path.replace("SEND", str((await account.send_ids())[-1]))
    response = await account.control.request(method, path, data=body, headers=JSON)
    if response.status >= 300:
        assert_problem(response, response.status)
        assert response.status < 500, (route, body[:200])
    return response


async def submit_atomically(account: AccountClient, route: tuple[str, str], body: bytes) -> None:
    """Make the request, which must change nothing if it is refused."""
    before = await account.state()
    if (await submit(account, route, body)).status >= 300:
        assert await account.state() == before


@asynccontextmanager
async def unchanged(account: AccountClient) -> AsyncIterator[None]:
    before = await account.state(), await account.control.get("/_fake/health")
    yield
    assert (await account.state(), await account.control.get("/_fake/health")) == before


async def assert_usable(account: AccountClient) -> None:
    """Check that the account can still be used and shown."""
    await account.send()
    await account.command("POST", "/inbound", {"from": NUMBER, "text": "x"})
    assert (await account.ask("receivedMessages")).status == 200
    await account.state()


# What is not a JSON object

NOT_OBJECTS = [
    b"{",
    b"}",
    b"[]",
    b"[{}]",
    b"null",
    b"true",
    b"1",
    b'"text"',
    b"{}{}",
    b'{"a":1,}',
    b"{'a':1}",
    b"{a:1}",
    b'{"freeze":True}',
    b'{"advance":NaN}',
    b'{"advance":Infinity}',
    b'{"advance":-Infinity}',
    b'{"advance":01}',
    b'{"advance":.5}',
    b'\xef\xbb\xbf{"advance":1}x',
    b'{"text":"\xff"}',
    b'{"text":"\xed\xa0\x80"}',
    b'{"text":"a\nb"}',
    b'{"text":"\\x41"}',
    b"\x00",
    b"\x1f\x8b\x08\x00",
    "{}".encode("utf-16"),
    b"advance=1",
    b"[" * 100_000,
    b"[" * 100_000 + b"]" * 100_000,
    b'{"a":' * 100_000,
    b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
]


@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
async def test_a_body_that_is_not_a_json_object_is_refused(
    account: AccountClient, route: tuple[str, str]
) -> None:
    async with unchanged(account):
        for body in NOT_OBJECTS:
            assert (await submit(account, route, body)).status == 400, body[:20]


async def test_an_empty_body_is_an_empty_object(control: ControlClient) -> None:
    for body in (b"", b" \r\n"):
        assert (await control.request("POST", ACCOUNTS, data=body)).status == 201


async def test_the_content_type_of_a_body_does_not_matter(account: AccountClient) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    path = f"{ACCOUNT}/clock"
    response = await account.control.request("POST", path, data=b'{"advance":1}', headers=headers)
    assert response.status == 200


async def test_deep_nesting_inside_a_member_is_not_a_bug(account: AccountClient) -> None:
    for route in ROUTES:
        for depth in (1_000, 100_000):
            body = b'{"%b":%b%b}' % (MEMBERS[route][0].encode(), b"[" * depth, b"]" * depth)
            await submit_atomically(account, route, body)


async def test_a_body_whose_transfer_breaks_changes_nothing(account: AccountClient) -> None:
    exchange = account.control.server.exchange
    async with unchanged(account):
        for method, path in ROUTES:
            head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n".encode()
            await exchange(head + b"Content-Length: 50\r\n\r\n{", half_close=True, to_end=True)
            await exchange(head + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", to_end=True)


async def test_a_compressed_body_is_refused(account: AccountClient) -> None:
    async with unchanged(account):
        for encoding in ("gzip", "deflate", "br", "zstd", "nonsense"):
            headers = {**JSON, "Content-Encoding": encoding}
            for method, path in ROUTES:
                response = await account.control.request(method, path, data=b"{}", headers=headers)
                assert_problem(response, 415, encoding)


async def test_a_body_over_the_limit_is_413() -> None:
    async with control_client(options=Options(max_body=1000)) as control:
        account = await control.create_account(key="mine")
        await account.send()
        async with unchanged(account):
            for route in ROUTES:
                assert (await submit(account, route, b"{" + b" " * 999 + b"}")).status == 413


# Values

ANY_TEXT = st.text(st.characters(codec=None), max_size=6)
ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False)
    | st.sampled_from(["", "1", "auto", NUMBER, "send", "_", "2024-11-01T00:00:00Z"])
    | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=6,
)
VALID = {
    ("POST", f"{ACCOUNT}/explain"): {"action": "send", "from": LINE, "text": "x", "receivers": NUMBER},
    **{
        (method, path.replace("{key}", "mine").replace("{sendID}", "SEND")): body
        for (method, path), body in BODIES.items()
        if not path.endswith("/explain")
    },
}


@st.composite
def documents(draw: st.DrawFn) -> tuple[tuple[str, str], Any]:
    """A route and any JSON, which is mostly close to what the route takes."""
    route = draw(st.sampled_from(ROUTES))
    known = st.dictionaries(st.sampled_from(MEMBERS[route]), ANY_JSON, max_size=3)
    return route, draw(known | known.map(lambda some: VALID[route] | some) | ANY_JSON)


@settings(examples(100), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(document=documents())
async def test_any_json_is_done_or_refused_without_a_change(
    account: AccountClient, document: tuple[tuple[str, str], Any]
) -> None:
    route, body = document
    await submit_atomically(account, route, json.dumps(body).encode())


FAULT_MEMBERS = (
    *("result", "description", "phoneBook", "http", "httpBody", "delaySeconds", "disconnect", "body"),
    *("outcome", "action", "to", "from", "text"),
)
FAULT_PARTS = st.fixed_dictionaries({}, optional=dict.fromkeys(FAULT_MEMBERS, ANY_JSON))


@settings(examples(20), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(when=FAULT_PARTS, then=FAULT_PARTS)
@example(when={}, then={"http": 10**30})
@example(when={"to": ["\ud800"]}, then={"delaySeconds": 0})
async def test_any_fault_rule_is_added_or_refused_without_a_change(
    account: AccountClient, when: Any, then: Any
) -> None:
    await submit_atomically(account, FAULTS, json.dumps({"when": when, "then": then}).encode())


HUGE_NUMBERS = [b"1e400", b"-1e400", b"1e308", b"9" * 5000, b"1" + b"0" * 100_000, b"1e-400", b"%d" % 2**63]


async def test_a_huge_number_is_not_a_bug(account: AccountClient) -> None:
    for number in HUGE_NUMBERS:
        for route, names in MEMBERS.items():
            for name in names:
                await submit(account, route, b'{"%b":%b}' % (name.encode(), number))
        for body in (
            b'{"then":{"http":%b}}',
            b'{"then":{"delaySeconds":%b}}',
            b'{"after":%b,"then":{"http":502}}',
        ):
            await submit(account, FAULTS, body % number)
    await account.state()


LONE_SURROGATES = (rb"\ud800", rb"\udc00", rb"a\udfff\ud800b")
WITH_TEXT: list[tuple[tuple[str, str], bytes]] = [
    (("POST", ACCOUNTS), b'{"key":"%b"}'),
    (("POST", ACCOUNTS), b'{"%b":1}'),
    (("PATCH", ACCOUNT), b'{"forbidden_words":["%b"]}'),
    (("PATCH", ACCOUNT), b'{"patterns":[{"code":1,"text":"%b"}]}'),
    (("PATCH", ACCOUNT), b'{"otp_names":{"action":"%b"}}'),
    (("PATCH", ACCOUNT), b'{"reply_names":{"send_id":"%b","credit":"credit"}}'),
    (("POST", f"{ACCOUNT}/inbound"), b'{"from":"9121111111","text":"%b"}'),
    (("POST", f"{ACCOUNT}/inbound"), b'{"from":"%b","text":"x"}'),
    (("POST", f"{ACCOUNT}/clock"), b'{"set":"%b"}'),
    (("POST", f"{ACCOUNT}/explain"), b'{"action":"send","text":"%b"}'),
    (FAULTS, b'{"then":{"result":"112","description":"%b"}}'),
    (FAULTS, b'{"then":{"http":500,"httpBody":"%b"}}'),
    (FAULTS, b'{"when":{"text":"%b"},"then":{"http":500}}'),
    (FAULTS, b'{"when":{"%b":"x"},"then":{"http":500}}'),
    (FAULTS, b'{"when":{"action":"%b"},"then":{"http":500}}'),
]


async def test_a_lone_surrogate_is_not_a_bug_and_does_no_harm_later(account: AccountClient) -> None:
    for route, body in WITH_TEXT:
        for text in LONE_SURROGATES:
            await submit(account, route, body % text)
            for action in ("send", "receivedMessages", "credit"):
                assert (await account.ask(action)).status in {200, 500}  # 500: the fault rule's own
        await account.state()


# Clocks at their limits


async def test_an_account_whose_clock_reached_the_end_of_the_calendar_is_usable(
    control: ControlClient,
) -> None:
    commands = [
        *({"advance": seconds} for seconds in (1e300, 1e18, 1e15, 1e12, 253_402_300_799)),
        {"set": "9999-12-31T23:59:59Z"},
        {"set": "9999-12-31T23:59:59-12:00"},
        {"set": "0001-01-01T00:00:00+14:00"},
    ]
    for command in commands:
        account = await control.create_account()
        for body in (command, command, {"advance": 86_400}):
            assert (await account.request("POST", "/clock", body)).status in {200, 400, 409}
        await assert_usable(account)


async def test_an_account_whose_clock_has_any_speed_is_usable(control: ControlClient) -> None:
    account = await control.create_account(clock="real")
    for speed, status in ((1e300, 400), (1e9, 400), (0, 400), (1e-300, 200), (1000, 200), (0.001, 200)):
        assert (await account.request("POST", "/clock", {"speed": speed})).status == status, speed
        control.server.pass_time(1000)
        await assert_usable(account)
