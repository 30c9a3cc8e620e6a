"""One browser for the session, and for each test a new tab and an account of its own on a real server."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from selenium.webdriver import Chrome

from fakeserver.testing import Panel, PanelServer
from tests.browser import chromium
from tests.browser.page import Page

TabOpener = Callable[[str, str], Page]
"""Opens a tab for the page of a server (base URL) and an account (API key)."""

# Delays every reply to the page. A test that does not wait for the state that it checks then fails.
DELAY_MS = int(os.environ.get("BROWSER_DELAY_MS", "0"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that use the browser as slow: they start Chromium."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    driver = chromium.start_or_skip(tmp_path_factory.mktemp("profile"))
    yield driver
    driver.quit()


@pytest.fixture
def account_stack() -> Iterator[ExitStack]:
    """Removes its accounts after the tabs are closed: a page whose account is removed may log a 404."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def open_tab(
    browser: Chrome,
    account_stack: ExitStack,  # noqa: ARG001  (closed after the tabs)
) -> Iterator[TabOpener]:
    """Fails the test if the console of the browser has a line that `Page.expected_console_lines` does not
    expect: an error, or a violation of the Content-Security-Policy.
    """
    home = browser.current_window_handle
    _read_console(browser)  # drop what the tabs of earlier tests have logged when they were closed
    pages: list[Page] = []

    def open_page(url: str, key: str) -> Page:
        browser.switch_to.new_window("tab")
        browser.execute_cdp_cmd("Emulation.setFocusEmulationEnabled", {"enabled": True})
        browser.execute_cdp_cmd("Storage.clearDataForOrigin", {"origin": url, "storageTypes": "all"})
        if DELAY_MS:
            delayed = {
                "offline": False,
                "latency": DELAY_MS,
                "downloadThroughput": -1,
                "uploadThroughput": -1,
            }
            browser.execute_cdp_cmd("Network.enable", {})
            browser.execute_cdp_cmd("Network.emulateNetworkConditions", delayed)
        permissions = {"origin": url, "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
        browser.execute_cdp_cmd("Browser.grantPermissions", permissions)
        pages.append(Page(browser, url, key))
        return pages[-1]

    yield open_page
    expected = [part for page in pages for part in page.expected_console_lines]
    logged = _read_console(browser)
    for handle in set(browser.window_handles) - {home}:
        browser.switch_to.window(handle)
        browser.close()
    browser.switch_to.window(home)
    assert [line for line in logged if not any(part in line for part in expected)] == []


def _read_console(browser: Chrome) -> list[str]:
    """The lines that were logged since the last call."""
    lines: list[dict[str, str]] = browser.get_log("browser")  # type: ignore[no-untyped-call]
    return [line["message"] for line in lines]


@pytest.fixture
def page(panel: Panel, open_tab: TabOpener) -> Page:
    """A tab for the page of the test's account; the page is not opened yet."""
    return open_tab(panel.url, panel.api_key)


@pytest.fixture
def add_account(panel_server: PanelServer, account_stack: ExitStack) -> Callable[..., Panel]:
    """Creates further accounts on the same server, with these settings."""

    def add(**settings: object) -> Panel:
        return account_stack.enter_context(panel_server.new_account(**settings))

    return add


@pytest.fixture
def other(add_account: Callable[..., Panel]) -> Panel:
    """Another account on the same server."""
    return add_account()
