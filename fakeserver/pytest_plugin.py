"""The pytest plugin: a fresh account for each test, on one server for the session. docs/pytest.md describes
it.

pytest loads it in every project that has this package installed, so it imports next to nothing: a fixture
imports what it needs.
"""

import os
from collections.abc import Container, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from fakeserver.testing import Panel, PanelServer

URL_VARIABLE, TOKEN_VARIABLE = "PANEL_URL", "PANEL_CONTROL_TOKEN"

_panel: "pytest.StashKey[Panel]" = pytest.StashKey()
_server_url = pytest.StashKey[str]()
_reached_hosts = pytest.StashKey[list[str]]()  # attempts that no phase of a test has reported yet
_session_guard = pytest.StashKey[ExitStack]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("fakeserver", "the fake SMS panel")
    group.addoption(
        "--panel-url",
        metavar="URL",
        help=f"use the server at URL instead of starting one (default: the variable {URL_VARIABLE})",
    )
    group.addoption(
        "--panel-token",
        metavar="TOKEN",
        help=f"control token of the server at --panel-url (default: the variable {TOKEN_VARIABLE})",
    )
    group.addoption(
        "--no-real-panel", action="store_true", help="fail every test that tries to reach a real panel"
    )
    parser.addini(
        "real_panel_hosts",
        "further hosts that no test may reach with --no-real-panel or the fixture no_real_panel",
        type="linelist",
    )


# Fixtures


@pytest.fixture(scope="session")
def panel_server(pytestconfig: pytest.Config) -> "Iterator[PanelServer]":
    """The running server: `url`, `endpoint`, and `new_account(**settings)` for further accounts.

    It runs in a thread of this process, on a free port, unless --panel-url or PANEL_URL names a server that
    runs already. The fixture fails if that is not a fakeserver or is a real panel. Closing it at the end of
    the session raises ServerBug if the server has met a bug of its own outside any account.
    """
    with _failing_without_traceback():
        server = _open_server(pytestconfig)
    pytestconfig.stash[_server_url] = server.url
    yield server
    with _failing_without_traceback():
        server.close()


@pytest.fixture
def panel_settings() -> dict[str, Any]:
    """The settings of the account of `panel`: override it in a module or a conftest.py and return a dict.

    docs/configuration.md lists the settings; those that are left out have their defaults.
    """
    return {}


@pytest.fixture
def panel(
    request: pytest.FixtureRequest, panel_server: "PanelServer", panel_settings: dict[str, Any]
) -> "Iterator[Panel]":
    """The handle of a fresh account that no other test uses. Its clock is frozen until the test moves it.

    The fixture fails if `panel_settings` has an unknown setting or one with an impossible value. Removing the
    account after the test raises ServerBug if a request has met a bug of the server.
    """
    if not isinstance(panel_settings, dict):
        pytest.fail(f"panel_settings: should return a dict; it is {panel_settings!r}", pytrace=False)
    with _failing_without_traceback(panel_settings):
        panel = panel_server.new_account(**panel_settings)
    request.node.stash[_panel] = panel
    yield panel
    panel.remove()


