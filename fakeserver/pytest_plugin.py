"""The pytest plugin: a fresh account for each test, on one server for the session. See the README.

Loaded by pytest in every project that has this package installed, so it imports next to nothing: what
costs time is imported by the fixture that needs it.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from fakeserver.testing.panel import Panel
    from fakeserver.testing.server import PanelServer

PANEL_URL, PANEL_TOKEN = "PANEL_URL", "PANEL_CONTROL_TOKEN"

_panel: "pytest.StashKey[Panel]" = pytest.StashKey()
_server_url = pytest.StashKey[str]()
_attempts = pytest.StashKey[list[str]]()  # hosts, of attempts that no phase of a test has answered for yet
_no_real_panel = pytest.StashKey[ExitStack]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("fakeserver", "the fake SMS panel")
    group.addoption(
        "--panel-url",
        metavar="URL",
        help=f"use the fake that runs at URL ({PANEL_URL}); else one is started when a test needs it",
    )
    group.addoption("--panel-token", metavar="TOKEN", help=f"its control token ({PANEL_TOKEN})")
    group.addoption(
        "--no-real-panel", action="store_true", help="fail every test that tries to reach a real panel"
    )
    parser.addini(
        "real_panel_hosts",
        "further hosts that no test may reach under --no-real-panel or the fixture no_real_panel",
        type="linelist",
    )


# Fixtures


@pytest.fixture(scope="session")
def panel_server(pytestconfig: pytest.Config) -> "Iterator[PanelServer]":
    """The running fake: `url`, `endpoint`, and `new_account(**settings)` for further accounts."""
    with _teaching():
        server = _start(pytestconfig)
    pytestconfig.stash[_server_url] = server.url
    yield server
    with _teaching():
        server.close()


@pytest.fixture
def panel_settings() -> dict[str, Any]:
    """The settings of `panel`'s account, beside the defaults: override it in a module or a conftest.py."""
    return {}


@pytest.fixture
def panel(
    request: pytest.FixtureRequest, panel_server: "PanelServer", panel_settings: dict[str, Any]
) -> "Iterator[Panel]":
    """The handle of a fresh account that no other test sees; its clock stands until the test moves it."""
    with _teaching():
        if not isinstance(panel_settings, dict):
            pytest.fail(f"panel_settings should be a dict; it is {panel_settings!r}", pytrace=False)
        panel = panel_server.new_account(**panel_settings)
    request.node.stash[_panel] = panel
    yield panel
    panel.remove()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: "pytest.CallInfo[None]") -> "Iterator[None]":
    """Whatever has failed a test that used `panel`: beside it stands what the panel has to say."""
    panel = item.stash.get(_panel, None)
    if panel is not None and call.when == "call" and call.excinfo is not None:
        _show(item, panel, str(call.excinfo.value))
    yield


def _show(item: pytest.Item, panel: "Panel", told: str) -> None:
    from fakeserver.testing import report
    from fakeserver.testing.errors import FakeserverError

    try:
        lines = list(report.lines(panel))
    except FakeserverError as error:
        lines = [f"the panel cannot be asked any more: {error}"]
    if lines[-1] not in told:  # else it is a failed expectation of the handle's own
        item.add_report_section("call", "panel", "\n".join(lines))


@pytest.fixture
def no_real_panel(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails the test that tries to resolve or reach a real panel: at once, and once more at its end when
    the application has swallowed the error.
    """
    with _watching(request.config):
        yield


def _start(config: pytest.Config) -> "PanelServer":
    from fakeserver.testing.errors import FakeserverError
    from fakeserver.testing.server import PanelServer

    option = config.getoption("panel_url")
    url = os.environ.get(PANEL_URL) if option is None else option
    if not url:
        return PanelServer.start()
    token = config.getoption("panel_token") or os.environ.get(PANEL_TOKEN) or None
    try:
        return PanelServer.at(url, token, _hosts(config))
    except FakeserverError as error:
        source = f"the variable {PANEL_URL} (--panel-url goes before it)" if option is None else "--panel-url"
        raise type(error)(f"{source}: {error}") from None


@contextmanager
def _teaching() -> Iterator[None]:
    """An error of whoever wrote the test is told without the trace of ours."""
    try:
        yield
    except ImportError as error:
        needed = error.name or "a package"
        raise pytest.fail.Exception(
            f"the fixtures panel and panel_server need {needed}, which is not installed here: "
            "`pip install mydnspanel-fakeserver` brings it. A fake elsewhere does without: --panel-url URL",
            pytrace=False,
        ) from None
    except Exception as error:
        from fakeserver.testing.errors import FakeserverError, ServerBug

        if not isinstance(error, FakeserverError) or isinstance(error, ServerBug):
            raise
        raise pytest.fail.Exception(str(error), pytrace=False) from None


# No escape


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_attempts] = []
    config.stash[_no_real_panel] = ExitStack()
    if config.getoption("no_real_panel"):
        config.stash[_no_real_panel].enter_context(_watching(config))


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[_no_real_panel].close()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call(item: pytest.Item) -> "Iterator[None]":
    yield from _judged(item, "call")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> "Iterator[None]":
    yield from _judged(item, "teardown")


def _judged(item: pytest.Item, phase: str) -> "Iterator[None]":
    """Let the phase run; then speak of attempts that did not fail it already."""
    outcome: Any = yield
    hosts, item.config.stash[_attempts] = item.config.stash[_attempts], []
    if not hosts:
        return
    told = _told(item.config, hosts[0])
    if outcome.excinfo is None:
        outcome.force_exception(pytest.fail.Exception(told, pytrace=False))
    elif told not in str(outcome.excinfo[1]):
        item.add_report_section(phase, "no_real_panel", told)


@contextmanager
def _watching(config: pytest.Config) -> "Iterator[None]":
    from fakeserver.testing.network_guard import NetworkGuard

    def stop(host: str) -> BaseException:
        config.stash[_attempts].append(host)
        return pytest.fail.Exception(_told(config, host))

    with NetworkGuard(_hosts(config), stop).watching():
        yield


def _hosts(config: pytest.Config) -> tuple[str, ...]:
    from fakeserver.testing.network_guard import REAL_PANELS

    return (*REAL_PANELS, *config.getini("real_panel_hosts"))


def _told(config: pytest.Config, host: str) -> str:
    url = config.stash.get(_server_url, None)
    there = "the fixture `panel` has" if url is None else f"`panel` is at {url};"
    return (
        f"this test tried to reach {host}, a real SMS panel. Point the application at the fake: "
        f"{there} panel.url (its base), panel.endpoint (with /webservice/server) and panel.api_key"
    )
