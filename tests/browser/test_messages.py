"""The list of messages: they arrive live, and the filters find them."""

from fakeserver.testing import Panel
from tests.browser.page import Page
from tests.testing.application import ask, send

NUMBER, OTHER = "9121234567", "9351112233"
PERSIAN = "سلام، سفارش شما ارسال شد."


def test_a_message_arrives_live_and_its_status_changes_as_the_clock_advances(
    page: Page, panel: Panel
) -> None:
    page.open()
    page.wait_for_text(".count", "0 messages")
    send(panel, to=NUMBER, text=PERSIAN)
    assert page.wait_for_row(NUMBER).statuses == "awaiting (0,−1)"
    for seconds, status in {1: "queued (1,−1)", 2: "at the telecom (2,0)", 3: "delivered (2,3)"}.items():
        panel.advance(seconds)
        page.wait_for_status(NUMBER, status)
    page.wait_for_text(".count", "1 message")
    page.wait_for_text("#clock", "00:00:06 (frozen)")


def test_status_changes_within_a_second_are_shown(page: Page, panel: Panel) -> None:
    ask(panel, "sendOTP", appID="test-app", code="48219", receivers="9121234567")
    page.open()
    page.wait_for_status("9121234567", "queued (1,−1)")
    panel.advance(0.9)
    page.wait_for_status("9121234567", "delivered (2,3)")


def test_a_running_clock_changes_statuses_without_a_command(page: Page, panel: Panel) -> None:
    panel.set(timeline={"ordinary": [0, 0.1, 0.2, 0.3, 0.4, 0.5]}, clock="real")
    page.open()
    send(panel, to=NUMBER)
    page.wait_for_status(NUMBER, "delivered (2,3)")


def test_the_newest_message_is_at_the_top(page: Page, panel: Panel) -> None:
    send(panel, to=NUMBER)
    page.open()
    page.wait_for_rows(NUMBER)
    send(panel, to=OTHER)
    page.wait_for_rows(OTHER, NUMBER)


def test_a_row_shows_action_alphabet_parts_and_cost(page: Page, panel: Panel) -> None:
    page.open()
    send(panel, to=NUMBER, text="x" * 200)
    row = page.wait_for_row(NUMBER)
    assert (row.text, row.details) == ("x" * 160 + "…", "send · latin, 2 parts · 4,000 rials")
    page.wait_for_text("#credit", "996,000 rials")
    send(panel, to=OTHER, text=PERSIAN)
    assert page.wait_for_row(OTHER).details == "send · unicode, 1 part · 1,000 rials"


def test_a_text_is_shown_in_its_own_direction(page: Page, panel: Panel) -> None:
    send(panel, text=PERSIAN)
    send(panel, text="hello")
    page.open()
    page.wait_for_rows("9121234567", "9121234567")
    directions = (
        "return [...document.querySelectorAll('.row-text')].map((one) => getComputedStyle(one).direction)"
    )
    assert page.js(directions) == ["ltr", "rtl"]


def test_each_status_of_many_receivers_is_shown_once_with_its_count(page: Page, panel: Panel) -> None:
    send(panel, to="9121111111,9121111112,9120000004,9120000005,9120000007,9120000001")
    panel.advance(60)
    page.open()
    (row,) = page.wait_until(page.rows)
    assert row.title == "9121111111 +5"
    assert row.statuses == "delivered (2,3) × 2 undelivered (2,4) and 3 other statuses"


def test_a_message_of_another_day_shows_its_date(page: Page, panel: Panel) -> None:
    send(panel, to=NUMBER)
    page.open()
    assert page.wait_for_row(NUMBER).time == "00:00:00"
    panel.advance(hours=24)
    page.wait_until(lambda: page.wait_for_row(NUMBER).time == "2024-11-01 00:00:00")


def test_a_one_time_code_is_copied_with_a_click(page: Page, panel: Panel) -> None:
    page.open()
    ask(panel, "sendOTP", appID="test-app", code="73519", receivers=NUMBER)
    assert page.wait_for_row(NUMBER).code == "73519"
    assert page.copy_with("Copy the code 73519") == "73519"
    assert page.text("h1") == "Messages"  # the row was not opened


def test_a_code_in_persian_digits_is_copied_in_ascii_digits(page: Page, panel: Panel) -> None:
    send(panel, text="کد شما ۴۸۲۱۹ است")
    page.open()
    assert page.copy_with("Copy the code 48219") == "48219"


def test_a_code_is_copied_without_access_to_the_clipboard_api(page: Page, panel: Panel) -> None:
    send(panel, text="code 48219")
    page.open()
    page.wait_until(page.rows)
    page.js("navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed'))")
    page.click_button("Copy the code 48219")
    page.wait_for_announcement("Copied")
    assert page.clipboard() == "48219"


# Filters


def test_the_filter_finds_a_receiver_in_any_notation(page: Page, panel: Panel) -> None:
    send(panel, to=NUMBER)
    send(panel, to=OTHER)
    page.open()
    page.wait_for_rows(OTHER, NUMBER)
    for written in ("0912", "09121234567", "+98912 123", "۹۱۲۱", "234567"):
        page.fill("Receiver", written)
        page.wait_for_rows(NUMBER)
        page.wait_for_text(".count", "1 of 2 messages")
    page.fill("Receiver", "0999")
    page.wait_for_texts("No messages match the filter.")


def test_the_filter_finds_a_text_typed_on_any_keyboard(page: Page, panel: Panel) -> None:
    send(panel, to=NUMBER, text="کد یکتا ۱۲۳۴")
    send(panel, to=OTHER, text="Your Order")
    page.open()
    for written, number in {"كد ي": NUMBER, "1234": NUMBER, "ORDER": OTHER}.items():
        page.fill("Text", written)
        page.wait_for_rows(number)


def test_the_filter_by_status_follows_changes(page: Page, panel: Panel) -> None:
    send(panel, to="9120000004")
    send(panel, to=NUMBER)
    page.open()
    page.select("Status", "delivered")
    page.wait_for_texts("No messages match the filter.")
    panel.advance(60)
    page.wait_for_rows(NUMBER)
    page.select("Status", "undelivered")
    page.wait_for_rows("9120000004")


def test_the_filter_finds_an_action(page: Page, panel: Panel) -> None:
    send(panel, to=NUMBER)
    ask(panel, "sendOTP", appID="test-app", code="73519", receivers=OTHER)
    page.open()
    for action, numbers in {"sendOTP": [OTHER], "send": [NUMBER], "any": [OTHER, NUMBER]}.items():
        page.select("Action", action)
        page.wait_for_rows(*numbers)


def test_new_messages_are_filtered(page: Page, panel: Panel) -> None:
    page.open()
    page.fill("Text", "wanted")
    send(panel, to=NUMBER, text="another")
    send(panel, to=OTHER, text="the wanted one")
    page.wait_for_rows(OTHER)
    page.wait_for_text(".count", "1 of 2 messages")


def test_the_filter_is_kept_on_the_way_back_from_a_message(page: Page, panel: Panel) -> None:
    message = send(panel, to=NUMBER)
    send(panel, to=OTHER)
    page.open()
    page.fill("Receiver", "0912")
    page.wait_for_rows(NUMBER)
    page.click("a.row")
    page.wait_for_heading(f"Message {message}")
    page.click_link("← Messages")
    page.wait_for_heading("Messages")
    page.wait_for_rows(NUMBER)
    assert page.field("Receiver").get_attribute("value") == "0912"
    page.fill("Receiver", "")
    page.wait_for_rows(OTHER, NUMBER)
