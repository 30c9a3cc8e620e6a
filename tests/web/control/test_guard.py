"""Who may use the control plane: the headers Host, Origin, Sec-Fetch-Site and Authorization."""

from collections.abc import AsyncIterator

import pytest

from fakeserver.web.app import Options
from fakeserver.web.control.guard import Guard
from tests.web.control.routes import CONTROL_ROUTES
from tests.web.control_client import (
    ACCOUNTS,
    SERVICE,
    ControlClient,
    Response,
    assert_problem,
    control_client,
)

FOREIGN_REQUESTS = [
    ("Host: evil.com",),
    ("Host: localhost", "Origin: http://evil.com"),
    ("Host: localhost", "Sec-Fetch-Site: cross-site"),
]


@pytest.fixture
async def named() -> AsyncIterator[ControlClient]:
    """A server that may also be called panel.test."""
    guard = Guard(hosts=frozenset({"panel.test"}))
    async with control_client(options=Options(guard=guard)) as client:
        yield client


@pytest.fixture
async def locked() -> AsyncIterator[ControlClient]:
    """A server whose control plane needs the token `secret`."""
    async with control_client(options=Options(guard=Guard(token="secret"))) as client:
        yield client


async def list_accounts(control: ControlClient, *header_lines: str | bytes, path: str = ACCOUNTS) -> Response:
    return await control.request_raw("GET", path, *header_lines)


# Host

