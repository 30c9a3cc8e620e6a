"""The account view: credit, clock, settings and faults; and how the page changes to another account."""

from collections.abc import Callable

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from fakeserver.testing import Panel, PanelServer
from tests.browser.page import ALL, Page
from tests.testing.application import ask, attempt, send

SWITCHES = {
    "Web service enabled (off: result −2)": ("webservice_enabled", "-2"),
    "Identity verified (off: result −3)": ("identity_verified", "-3"),
    "Sending verified (off: result 114)": ("sending_verified", "114"),
    "Billing in order (off: result 108 or 607)": ("billing_ok", "108"),
}
READS_OF_AN_ACCOUNT = 6  # when the page loads it: account, messages, inbound, journal, faults, clock


def wait_for_credit(page: Page, credit: str) -> None:
    """Wait for the credit in the account view and in the header."""
    page.wait_until(lambda: page.text(".card .value") == page.text("#credit") == credit)


def test_credit_is_set_and_shown(page: Page, panel: Panel) -> None:
    page.open("account")
    page.wait_for_texts("1,000,000 rials")
    page.fill("New credit in rials", "1500")
    page.click_button("Set")
    wait_for_credit(page, "1,500 rials")
    assert panel.credit == 1500
    send(panel, text="سلام")
    wait_for_credit(page, "500 rials")
    assert page.focused == "Set"


def test_an_invalid_credit_is_refused_with_the_reason(page: Page, panel: Panel) -> None:
    page.expected_console_lines.append("status of 400")
    page.open("account")
    page.fill("New credit in rials", "9" * 30)
    page.click_button("Set")
    page.wait_until(lambda: "credit" in page.text("form .error"))
    assert panel.credit == 1_000_000


@pytest.mark.parametrize("label", SWITCHES)
def test_a_switch_changes_its_setting_and_the_result_of_requests(
    page: Page, panel: Panel, label: str
) -> None:
    member, code = SWITCHES[label]
    page.open("account")
    page.wait_for_checked(label)
    page.click_field(label)
    page.wait_until(lambda: panel.control("GET", "")[member] is False)
    assert attempt(panel) == code
    page.click_field(label)
    page.wait_until(lambda: panel.control("GET", "")[member] is True)
    assert attempt(panel) == "1"


def test_messages_wait_for_approval_under_manual_monitoring(page: Page, panel: Panel) -> None:
    page.open("account")
    page.wait_for_checked("Manual monitoring", checked=False)
    page.click_field("Manual monitoring")
    page.wait_until(lambda: panel.control("GET", "")["monitoring"] == "manual")
    send(panel)
    panel.advance(3600)
    assert panel.messages[0].receivers[0].processing_status == 0


def test_the_clock_is_advanced_by_a_minute_an_hour_and_a_day(page: Page, panel: Panel) -> None:
    send(panel)
    page.open("account")
    for button, time in {
        "+ 1 minute": "2024-11-01 00:01:00 UTC",
        "+ 1 hour": "2024-11-01 01:01:00 UTC",
        "+ 1 day": "2024-11-02 01:01:00 UTC",
    }.items():
        page.click_button(button)
        page.wait_for_text("output.clock-time", time)
        assert page.focused == button
    page.wait_for_text("#clock", "01:01:00 (frozen)")
    page.open()
    page.wait_for_status("9121234567", "delivered (2,3)")


def test_the_clock_is_resumed_sped_up_and_frozen(page: Page, panel: Panel) -> None:
    page.open("account")
    page.wait_for_texts("Frozen")
    page.click_button("Resume")
    page.wait_for_texts("Running")
    page.select("Speed", "× 3600")
    page.wait_for_texts("Running at 3600 times real speed")
    page.wait_until(lambda: page.text("output.clock-time") > "2024-11-01 00:30:00 UTC")
    page.click_button("Freeze")
    page.wait_for_texts("Frozen")
    now = panel.control("GET", "/clock")["now"]
    page.wait_for_text("output.clock-time", now.replace("T", " ").replace("Z", " UTC"))


def test_faults_are_listed_in_words_and_removed(page: Page, panel: Panel) -> None:
    page.open("account")
    page.wait_for_texts("No fault rules")
    panel.fail(to="9121234567", after=2, times=0, delay=0.01)
    panel.fail(action="credit", result="-4")
    page.open("messages")
    page.open("account")
    page.wait_until(lambda: len(page.texts(".faults li")) == 2)
    page.wait_for_texts(
        "to 9121234567: reply delayed by 0.01 s; until removed, after 2 requests; fired 0 times"
    )
    page.wait_for_texts("action credit: reply with result -4; 1 time; fired 0 times")
    ask(panel, "credit")
    page.wait_for_texts("action credit: reply with result -4; 1 time; fired 1 time")
    page.click_button("Remove fault 1")
    page.wait_until(lambda: len(page.texts(".faults li")) == 1)
    page.wait_for_focus("Faults")
    assert [fault["id"] for fault in panel.control("GET", "/faults")["faults"]] == [2]


