"""The phone view: the conversation of one number, and replies from it."""

import pytest
from selenium.webdriver.common.keys import Keys

from fakeserver.testing import Panel
from tests.browser.page import Page
from tests.testing.application import NUMBER_FORMS, ask, send

NUMBER, OTHER = "9121234567", "9351112233"


def wait_for_bubbles(page: Page, *texts: str) -> None:
    """Wait until these are the texts of the conversation, in this order."""
    page.wait_until(lambda: page.texts(".conversation .bubble") == list(texts))


def test_a_reply_is_returned_by_receivedmessages(page: Page, panel: Panel) -> None:
    send(panel, to=NUMBER, text="برای لغو عدد ۱۱ را بفرستید.")
    page.open(f"phone/{NUMBER}")
    page.fill("Reply", "۱۱")
    page.click_button("Send")
    wait_for_bubbles(page, "برای لغو عدد ۱۱ را بفرستید.", "۱۱")
    (received,) = ask(panel, "receivedMessages")["data"]
    assert (received["number"], received["to"], received["text"]) == (NUMBER, "30001403", "۱۱")
    page.wait_until(lambda: page.field("Reply").get_attribute("value") == "" and page.focused == "Reply")


def test_messages_within_a_second_are_shown_in_order(page: Page, panel: Panel) -> None:
    panel.deliver(from_=NUMBER, text="first")
    panel.advance(0.2)
    send(panel, to=NUMBER, text="second")
    panel.advance(0.3)
    panel.deliver(from_=NUMBER, text="third")
    page.open(f"phone/{NUMBER}")
    wait_for_bubbles(page, "first", "second", "third")


def test_the_latest_numbers_of_both_directions_are_listed(page: Page, panel: Panel) -> None:
    for count in range(101):
        panel.deliver(from_=str(9121000000 + count), text="hello")
        panel.advance(1)
    send(panel, to=OTHER)
    page.open("phone")
    page.wait_until(lambda: len(page.texts(".numbers strong")) == 100)
    assert page.texts(".numbers strong")[:2] == [OTHER, "9121000100"]
    panel.deliver(from_="9121000000", text="again")
    page.wait_until(lambda: page.texts(".numbers strong")[:2] == ["9121000000", OTHER])


def test_a_reply_can_go_to_another_line(page: Page, panel: Panel) -> None:
    page.open(f"phone/{NUMBER}")
    page.wait_for_texts("No messages to or from this number")
    page.select("To line", "90001403")
    page.fill("Reply", "hello")
    page.click_button("Send")
    page.wait_for_texts("to 90001403")
    assert ask(panel, "receivedMessages")["data"][0]["to"] == "90001403"


def test_a_reply_goes_to_the_line_of_the_last_message(page: Page, panel: Panel) -> None:
    ask(panel, "sendServices", from_="90001403", textCode=1001, textData='{"code":"48219"}', receivers=NUMBER)
    page.open(f"phone/{NUMBER}")
    assert page.field("To line").get_attribute("value") == "90001403"


def test_the_conversation_only_contains_messages_of_its_number(page: Page, panel: Panel) -> None:
    send(panel, to=NUMBER, text="first")
    panel.advance(1)
    panel.deliver(from_=NUMBER, text="second")
    panel.deliver(from_=OTHER, text="from another")
    panel.advance(1)
    send(panel, to=f"{OTHER},{NUMBER}", text="third")
    send(panel, to=OTHER, text="for another")
    page.open(f"phone/{NUMBER}")
    wait_for_bubbles(page, "first", "second", "third")
    assert page.texts(".conversation li.outgoing .bubble") == ["second"]


def test_a_conversation_is_updated_live(page: Page, panel: Panel) -> None:
    page.open(f"phone/{NUMBER}")
    send(panel, to=NUMBER, text="your code is 48219")
    panel.deliver(from_=NUMBER, text="thanks")
    wait_for_bubbles(page, "your code is 48219", "thanks")
    panel.advance(6)
    page.wait_until(lambda: page.texts(".conversation .status") == ["delivered (2,3)"])
    assert page.copy_with("Copy the code 48219") == "48219"


def test_a_long_conversation_is_scrolled_to_its_end(page: Page, panel: Panel) -> None:
    for number in range(30):
        send(panel, to=NUMBER, text=f"message {number}")
    page.open(f"phone/{NUMBER}")
    page.wait_until(lambda: len(page.texts(".conversation .bubble")) == 30)
    distance_to_end = """
        const list = document.querySelector(".conversation");
        return list.scrollHeight - list.scrollTop - list.clientHeight;"""
    page.wait_until(lambda: page.js(distance_to_end) < 2)
    send(panel, to=NUMBER, text="the last")
    page.wait_until(
        lambda: page.texts(".conversation .bubble")[-1] == "the last" and page.js(distance_to_end) < 2
    )


def test_a_number_is_opened_from_the_list(page: Page, panel: Panel) -> None:
    send(panel, to=NUMBER, text="first")
    panel.advance(1)
    send(panel, to=OTHER, text="second")
    page.open("phone")
    page.wait_until(lambda: page.texts(".numbers strong") == [OTHER, NUMBER])
    panel.advance(1)
    panel.deliver(from_=NUMBER, text="the last word")
    page.wait_until(lambda: page.texts(".numbers strong") == [NUMBER, OTHER])
    assert page.texts(".numbers .text") == ["the last word", "second"]
    page.click(".numbers a")
    page.wait_for_heading(f"Phone {NUMBER}")
    page.click_link("← All numbers")
    page.wait_for_heading("Phone")


def test_a_number_can_be_entered_in_any_notation(page: Page, panel: Panel) -> None:
    send(panel, to=NUMBER, text="hello")
    page.open("phone")
    page.fill("Number", "۰۹۱۲ ۱۲۳ ۴۵۶۷")
    page.press(Keys.ENTER)
    page.wait_for_heading(f"Phone {NUMBER}")
    wait_for_bubbles(page, "hello")


@pytest.mark.parametrize("written", NUMBER_FORMS)
def test_an_address_with_any_notation_of_a_number_opens_its_conversation(
    page: Page, panel: Panel, written: str
) -> None:
    """The page reads numbers like the panel."""
    send(panel, to=written, text="hello")
    (receiver,) = panel.messages[0].receivers
    page.open(f"phone/{written}")
    page.wait_for_heading(f"Phone {receiver.number}")
    wait_for_bubbles(page, "hello")


def test_the_phone_view_explains_how_to_open_a_conversation(page: Page) -> None:
    page.open("phone")
    page.wait_for_texts("The receivers of messages are listed here.")


def test_a_refused_reply_is_kept_and_the_reason_is_shown(page: Page, panel: Panel) -> None:
    page.expected_console_lines.append("status of 400")
    page.open(f"phone/{NUMBER}")
    assert page.field("To line").get_attribute("value")
    panel.set(lines=[{"number": "777", "ordinary": True, "service": True}])
    page.fill("Reply", "hello")
    page.click_button("Send")
    page.wait_until(lambda: "line" in page.text(".reply-form .error"))
    assert page.field("Reply").get_attribute("value") == "hello"
