"""No test reaches a real panel: `no_real_panel` and `--no-real-panel`, seen from suites that use them."""

import pytest

from tests.plugin.conftest import Run

TOLD = "this test tried to reach mydnspanel.com, a real SMS panel. Point the application at the fake: "

# Ways to a host: each is the body of a function `reach(host)`.
WAYS = {
    "urllib": "from urllib.request import urlopen; urlopen(f'https://{host}/webservice/server')",
    "getaddrinfo": "import socket; socket.getaddrinfo(host, 443)",
    "bytes": "import socket; socket.getaddrinfo(host.encode(), 443)",
    "gethostbyname": "import socket; socket.gethostbyname(host)",
    "connect": "import socket; socket.socket().connect((host, 443))",
    "connect_ex": "import socket; socket.socket().connect_ex((host, 443))",
    "sendto": "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', (host, 443))",
    "asyncio": "import asyncio; asyncio.run(asyncio.open_connection(host, 443))",
    "thread": "import concurrent.futures as f, socket; "
    "f.ThreadPoolExecutor().submit(socket.getaddrinfo, host, 443).result()",
    "requests": "import requests; requests.post(f'https://{host}/webservice/server')",
    "httpx": "import httpx; httpx.post(f'https://{host}/webservice/server')",
    "httpx async": "import asyncio, httpx\n"
    "    async def go():\n"
    "        async with httpx.AsyncClient() as client: await client.get(f'https://{host}/')\n"
    "    asyncio.run(go())",
    "aiohttp": "import asyncio, aiohttp\n"
    "    async def go():\n"
    "        async with aiohttp.request('GET', f'https://{host}/'): pass\n"
    "    asyncio.run(go())",
    "environment's proxy": "import os, requests\n"
    "    os.environ['HTTPS_PROXY'] = os.environ['https_proxy'] = 'http://127.0.0.1:9'\n"
    "    requests.get(f'https://{host}/')",
}


def module(way: str, host: str, *, swallow: bool, fixture: str = "no_real_panel") -> str:
    call = "    try: reach()\n    except BaseException: pass" if swallow else "    reach()"
    return f"def reach(host={host!r}):\n    {WAYS[way]}\n\ndef test_it({fixture}):\n{call}\n"


@pytest.mark.parametrize("way", WAYS)
def test_an_attempt_fails_the_test_at_once(suite: Run, way: str) -> None:
    result = suite(test_it=module(way, "mydnspanel.com", swallow=False))
    result.assert_outcomes(failed=1)
    assert TOLD + "the fixture `panel` has panel.url (its base)" in result.stdout.str()


@pytest.mark.parametrize("host", ["mydnspanel.com", "MyDnsPanel.com.", "www.mydnspanel.com"])
def test_an_attempt_that_the_application_swallows_fails_the_test_at_its_end(suite: Run, host: str) -> None:
    result = suite(test_it=module("getaddrinfo", host, swallow=True))
    result.assert_outcomes(failed=1)
    assert [line for line in result.outlines if line.startswith(f"this test tried to reach {host}, a real")]


def test_the_option_watches_every_test(suite: Run) -> None:
    text = module("getaddrinfo", "mydnspanel.com", swallow=True, fixture="")
    suite("--no-real-panel", test_it=text).assert_outcomes(failed=1)
    suite("--no-real-panel", "-n", "2", test_it=text).assert_outcomes(failed=1)


def test_the_list_can_be_extended(suite: Run) -> None:
    text = module("connect", "sms.example.org", swallow=False)
    result = suite("-o", "real_panel_hosts=other.example.org\nsms.example.org", test_it=text)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*this test tried to reach sms.example.org*"])


def test_the_way_to_the_fake_is_shown_when_it_runs(suite: Run) -> None:
    text = module("getaddrinfo", "mydnspanel.com", swallow=False, fixture="panel, no_real_panel")
    suite(test_it=text).stdout.re_match_lines([rf".*{TOLD}`panel` is at http://127\.0\.0\.1:[0-9]+;.*"])


def test_an_attempt_hidden_behind_another_failure_is_told_beside_it(suite: Run) -> None:
    result = suite(
        test_it=module("getaddrinfo", "mydnspanel.com", swallow=True) + "    assert 0, 'no code'\n"
    )
    result.assert_outcomes(failed=1)
    told = result.stdout.str()
    assert "AssertionError: no code" in told
    assert "- Captured no_real_panel call -" in told
    assert TOLD in told


def test_an_attempt_in_a_fixtures_teardown_is_an_error_there(suite: Run) -> None:
    result = suite(
        test_it="""
        import socket, pytest

        @pytest.fixture
        def application(no_real_panel):
            yield
            try: socket.getaddrinfo("mydnspanel.com", 443)
            except BaseException: pass

        def test_it(application): pass
        """
    )
    result.assert_outcomes(passed=1, errors=1)


def test_the_next_test_is_not_blamed_and_loopback_and_other_names_stay_free(suite: Run) -> None:
    result = suite(
        test_it="""
        import os, socket
        from application import send

        def test_first(no_real_panel):
            assert "mydnspanel.com" in os.environ["no_proxy"]
            try: socket.getaddrinfo("mydnspanel.com", 443)
            except BaseException: pass

        def test_second(no_real_panel, panel):
            assert send(panel)["result"] == "1"
            socket.getaddrinfo("localhost", 80)

        def test_third():
            assert "mydnspanel.com" not in os.environ.get("no_proxy", "")
        """
    )
    result.assert_outcomes(passed=2, failed=1)
