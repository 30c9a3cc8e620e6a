"""Every view has an address, which can be shared."""

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
    "strangers": "Wrong keys",
    "account": "Account",
}


@pytest.mark.parametrize("view", TITLES)
def test_an_address_leads_to_its_view(page: Page, panel: Panel, view: str) -> None:
    send(panel, to=NUMBER)
    page.open(view)
    page.heading(TITLES[view])
    assert page.js("return document.title") == f"{TITLES[view]} · {panel.api_key} · fake SMS panel"
    assert page.texts("nav [aria-current=page]") == [page.text(f"nav a[href$='/{view.partition('/')[0]}']")]
    page.driver.refresh()
    page.heading(TITLES[view])


def test_back_and_forward_go_through_the_views(page: Page, panel: Panel) -> None:
    message = send(panel)
    page.open()
    page.one("a.row").click()
    page.heading(f"Message {message}")
    page.link("Journal").click()
    page.heading("Journal")
    page.driver.back()
    page.heading(f"Message {message}")
    page.driver.back()
    page.heading("Messages")
    page.driver.forward()
    page.heading(f"Message {message}")


def test_what_an_address_leaves_out_is_the_first_account_and_its_messages(page: Page) -> None:
    for address in ("", "#", "#/", "_fake/ui", "_fake/ui/"):
        page.go(address)
        page.heading("Messages")
        assert page.text("#accounts")
    page.go(f"#/{page.key}")
    page.heading("Messages")
    page.until(lambda: page.js("return document.getElementById('accounts').value") == page.key)
    page.open("no-such-view")
    page.heading("Messages")


def test_an_address_of_no_account_shows_none_instead_of_another(page: Page, panel: Panel) -> None:
    send(panel)
    page.open(key="nobody-s-key")
    page.heading("No account has the key nobody-s-key")
    assert page.rows() == []
    page.link(panel.api_key).click()
    page.heading("Messages")
    page.until(page.rows)


def test_a_request_of_nobody_has_its_address(page: Page, panel: Panel) -> None:
    post(panel, "credit", key="wrong")
    page.open("strangers")
    page.until(page.rows)
    page.one("a.row").click()
    page.shows("no account has the API key wr...")
    page.driver.refresh()
    page.shows("no account has the API key wr...")
