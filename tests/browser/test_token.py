"""If the server requires a control token, the page asks for it once and keeps it for the session."""

from collections.abc import Iterator

import pytest
from selenium.webdriver.common.keys import Keys

from tests.browser.conftest import TabOpener
from tests.browser.page import NETWORK_ERROR, Page
from tests.command import Running, ask, request, started

TOKEN = "sesame"
REFUSED = "status of 401"


@pytest.fixture(scope="module")
def guarded() -> Iterator[Running]:
    with started("--control-token", TOKEN, "--clock", "frozen") as server:
        yield server


@pytest.fixture
def page(guarded: Running, open_tab: TabOpener) -> Page:
    page = open_tab(guarded.url, "test-key")
    page.expected_console_lines.append(REFUSED)
    return page


def enter_token(page: Page, token: str) -> None:
    page.element("dialog[open] input")
    assert page.focused.startswith("Token")
    page.send_keys("dialog[open] input", token, Keys.ENTER)


def wait_until_open(page: Page) -> None:
    page.wait_for_text("#connection", "live")
    page.wait_for_heading("Messages")
    page.wait_until(lambda: page.texts("dialog[open]") == [])


def test_the_page_works_once_the_token_is_entered(page: Page, guarded: Running) -> None:
    page.navigate("#/test-key/messages")
    assert "This server requires its control token" in page.element("dialog[open]").text
    assert page.element("dialog[open] input").get_attribute("type") == "password"
    enter_token(page, TOKEN)
    wait_until_open(page)
    form = "action=send&from=30001403&text=hello&receivers=9129999999"
    assert ask(guarded.url, "test-key", form)["result"] == "1"
    page.wait_for_row("9129999999")  # the event stream sends the token too
    page.click_link("Account")
    page.click_button("+ 1 minute")
    page.wait_for_text("output.clock-time", "2024-11-01 00:01:00 UTC")


def test_a_wrong_token_is_reported_and_asked_for_again(page: Page) -> None:
    page.navigate("#/test-key/messages")
    for wrong in ("wrong", "سسمه"):  # not every character fits into a header
        enter_token(page, wrong)
        page.wait_until(lambda: "This token is wrong." in page.text("dialog[open]"))
    enter_token(page, TOKEN)
    wait_until_open(page)


def test_the_token_is_kept_for_the_session_only(page: Page, guarded: Running, open_tab: TabOpener) -> None:
    page.navigate("#/test-key/messages")
    enter_token(page, TOKEN)
    wait_until_open(page)
    page.driver.refresh()
    wait_until_open(page)
    page.open("journal")
    kept = "return [localStorage.length, document.cookie, location.href.includes('sesame')]"
    assert page.js(kept) == [0, "", False]
    addresses = page.js("return performance.getEntriesByType('resource').map((one) => one.name)")
    assert any("/_fake/accounts" in one for one in addresses)
    assert not any("sesame" in one for one in addresses)
    another = open_tab(guarded.url, "test-key")
    another.navigate("#/test-key/messages")
    another.element("dialog[open]")


def test_escape_does_not_close_the_dialog(page: Page) -> None:
    page.navigate("#/test-key/messages")
    page.element("dialog[open] input").send_keys(Keys.ESCAPE)
    page.press(Keys.ESCAPE)
    enter_token(page, TOKEN)
    wait_until_open(page)


def test_a_token_that_is_no_longer_valid_is_asked_for_again(page: Page) -> None:
    page.navigate("#/test-key/messages")
    enter_token(page, TOKEN)
    wait_until_open(page)
    page.js("sessionStorage.setItem(sessionStorage.key(0), 'an older one')")
    page.click_link("Phone")
    page.click_link("Account")
    page.wait_until(lambda: "This token is wrong." in page.text("dialog[open]"))
    enter_token(page, TOKEN)
    page.click_button("+ 1 minute")
    page.wait_until(lambda: page.text("output.clock-time") > "2024-11-01 00:00:59")


def test_no_token_is_asked_for_if_the_server_requires_none(open_tab: TabOpener) -> None:
    with started() as server:
        page = open_tab(server.url, "test-key")
        page.expected_console_lines.append(NETWORK_ERROR)
        page.navigate("")
        wait_until_open(page)
        page.wait_until(lambda: page.text("#account-select").split("\n")[0] == "test-key")


def test_no_file_of_the_page_is_served_with_no_ui(open_tab: TabOpener) -> None:
    with started("--no-ui") as server:
        page = open_tab(server.url, "test-key")
        page.expected_console_lines.append("status of 404")
        for path in (
            "",
            "_fake/ui",
            "_fake/ui/",
            "_fake/ui/main.js",
            "_fake/ui/style.css",
            "_fake/ui/icon.svg",
        ):
            page.navigate(path)
            assert page.js("return document.contentType") != "text/html"
            assert page.js("return document.querySelectorAll('script, link, nav').length") == 0
        assert request(f"{server.url}/_fake/health")["status"] == "ok"
