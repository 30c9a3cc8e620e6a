"""Every view has an address that can be shared."""

import pytest

from fakeserver.testing import Panel
from tests.browser.page import Page
from tests.testing.application import NUMBER, post, send

TITLES = {
    "messages": "Messages",
    "phone": "Phone",
    f"phone/{NUMBER}": f"Phone {NUMBER}",
    "journal": "Journal",
    "journal/1": "Request 1",
    "wrong-keys": "Wrong keys",
    "account": "Account",
}


@pytest.mark.parametrize("view", TITLES)
def test_an_address_opens_its_view(page: Page, panel: Panel, view: str) -> None:
    send(panel, to=NUMBER)
    page.open(view)
    assert page.text("h1") == TITLES[view]
    assert page.js("return document.title") == f"{TITLES[view]} · {panel.api_key} · fake SMS panel"
    assert page.texts("nav [aria-current=page]") == [page.text(f"nav a[href$='/{view.partition('/')[0]}']")]
    page.driver.refresh()
    page.wait_for_heading(TITLES[view])


def test_back_and_forward_move_between_views(page: Page, panel: Panel) -> None:
    message = send(panel)
    page.open()
    page.click("a.row")
    page.wait_for_heading(f"Message {message}")
    page.click_link("Journal")
    page.wait_for_heading("Journal")
    page.driver.back()
    page.wait_for_heading(f"Message {message}")
    page.driver.back()
    page.wait_for_heading("Messages")
    page.driver.forward()
    page.wait_for_heading(f"Message {message}")


@pytest.mark.parametrize("address", ["", "#", "#/", "_fake/ui", "_fake/ui/"])
def test_an_address_without_a_key_shows_the_messages_of_the_first_account(page: Page, address: str) -> None:
    page.visit(address)
    page.wait_for_heading("Messages")
    keys = page.texts("#account-select option")
    assert page.js("return document.getElementById('account-select').value") == keys[0]


def test_an_address_without_a_known_view_shows_the_messages(page: Page) -> None:
    page.visit(f"#/{page.key}")
    page.wait_for_heading("Messages")
    assert page.js("return document.getElementById('account-select').value") == page.key
    page.open("no-such-view")
    page.wait_for_heading("Messages")


def test_an_address_with_an_unknown_key_shows_no_account(page: Page, panel: Panel) -> None:
    send(panel)
    page.open(key="unknown-key")
    page.wait_for_heading("No account has the key unknown-key")
    assert page.rows() == []
    page.click_link(panel.api_key)
    page.wait_for_heading("Messages")
    page.wait_until(page.rows)


def test_a_request_with_a_wrong_key_has_an_address(page: Page, panel: Panel) -> None:
    post(panel, "credit", key="wrong")
    page.open("wrong-keys")
    page.click("a.row")
    page.wait_until(lambda: page.text("h1").startswith("Request "))
    page.wait_for_texts("no account has the API key wr...")
    page.driver.refresh()
    page.wait_until(lambda: page.text("h1").startswith("Request "))
    page.wait_for_texts("no account has the API key wr...")
