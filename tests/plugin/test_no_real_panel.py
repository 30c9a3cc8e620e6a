"""`no_real_panel` and `--no-real-panel`: no test reaches a real panel."""

import pytest

from tests.plugin.conftest import Run

MESSAGE = (
    "this test tried to reach mydnspanel.com, a real SMS panel. Configure the application with the fake one: "
)

# Bodies of functions `reach(host)` that try to reach a host.
ATTEMPTS = {
    "urllib": "from urllib.request import urlopen; urlopen(f'https://{host}/webservice/server')",
    "getaddrinfo": "import socket; socket.getaddrinfo(host, 443)",
    "bytes": "import socket; socket.getaddrinfo(host.encode(), 443)",
    "gethostbyname": "import socket; socket.gethostbyname(host)",
    "connect": "import socket\n    with socket.socket() as client: client.connect((host, 443))",
    "connect_ex": "import socket\n    with socket.socket() as client: client.connect_ex((host, 443))",
    "sendto": "import socket\n"
    "    with socket.socket(type=socket.SOCK_DGRAM) as client: client.sendto(b'x', (host, 443))",
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


def module(attempt: str, host: str, *, swallow: bool, fixture: str = "no_real_panel") -> str:
    """A module with one test that makes the attempt."""
    call = "    try: reach()\n    except BaseException: pass" if swallow else "    reach()"
    return f"def reach(host={host!r}):\n    {ATTEMPTS[attempt]}\n\ndef test_it({fixture}):\n{call}\n"


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_an_attempt_fails_the_test_at_once(run_suite: Run, attempt: str) -> None:
    result = run_suite(test_it=module(attempt, "mydnspanel.com", swallow=False))
    result.assert_outcomes(failed=1)
    assert MESSAGE + "the fixture `panel` has panel.url (the base URL)" in result.stdout.str()


@pytest.mark.parametrize("host", ["mydnspanel.com", "MyDnsPanel.com.", "www.mydnspanel.com"])
def test_an_attempt_that_the_application_swallows_fails_the_test_at_its_end(
    run_suite: Run, host: str
) -> None:
    result = run_suite(test_it=module("getaddrinfo", host, swallow=True))
    result.assert_outcomes(failed=1)
    assert [line for line in result.outlines if line.startswith(f"this test tried to reach {host}, a real")]


def test_the_option_guards_every_test(run_suite: Run) -> None:
    test = module("getaddrinfo", "mydnspanel.com", swallow=True, fixture="")
    run_suite(test_it=test.replace("mydnspanel.com", "localhost")).assert_outcomes(passed=1)
    run_suite("--no-real-panel", test_it=test).assert_outcomes(failed=1)


@pytest.mark.slow
def test_the_option_guards_the_workers_of_xdist(run_suite_in_subprocess: Run) -> None:
    test = module("getaddrinfo", "mydnspanel.com", swallow=True, fixture="")
    run_suite_in_subprocess("--no-real-panel", "-n", "2", test_it=test).assert_outcomes(failed=1)


def test_a_setting_adds_hosts_to_the_list(run_suite: Run) -> None:
    test = module("connect", "sms.example.org", swallow=False)
    result = run_suite("-o", "real_panel_hosts=other.example.org\nsms.example.org", test_it=test)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*this test tried to reach sms.example.org*"])


def test_the_message_has_the_address_of_the_fake_panel_if_it_runs(run_suite: Run) -> None:
    test = module("getaddrinfo", "mydnspanel.com", swallow=False, fixture="panel, no_real_panel")
    output = run_suite(test_it=test).stdout
    output.re_match_lines([rf".*{MESSAGE}`panel` is at http://127\.0\.0\.1:[0-9]+;.*"])


def test_an_attempt_before_another_failure_is_shown_in_a_section_of_the_report(run_suite: Run) -> None:
    test = module("getaddrinfo", "mydnspanel.com", swallow=True) + "    assert 0, 'no code'\n"
    result = run_suite(test_it=test)
    result.assert_outcomes(failed=1)
    output = result.stdout.str()
    assert "AssertionError: no code" in output
    assert "- Captured no_real_panel call -" in output
    assert MESSAGE in output


def test_an_attempt_in_the_teardown_of_a_fixture_is_an_error_there(run_suite: Run) -> None:
    result = run_suite(
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


def test_an_attempt_does_not_fail_later_tests_and_other_hosts_may_be_reached(
    run_suite: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "example.org")
    monkeypatch.delenv("NO_PROXY", raising=False)
    result = run_suite(
        test_it="""
        import os, socket
        from application import send

        def test_first(no_real_panel):
            assert os.environ["no_proxy"] == "example.org,mydnspanel.com"
            assert os.environ["NO_PROXY"] == "mydnspanel.com"
            try: socket.getaddrinfo("mydnspanel.com", 443)
            except BaseException: pass

        def test_second(no_real_panel, panel):
            assert send(panel)["result"] == "1"
            socket.getaddrinfo("localhost", 80)

        def test_third():
            assert os.environ["no_proxy"] == "example.org"
            assert "NO_PROXY" not in os.environ
        """
    )
    result.assert_outcomes(passed=2, failed=1)