OWN_HOSTS = [
    "127.0.0.1",
    "127.0.0.1:1403",
    "192.168.1.5:80",
    "8.8.8.8",
    "[::1]",
    "[::1]:1403",
    "[2001:DB8::1]:80",
    "localhost",
    "LocalHost:80",
    "fakeserver",
    "Fake-Server:1403",
    "sms_panel:8080",
    "panel.test",
    "PANEL.Test:1403",
]
FOREIGN_HOSTS = [
    "evil.com",
    "evil.com:1403",
    "evil.com.",
    "com.",
    "127.0.0.1.evil.com",
    "localhost.evil.com",
    "localhost@evil.com",
    "localhost:80@evil.com",
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


async def test_addresses_localhost_names_without_a_dot_and_allowed_names_are_own_hosts(
    named: ControlClient,
) -> None:
    for host in OWN_HOSTS:
        assert (await list_accounts(named, f"Host: {host}")).status == 200, host


async def test_any_other_host_is_refused(named: ControlClient) -> None:
    for host in FOREIGN_HOSTS:
        response = await list_accounts(named, f"Host: {host}")
        assert response.status in {400, 403}, host
        assert b'"accounts"' not in response.body


async def test_the_refusal_names_the_host_and_the_option_that_allows_it(control: ControlClient) -> None:
    refused = await list_accounts(control, "Host: panel.test:80")
    assert_problem(refused, 403, "'panel.test:80' is not this server; --allowed-host names others")


async def test_a_request_without_a_host_or_with_two_is_refused(control: ControlClient) -> None:
    for lines in (
        (),
        ("Host: localhost", "Host: evil.com"),
        ("Host: evil.com", "Host: localhost"),
        ("Host: evil.com", "X-Forwarded-Host: localhost"),
        ("Host: evil.com", "Forwarded: host=localhost"),
    ):
        assert (await list_accounts(control, *lines)).status in {400, 403}, lines
    http_1_0 = await control.server.exchange(f"GET {ACCOUNTS} HTTP/1.0\r\n\r\n".encode(), to_end=True)
    assert Response.parse(http_1_0).status in {400, 403}


# Origin and Sec-Fetch-Site


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
async def test_the_own_origin_is_that_of_the_host(named: ControlClient, host: str, origin: str) -> None:
    assert (await list_accounts(named, f"Host: {host}", f"Origin: {origin}")).status == 200


async def test_any_other_origin_is_refused(named: ControlClient) -> None:
    for origin in (
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
    ):
        refused = await list_accounts(named, "Host: localhost:1403", f"Origin: {origin}")
        assert_problem(refused, 403, "a page of another origin may not")


@pytest.mark.parametrize(("site", "status"), [
    ("same-origin", 200), ("none", 200), ("cross-site", 403), ("same-site", 403), ("Cross-Site ", 403),
])  # fmt: skip
async def test_a_browser_must_say_that_the_request_comes_from_this_site(
    control: ControlClient, site: str, status: int
) -> None:
    response = await list_accounts(control, "Host: localhost", f"Sec-Fetch-Site: {site}")
    assert response.status == status


async def test_a_second_header_of_the_same_name_does_not_help(control: ControlClient) -> None:
    for name, own, foreign in (
        ("Origin", "http://localhost", "http://evil.com"),
        ("Sec-Fetch-Site", "none", "cross-site"),
    ):
        lines = (f"{name}: {own}", f"{name}: {foreign}")
        for order in (lines, lines[::-1]):
            assert (await list_accounts(control, "Host: localhost", *order)).status in {400, 403}


async def test_foreign_requests_are_refused_on_every_route_and_change_nothing(control: ControlClient) -> None:
    account = await control.create_account(key="mine")
    before = await account.state()
    for route in CONTROL_ROUTES:
        for lines in FOREIGN_REQUESTS:
            path = route.path(account.key)
            response = await control.request_raw(route.method, path, *lines, "Content-Length: 0")
            assert (response.status, response.content_type) == (403, "application/problem+json"), route
    assert await account.state() == before


# Token


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
async def test_the_token_is_accepted_whatever_the_case_of_its_scheme(
    locked: ControlClient, scheme: str
) -> None:
    response = await list_accounts(locked, "Host: localhost", f"Authorization: {scheme} secret")
    assert response.status == 200


WITHOUT_TOKEN: list[tuple[str | bytes, ...]] = [
    (),
    ("X-Authorization: Bearer secret",),
    ("Cookie: token=secret",),
]
WITH_ANOTHER_TOKEN: list[tuple[str | bytes, ...]] = [
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
]


async def test_a_request_without_the_token_is_refused(locked: ControlClient) -> None:
    cases = [
        *((lines, "the control plane needs its token") for lines in WITHOUT_TOKEN),
        *((lines, "the token in Authorization is not the control plane's") for lines in WITH_ANOTHER_TOKEN),
    ]
    for lines, reason in cases:
        response = await list_accounts(locked, "Host: localhost", *lines)
        assert_problem(response, 401, reason)
        assert response.headers["WWW-Authenticate"] == "Bearer"
        assert "secret" not in response.text.lower()
    assert locked.server.log == []


async def test_two_tokens_of_which_one_is_right_are_not_a_bug(locked: ControlClient) -> None:
    lines = ("Authorization: Bearer secret", "Authorization: Bearer wrong")
    for order in (lines, lines[::-1]):
        assert (await list_accounts(locked, "Host: localhost", *order)).status in {200, 400, 401}


async def test_a_token_is_compared_as_bytes() -> None:
    async with control_client(options=Options(guard=Guard(token="رمز"))) as control:
        for token, status in (("رمز", 200), ("رمر", 401)):
            response = await list_accounts(control, "Host: localhost", f"Authorization: Bearer {token}")
            assert response.status == status


async def test_a_token_in_the_url_does_not_count(locked: ControlClient) -> None:
    for name in ("token", "access_token", "control_token"):
        response = await list_accounts(locked, "Host: localhost", path=f"{ACCOUNTS}?{name}=secret")
        assert response.status == 401


async def test_every_route_but_health_needs_the_token(locked: ControlClient) -> None:
    for route in CONTROL_ROUTES:
        path = route.path()
        response = await locked.request_raw(route.method, path, "Host: localhost", "Content-Length: 0")
        assert response.status == (200 if path == "/_fake/health" else 401), route


async def test_head_of_health_has_no_body(locked: ControlClient) -> None:
    response = await locked.request_raw("HEAD", "/_fake/health", "Host: localhost")
    assert (response.status, response.body) == (200, b"")


async def test_the_token_does_not_help_a_foreign_page(locked: ControlClient) -> None:
    for lines in FOREIGN_REQUESTS:
        assert (await list_accounts(locked, *lines, "Authorization: Bearer secret")).status == 403
        assert (await list_accounts(locked, *lines, path="/_fake/health")).status == 403


# Other spellings of a path

SPELLINGS = [
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


async def test_no_spelling_of_a_path_avoids_the_checks(control: ControlClient, locked: ControlClient) -> None:
    for path in SPELLINGS:
        for client, lines in (
            (control, FOREIGN_REQUESTS[0]),
            (control, ("Host: evil.com", "Sec-Fetch-Site: cross-site")),
            (locked, ("Host: localhost",)),
        ):
            response = await list_accounts(client, *lines, path=path)
            assert 400 <= response.status < 500, path
            assert b"test-key-poor" not in response.body


async def test_no_spelling_of_a_path_lets_a_foreign_page_change_anything(control: ControlClient) -> None:
    account = control.account("test-key")
    await account.add_fault({"http": 502})
    for path in ("/%5Ffake/reset", "//_fake/reset", "/_fake/../_fake/reset"):
        await control.request_raw("POST", path, "Host: evil.com", "Content-Length: 0")
    assert len((await account.get("/faults"))["faults"]) == 1


async def test_an_absolute_target_is_served_where_its_host_is_own(control: ControlClient) -> None:
    path = "http://localhost/_fake/accounts"
    assert (await list_accounts(control, "Host: localhost", path=path)).status == 200
    assert (await list_accounts(control, "Host: evil.com", path=path)).status in {400, 403}


# Headers of responses


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/_fake/health"),
        ("GET", ACCOUNTS),
        ("GET", "/_fake/nothing"),
        ("PUT", ACCOUNTS),
        ("POST", "/_fake/accounts/_/clock"),
        ("GET", SERVICE),
        ("POST", SERVICE),
        ("GET", "/"),
        ("GET", "/nothing"),
        ("OPTIONS", ACCOUNTS),
        ("OPTIONS", SERVICE),
        ("OPTIONS", "*"),
    ],
)
async def test_no_response_has_cors_headers_and_each_has_nosniff(
    control: ControlClient, method: str, path: str
) -> None:
    for origin in ("http://localhost", "http://evil.com", "null"):
        lines = (f"Origin: {origin}", "Access-Control-Request-Method: POST")
        response = await control.request_raw(method, path, "Host: localhost", *lines)
        names = {name.lower() for name in response.headers}
        assert not {name for name in names if name.startswith("access-control-")}
        assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_unusual_responses_have_nosniff_too() -> None:
    async with control_client(options=Options(max_body=100)) as control:
        for path in (SERVICE, ACCOUNTS):
            response = await control.request("POST", path, data=b"x" * 200)
            assert (response.status, response.headers["X-Content-Type-Options"]) == (413, "nosniff")
        for data in (b"GARBAGE\r\n\r\n", b"GET / HTTP/1.1\r\nBad Header: 1\r\n\r\n"):
            malformed = Response.parse(await control.server.exchange(data, to_end=True))
            assert (malformed.status, malformed.headers["X-Content-Type-Options"]) == (400, "nosniff")
        async with control.session.get(control.server.url + "/_fake/events") as stream:
            assert stream.headers["X-Content-Type-Options"] == "nosniff"
            assert "Access-Control-Allow-Origin" not in stream.headers


# The service


async def test_the_service_is_not_guarded(locked: ControlClient) -> None:
    for lines in (
        ("Host: evil.com",),
        ("Host: mydnspanel.com",),
        ("Host: localhost", "Origin: null"),
        *FOREIGN_REQUESTS,
        ("Host: a.b.c.d.e:1",),
    ):
        response = await list_accounts(locked, *lines, path=f"{SERVICE}?action=status&key=test-key")
        assert (response.status, response.text) == (200, '{"result":"1"}')


async def test_the_control_token_is_not_a_key_of_the_service(locked: ControlClient) -> None:
    assert (await locked.account("Bearer secret").ask("status")).json == {"result": "-1"}
