"""Suites as the plugin's users have them: in a folder of their own, run as a process of their own."""

import os
from collections.abc import Callable

import pytest

Run = Callable[..., pytest.RunResult]

# What every suite here may use: an application under test that is configured with the endpoint and the key.
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
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the modules given as texts in a process of their own; further arguments are pytest's."""
    for name in list(os.environ):
        if name.startswith(("PANEL_", "PYTEST_", "FAKESERVER_")):
            monkeypatch.delenv(name)
    pytester.makepyfile(application=APPLICATION)

    def run(*arguments: str, **modules: str) -> pytest.RunResult:
        pytester.makepyfile(**modules)
        return pytester.runpytest_subprocess("-p", "no:cacheprovider", *arguments)

    return run
