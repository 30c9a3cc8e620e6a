"""Hostile control requests: whatever comes, it is a 4xx that says why, and nothing has changed."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, example, given, settings, strategies as st

from fakeserver.web.app import Options
from tests.control.driven import FAULTS, LINE, NUMBER, Driven, Reply, driven

ACCOUNTS = "/_fake/accounts"
ACCOUNT = f"{ACCOUNTS}/_"
JSON = {"Content-Type": "application/json"}

WITH_BODY = [
    ("POST", ACCOUNTS),
    ("PATCH", ACCOUNT),
    ("POST", f"{ACCOUNT}/inbound"),
    ("POST", f"{ACCOUNT}/clock"),
    ("POST", FAULTS),
    ("POST", f"{ACCOUNT}/explain"),
    ("POST", f"{ACCOUNT}/messages/SEND/status"),
]
FLAGS = [
    "webservice_enabled",
    "identity_verified",
    "sending_verified",
    "billing_ok",
    "smart_sender",
    "phonebook_enabled",
]
FLAGS += ["reserved_receivers"]
COUNTS = ["credit", "max_parts", "keep_sends", "seed"]
SECONDS = ["validity_seconds", "archive_after_seconds"]
LISTS = [
    "allowed_ips",
    "send_types",
    "lines",
    "patterns",
    "otp_apps",
    "phonebooks",
    "fields",
    "blacklist",
    "forbidden_words",
]
TABLES = ["prices", "otp_names", "outcomes", "reply_names"]
SWITCHES = [
    "monitoring",
    "timeline",
    "clock",
    "reply_scalars",
    "key_placement",
    "unknown_action",
    "bad_receivers",
    "received",
]
SWITCHES += ["archived_receivers", "fields_reply"]
SETTINGS = ("key", *FLAGS, *COUNTS, *SECONDS, *LISTS, *TABLES, *SWITCHES)


@pytest.fixture
async def fake() -> AsyncIterator[Driven]:
    async with driven() as running:
        await running.ask("send")
        yield running


async def path_of(fake: Driven, path: str) -> str:
    if "SEND" not in path:
        return path
    return path.replace("SEND", str((await fake.messages())[-1]["sendID"]))


async def driven_by(fake: Driven, method: str, path: str, body: bytes) -> Reply:
    """Send these bytes as JSON; whatever comes back is no bug, and a refusal is a problem."""
    reply = await fake.control(method, await path_of(fake, path), data=body, headers=JSON)
    assert reply.status < 500, (body[:200], reply.text)
    assert [record for record in fake.server.logged if record.exc_info] == []
    assert reply.status < 400 or reply.is_problem, reply
    return reply


async def refused(fake: Driven, method: str, path: str, body: bytes) -> Reply:
    reply = await driven_by(fake, method, path, body)
    assert 400 <= reply.status < 500, (body[:200], reply.text)
    return reply


@asynccontextmanager
async def unchanged(fake: Driven) -> AsyncIterator[None]:
    before = await fake.world()
    yield
    assert await fake.world() == before


async def driven_or_unchanged(fake: Driven, method: str, path: str, body: bytes) -> None:
    """Either it is done, or it is refused and nothing has changed."""
    before = await fake.world()
    if (await driven_by(fake, method, path, body)).status >= 400:
        assert await fake.world() == before


# Bodies that are no JSON object


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
    b'{"advance":+1}',
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
    b'{"then":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
]


@pytest.mark.parametrize(("method", "path"), WITH_BODY)
async def test_what_is_no_json_object_is_refused(fake: Driven, method: str, path: str) -> None:
    async with unchanged(fake):
        for body in NOT_OBJECTS:
            await refused(fake, method, path, body)


@pytest.mark.parametrize(("method", "path"), WITH_BODY)
@pytest.mark.parametrize("depth", [1_000, 100_000])
async def test_deep_nesting_inside_a_member_is_no_bug(
    fake: Driven, method: str, path: str, depth: int
) -> None:
    for name in (b"text", b"when", b"advance", b"number", b"lines", b"cFields"):
        body = b'{"' + name + b'":' + b"[" * depth + b"]" * depth + b"}"
        await driven_or_unchanged(fake, method, path, body)


@pytest.mark.parametrize(("method", "path"), WITH_BODY)
async def test_a_body_that_is_broken_off_is_no_bug(fake: Driven, method: str, path: str) -> None:
    target = await path_of(fake, path)
    head = f"{method} {target} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    before = await fake.world()
    await fake.server.raw(head.encode() + b"Content-Length: 50\r\n\r\n{", half_close=True, to_end=True)
    await fake.server.raw(head.encode() + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", to_end=True)
    assert await fake.world() == before
    assert [record for record in fake.server.logged if record.exc_info] == []


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "nonsense"])
async def test_a_body_whose_compression_is_broken_is_no_bug(fake: Driven, encoding: str) -> None:
    headers = {**JSON, "Content-Encoding": encoding}
    reply = await fake.control("POST", FAULTS, data=b"nonsense", headers=headers)
    assert reply.is_problem, reply


@pytest.mark.parametrize(("method", "path"), WITH_BODY)
async def test_a_body_over_the_limit_is_413(method: str, path: str) -> None:
    async with driven(options=Options(max_body=1000)) as fake:
        await fake.ask("send")
        before = await fake.world()
        for body in (b"{" + b" " * 1000 + b"}", b"x" * 1001):
            reply = await fake.control(method, await path_of(fake, path), data=body, headers=JSON)
            assert (reply.status, reply.is_problem) == (413, True)
        assert await fake.world() == before


# Values


MEMBERS: dict[tuple[str, str], tuple[str, ...]] = {
    ("POST", ACCOUNTS): SETTINGS,
    ("PATCH", ACCOUNT): SETTINGS[1:],
    ("POST", f"{ACCOUNT}/inbound"): ("from", "text", "to"),
    ("POST", f"{ACCOUNT}/clock"): ("freeze", "advance", "set", "speed"),
    ("POST", FAULTS): ("when", "after", "times", "then"),
    ("POST", f"{ACCOUNT}/explain"): ("action", "from", "text", "receivers", "textData", "cFields"),
    ("POST", f"{ACCOUNT}/messages/SEND/status"): ("number", "processingStatus", "sendStatus"),
}
VALID: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", f"{ACCOUNT}/inbound"): {"from": NUMBER, "text": "x"},
    ("POST", f"{ACCOUNT}/messages/SEND/status"): {"processingStatus": 2, "sendStatus": 3},
    ("POST", FAULTS): {"then": {"result": "113"}},
    ("POST", f"{ACCOUNT}/explain"): {"action": "send", "from": LINE, "text": "x", "receivers": NUMBER},
}
HUGE_MEMBERS = dict.fromkeys(WITH_BODY[:2], ("key", *COUNTS, *SECONDS))
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


@pytest.mark.parametrize("place", WITH_BODY, ids=" ".join)
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
async def test_arbitrary_json_is_never_a_bug_and_a_refusal_changes_nothing(
    fake: Driven, place: tuple[str, str], data: st.DataObject
) -> None:
    known = st.dictionaries(st.sampled_from(MEMBERS[place]), ANY_JSON, max_size=3)
    document = data.draw(st.one_of(known, known.map(lambda some: VALID.get(place, {}) | some), ANY_JSON))
    await driven_or_unchanged(fake, *place, json.dumps(document).encode())


KNOWN_PARTS = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        (
            *("result", "description", "phoneBook", "http", "httpBody", "delaySeconds", "disconnect", "body"),
            *("outcome", "action", "to", "from", "text"),
        ),
        ANY_JSON,
    ),
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(when=KNOWN_PARTS, then=KNOWN_PARTS)
@example(when={}, then={"http": 10**30})
@example(when={"to": ["\ud800"]}, then={"delaySeconds": 0})
async def test_arbitrary_fault_rules_are_never_a_bug(fake: Driven, when: Any, then: Any) -> None:
    await driven_or_unchanged(fake, "POST", FAULTS, json.dumps({"when": when, "then": then}).encode())


WRONG: dict[str, list[Any]] = {
    **{name: [0, 1, "true", None, [], {}] for name in FLAGS},
    **{name: [True, "1", 1.5, None, [], {}, 10**400] for name in COUNTS},
    **{name: [True, "1", None, [], {}, -1, 10**400] for name in SECONDS},
    **{name: [True, "x", 1, None, {}, [None], [True], [[]], [{"unknown": 1}]] for name in LISTS},
    **{name: [True, "x", 1, None, [], {"unknown": {}}] for name in TABLES},
    **{name: [True, "", "x", 1, None, [], {"x": 1}] for name in SWITCHES},
    "key": ["", "_", ".", "..", "a b", "é", "a\x00", "a\n", "x" * 129, 1, None, [], {}, True],
}


@pytest.mark.parametrize(("method", "path"), WITH_BODY[:2])
@pytest.mark.parametrize("name", SETTINGS)
async def test_a_setting_of_the_wrong_kind_is_refused_and_named(
    fake: Driven, name: str, method: str, path: str
) -> None:
    async with unchanged(fake):
        for value in WRONG[name]:
            reply = await refused(fake, method, path, json.dumps({name: value}).encode())
            assert (reply.status, name in reply.text) == (400, True), (value, reply.text)


@pytest.mark.parametrize("name", ["credit", "max_parts", "keep_sends"])
async def test_a_negative_setting_is_refused(fake: Driven, name: str) -> None:
    assert name in (await refused(fake, "PATCH", ACCOUNT, json.dumps({name: -1}).encode())).text


async def test_an_unknown_setting_is_refused_with_the_nearest_known_name(fake: Driven) -> None:
    for method, path in (("POST", ACCOUNTS), ("PATCH", ACCOUNT)):
        reply = await refused(fake, method, path, b'{"credt": 5}')
        assert (reply.status, "credt" in reply.text, "credit" in reply.text) == (400, True, True)


@pytest.mark.parametrize(
    ("place", "document", "member"),
    [
        ("inbound", {"text": "x"}, "from"),
        ("inbound", {"from": NUMBER}, "text"),
        ("inbound", {"from": 5, "text": "x"}, "from"),
        ("inbound", {"from": NUMBER, "text": None}, "text"),
        ("inbound", {"from": NUMBER, "text": ["x"]}, "text"),
        ("inbound", {"from": NUMBER, "text": "x", "to": 5}, "to"),
        ("inbound", {"from": NUMBER, "text": "x", "txt": "y"}, "txt"),
        ("clock", {"freeze": 1}, "freeze"),
        ("clock", {"freeze": "true"}, "freeze"),
        ("clock", {"advance": "1"}, "advance"),
        ("clock", {"advance": True}, "advance"),
        ("clock", {"advance": [1]}, "advance"),
        ("clock", {"speed": "60"}, "speed"),
        ("clock", {"speed": True}, "speed"),
        ("clock", {"speed": -1}, "speed"),
        ("clock", {"set": 5}, "set"),
        ("clock", {"set": "tomorrow"}, "set"),
        ("clock", {"set": "2030-02-30T00:00:00Z"}, "set"),
        ("clock", {"set": "2030-01-01T25:00:00Z"}, "set"),
        ("clock", {"set": ""}, "set"),
        ("clock", {"set": "۲۰۳۰-۰۱-۰۱T00:00:00Z"}, "set"),
        ("clock", {"forward": 1}, "forward"),
        ("messages/SEND/status", {"processingStatus": "2", "sendStatus": 3}, "processingStatus"),
        ("messages/SEND/status", {"processingStatus": 2, "sendStatus": None}, "sendStatus"),
        ("messages/SEND/status", {"processingStatus": True, "sendStatus": 3}, "processingStatus"),
        ("messages/SEND/status", {"processingStatus": 2}, "sendStatus"),
        ("messages/SEND/status", {"sendStatus": 3}, "processingStatus"),
        ("messages/SEND/status", {"processingStatus": 2, "sendStatus": 3, "number": 5}, "number"),
        ("messages/SEND/status", {"processingStatus": 2, "sendStatus": 3, "note": "x"}, "note"),
    ],
    ids=str,
)
async def test_a_member_of_the_wrong_kind_is_refused_and_named(
    fake: Driven, place: str, document: Any, member: str
) -> None:
    reply = await refused(fake, "POST", f"{ACCOUNT}/{place}", json.dumps(document).encode())
    assert (reply.status, member in reply.text) == (400, True), reply.text


@pytest.mark.parametrize("pair", [(9, 9), (0, 3), (2, -2), (10**30, -1), (-1, 0)])
async def test_a_pair_outside_the_graph_is_refused(fake: Driven, pair: tuple[int, int]) -> None:
    body = json.dumps({"processingStatus": pair[0], "sendStatus": pair[1]}).encode()
    assert (await refused(fake, "POST", f"{ACCOUNT}/messages/SEND/status", body)).status in {400, 409}


HUGE = [b"1e400", b"-1e400", b"1e308", b"9" * 5000, b"1" + b"0" * 100_000, b"1e-400", b"9223372036854775808"]


@pytest.mark.parametrize(("method", "path"), WITH_BODY)
async def test_a_huge_number_is_no_bug(fake: Driven, method: str, path: str) -> None:
    for number in HUGE:
        for name in HUGE_MEMBERS.get((method, path), MEMBERS[method, path]):
            await driven_by(fake, method, path, b'{"' + name.encode() + b'":' + number + b"}")
    await fake.world()


@pytest.mark.parametrize("number", HUGE, ids=lambda number: number[:20].decode())
async def test_a_huge_number_in_a_fault_rule_is_no_bug(fake: Driven, number: bytes) -> None:
    for body in (
        b'{"then":{"http":%s}}',
        b'{"then":{"delaySeconds":%s}}',
        b'{"after":%s,"then":{"http":502}}',
    ):
        await driven_or_unchanged(fake, "POST", FAULTS, body % number)


@pytest.mark.parametrize("advance", [b"1e300", b"1e18", b"1e15", b"1e12", b"253402300799"])
async def test_a_clock_moved_beyond_the_calendar_is_no_bug(fake: Driven, advance: bytes) -> None:
    for _ in range(2):
        await driven_by(fake, "POST", f"{ACCOUNT}/clock", b'{"advance":' + advance + b"}")
    await usable(fake)


@pytest.mark.parametrize(
    "when", ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"]
)
async def test_a_clock_set_to_the_end_of_the_calendar_is_no_bug(fake: Driven, when: str) -> None:
    await driven_by(fake, "POST", f"{ACCOUNT}/clock", json.dumps({"set": when}).encode())
    await driven_by(fake, "POST", f"{ACCOUNT}/clock", b'{"advance":86400}')
    await usable(fake)


async def test_a_clock_that_runs_at_any_speed_is_no_bug(fake: Driven) -> None:
    for speed in (b"1e300", b"1e9", b"1e-300", b"0"):
        await driven_by(fake, "POST", f"{ACCOUNT}/clock", b'{"speed":' + speed + b"}")
        fake.server.pass_time(1000)
        await usable(fake)


async def usable(fake: Driven) -> None:
    """The account can still be used and read, however its clock stands."""
    assert (await fake.ask("send")).json["result"] == "1"
    assert (await fake.ask("receivedMessages")).status == 200
    await fake.control("POST", f"{ACCOUNT}/inbound", {"from": NUMBER, "text": "x"})
    assert (await fake.ask("receivedMessages")).status == 200
    await fake.world()


SURROGATES = [
    ("POST", ACCOUNTS, b'{"key":"%s"}'),
    ("POST", ACCOUNTS, b'{"%s":1}'),
    ("PATCH", ACCOUNT, b'{"forbidden_words":["%s"]}'),
    ("PATCH", ACCOUNT, b'{"patterns":[{"code":1,"text":"%s"}]}'),
    ("PATCH", ACCOUNT, b'{"otp_names":{"action":"%s"}}'),
    ("PATCH", ACCOUNT, b'{"reply_names":{"send_id":"%s","credit":"credit"}}'),
    ("POST", f"{ACCOUNT}/inbound", b'{"from":"9121111111","text":"%s"}'),
    ("POST", f"{ACCOUNT}/inbound", b'{"from":"%s","text":"x"}'),
    ("POST", f"{ACCOUNT}/clock", b'{"set":"%s"}'),
    ("POST", f"{ACCOUNT}/explain", b'{"action":"send","text":"%s"}'),
    ("POST", FAULTS, b'{"then":{"result":"112","description":"%s"}}'),
    ("POST", FAULTS, b'{"then":{"http":500,"httpBody":"%s"}}'),
    ("POST", FAULTS, b'{"when":{"text":"%s"},"then":{"http":500}}'),
    ("POST", FAULTS, b'{"when":{"%s":"x"},"then":{"http":500}}'),
    ("POST", FAULTS, b'{"when":{"action":"%s"},"then":{"http":500}}'),
]


@pytest.mark.parametrize(("method", "path", "body"), SURROGATES)
async def test_a_lone_surrogate_is_no_bug_nor_is_what_comes_after(
    fake: Driven, method: str, path: str, body: bytes
) -> None:
    for text in (b"\\ud800", b"\\udc00", b"a\\udfff\\ud800b"):
        await driven_by(fake, method, path, body % text)
        for action in ("send", "receivedMessages", "credit"):
            assert (await fake.ask(action)).status in {200, 500}
    await fake.world()
    assert [record for record in fake.server.logged if record.exc_info] == []


# Query parameters


READINGS = [
    "/_fake/health",
    "/_fake/openapi.json",
    ACCOUNTS,
    ACCOUNT,
    f"{ACCOUNT}/messages",
    f"{ACCOUNT}/messages/SEND",
    f"{ACCOUNT}/phonebooks",
    f"{ACCOUNT}/clock",
    FAULTS,
    f"{ACCOUNT}/journal",
    "/_fake/journal",
    f"{ACCOUNT}/snapshots",
    "/_fake/events",
]


@pytest.mark.parametrize("path", READINGS)
async def test_an_unknown_query_parameter_is_refused(fake: Driven, path: str) -> None:
    for query in ("unknown=1", "unknown", "Limit=1", "%00=1", "unknown=%FF", "=1"):
        reply = await fake.control("GET", f"{await path_of(fake, path)}?{query}")
        assert (reply.status, reply.is_problem) == (400, True), query


WITHOUT_BODY = [
    ("POST", "/_fake/reset"),
    ("POST", f"{ACCOUNT}/reset"),
    ("DELETE", ACCOUNT),
    ("DELETE", FAULTS),
    ("DELETE", f"{ACCOUNT}/journal"),
    ("PUT", f"{ACCOUNT}/snapshots/x"),
    ("POST", f"{ACCOUNT}/messages/SEND/cancel"),
]


@pytest.mark.parametrize(("method", "path"), WITHOUT_BODY)
async def test_a_deed_that_takes_no_members_is_not_done_with_some(
    fake: Driven, method: str, path: str
) -> None:
    async with unchanged(fake):
        reply = await refused(fake, method, path, b'{"advance": 1}')
        assert (reply.status, "this request takes no members" in reply.text) == (400, True)


@pytest.mark.parametrize(("method", "path"), [*WITH_BODY, *WITHOUT_BODY])
async def test_an_unknown_query_parameter_stops_a_deed(fake: Driven, method: str, path: str) -> None:
    before = await fake.world()
    body = VALID.get((method, path), {"advance": 1} if path.endswith("clock") else {})
    sent = {"json": body} if (method, path) in WITH_BODY else {}
    reply = await fake.control(method, await path_of(fake, path) + "?unknown=1", **sent)
    assert (reply.status, reply.is_problem, "unknown" in reply.text) == (400, True, True)
    assert await fake.world() == before


@pytest.mark.parametrize("place", ["messages", "journal"])
@pytest.mark.parametrize(
    "query",
    [
        *(f"limit={value}" for value in ("x", "-1", "1.5", "%D9%A1", "9" * 5000, "1e3", "+1")),
        *(f"wait={value}" for value in ("61", "-1", "nan", "inf", "x", "1e400")),
        *("since=x", "since=1.5"),
    ],
    ids=lambda query: query[:20],
)
async def test_a_bad_query_value_is_refused(fake: Driven, place: str, query: str) -> None:
    reply = await fake.control("GET", f"{ACCOUNT}/{place}?{query}")
    assert reply.status < 500
    unbounded = query.startswith("limit=9")
    assert unbounded or (reply.status, reply.is_problem) == (400, True), reply.text


@pytest.mark.parametrize(
    "query", ["count=0", "count=-1", "count=x", "processingStatus=x", "sendStatus=x", "action=nothing"]
)
async def test_a_bad_filter_of_messages_is_refused_or_finds_nothing(fake: Driven, query: str) -> None:
    reply = await fake.control("GET", f"{ACCOUNT}/messages?{query}")
    assert reply.is_problem or reply.json["messages"] == []


# Paths and methods


async def asked(fake: Driven, method: str, path: str) -> bytes:
    """A request whose path goes out as it is written."""
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    return await fake.server.raw(head.encode(), to_end=True)


ODD_KEYS = [
    "%2F",
    "a%2Fb",
    "..%2F_",
    "%2E%2E",
    "%2e",
    "%00",
    "test-key%00",
    "%ff",
    "%C3%28",
    "%ED%A0%80",
    "%",
    "%zz",
    "%25",
    "%0d%0aX:%20y",
    "%F0%9F%98%80",
    "test-key%20",
    "TEST-KEY",
    "x" * 129,
    "x" * 5000,
    "__",
    "_%5F",
    "$",
    "{key}",
    "%7Bkey%7D",
]


@pytest.mark.parametrize("key", ODD_KEYS, ids=lambda key: key[:20])
async def test_an_odd_key_in_a_path_is_an_unknown_account(fake: Driven, key: str) -> None:
    before = await fake.world()
    for method, end in (("GET", ""), ("GET", "/messages"), ("DELETE", ""), ("POST", "/reset")):
        reply = await asked(fake, method, f"{ACCOUNTS}/{key}{end}")
        assert reply.split(b" ")[1] in {b"400", b"404", b"405"}, reply
        assert b"application/problem+json" in reply
    assert await fake.world() == before
    assert [record for record in fake.server.logged if record.exc_info] == []


@pytest.mark.parametrize(
    "key", ["a/b", "a%2Fb", "a?b#c", "a+b", "a%b", "..a", "{key}", "a\\b", 'a"b', "~!@$&'()*,;=", "x" * 128]
)
async def test_every_allowed_key_is_reached_percent_encoded(fake: Driven, key: str) -> None:
    created = await fake.control("POST", ACCOUNTS, {"key": key})
    assert (created.status, created.json.get("key")) == (201, key), created.text
    reply = await asked(fake, "GET", f"{ACCOUNTS}/{quote(key, safe='')}")
    assert json.loads(reply.partition(b"\r\n\r\n")[2])["key"] == key


@pytest.mark.parametrize(
    "name", ["%00", "%ff", "a%2Fb", "..", "%2e%2e", "x" * 5000, "%F0%9F%98%80", "%0d%0a"]
)
async def test_an_odd_name_of_a_snapshot_is_no_bug(fake: Driven, name: str) -> None:
    for method, end in (("PUT", ""), ("GET", ""), ("POST", "/restore"), ("DELETE", "")):
        reply = await asked(fake, method, f"{ACCOUNT}/snapshots/{name}{end}")
        assert int(reply.split(b" ")[1]) < 500
    assert [record for record in fake.server.logged if record.exc_info] == []


@pytest.mark.parametrize("send_id", ["x", "0", "-1", "1.0", "1e9", "%D9%A1", "%00", "%ff", "9" * 5000, "+1"])
async def test_an_odd_send_id_is_an_unknown_message(fake: Driven, send_id: str) -> None:
    for method, end in (("GET", ""), ("POST", "/approve"), ("POST", "/cancel")):
        reply = await fake.control(method, f"{ACCOUNT}/messages/{send_id}{end}")
        assert (reply.status in {400, 404}, reply.is_problem) == (True, True)


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/_fake/health", "POST PUT PATCH DELETE OPTIONS"),
        ("/_fake/openapi.json", "POST DELETE"),
        ("/_fake/reset", "GET PUT PATCH DELETE OPTIONS"),
        (ACCOUNTS, "PUT PATCH DELETE OPTIONS"),
        (ACCOUNT, "POST PUT OPTIONS"),
        (f"{ACCOUNT}/reset", "GET DELETE PUT"),
        (f"{ACCOUNT}/messages", "POST PUT DELETE"),
        (f"{ACCOUNT}/messages/SEND", "POST PUT DELETE PATCH"),
        (f"{ACCOUNT}/messages/SEND/approve", "GET DELETE PUT"),
        (f"{ACCOUNT}/messages/SEND/cancel", "GET DELETE PUT"),
        (f"{ACCOUNT}/messages/SEND/status", "GET DELETE PUT"),
        (f"{ACCOUNT}/inbound", "PUT DELETE PATCH"),
        (f"{ACCOUNT}/phonebooks", "POST PUT DELETE"),
        (f"{ACCOUNT}/clock", "PUT DELETE PATCH"),
        (FAULTS, "PUT PATCH OPTIONS"),
        (f"{FAULTS}/1", "PUT PATCH POST"),
        (f"{ACCOUNT}/journal", "POST PUT PATCH"),
        ("/_fake/journal", "POST PUT"),
        (f"{ACCOUNT}/explain", "GET PUT DELETE"),
        (f"{ACCOUNT}/snapshots/x/restore", "GET PUT DELETE"),
        ("/_fake/events", "POST PUT DELETE OPTIONS"),
    ],
)
async def test_a_wrong_method_is_405_and_the_right_ones_are_named(
    fake: Driven, path: str, methods: str
) -> None:
    before = await fake.world()
    for method in (*methods.split(), "TRACE", "PROPFIND"):
        reply = await fake.control(method, await path_of(fake, path))
        assert (reply.status, reply.is_problem) == (405, True), method
    assert await fake.world() == before


@pytest.mark.parametrize(
    "path",
    [
        "/_fake/nothing",
        "/_fake/Accounts",
        f"{ACCOUNT}/nothing",
        f"{ACCOUNT}/messages/1/nothing",
        f"{ACCOUNT}/clock/now",
        f"{FAULTS}/1/2",
        "/_fake/accounts/nobody",
        "/_fake/accounts/nobody/messages",
        "/_fake/accounts/nobody/clock",
        "/_fake/accounts/nobody/faults",
        "/_fake/accounts/nobody/journal",
        "/_fake/accounts/nobody/snapshots",
        f"{ACCOUNT}/messages/999",
        f"{ACCOUNT}/snapshots/nothing",
        "/_fake/%00",
        "/_fake/%FF",
        "/_fake/" + "x" * 5000,
        "/_fake" + "/a" * 2000,
    ],
    ids=lambda path: path[:40],
)
async def test_an_unknown_path_is_404(fake: Driven, path: str) -> None:
    reply = await fake.control("GET", path)
    assert (reply.status, reply.is_problem) == (404, True)


async def test_a_problem_has_the_members_that_its_standard_names(fake: Driven) -> None:
    for method, path in (("GET", "/_fake/nothing"), ("PUT", ACCOUNTS), ("POST", f"{ACCOUNT}/clock")):
        reply = await fake.control(method, path)
        assert reply.json["status"] == reply.status
        assert isinstance(reply.json["title"], str)
        assert isinstance(reply.json.get("detail", ""), str)


async def test_the_number_of_snapshots_is_limited_to_twenty(fake: Driven) -> None:
    statuses = [(await fake.control("PUT", f"{ACCOUNT}/snapshots/{n}")).status for n in range(21)]
    assert all(status < 300 for status in statuses[:20])
    assert statuses[20] == 429
    assert (await fake.control("PUT", f"{ACCOUNT}/snapshots/3")).status < 300
