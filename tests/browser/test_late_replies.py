"""Replies that arrive late or out of order: newer data stays, and data stays with its account."""

from collections.abc import Callable

from fakeserver.testing import Panel
from tests.browser.page import Page
from tests.testing.application import ask, send

NUMBER = "9121234567"


def test_an_earlier_read_of_the_credit_does_not_overwrite_a_later_one(page: Page, panel: Panel) -> None:
    page.open()
    page.hold(f"GET /_fake/accounts/{panel.api_key}$", replies=1)
    send(panel)
    page.wait_for_held(1)
    send(panel)
    page.wait_for_text("#credit", "996,000 rials")
    page.release()
    assert page.text("#credit") == "996,000 rials"


def test_an_earlier_list_of_accounts_does_not_overwrite_a_later_one(
    page: Page, add_account: Callable[..., Panel]
) -> None:
    page.open()
    page.hold("GET /_fake/accounts$", replies=1)
    ask(add_account(), "credit")
    page.wait_for_held(1)
    second = add_account()
    ask(second, "credit")
    page.wait_until(lambda: second.api_key in page.texts("#account-select option"))
    page.release()
    assert second.api_key in page.texts("#account-select option")


def test_the_late_reply_to_a_command_does_not_overwrite_later_events(page: Page, panel: Panel) -> None:
    panel.set(monitoring="manual")
    message = send(panel)
    page.open(f"messages/{message}")
    page.hold("POST .*/approve$", replies=1)
    page.click_button("Approve")
    page.wait_for_held(1)
    panel.advance(60)
    page.wait_for_text(".receivers .status", "delivered (2,3)")
    page.release()
    assert page.text(".receivers .status") == "delivered (2,3)"


def test_a_change_made_during_a_load_is_kept(page: Page, panel: Panel) -> None:
    page.open()
    page.hold(f"GET /_fake/accounts/{panel.api_key}$", replies=1)
    panel.reset()
    page.wait_for_held(1)
    page.click_link("Account")
    page.fill("New credit in rials", "1500")
    page.click_button("Set")
    page.wait_for_text("#credit", "1,500 rials")
    page.release()
    assert page.text("#credit") == "1,500 rials"


def test_events_during_a_load_are_handled_after_it(
    page: Page, panel: Panel, add_account: Callable[..., Panel]
) -> None:
    page.open()
    page.hold(f"GET /_fake/accounts/{panel.api_key}/messages", replies=1)
    panel.reset()
    page.wait_for_held(1)
    send(panel, to=NUMBER)
    new = add_account()
    new.reset()
    # The page lists the new account after the event of its reset, and so after the event of the message.
    page.wait_until(lambda: new.api_key in page.texts("#account-select option"))
    page.release()
    page.wait_for_rows(NUMBER)


def switch_off_but_hold(page: Page) -> None:
    """Switch billing off, and hold back the request."""
    page.open("account")
    page.wait_for_checked("Billing in order")
    page.hold("PATCH ", requests=1)
    page.click_field("Billing in order")
    page.wait_for_held(1)


def test_a_switch_keeps_its_new_state_while_its_request_is_pending(page: Page, panel: Panel) -> None:
    switch_off_but_hold(page)
    send(panel)
    page.wait_for_text("#credit", "998,000 rials")  # the account was read again, without the change
    assert not page.is_checked("Billing in order")
    page.release()
    assert panel.control("GET", "")["billing_ok"] is False
    assert not page.is_checked("Billing in order")


def test_two_changes_are_sent_in_order(page: Page, panel: Panel) -> None:
    switch_off_but_hold(page)
    page.click_field("Billing in order")
    page.release()
    page.wait_for_replies(2)
    assert panel.control("GET", "")["billing_ok"] is True


def test_a_reply_goes_to_the_account_that_is_shown(page: Page, panel: Panel, other: Panel) -> None:
    page.open(f"phone/{NUMBER}")
    page.hold(f"GET /_fake/accounts/{other.api_key}$", replies=1)
    page.navigate(f"#/{other.api_key}/phone/{NUMBER}")
    page.wait_for_held(1)
    page.fill("Reply", "for the first")
    page.click_button("Send")
    page.wait_until(lambda: panel.control("GET", "/inbound")["inbound"])
    assert other.control("GET", "/inbound")["inbound"] == []
    page.release()
    page.wait_until(lambda: page.texts(".conversation .bubble") == [])


def test_a_view_opened_during_a_load_is_created_after_it(page: Page, other: Panel) -> None:
    page.open()
    page.hold(f"GET /_fake/accounts/{other.api_key}$", replies=1)
    page.navigate(f"#/{other.api_key}/messages")
    page.wait_for_held(1)
    page.navigate(f"#/{other.api_key}/phone/{NUMBER}")
    page.release()
    page.wait_for_heading(f"Phone {NUMBER}")
    assert page.texts("select option")[-2:] == ["30001403", "90001403"]