@pytest.fixture
def no_real_panel(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the test if its process tries to resolve or reach a real panel.

    It fails at the attempt, and at the end of the test if the application has swallowed that exception. The
    ini option `real_panel_hosts` adds hosts to the list of real panels.
    """
    with _guarding_network(request.config):
        yield


def _open_server(config: pytest.Config) -> "PanelServer":
    from fakeserver.testing import FakeserverError, PanelServer

    option = config.getoption("panel_url")
    url = os.environ.get(URL_VARIABLE) if option is None else option
    if not url:
        return PanelServer.start()
    token = config.getoption("panel_token") or os.environ.get(TOKEN_VARIABLE) or None
    try:
        return PanelServer.at(url, token, _real_panels(config))
    except FakeserverError as error:
        source = (
            f"the variable {URL_VARIABLE} (--panel-url overrides it)" if option is None else "--panel-url"
        )
        raise type(error)(f"{source}: {error}") from None


@contextmanager
def _failing_without_traceback(panel_settings: Container[str] = ()) -> Iterator[None]:
    """Report an error of the user, such as one in `panel_settings`, without the traceback of this package."""
    try:
        yield
    except ImportError as error:
        package = error.name or "a package"
        raise pytest.fail.Exception(
            f"the fixtures panel and panel_server need {package}, which is not installed here; "
            "`pip install mydnspanel-fakeserver` installs it. "
            "To use a server that runs elsewhere, without that package, give --panel-url URL",
            pytrace=False,
        ) from None
    except Exception as error:
        from fakeserver.testing import FakeserverError, ServerBug, UsageError

        if not isinstance(error, FakeserverError) or isinstance(error, ServerBug):
            raise
        of_settings = isinstance(error, UsageError) and error.argument in panel_settings
        message = f"panel_settings: {error}" if of_settings else str(error)
        raise pytest.fail.Exception(message, pytrace=False) from None


# The state of the account in the report of a failure


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: "pytest.CallInfo[None]") -> "Iterator[None]":
    """Add the state of the account to the report of any failed test that uses `panel`."""
    panel = item.stash.get(_panel, None)
    if panel is not None and call.when == "call" and call.excinfo is not None:
        _add_panel_section(item, panel, str(call.excinfo.value))
    yield


def _add_panel_section(item: pytest.Item, panel: "Panel", failure: str) -> None:
    from fakeserver.testing import FakeserverError, report

    try:
        lines = report.describe_account(panel.account_control)
    except FakeserverError as error:
        lines = [f"the state of the panel is not available: {error}"]
    if lines[-1] not in failure:  # a failed expectation of the handle shows the state itself
        item.add_report_section("call", "panel", "\n".join(lines))


# Attempts to reach a real panel


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_reached_hosts] = []
    config.stash[_session_guard] = ExitStack()
    if config.getoption("no_real_panel"):
        config.stash[_session_guard].enter_context(_guarding_network(config))


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[_session_guard].close()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call(item: pytest.Item) -> "Iterator[None]":
    yield from _report_reached_hosts(item, "call")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> "Iterator[None]":
    yield from _report_reached_hosts(item, "teardown")


def _report_reached_hosts(item: pytest.Item, phase: str) -> "Iterator[None]":
    """Run the phase. Then report an attempt in it that has not failed the test yet."""
    outcome: Any = yield
    hosts, item.config.stash[_reached_hosts] = item.config.stash[_reached_hosts], []
    if not hosts:
        return
    message = _real_panel_message(item.config, hosts[0])
    if outcome.excinfo is None:
        outcome.force_exception(pytest.fail.Exception(message, pytrace=False))
    elif message not in str(outcome.excinfo[1]):
        item.add_report_section(phase, "no_real_panel", message)


@contextmanager
def _guarding_network(config: pytest.Config) -> "Iterator[None]":
    from fakeserver.testing.network_guard import NetworkGuard

    def record(host: str) -> BaseException:
        config.stash[_reached_hosts].append(host)
        return pytest.fail.Exception(_real_panel_message(config, host))

    with NetworkGuard(_real_panels(config), record).active():
        yield


def _real_panels(config: pytest.Config) -> tuple[str, ...]:
    from fakeserver.testing.network_guard import REAL_PANELS

    return (*REAL_PANELS, *config.getini("real_panel_hosts"))


def _real_panel_message(config: pytest.Config, host: str) -> str:
    url = config.stash.get(_server_url, None)
    where = "the fixture `panel` has" if url is None else f"`panel` is at {url};"
    return (
        f"this test tried to reach {host}, a real SMS panel. Configure the application with the fake one: "
        f"{where} panel.url (the base URL), panel.endpoint (with /webservice/server) and panel.api_key"
    )
