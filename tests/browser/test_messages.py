"""The messages: they arrive live, and what is told of each is right."""

from selenium.webdriver.common.keys import Keys

from fakeserver.testing import Panel
from tests.browser.page import Page
from tests.testing.application import ask, send

NUMBER, OTHER = "9121234567", "9351112233"
PERSIAN = "سلام، سفارش شما ارسال شد."


def test_a_message_arrives_live_and_its_status_changes_as_the_clock_advances(
    page: Page, panel: Panel
) -> None:
    page.open()
    page.shows("0 messages")
    send(panel, to=NUMBER, text=PERSIAN)
    assert page.row(NUMBER).statuses == "awaiting (0,−1)"
    for seconds, status in {1: "queued (1,−1)", 2: "at the telecom (2,0)", 3: "delivered (2,3)"}.items():
        panel.advance(seconds)
        page.status(NUMBER, status)
    page.shows("1 message")
    page.reads("#clock", "00:00:06 (frozen)")


def test_what_happens_within_a_second_is_seen(page: Page, panel: Panel) -> None:
    ask(panel, "sendOTP", appID="test-app", code="48219", receivers="9121234567")
    page.open()
    page.status("9121234567", "queued (1,−1)")
    panel.advance(0.9)
    page.status("9121234567", "delivered (2,3)")


def test_a_running_clock_moves_messages_by_itself(page: Page, panel: Panel) -> None:
    panel.set(timeline={"ordinary": [0, 0.1, 0.2, 0.3, 0.4, 0.5]}, clock="real")
    page.open()
    send(panel, to=NUMBER)
    page.status(NUMBER, "delivered (2,3)")


def test_the_newest_message_is_the_first(page: Page, panel: Panel) -> None:
    send(panel, to=NUMBER)
    page.open()
    page.receivers(NUMBER)
    send(panel, to=OTHER)
    page.receivers(OTHER, NUMBER)


def test_a_row_tells_action_alphabet_parts_cost_and_credit(page: Page, panel: Panel) -> None:
    page.open()
    send(panel, to=NUMBER, text="x" * 200)
    row = page.row(NUMBER)
    assert (row.text, row.facts) == ("x" * 160 + "…", "send · latin, 2 parts · 4,000 rials")
    page.reads("#credit", "996,000 rials")
    send(panel, to=OTHER, text=PERSIAN)
    assert page.row(OTHER).facts == "send · unicode, 1 part · 1,000 rials"


def test_a_text_stands_in_its_own_direction(page: Page, panel: Panel) -> None:
    send(panel, text=PERSIAN)
    send(panel, text="hello")
    page.open()
    page.shows("2 messages", "hello")
    directions = (
        "return [...document.querySelectorAll('.row .text')].map((one) => getComputedStyle(one).direction)"
    )
    assert page.js(directions) == ["ltr", "rtl"]


def test_each_status_of_many_receivers_stands_once_with_its_count(page: Page, panel: Panel) -> None:
    send(panel, to="9121111111,9121111112,9120000004,9120000005,9120000007,9120000001")
    panel.advance(60)
    page.open()
    (row,) = page.until(page.rows)
    assert row.to == "9121111111 +5"
    assert row.statuses == "delivered (2,3) × 2 undelivered (2,4) and 3 other statuses"


def test_a_message_of_another_day_has_its_date(page: Page, panel: Panel) -> None:
    send(panel, to=NUMBER)
    page.open()
    assert page.row(NUMBER).when == "00:00:00"
    panel.advance(hours=24)
    page.until(lambda: page.row(NUMBER).when == "2024-11-01 00:00:00")


def test_a_one_time_code_is_copied_with_a_click(page: Page, panel: Panel) -> None:
    page.open()
    ask(panel, "sendOTP", appID="test-app", code="73519", receivers=NUMBER)
    assert page.row(NUMBER).code == "73519"
    assert page.copied("Copy the code 73519") == "73519"
    assert page.text("h1") == "Messages"  # the row is not opened by it


def test_a_code_in_persian_digits_is_copied_in_latin_ones(page: Page, panel: Panel) -> None:
    send(panel, text="کد شما ۴۸۲۱۹ است")
    page.open()
    assert page.copied("Copy the code 48219") == "48219"


def test_a_code_is_copied_without_a_clipboard_too(page: Page, panel: Panel) -> None:
    send(panel, text="code 48219")
    page.open()
    page.until(page.rows)
    page.js("navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed'))")
    page.press("Copy the code 48219")
    page.reads("#said", "Copied")
    assert page.clipboard() == "48219"


# Filters


def test_the_messages_are_filtered_by_receiver_however_it_is_written(page: Page, panel: Panel) -> None:
    send(panel, to=NUMBER)
    send(panel, to=OTHER)
    page.open()
    page.receivers(OTHER, NUMBER)
    for written in ("0912", "09121234567", "+98912 123", "۹۱۲۱", "234567"):
        page.write("Receiver", written)
        page.receivers(NUMBER)
        page.shows("1 of 2 messages")
    page.write("Receiver", "0999")
    page.shows("No message fits the filter.")


def test_the_messages_are_filtered_by_text_whatever_keyboard_it_was_typed_on(
    page: Page, panel: Panel
) -> None:
    send(panel, to=NUMBER, text="کد یکتا ۱۲۳۴")
    send(panel, to=OTHER, text="Your Order")
    page.open()
    for written, number in {"كد ي": NUMBER, "1234": NUMBER, "ORDER": OTHER}.items():
        page.write("Text", written)
        page.receivers(number)


def test_the_messages_are_filtered_by_status_as_it_changes(page: Page, panel: Panel) -> None:
    send(panel, to="9120000004")
    send(panel, to=NUMBER)
    page.open()
    page.choose("Status", "delivered")
    page.shows("No message fits the filter.")
    panel.advance(60)
    page.receivers(NUMBER)
    page.choose("Status", "undelivered")
    page.receivers("9120000004")


def test_the_messages_are_filtered_by_action(page: Page, panel: Panel) -> None:
    send(panel, to=NUMBER)
    ask(panel, "sendOTP", appID="test-app", code="73519", receivers=OTHER)
    page.open()
    for action, numbers in {"sendOTP": [OTHER], "send": [NUMBER], "any": [OTHER, NUMBER]}.items():
        page.choose("Action", action)
        page.receivers(*numbers)


def test_what_arrives_is_filtered_too(page: Page, panel: Panel) -> None:
    page.open()
    page.write("Text", "wanted")
    send(panel, to=NUMBER, text="another")
    send(panel, to=OTHER, text="the wanted one")
    page.receivers(OTHER)
    page.shows("1 of 2 messages")


def test_the_filter_is_still_there_on_the_way_back_from_a_message(page: Page, panel: Panel) -> None:
    message = send(panel, to=NUMBER)
    send(panel, to=OTHER)
    page.open()
    page.write("Receiver", "0912")
    page.receivers(NUMBER)
    page.one("a.row").click()
    page.heading(f"Message {message}")
    page.link("← Messages").click()
    page.heading("Messages")
    page.receivers(NUMBER)
    assert page.field("Receiver").get_attribute("value") == "0912"
    page.field("Receiver").send_keys(Keys.CONTROL, "a", Keys.DELETE)
    page.receivers(OTHER, NUMBER)
