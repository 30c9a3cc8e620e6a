"""Suites such as users of the plugin write, each in a folder of its own."""

import os
from collections.abc import Callable
from unittest.mock import patch

import httpx  # noqa: F401
import pytest
import requests  # noqa: F401

import fakeserver.testing.network_guard
import fakeserver.web.app  # noqa: F401

# When a suite has run in this process, pytester forgets the modules that it has imported, except those that
# were imported before. The unused imports above are of modules that must not be imported twice.

Run = Callable[..., pytest.RunResult]

TEST_THAT_USES_PANEL = "def test_it(panel): pass"

# What the tests of every suite can import: an application that is configured with the endpoint and the key.
APPLICATION = """
import json
from urllib.parse import urlencode
from urllib.request import Request, urlopen


def ask(panel, **params):
    body = urlencode({name.rstrip("_"): value for name, value in params.items()}).encode()
    with urlopen(Request(panel.endpoint, body, {"Authorization": panel.api_key}), timeout=10) as reply:
        return json.load(reply)


def send(panel, to="9121234567", text="hello"):
    return ask(panel, action="send", from_="30001403", text=text, receivers=to)
"""


@pytest.fixture
def run_suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run pytest in this process.

    Keyword arguments are the modules of the suite, other arguments are those of pytest.
    """
    return _runner(pytester, monkeypatch, pytester.runpytest_inprocess)


@pytest.fixture
def run_suite_in_subprocess(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    return _runner(pytester, monkeypatch, pytester.runpytest_subprocess)


def _runner(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, runpytest: Run) -> Run:
    for name in list(os.environ):
        if name.startswith(("PANEL_", "PYTEST_", "FAKESERVER_")):
            monkeypatch.delenv(name)
    pytester.makepyfile(application=APPLICATION)

    def run(*arguments: str, **modules: str) -> pytest.RunResult:
        pytester.makepyfile(**modules)
        options = ("-p", "no:cacheprovider", "-o", "asyncio_default_fixture_loop_scope=function")
        with patch.dict(os.environ):  # what a suite changes there must not reach other tests
            return runpytest(*options, *arguments)

    return run


def shows_no_traceback_of_the_package(result: pytest.RunResult) -> bool:
    return not [line for line in result.outlines if "fakeserver/" in line]
