"""Who may drive the control plane: the Host, the Origin, where the browser says it comes from, the token."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from fakeserver.web.app import Options
from fakeserver.web.control.guard import Guard
from tests.control.driven import FAULTS, KEY, SERVICE, Driven, driven

ACCOUNTS = "/_fake/accounts"
EVIL = "Host: evil.com"


@dataclass
class Raw:
    """A reply as it came off the socket."""

    status: int
    headers: list[tuple[str, str]]
    body: str

    def header(self, name: str) -> str:
        return ", ".join(value for key, value in self.headers if key.lower() == name.lower())

    @property
    def is_problem(self) -> bool:
        return self.header("Content-Type").startswith("application/problem+json")


async def raw(fake: Driven, *lines: str | bytes, path: str = ACCOUNTS, method: str = "GET") -> Raw:
    """A request with these header lines and no others; text goes out as UTF-8."""
    head = [f"{method} {path} HTTP/1.1", *lines, "Connection: close", "", ""]
    data = b"\r\n".join(line if isinstance(line, bytes) else line.encode() for line in head)
    received = await fake.server.raw(data, to_end=True)
    top, _, body = received.partition(b"\r\n\r\n")
    first, *rest = top.decode("latin-1").split("\r\n")
    headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in rest)]
    return Raw(int(first.split()[1]), headers, body.decode())


@pytest.fixture
async def fake() -> AsyncIterator[Driven]:
    async with driven() as running:
        yield running


@pytest.fixture
async def named() -> AsyncIterator[Driven]:
    guard = Guard(hosts=frozenset({"panel.test"}))
    async with driven(options=Options(guard=guard)) as running:
        yield running


@pytest.fixture
async def locked() -> AsyncIterator[Driven]:
    async with driven(options=Options(guard=Guard(token="secret"))) as running:
        yield running


# Host


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.0.0.1:1403",
        "192.168.1.5:80",
        "8.8.8.8",
        "[::1]",
        "[::1]:1403",
        "[2001:DB8::1]:80",
        "localhost",
        "localhost:1403",
        "LOCALHOST",
        "LocalHost:80",
        "fakeserver",
        "Fake-Server:1403",
        "sms_panel:8080",
        "panel.test",
        "panel.test:1403",
        "PANEL.Test:1403",
    ],
)
async def test_addresses_localhost_plain_names_and_allowed_names_are_served(named: Driven, host: str) -> None:
    assert (await raw(named, f"Host: {host}")).status == 200


FOREIGN = [
    "evil.com",
    "evil.com:1403",
    "evil.com.",
    "com.",
    "127.0.0.1.evil.com",
    "127.0.0.1.evil.com:1403",
    "localhost.evil.com",
    "localhost@evil.com",
    "localhost:80@evil.com",
    "127.0.0.1@evil.com",
    "evil.com:localhost",
    "evil.com,localhost",
    "localhost, evil.com",
    "localhost evil.com",
    "localhost/evil.com",
    "localhost#evil.com",
    "localhost?evil.com",
    "localhost\\evil.com",
    "localhost%2eevil.com",
    "evil。com",
    "evil．com",
    "xn--evil.com",
    "[::1]evil.com",
    "[::1].evil.com",
    "[::1",
    "[evil.com]",
    "[evil.com]:80",
    "::1.evil.com",
    "1.2.3.4.5",
    "256.256.256.256.com",
    "notpanel.test",
    "panel.test.evil.com",
    "sub.panel.test",
    "panel.test@evil.com",
    "",
]


@pytest.mark.parametrize("host", FOREIGN)
async def test_any_other_host_is_refused(named: Driven, host: str) -> None:
    reply = await raw(named, f"Host: {host}")
    assert reply.status in {400, 403}
    assert '"accounts":' not in reply.body


@pytest.mark.parametrize("host", ["evil.com", "evil.com:1403", "127.0.0.1.evil.com", "panel.test"])
async def test_the_refusal_of_a_host_is_a_problem(fake: Driven, host: str) -> None:
    reply = await raw(fake, f"Host: {host}")
    assert (reply.status, reply.is_problem) == (403, True)


async def test_a_request_without_a_host_is_refused(fake: Driven) -> None:
    assert (await raw(fake)).status in {400, 403}
    old = await fake.server.raw(f"GET {ACCOUNTS} HTTP/1.0\r\n\r\n".encode(), to_end=True)
    assert old.split(b" ")[1] in {b"400", b"403"}


@pytest.mark.parametrize("hosts", [("localhost", "evil.com"), ("evil.com", "localhost")])
async def test_two_hosts_are_refused(fake: Driven, hosts: tuple[str, str]) -> None:
    reply = await raw(fake, *(f"Host: {host}" for host in hosts))
    assert reply.status in {400, 403}


@pytest.mark.parametrize("forwarded", ["X-Forwarded-Host: localhost", "Forwarded: host=localhost"])
async def test_no_other_header_stands_for_the_host(fake: Driven, forwarded: str) -> None:
    assert (await raw(fake, EVIL, forwarded)).status == 403


GUARDED = [
    ("GET", "/_fake/health"),
    ("GET", "/_fake/openapi.json"),
    ("POST", "/_fake/reset"),
    ("GET", "/_fake/accounts"),
    ("POST", "/_fake/accounts"),
    ("GET", "/_fake/accounts/_"),
    ("PATCH", "/_fake/accounts/_"),
    ("DELETE", "/_fake/accounts/_"),
    ("POST", "/_fake/accounts/_/reset"),
    ("GET", "/_fake/accounts/_/messages"),
    ("GET", "/_fake/accounts/_/messages/1"),
    ("POST", "/_fake/accounts/_/messages/1/approve"),
    ("POST", "/_fake/accounts/_/messages/1/cancel"),
    ("POST", "/_fake/accounts/_/messages/1/status"),
    ("POST", "/_fake/accounts/_/inbound"),
    ("GET", "/_fake/accounts/_/phonebooks"),
    ("GET", "/_fake/accounts/_/clock"),
    ("POST", "/_fake/accounts/_/clock"),
    ("GET", FAULTS),
    ("POST", FAULTS),
    ("DELETE", FAULTS),
    ("DELETE", f"{FAULTS}/1"),
    ("GET", "/_fake/accounts/_/journal"),
    ("DELETE", "/_fake/accounts/_/journal"),
    ("GET", "/_fake/journal"),
    ("POST", "/_fake/accounts/_/explain"),
    ("GET", "/_fake/accounts/_/snapshots"),
    ("GET", "/_fake/accounts/_/snapshots/x"),
    ("PUT", "/_fake/accounts/_/snapshots/x"),
    ("DELETE", "/_fake/accounts/_/snapshots/x"),
    ("POST", "/_fake/accounts/_/snapshots/x/restore"),
    ("GET", "/_fake/events"),
]
FOREIGN_LINES = [
    (EVIL,),
    ("Host: localhost", "Origin: http://evil.com"),
    ("Host: localhost", "Sec-Fetch-Site: cross-site"),
]


@pytest.mark.parametrize(("method", "path"), GUARDED)
async def test_the_check_is_made_on_every_control_request(fake: Driven, method: str, path: str) -> None:
    before = await fake.world()
    for lines in FOREIGN_LINES:
        reply = await raw(fake, *lines, "Content-Length: 0", method=method, path=path)
        assert (reply.status, reply.is_problem) == (403, True), lines
    assert await fake.world() == before


# Origin


async def test_the_servers_own_origin_is_served(fake: Driven) -> None:
    own = fake.server.url
    assert (await raw(fake, f"Host: {own[7:]}", f"Origin: {own}")).status == 200


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("localhost:1403", "http://localhost:1403"),
        ("LocalHost:1403", "http://localhost:1403"),
        ("localhost", "http://localhost"),
        ("[::1]:1403", "http://[::1]:1403"),
        ("panel.test:80", "http://panel.test"),
    ],
)
async def test_the_own_origin_is_that_of_the_host(named: Driven, host: str, origin: str) -> None:
    assert (await raw(named, f"Host: {host}", f"Origin: {origin}")).status == 200


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "http://evil.com",
        "http://localhost",
        "http://localhost:1404",
        "http://localhost:14030",
        "https://localhost:1403",
        "ftp://localhost:1403",
        "http://localhost:1403.evil.com",
        "http://localhost:1403@evil.com",
        "http://evil.com:1403",
        "http://127.0.0.1:1403",
        "http://panel.test",
        "localhost:1403",
        "//localhost:1403",
        "http://localhost:1403 http://evil.com",
        "http://localhost:1403, http://evil.com",
        "file://",
        "chrome-extension://localhost:1403",
        "*",
    ],
)
async def test_any_other_origin_is_foreign(named: Driven, origin: str) -> None:
    reply = await raw(named, "Host: localhost:1403", f"Origin: {origin}")
    assert (reply.status, reply.is_problem) == (403, True)


@pytest.mark.parametrize("order", [1, -1])
async def test_a_second_origin_is_no_way_round(fake: Driven, order: int) -> None:
    lines = ["Origin: http://localhost", "Origin: http://evil.com"][::order]
    assert (await raw(fake, "Host: localhost", *lines)).status in {400, 403}


# Sec-Fetch-Site


@pytest.mark.parametrize("site", ["same-origin", "none"])
async def test_a_request_of_the_own_page_or_of_the_user_is_served(fake: Driven, site: str) -> None:
    assert (await raw(fake, "Host: localhost", f"Sec-Fetch-Site: {site}")).status == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_a_request_of_another_site_is_refused(fake: Driven, site: str) -> None:
    reply = await raw(fake, "Host: localhost", f"Sec-Fetch-Site: {site}")
    assert (reply.status, reply.is_problem) == (403, True)


@pytest.mark.parametrize("order", [1, -1])
async def test_a_second_sec_fetch_site_is_no_way_round(fake: Driven, order: int) -> None:
    lines = ["Sec-Fetch-Site: none", "Sec-Fetch-Site: cross-site"][::order]
    assert (await raw(fake, "Host: localhost", *lines)).status in {400, 403}


# Token


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
async def test_the_token_opens_whatever_the_case_of_its_scheme(locked: Driven, scheme: str) -> None:
    assert (await raw(locked, "Host: localhost", f"Authorization: {scheme} secret")).status == 200


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("Authorization: Bearer wrong",),
        ("Authorization: Bearer Secret",),
        ("Authorization: Bearer secret2",),
        ("Authorization: Bearer secre",),
        ("Authorization: Bearer",),
        ("Authorization: Bearer ",),
        ("Authorization: secret",),
        ("Authorization: Basic secret",),
        ("Authorization: Basic c2VjcmV0OnNlY3JldA==",),
        ("Authorization:",),
        ("Authorization: Bearer sécret",),
        (b"Authorization: Bearer \xff\xfe",),
        (b"Authorization: Bearer secret\xc2\xa0",),
        ("Authorization: Bearer wrong", "Authorization: Bearer wrong"),
        ("X-Authorization: Bearer secret",),
        ("Cookie: token=secret",),
    ],
    ids=repr,
)
async def test_without_the_token_nothing_is_served(locked: Driven, lines: tuple[str | bytes, ...]) -> None:
    reply = await raw(locked, "Host: localhost", *lines)
    assert (reply.status, reply.is_problem) == (401, True)
    came = any(line[:14] in ("Authorization:", b"Authorization:") for line in lines)
    assert ("is not the control plane's" in reply.body) is came
    assert ("needs its token" in reply.body) is not came
    assert "secret" not in reply.body.lower()
    assert locked.server.logged == []


@pytest.mark.parametrize("order", [1, -1])
async def test_two_authorizations_are_never_a_bug(locked: Driven, order: int) -> None:
    lines = ["Authorization: Bearer secret", "Authorization: Bearer wrong"][::order]
    assert (await raw(locked, "Host: localhost", *lines)).status in {200, 400, 401}


async def test_a_token_is_compared_as_bytes() -> None:
    async with driven(options=Options(guard=Guard(token="رمز"))) as fake:
        assert (await raw(fake, "Host: localhost", "Authorization: Bearer رمز")).status == 200
        assert (await raw(fake, "Host: localhost", "Authorization: Bearer رمر")).status == 401


@pytest.mark.parametrize("query", ["token=secret", "access_token=secret", "control_token=secret"])
async def test_a_token_in_the_url_does_not_count(locked: Driven, query: str) -> None:
    assert (await raw(locked, "Host: localhost", path=f"{ACCOUNTS}?{query}")).status in {400, 401}


@pytest.mark.parametrize(("method", "path"), [pair for pair in GUARDED if pair[1] != "/_fake/health"])
async def test_every_control_request_but_health_asks_for_the_token(
    locked: Driven, method: str, path: str
) -> None:
    reply = await raw(locked, "Host: localhost", "Content-Length: 0", method=method, path=path)
    assert (reply.status, reply.is_problem) == (401, True)


async def test_health_needs_no_token(locked: Driven) -> None:
    reply = await raw(locked, "Host: localhost", path="/_fake/health")
    assert (reply.status, '"ok"' in reply.body) == (200, True)


async def test_health_can_be_looked_at_without_its_body(locked: Driven) -> None:
    reply = await raw(locked, "Host: localhost", path="/_fake/health", method="HEAD")
    assert (reply.status, reply.body) == (200, "")


@pytest.mark.parametrize("lines", FOREIGN_LINES, ids=lambda lines: lines[-1])
async def test_the_token_does_not_open_to_a_foreign_page(locked: Driven, lines: tuple[str, ...]) -> None:
    assert (await raw(locked, *lines, "Authorization: Bearer secret")).status == 403
    assert (await raw(locked, *lines, path="/_fake/health")).status == 403


# The routed request


TRICKS = [
    "/%5Ffake/accounts",
    "/%5ffake/accounts",
    "/_%66ake/accounts",
    "/_fake%2Faccounts",
    "/_fake/%61ccounts",
    "//_fake/accounts",
    "/_fake//accounts",
    "///_fake/accounts",
    "/./_fake/accounts",
    "/_fake/../_fake/accounts",
    "/_fake/./accounts",
    "/x/../_fake/accounts",
    "/webservice/server/../../_fake/accounts",
    "/webservice/server/%2e%2e/%2e%2e/_fake/accounts",
    "/_fake/accounts/",
    "/_fake/accounts#x",
    "/_FAKE/accounts",
    "/_fake\\accounts",
    "/_fake/accounts;x=1",
    "http://evil.com/_fake/accounts",
    "http://evil.com/%5Ffake/accounts",
    "http://evil.com:80/_fake/../_fake/accounts",
]


@pytest.mark.parametrize("path", TRICKS)
async def test_no_spelling_of_the_path_is_a_way_round_the_check(fake: Driven, path: str) -> None:
    for lines in ((EVIL,), ("Host: evil.com", "Sec-Fetch-Site: cross-site")):
        reply = await raw(fake, *lines, path=path)
        assert 400 <= reply.status < 500
        assert "test-key-poor" not in reply.body


@pytest.mark.parametrize("path", TRICKS)
async def test_no_spelling_of_the_path_is_a_way_round_the_token(locked: Driven, path: str) -> None:
    reply = await raw(locked, "Host: localhost", path=path)
    assert 400 <= reply.status < 500
    assert "test-key-poor" not in reply.body


@pytest.mark.parametrize("path", ["/%5Ffake/reset", "//_fake/reset", "/_fake/../_fake/reset"])
async def test_no_spelling_of_the_path_lets_a_foreign_page_act(fake: Driven, path: str) -> None:
    await fake.fault({"http": 502})
    await raw(fake, EVIL, "Content-Length: 0", method="POST", path=path)
    assert len((await fake.get(FAULTS))["faults"]) == 1


async def test_an_absolute_target_is_served_where_its_host_may_drive(fake: Driven) -> None:
    reply = await raw(fake, "Host: localhost", path="http://localhost/_fake/accounts")
    assert (reply.status, "test-key-poor" in reply.body) == (200, True)


async def test_an_absolute_target_does_not_hide_a_foreign_host(fake: Driven) -> None:
    reply = await raw(fake, EVIL, path="http://localhost/_fake/accounts")
    assert reply.status in {400, 403}


# Headers


ANY = [
    ("GET", "/_fake/health"),
    ("GET", ACCOUNTS),
    ("GET", "/_fake/nothing"),
    ("PUT", ACCOUNTS),
    ("POST", "/_fake/accounts/_/clock"),
    ("GET", SERVICE),
    ("POST", SERVICE),
    ("GET", "/"),
    ("GET", "/nothing"),
    ("OPTIONS", "/_fake/accounts"),
    ("OPTIONS", "/_fake/nothing"),
    ("OPTIONS", SERVICE),
    ("OPTIONS", "/"),
    ("OPTIONS", "*"),
]


@pytest.mark.parametrize(("method", "path"), ANY)
async def test_nothing_carries_cors_headers_and_everything_nosniff(
    fake: Driven, method: str, path: str
) -> None:
    preflight = ("Access-Control-Request-Method: POST", "Access-Control-Request-Headers: authorization")
    for origin in ("http://localhost", "http://evil.com", "null"):
        lines = ("Host: localhost", f"Origin: {origin}", *preflight)
        reply = await raw(fake, *lines, method=method, path=path)
        assert [name for name, _ in reply.headers if name.lower().startswith("access-control-")] == []
        assert reply.header("X-Content-Type-Options") == "nosniff"


async def test_an_event_stream_is_no_exception(fake: Driven) -> None:
    async with fake.session.get(fake.server.url + "/_fake/events") as stream:
        assert stream.headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in stream.headers


@pytest.mark.parametrize("path", [SERVICE, ACCOUNTS])
async def test_a_body_over_the_limit_is_no_exception(path: str) -> None:
    async with driven(options=Options(max_body=100)) as fake:
        reply = await fake.control("POST", path, data=b"x" * 200)
        assert (reply.status, reply.headers["X-Content-Type-Options"]) == (413, "nosniff")


@pytest.mark.parametrize("data", [b"GARBAGE\r\n\r\n", b"GET / HTTP/1.1\r\nBad Header: 1\r\n\r\n"])
async def test_the_answer_to_what_is_not_http_is_no_exception(fake: Driven, data: bytes) -> None:
    reply = await fake.server.raw(data, to_end=True)
    assert b"x-content-type-options: nosniff" in reply.lower()


# The service itself


@pytest.mark.parametrize(
    "lines",
    [
        (EVIL,),
        ("Host: mydnspanel.com",),
        ("Host: localhost", "Origin: null"),
        ("Host: localhost", "Origin: http://evil.com"),
        ("Host: localhost", "Sec-Fetch-Site: cross-site"),
        ("Host: a.b.c.d.e:1",),
    ],
    ids=repr,
)
async def test_the_service_is_reached_under_any_name_and_from_anywhere(
    locked: Driven, lines: tuple[str, ...]
) -> None:
    reply = await raw(locked, *lines, path=f"{SERVICE}?action=status&key={KEY}")
    assert (reply.status, reply.body) == (200, '{"result":"1"}')


async def test_the_control_token_is_no_key_of_the_service(locked: Driven) -> None:
    assert (await locked.ask("status", key="Bearer secret")).json == {"result": "-1"}
