"""Replies that come late, and overtake each other: what is newer stays, where it belongs."""

from fakeserver.testing import Panel, PanelServer
from tests.browser.page import Page
from tests.testing.application import ask, send

NUMBER = "9121234567"


def test_a_credit_that_was_read_before_does_not_overwrite_a_later_one(page: Page, panel: Panel) -> None:
    page.open()
    page.hold(f"GET /_fake/accounts/{panel.api_key}$", replies=1)
    send(panel)
    page.holds(1)
    send(panel)
    page.reads("#credit", "996,000 rials")
    page.release()
    assert page.text("#credit") == "996,000 rials"


def test_accounts_that_were_listed_before_do_not_overwrite_the_later_list(
    page: Page, panel_server: PanelServer
) -> None:
    page.open()
    page.hold("GET /_fake/accounts$", replies=1)
    with panel_server.new_account() as first:
        ask(first, "credit")
        page.holds(1)
        with panel_server.new_account() as second:
            ask(second, "credit")
            page.until(lambda: second.api_key in page.text("#accounts").split("\n"))
            page.release()
            assert second.api_key in page.text("#accounts").split("\n")


def test_what_a_command_has_told_late_does_not_take_back_what_has_happened_since(
    page: Page, panel: Panel
) -> None:
    panel.set(monitoring="manual")
    message = send(panel)
    page.open(f"messages/{message}")
    page.hold("POST .*/approve$", replies=1)
    page.press("Approve")
    page.holds(1)
    panel.advance(60)
    page.reads(".receivers .status", "delivered (2,3)")
    page.release()
    assert page.text(".receivers .status") == "delivered (2,3)"


def test_what_was_changed_during_a_load_stays(page: Page, panel: Panel) -> None:
    page.open("account")
    page.shows("1,000,000 rials")
    page.hold(f"GET /_fake/accounts/{panel.api_key}$", replies=1)
    panel.reset()
    page.holds(1)
    page.write("Set it to, in rials", "1500")
    page.press("Set")
    page.reads("#credit", "1,500 rials")
    page.release()
    assert page.text("#credit") == "1,500 rials"


def switch_off_but_hold(page: Page) -> None:
    """Switch billing off, and hold back the request for it."""
    page.open("account")
    page.until(lambda: page.field("Billing in order").is_selected())
    page.hold("PATCH ", requests=1)
    page.field("Billing in order").click()
    page.holds(1)


def test_a_switch_is_not_taken_back_while_it_is_asked_for(page: Page, panel: Panel) -> None:
    switch_off_but_hold(page)
    send(panel)
    page.reads("#credit", "998,000 rials")  # the account was read anew, from before the switch
    assert not page.field("Billing in order").is_selected()
    page.release()
    page.until(lambda: panel.control("GET", "")["billing_ok"] is False)


def test_two_changes_are_made_in_their_order(page: Page, panel: Panel) -> None:
    switch_off_but_hold(page)
    page.field("Billing in order").click()
    page.release()
    page.answered(2)
    assert panel.control("GET", "")["billing_ok"] is True


def test_an_answer_goes_to_the_account_that_is_shown(page: Page, panel: Panel, other: Panel) -> None:
    page.open(f"phone/{NUMBER}")
    page.hold(f"GET /_fake/accounts/{other.api_key}$", replies=1)
    page.go(f"#/{other.api_key}/phone/{NUMBER}")
    page.holds(1)
    page.write("Answer", "for the first")
    page.press("Send")
    page.until(lambda: panel.control("GET", "/inbound")["inbound"])
    assert other.control("GET", "/inbound")["inbound"] == []
    page.release()
    page.until(lambda: page.texts(".talk .bubble") == [])


def test_a_view_that_is_opened_while_its_account_is_read_is_made_when_it_was_read(
    page: Page, other: Panel
) -> None:
    page.open()
    page.hold(f"GET /_fake/accounts/{other.api_key}$", replies=1)
    page.go(f"#/{other.api_key}/messages")
    page.holds(1)
    page.go(f"#/{other.api_key}/phone/{NUMBER}")
    page.release()
    page.heading(f"Phone {NUMBER}")
    assert page.texts("select option")[-2:] == ["30001403", "90001403"]
