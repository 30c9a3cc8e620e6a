"""The phone: the conversation of one number, and an answer from it."""

from selenium.webdriver.common.keys import Keys

from fakeserver.testing import Panel
from tests.browser.page import Page
from tests.testing.application import ask, send

NUMBER, OTHER = "9121234567", "9351112233"


def talk(page: Page) -> list[str]:
    return page.texts(".talk .bubble")


def test_an_answer_is_received_by_receivedmessages(page: Page, panel: Panel) -> None:
    send(panel, to=NUMBER, text="برای لغو عدد ۱۱ را بفرستید.")
    page.open(f"phone/{NUMBER}")
    page.write("Answer", "۱۱")
    page.press("Send")
    page.until(lambda: talk(page) == ["برای لغو عدد ۱۱ را بفرستید.", "۱۱"])
    (received,) = ask(panel, "receivedMessages")["data"]
    assert (received["number"], received["to"], received["text"]) == (NUMBER, "30001403", "۱۱")
    page.until(lambda: page.field("Answer").get_attribute("value") == "" and page.focused == "Answer")


def test_what_was_said_within_a_second_stands_in_its_order(page: Page, panel: Panel) -> None:
    panel.deliver(from_=NUMBER, text="first")
    panel.advance(0.2)
    send(panel, to=NUMBER, text="second")
    panel.advance(0.3)
    panel.deliver(from_=NUMBER, text="third")
    page.open(f"phone/{NUMBER}")
    page.until(lambda: talk(page) == ["first", "second", "third"])


def test_the_latest_numbers_are_listed_whoever_wrote(page: Page, panel: Panel) -> None:
    for count in range(101):
        panel.deliver(from_=str(9121000000 + count), text="hello")
        panel.advance(1)
    send(panel, to=OTHER)
    page.open("phone")
    page.until(lambda: len(page.texts(".phones strong")) == 100)
    assert page.texts(".phones strong")[:2] == [OTHER, "9121000100"]
    panel.deliver(from_="9121000000", text="again")
    page.until(lambda: page.texts(".phones strong")[:2] == ["9121000000", OTHER])


def test_an_answer_may_go_to_another_line(page: Page, panel: Panel) -> None:
    page.open(f"phone/{NUMBER}")
    page.shows("Nothing was sent to this number")
    page.choose("To line", "90001403")
    page.write("Answer", "hello")
    page.press("Send")
    page.shows("to 90001403")
    assert ask(panel, "receivedMessages")["data"][0]["to"] == "90001403"


def test_the_line_that_has_written_last_is_answered(page: Page, panel: Panel) -> None:
    ask(panel, "sendServices", from_="90001403", textCode=1001, textData='{"code":"48219"}', receivers=NUMBER)
    page.open(f"phone/{NUMBER}")
    assert page.field("To line").get_attribute("value") == "90001403"


def test_the_conversation_has_what_this_number_was_sent_and_no_other(page: Page, panel: Panel) -> None:
    send(panel, to=NUMBER, text="first")
    panel.advance(1)
    panel.deliver(from_=NUMBER, text="second")
    panel.deliver(from_=OTHER, text="from another")
    panel.advance(1)
    send(panel, to=f"{OTHER},{NUMBER}", text="third")
    send(panel, to=OTHER, text="for another")
    page.open(f"phone/{NUMBER}")
    page.until(lambda: talk(page) == ["first", "second", "third"])
    assert page.texts(".talk li.ours .bubble") == ["second"]


def test_a_conversation_goes_on_live(page: Page, panel: Panel) -> None:
    page.open(f"phone/{NUMBER}")
    send(panel, to=NUMBER, text="your code is 48219")
    panel.deliver(from_=NUMBER, text="thanks")
    page.until(lambda: talk(page) == ["your code is 48219", "thanks"])
    panel.advance(6)
    page.until(lambda: page.texts(".talk .status") == ["delivered (2,3)"])
    assert page.copied("Copy the code 48219") == "48219"


def test_a_long_conversation_shows_its_end(page: Page, panel: Panel) -> None:
    for number in range(30):
        send(panel, to=NUMBER, text=f"message {number}")
    page.open(f"phone/{NUMBER}")
    page.until(lambda: len(talk(page)) == 30)
    at_end = "return ((talk) => talk.scrollHeight - talk.scrollTop - talk.clientHeight)"
    at_end += "(document.querySelector('.talk'))"
    page.until(lambda: page.js(at_end) < 2)
    send(panel, to=NUMBER, text="the last")
    page.until(lambda: talk(page)[-1] == "the last" and page.js(at_end) < 2)


def test_a_number_is_picked_from_those_that_were_written_to(page: Page, panel: Panel) -> None:
    send(panel, to=NUMBER, text="first")
    panel.advance(1)
    send(panel, to=OTHER, text="second")
    page.open("phone")
    page.until(lambda: page.texts(".phones strong") == [OTHER, NUMBER])
    panel.advance(1)
    panel.deliver(from_=NUMBER, text="the last word")
    page.until(lambda: page.texts(".phones strong") == [NUMBER, OTHER])
    assert page.texts(".phones .text") == ["the last word", "second"]
    page.driver.find_element("css selector", ".phones a").click()
    page.heading(f"Phone {NUMBER}")
    page.link("← All numbers").click()
    page.heading("Phone")


def test_any_number_is_picked_however_it_is_written(page: Page, panel: Panel) -> None:
    send(panel, to=NUMBER, text="hello")
    page.open("phone")
    page.write("Number", "۰۹۱۲ ۱۲۳ ۴۵۶۷")
    page.keys(Keys.ENTER)
    page.heading(f"Phone {NUMBER}")
    page.until(lambda: talk(page) == ["hello"])
    page.open(f"phone/0{NUMBER}")
    page.heading(f"Phone {NUMBER}")


def test_a_phone_without_a_number_teaches(page: Page) -> None:
    page.open("phone")
    page.shows("Once a message was sent, its receivers are listed here.")


def test_an_answer_that_the_panel_refuses_stays_and_the_reason_is_told(page: Page, panel: Panel) -> None:
    page.expected.append("status of 400")
    page.open(f"phone/{NUMBER}")
    line = page.field("To line")
    page.until(lambda: line.get_attribute("value"))
    panel.set(lines=[{"number": "777", "ordinary": True, "service": True}])
    page.write("Answer", "hello")
    page.press("Send")
    page.until(lambda: "line" in page.text(".answer .refusal"))
    assert page.field("Answer").get_attribute("value") == "hello"
