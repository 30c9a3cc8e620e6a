"""The fixtures `panel`, `panel_server` and `panel_settings`, in suites that use them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import environment
from tests.plugin.conftest import TEST_THAT_USES_PANEL, Run, shows_no_traceback_of_the_package

# A conftest.py whose fixture makes every `credit` request fail inside the server.
BROKEN_SERVER = """
import pytest
from fakeserver.actions import ACTIONS

def broken(*_):
    raise LookupError("a bug for the test")

@pytest.fixture
def broken_credit(monkeypatch):
    monkeypatch.setitem(ACTIONS, "credit", broken)
"""
SERVER_BUG = "a bug in fakeserver, not in the application under test: LookupError: a bug for the test"


def test_plain_and_async_tests_use_the_same_fixture(run_suite: Run) -> None:
    result = run_suite(
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


def test_a_test_sees_nothing_of_the_tests_before_it(run_suite: Run) -> None:
    test = """
        from application import ask, send

        def {name}(panel):
            assert panel.messages == [] and panel.journal == []
            assert (panel.credit, panel.now.isoformat()) == (1_000_000, "2024-11-01T00:00:00+00:00")
            assert panel.phonebook(1403).contacts == []
            assert ask(panel, action="receivedMessages")["result"] == "401"
            assert send(panel)["result"] == "1"
            ask(panel, action="newContact", phoneId=1403, cNumber="9121234567")
            panel.deliver(from_="9121234567", text="hello")
            panel.fail(action="send", times=0, result="113")
            panel.set(credit=5, bad_receivers="skip")
            panel.advance(hours=1)
        """
    result = run_suite(test_it="\n".join(test.format(name=f"test_{number}") for number in range(3)))
    result.assert_outcomes(passed=3)


@pytest.mark.slow
def test_workers_of_xdist_do_not_disturb_each_other(run_suite_in_subprocess: Run) -> None:
    result = run_suite_in_subprocess(
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


def test_the_account_has_the_settings_of_the_overridden_fixture(run_suite: Run) -> None:
    result = run_suite(
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
            assert other.api_key != panel.api_key
        """,
    )
    result.assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ('{"creditt": 1}', "panel_settings: creditt: unknown; did you mean `credit`?"),
        ('{"prices": {"latin": -1}}', "panel_settings: prices.latin: should be "),
        ('[("credit", 1)]', "panel_settings: should return a dict; it is [('credit', 1)]"),
        ("None", "panel_settings: should return a dict; it is None"),
    ],
)
def test_an_error_in_the_settings_names_the_fixture(run_suite: Run, settings: str, error: str) -> None:
    result = run_suite(
        conftest=f"""
        import pytest

        @pytest.fixture
        def panel_settings():
            return {settings}
        """,
        test_it=TEST_THAT_USES_PANEL,
    )
    result.assert_outcomes(errors=1)
    assert [line for line in result.outlines if line.startswith(error)]
    assert shows_no_traceback_of_the_package(result)


def test_a_failed_expectation_shows_the_state_of_the_account_at_the_line_of_the_test(run_suite: Run) -> None:
    result = run_suite(
        test_it="""
        from application import ask, send

        def test_it(panel):
            send(panel, to="9120000004")
            panel.advance(minutes=1)
            ask(panel, action="send", from_="30001403", text="سلام", recievers="9121234567")
            panel.assert_sent(to="9121234567")
        """
    )
    assert '>       panel.assert_sent(to="9121234567")' in result.outlines
    assert shows_no_traceback_of_the_package(result)
    error = "\n".join(line.removeprefix("E").strip() for line in result.outlines if line.startswith("E"))
    assert error.startswith("AssertionError: expected a message to 9121234567; there are none\n")
    assert "send to 9120000004 undelivered (2,4): «hello»" in error
    assert "not read: recievers (did you mean receivers?)" in error
    assert re.search(r"clock 2024-11-01T00:01:00Z .*\naccount account-1 at http://127.0.0.1:[0-9]+$", error)
    assert "Captured panel call" not in result.stdout.str()


def test_any_other_failure_shows_the_state_in_a_section_of_the_report(run_suite: Run) -> None:
    result = run_suite(
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
    output = result.stdout.str()
    assert "- Captured panel call -" in output
    assert "  send: 105 (S5), receiver 1 of 1" in output
    assert "the state of the panel is not available: key: no account has the key" in output


@pytest.mark.slow
def test_the_thread_and_the_port_are_gone_at_the_end(run_suite_in_subprocess: Run) -> None:
    result = run_suite_in_subprocess(
        conftest="""
        import socket, threading
        urls = []

        def pytest_unconfigure():
            (url,) = urls
            with socket.socket() as probe:
                refused = probe.connect_ex(("127.0.0.1", int(url.rpartition(":")[2]))) != 0
            print("threads", [thread.name for thread in threading.enumerate()], "refused", refused)
        """,
        test_it="""
        import threading
        from conftest import urls

        def test_it(panel):
            urls.append(panel.url)
            assert "fakeserver" in [thread.name for thread in threading.enumerate()]
        """,
    )
    result.assert_outcomes(passed=1)
    assert "threads ['MainThread'] refused True" in result.outlines


def test_a_bug_of_the_server_is_an_error_of_the_test_that_met_it(run_suite: Run) -> None:
    result = run_suite(
        conftest=BROKEN_SERVER,
        test_it="""
        import contextlib
        from application import ask

        def test_before(panel):
            ask(panel, action="credit")

        def test_it(panel, broken_credit):
            with contextlib.suppress(OSError):
                ask(panel, action="credit")
            assert panel.journal[-1]["bug"] == "LookupError: a bug for the test"

        def test_after(panel):
            ask(panel, action="credit")
        """,
    )
    result.assert_outcomes(passed=3, errors=1)
    output = result.stdout.str()
    assert "ERROR at teardown of test_it" in output
    assert f"ServerBug: {SERVER_BUG}" in output
    assert 'raise LookupError("a bug for the test")' in output


def test_a_bug_outside_any_account_is_an_error_at_the_end_with_its_traceback(run_suite: Run) -> None:
    result = run_suite(
        conftest=BROKEN_SERVER,
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
    output = result.stdout.str()
    assert f"ServerBug: {SERVER_BUG}" in output
    assert 'raise LookupError("a bug for the test")' in output


@pytest.mark.slow
def test_a_missing_package_is_named(run_suite_in_subprocess: Run) -> None:
    result = run_suite_in_subprocess(
        "-p",
        "no:aiohttp",
        "-p",
        "no:asyncio",
        conftest="""
        import sys
        sys.modules["aiohttp"] = None
        """,
        test_it=TEST_THAT_USES_PANEL,
    )
    result.assert_outcomes(errors=1)
    (error,) = [line for line in result.outlines if line.startswith("the fixtures panel and panel_server")]
    assert "need aiohttp, which is not installed here" in error
    assert "pip install mydnspanel-fakeserver" in error


def test_loading_the_plugin_imports_no_web_framework(tmp_path: Path) -> None:
    code = """import pytest, sys
before = set(sys.modules)
import fakeserver.pytest_plugin
print(sorted({name.partition(".")[0] for name in set(sys.modules) - before}))"""
    imported = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=environment(),
        cwd=tmp_path,
    )
    assert imported.stdout.strip() == "['fakeserver']"
