"""The fixtures, seen from suites that use them."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import environment, started
from tests.plugin.conftest import Run

BROKEN = """
import pytest
from fakeserver.actions import ACTIONS

def broken(*_):
    raise LookupError("the roof leaks")

@pytest.fixture
def leak(monkeypatch):
    monkeypatch.setitem(ACTIONS, "credit", broken)
"""


def test_plain_and_async_tests_both_use_it(suite: Run) -> None:
    result = suite(
        test_it="""
        import asyncio, pytest
        from application import send

        def test_plain(panel):
            assert send(panel)["result"] == "1"
            (message,) = panel.assert_sent(to="09121234567", text="hello", count=1)
            assert message.receivers[0].send_status == -1
            panel.advance(minutes=1)
            assert panel.messages[0].receivers[0].send_status == 3

        @pytest.mark.asyncio
        async def test_async(panel):
            sending = asyncio.create_task(asyncio.to_thread(send, panel))
            await panel.wait_for_async(to="9121234567")
            await sending
        """
    )
    result.assert_outcomes(passed=2)


def test_nothing_of_one_test_is_seen_by_the_next(suite: Run) -> None:
    one = """
        from application import ask, send

        def {name}(panel):
            assert panel.messages == [] and panel.journal == []
            assert (panel.credit, panel.now.isoformat()) == (1_000_000, "2024-11-01T00:00:00+00:00")
            assert panel.phonebook(1403).contacts == []
            panel.explain(action="status")
            assert ask(panel, action="receivedMessages")["result"] == "401"
            assert send(panel)["result"] == "1"
            ask(panel, action="newContact", phoneId=1403, cNumber="9121234567")
            panel.deliver(from_="9121234567", text="hello")
            panel.fail(action="send", times=0, result="113")
            panel.set(credit=5, bad_receivers="skip")
            panel.advance(hours=1)
            panel.snapshot()
        """
    result = suite(test_it="\n".join(one.format(name=f"test_{number}") for number in range(3)))
    result.assert_outcomes(passed=3)


def test_workers_side_by_side_do_not_meet(suite: Run) -> None:
    result = suite(
        "-n",
        "2",
        test_it="""
        import pytest
        from application import send

        @pytest.mark.parametrize("number", range(12))
        def test_it(panel, number):
            assert [send(panel, text=f"{number}")["result"] for _ in range(3)] == ["1"] * 3
            assert {message.text for message in panel.messages} == {str(number)}
        """,
    )
    result.assert_outcomes(passed=12)


def test_settings_are_those_of_the_overridden_fixture(suite: Run) -> None:
    result = suite(
        conftest="""
        import pytest

        @pytest.fixture
        def panel_settings():
            return {"credit": 1500, "clock": "real", "timeline": "instant"}
        """,
        test_it="""
        from application import send

        def test_it(panel, panel_server):
            assert panel.credit == 1500
            assert send(panel)["result"] == "109"
            assert panel.now.year > 2024
            other = panel_server.new_account(credit=3000)
            assert (other.credit, other.url) == (3000, panel_server.url)
            assert (other.endpoint, other.api_key) != (panel_server.endpoint, panel.api_key)
        """,
    )
    result.assert_outcomes(passed=1)


def test_an_unknown_setting_is_told_without_a_trace(suite: Run) -> None:
    result = suite(
        test_it="""
        import pytest

        @pytest.fixture
        def panel_settings():
            return {"creditt": 1}

        def test_it(panel):
            pass
        """
    )
    result.assert_outcomes(errors=1)
    assert "creditt: unknown; did you mean `credit`?" in result.outlines
    assert not [line for line in result.outlines if "fakeserver/" in line]


def test_settings_that_are_no_dict_are_told_without_a_trace(suite: Run) -> None:
    result = suite(
        test_it="""
        import pytest

        @pytest.fixture
        def panel_settings():
            return [("credit", 1)]

        def test_it(panel):
            pass
        """
    )
    result.assert_outcomes(errors=1)
    assert "panel_settings should be a dict; it is [('credit', 1)]" in result.outlines
    assert not [line for line in result.outlines if "fakeserver/" in line]


def test_a_failed_expectation_shows_all_there_is_to_know(suite: Run) -> None:
    result = suite(
        test_it="""
        from application import ask, send

        def test_it(panel):
            send(panel, to="9120000004")
            panel.advance(minutes=1)
            ask(panel, action="send", from_="30001403", text="سلام", recievers="9121234567")
            panel.assert_sent(to="9121234567")
        """
    )
    told = [line for line in result.outlines if line.startswith(("E", ">"))]
    port = re.search(r":([0-9]+)$", told[-1])
    assert port is not None
    assert "\n".join(told).replace(port[1], "PORT") == (
        '>       panel.assert_sent(to="9121234567")\n'
        "E       AssertionError: expected a message to 9121234567; there are none\n"
        "E       \n"
        "E       sent, newest last:\n"
        "E         1000000001 send to 9120000004 undelivered (2,4): «hello»\n"
        "E       requests, newest last:\n"
        "E         send: 1 (S12), accepted for 1 receiver(s): 1 latin part(s), 2000 rials\n"
        "E         send: 0 (S1), `receivers` is missing; did you misspell it as `recievers`?; "
        "not read: recievers (did you mean receivers?)\n"
        "E       clock 2024-11-01T00:01:00Z (frozen), seed 1403, credit 998000 rials\n"
        "E       account account-1 at http://127.0.0.1:PORT"
    )


def test_any_other_failure_shows_it_beside(suite: Run) -> None:
    result = suite(
        test_it="""
        from application import send

        def test_it(panel):
            send(panel, to="x")
            assert 1 == 2

        def test_removed(panel):
            panel.control("DELETE", "")
            assert 1 == 2
        """
    )
    result.assert_outcomes(failed=2)
    told = result.stdout.str()
    assert "- Captured panel call -" in told
    assert "  send: 105 (S5), receiver 1 of 1" in told
    assert "the panel cannot be asked any more: key: no account has the key" in told


def test_thread_and_port_are_gone_at_the_end(suite: Run) -> None:
    result = suite(
        conftest="""
        import socket, threading
        seen = []

        def pytest_unconfigure():
            (url,) = seen
            with socket.socket() as probe:
                refused = probe.connect_ex(("127.0.0.1", int(url.rpartition(":")[2])))
            print("threads", [thread.name for thread in threading.enumerate()], "refused", refused != 0)
        """,
        test_it="""
        import threading
        from conftest import seen

        def test_it(panel):
            seen.append(panel.url)
            assert "fakeserver" in [thread.name for thread in threading.enumerate()]
        """,
    )
    result.assert_outcomes(passed=1)
    assert "threads ['MainThread'] refused True" in result.outlines


def test_a_bug_of_the_server_is_an_error_of_the_test_that_met_it(suite: Run) -> None:
    result = suite(
        conftest=BROKEN,
        test_it="""
        import contextlib
        from application import ask

        def test_before(panel):
            ask(panel, action="credit")

        def test_it(panel, leak):
            with contextlib.suppress(OSError):
                ask(panel, action="credit")
            assert panel.journal[-1]["bug"] == "LookupError: the roof leaks"

        def test_after(panel):
            ask(panel, action="credit")
        """,
    )
    result.assert_outcomes(passed=3, errors=1)
    told = result.stdout.str()
    assert "ERROR at teardown of test_it" in told
    assert "ServerBug: a bug in fakeserver, not in the application under test: LookupError" in told
    assert 'raise LookupError("the roof leaks")' in told


def test_a_bug_that_belongs_to_no_account_is_an_error_at_the_end_with_its_trace(suite: Run) -> None:
    result = suite(
        conftest=BROKEN,
        test_it="""
        import contextlib
        from urllib.request import urlopen
        from conftest import broken

        def test_it(panel_server, monkeypatch):
            monkeypatch.setattr("fakeserver.web.service.endpoint.decode", broken)
            with contextlib.suppress(OSError):
                urlopen(panel_server.endpoint)
        """,
    )
    result.assert_outcomes(passed=1, errors=1)
    told = result.stdout.str()
    assert "ServerBug: a bug in fakeserver, not in the application under test: LookupError" in told
    assert 'raise LookupError("the roof leaks")' in told


def test_a_missing_package_is_named(suite: Run) -> None:
    result = suite(
        "-p",
        "no:aiohttp",
        "-p",
        "no:asyncio",
        conftest="""
        import sys
        sys.modules["aiohttp"] = None
        """,
        test_it="def test_it(panel): pass",
    )
    result.assert_outcomes(errors=1)
    told = next(line for line in result.outlines if "is not installed here" in line)
    assert "need aiohttp" in told
    assert "pip install mydnspanel-fakeserver" in told


# A server that runs already


def test_a_running_server_is_used_through_its_control_plane(suite: Run) -> None:
    module = """
        import threading
        from application import send

        def test_it(panel, panel_server):
            assert panel.url == panel_server.url == {url!r}
            assert "fakeserver" not in [thread.name for thread in threading.enumerate()]
            assert send(panel)["result"] == "1"
            panel.assert_sent(to="9121234567", count=1)
        """
    with started("--control-token", "secret") as server:
        text = module.format(url=server.url)
        for address in (server.url, f"{server.url}/", f"{server.url}/webservice/server"):
            result = suite("--panel-url", address, "--panel-token", "secret", test_it=text)
            result.assert_outcomes(passed=1)
        refused = suite("--panel-url", server.url, test_it=text)
    refused.assert_outcomes(errors=1)
    refused.stdout.fnmatch_lines(["*needs its token*--panel-token, or PANEL_CONTROL_TOKEN*"])


def test_the_environment_names_a_server_and_an_empty_option_does_not(
    suite: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = "def test_it(panel, panel_server): print(panel.url)"
    with started() as server:
        monkeypatch.setenv("PANEL_URL", server.url)
        assert server.url in suite("-s", test_it=module).stdout.str()
        result = suite("-s", "--panel-url", "", test_it=module)
    result.assert_outcomes(passed=1)
    assert server.url not in result.stdout.str()


def test_accounts_of_a_running_server_are_removed_at_the_end(suite: Run) -> None:
    with started() as server:
        suite(
            "--panel-url",
            server.url,
            test_it="""
            def test_it(panel, panel_server):
                panel_server.new_account()
                panel_server.new_account().reset()
                panel_server.new_account().remove()
            """,
        ).assert_outcomes(passed=1)
        code = f"import urllib.request as r; print(r.urlopen('{server.url}/_fake/health').read().decode())"
        told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(told.stdout)["accounts"] == 9


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://mydnspanel.com", "*--panel-url: mydnspanel.com is a real SMS panel; nothing was sent*"),
        ("https://MYDNSPANEL.COM./webservice/server", "*is a real SMS panel; nothing was sent there*"),
        ("http://sms.example.org", "*sms.example.org is a real SMS panel*"),
        ("http://127.0.0.1:1", "*--panel-url: no answer from http://127.0.0.1:1: Connection refused*"),
        ("127.0.0.1:1403", "*--panel-url: the URL should be a fake's base URL such as*127.0.0.1:1403'*"),
    ],
)
def test_a_url_that_is_no_fakes_is_told_as_such(suite: Run, url: str, told: str) -> None:
    result = suite(
        "--panel-url",
        url,
        "-o",
        "real_panel_hosts=sms.example.org",
        test_it="def test_it(panel): pass",
    )
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([told])
    assert not [line for line in result.outlines if "fakeserver/" in line]


# What it costs who does not use it


def test_it_brings_in_no_web_framework_until_a_fixture_is_used(tmp_path: Path) -> None:
    code = """import pytest, sys
before = set(sys.modules)
import fakeserver.pytest_plugin
print(sorted({name.partition(".")[0] for name in set(sys.modules) - before}))"""
    told = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=environment(),
        cwd=tmp_path,
    )
    assert told.stdout.strip() == "['fakeserver']"
