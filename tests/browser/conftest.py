"""One browser for the session, a tab without a past for each test, an account of its own on a real server."""

import os
from collections.abc import Callable, Iterator

import pytest
from selenium.webdriver import Chrome

from fakeserver.testing import Panel, PanelServer
from tests.browser import chromium
from tests.browser.page import Page

Opener = Callable[[str, str], Page]
"""Gives the page of a server (its base URL) and an account (its key), in a tab of its own."""

# How late every reply to the page is: a test that does not wait for what it looks at fails then.
DELAY_MS = int(os.environ.get("BROWSER_DELAY_MS", "0"))


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    driver = chromium.get(tmp_path_factory.mktemp("profile"))
    yield driver
    driver.quit()


@pytest.fixture
def opener(browser: Chrome) -> Iterator[Opener]:
    """At the end of the test nothing may stand in the browser's console: no error, no violation of the
    Content-Security-Policy, but for what the test has told its page to expect.
    """
    home = browser.current_window_handle
    _said(browser)  # what tabs of other tests have told when they were closed
    pages: list[Page] = []

    def open_tab(url: str, key: str) -> Page:
        browser.switch_to.new_window("tab")
        browser.execute_cdp_cmd("Emulation.setFocusEmulationEnabled", {"enabled": True})
        browser.execute_cdp_cmd("Storage.clearDataForOrigin", {"origin": url, "storageTypes": "all"})
        if DELAY_MS:
            late = {"offline": False, "latency": DELAY_MS, "downloadThroughput": -1, "uploadThroughput": -1}
            browser.execute_cdp_cmd("Network.enable", {})
            browser.execute_cdp_cmd("Network.emulateNetworkConditions", late)
        permissions = {"origin": url, "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
        browser.execute_cdp_cmd("Browser.grantPermissions", permissions)
        pages.append(Page(browser, url, key))
        return pages[-1]

    yield open_tab
    expected = [part for page in pages for part in page.expected]
    said = _said(browser)
    for handle in set(browser.window_handles) - {home}:
        browser.switch_to.window(handle)
        browser.close()
    browser.switch_to.window(home)
    assert [line for line in said if not any(part in line for part in expected)] == []


def _said(browser: Chrome) -> list[str]:
    """The lines of the console since they were last asked for."""
    lines: list[dict[str, str]] = browser.get_log("browser")  # type: ignore[no-untyped-call]
    return [line["message"] for line in lines]


@pytest.fixture
def other(panel_server: PanelServer) -> Iterator[Panel]:
    """Another account on the same server."""
    with panel_server.new_account() as panel:
        yield panel


@pytest.fixture
def page(panel: Panel, opener: Opener) -> Page:
    """The page of the test's account, not opened yet. The account is there for as long as the tab."""
    return opener(panel.url, panel.api_key)
