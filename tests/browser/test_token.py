"""With a control token set the page asks for it, once, and keeps it for the session only."""

from collections.abc import Iterator

import pytest
from selenium.webdriver.common.keys import Keys

from tests.browser.conftest import Opener
from tests.browser.page import GONE, Page
from tests.command import Running, ask, request, started

TOKEN = "sesame"
REFUSED = "status of 401"


@pytest.fixture(scope="module")
def guarded() -> Iterator[Running]:
    with started("--control-token", TOKEN, "--clock", "frozen") as server:
        yield server


@pytest.fixture
def page(guarded: Running, opener: Opener) -> Page:
    page = opener(guarded.url, "test-key")
    page.expected.append(REFUSED)
    return page


def enter(page: Page, token: str) -> None:
    field = page.one("dialog[open] input")
    assert page.focused.startswith("Token")
    field.send_keys(token, Keys.ENTER)


def opens(page: Page) -> None:
    page.reads("#live", "live")
    page.heading("Messages")
    page.until(lambda: page.texts("dialog[open]") == [])


def test_the_page_asks_for_the_token_and_then_shows_everything(page: Page, guarded: Running) -> None:
    page.go("#/test-key/messages")
    assert "This server asks for its control token" in page.one("dialog[open]").text
    assert page.one("dialog[open] input").get_attribute("type") == "password"
    enter(page, TOKEN)
    opens(page)
    form = "action=send&from=30001403&text=hello&receivers=9129999999"
    assert ask(guarded.url, "test-key", form)["result"] == "1"
    page.row("9129999999")  # the event stream carries the token too
    page.link("Account").click()
    page.press("+ 1 minute")
    page.reads("output.time", "2024-11-01 00:01:00 UTC")


def test_a_wrong_token_is_told_so_and_asked_for_again(page: Page) -> None:
    page.go("#/test-key/messages")
    for wrong in ("wrong", "سسمه"):  # the other keyboard
        enter(page, wrong)
        page.until(lambda: "That token is not right." in page.text("dialog[open]"))
    enter(page, TOKEN)
    opens(page)


def test_the_token_is_kept_for_the_session_and_no_longer(
    page: Page, guarded: Running, opener: Opener
) -> None:
    page.go("#/test-key/messages")
    enter(page, TOKEN)
    opens(page)
    page.driver.refresh()
    opens(page)
    page.open("journal")
    kept = "return [localStorage.length, document.cookie, location.href.includes('sesame')]"
    assert page.js(kept) == [0, "", False]
    addresses = page.js("return performance.getEntriesByType('resource').map((one) => one.name)")
    assert any("/_fake/accounts" in one for one in addresses)
    assert not any("sesame" in one for one in addresses)
    another = opener(guarded.url, "test-key")
    another.go("#/test-key/messages")
    another.one("dialog[open]")


def test_escape_is_no_way_round(page: Page) -> None:
    page.go("#/test-key/messages")
    page.one("dialog[open] input").send_keys(Keys.ESCAPE)
    page.keys(Keys.ESCAPE)
    enter(page, TOKEN)
    opens(page)


def test_a_token_that_is_not_right_any_more_is_asked_for_again(page: Page) -> None:
    page.go("#/test-key/messages")
    enter(page, TOKEN)
    opens(page)
    page.js("sessionStorage.setItem(sessionStorage.key(0), 'an older one')")
    page.link("Phone").click()
    page.link("Account").click()
    page.until(lambda: "That token is not right." in page.text("dialog[open]"))
    enter(page, TOKEN)
    page.press("+ 1 minute")
    page.until(lambda: page.text("output.time") > "2024-11-01 00:00:59")


def test_without_a_token_nobody_is_asked(opener: Opener) -> None:
    with started() as server:
        page = opener(server.url, "test-key")
        page.expected += GONE
        page.go("")
        opens(page)
        page.until(lambda: page.text("#accounts").split("\n")[0] == "test-key")


def test_with_no_ui_nothing_of_it_is_served(opener: Opener) -> None:
    with started("--no-ui") as server:
        page = opener(server.url, "test-key")
        page.expected.append("status of 404")
        for path in (
            "",
            "_fake/ui",
            "_fake/ui/",
            "_fake/ui/main.js",
            "_fake/ui/style.css",
            "_fake/ui/icon.svg",
        ):
            page.go(path)
            assert page.js("return document.contentType") != "text/html"
            assert page.js("return document.querySelectorAll('script, link, nav').length") == 0
        assert request(f"{server.url}/_fake/health")["status"] == "ok"