def test_changes_made_elsewhere_are_shown_when_the_view_is_opened_again(page: Page, panel: Panel) -> None:
    page.open("account")
    page.wait_for_checked("Billing in order")
    panel.set(billing_ok=False, credit=7)
    page.open("messages")
    page.open("account")
    page.wait_for_checked("Billing in order", checked=False)
    page.wait_for_text("#credit", "7 rials")


def test_an_account_is_reset(page: Page, panel: Panel) -> None:
    send(panel)
    panel.fail(result="-4", times=0)
    panel.advance(60)
    page.open("account")
    page.click_button("Reset account")
    page.wait_for_texts("No fault rules")
    page.wait_for_text("#credit", "1,000,000 rials")
    page.wait_for_text("output.clock-time", "2024-11-01 00:00:00 UTC")
    assert panel.messages == []
    page.open()
    page.wait_for_texts("No messages yet")


# Another account


def test_another_account_is_selected_and_shows_only_its_own_messages(
    page: Page, panel: Panel, other: Panel
) -> None:
    send(panel, to="9121111111")
    send(other, to="9122222222", text="سلام")
    page.open()
    page.wait_for_rows("9121111111")
    send(other, to="9123333333")
    send(panel, to="9124444444")
    page.wait_for_rows("9124444444", "9121111111")
    page.select("Account", other.api_key)
    page.wait_for_rows("9123333333", "9122222222")
    page.wait_for_text("#credit", "997,000 rials")
    assert page.driver.current_url.endswith(f"#/{other.api_key}/messages")
    send(panel, to="9125555555")
    send(other, to="9126666666")
    page.wait_for_rows("9126666666", "9123333333", "9122222222")


def test_the_view_stays_the_same_when_another_account_is_selected(
    page: Page, panel: Panel, other: Panel
) -> None:
    ask(other, "credit")
    page.open("journal")
    page.select("Account", other.api_key)
    assert page.wait_for_row("credit").statuses == "success 1"
    assert page.text("h1") == "Journal"
    assert page.js("return document.title") == f"Journal · {other.api_key} · fake SMS panel"
    assert panel.journal == []


def test_the_arrow_keys_select_the_next_account(page: Page, panel: Panel, other: Panel) -> None:
    send(other, to="9122222222")
    page.open()
    page.wait_until(lambda: other.api_key in page.texts("#account-select option"))
    page.send_keys("#account-select", Keys.ARROW_DOWN)
    page.wait_for_rows("9122222222")
    assert page.focused == "Account"
    page.press(Keys.ARROW_UP)
    page.wait_for_texts("No messages yet", panel.api_key)


def test_late_replies_about_another_account_are_dropped(page: Page, panel: Panel, other: Panel) -> None:
    send(panel, to="9121111111")
    send(other, to="9122222222", text="سلام")
    page.open(key=panel.api_key)
    page.wait_for_rows("9121111111")
    page.hold(f"/{other.api_key}", replies=ALL)
    page.navigate(f"#/{other.api_key}/journal")
    page.wait_for_held(READS_OF_AN_ACCOUNT)
    page.visit(f"#/{panel.api_key}/messages")
    page.wait_for_rows("9121111111")
    page.wait_for_text("#credit", "998,000 rials")
    page.release()
    assert [row.title for row in page.rows()] == ["9121111111"]
    assert page.text("#credit") == "998,000 rials"
    page.visit(f"#/{other.api_key}/messages")
    page.wait_for_rows("9122222222")


def test_the_account_view_stays_open_while_another_account_is_loaded(
    page: Page, panel: Panel, other: Panel
) -> None:
    page.open("account", key=panel.api_key)
    page.wait_for_texts("Frozen")
    other.set(credit=7)
    page.hold(f"/{other.api_key}", replies=ALL)
    page.select("Account", other.api_key)
    page.wait_for_held(READS_OF_AN_ACCOUNT)
    page.wait_for_text("#credit", "")  # the view was updated without data
    page.release()
    wait_for_credit(page, "7 rials")


def test_a_new_account_is_listed_once_it_is_used(page: Page, panel_server: PanelServer) -> None:
    page.expected_console_lines.append("status of 404")  # the account is removed while it is shown
    page.open()
    with panel_server.new_account() as new:
        ask(new, "credit")
        page.wait_until(lambda: new.api_key in page.texts("#account-select option"))
        page.open(key=new.api_key)
        page.wait_for_texts("No messages yet", new.api_key)
    page.wait_for_texts(f"No account has the key {new.api_key}")
    assert page.driver.find_element(By.ID, "nav").is_displayed() is False
    page.click_link(page.key)
    page.wait_for_texts("No messages yet", page.key)


def test_a_key_may_contain_any_character(page: Page, add_account: Callable[..., Panel]) -> None:
    key = "a/b?c#d%e&f'g\"h<i>\\j"
    send(add_account(key=key), to="9121234567")
    page.open(key=key)
    page.wait_for_rows("9121234567")
    page.click("a.row")
    page.wait_for_texts("1 receiver")
    page.click_link("Journal")
    page.wait_for_row("send")
