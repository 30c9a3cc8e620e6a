"""The view of one message: its phone preview, its status history, and its request."""

from fakeserver.testing import Panel
from tests.browser.page import Page
from tests.testing.application import ask, send

NUMBER, OTHER = "9121234567", "9120000004"
PERSIAN = "سلام\nسفارش ۱۲۳۴ شما ارسال شد."


def statuses(page: Page) -> list[str]:
    return page.texts(".receivers .summary .status")


def timeline(page: Page) -> list[str]:
    return [step.replace("\n", " ") for step in page.texts(".timeline li")]


def test_a_message_shows_its_text_and_its_properties(page: Page, panel: Panel) -> None:
    message = send(panel, to=NUMBER, text=PERSIAN)
    page.open(f"messages/{message}")
    page.wait_for_texts("1 receiver")
    assert page.text(".bubble") == PERSIAN
    assert page.js("return getComputedStyle(document.querySelector('.bubble')).direction") == "rtl"
    properties = dict(zip(page.texts("dt"), page.texts("dd"), strict=True))
    assert properties == {
        "Action": "send",
        "From": "30001403",
        "Cost": "1,000 rials",
        "Size": "unicode, 1 part",
        "Accepted": "2024-11-01 00:00:00 UTC",
    }
    assert page.copy_with("Copy the code 1234") == "1234"


def test_the_timeline_grows_with_the_status_history(page: Page, panel: Panel) -> None:
    message = send(panel, to=NUMBER)
    page.open(f"messages/{message}")
    page.wait_until(lambda: timeline(page) == ["00:00:00 awaiting (0,−1)"])
    panel.advance(6)
    page.wait_until(lambda: statuses(page) == ["delivered (2,3)"])
    assert timeline(page) == [
        "00:00:00 awaiting (0,−1)",
        "00:00:01 queued (1,−1)",
        "00:00:02 handed over (2,−1)",
        "00:00:03 at the telecom (2,0)",
        "00:00:04 reached (2,1)",
        "00:00:06 delivered (2,3)",
    ]


def test_the_timeline_shows_the_date_of_another_day(page: Page, panel: Panel) -> None:
    message = send(panel, to="9120000006")
    panel.advance(hours=25)
    page.open(f"messages/{message}")
    page.wait_until(lambda: statuses(page) == ["expired (2,6)"])
    assert timeline(page)[-1].startswith("2024-11-02 00:00:0")


def test_attempts_and_a_refund_are_shown_live(page: Page, panel: Panel) -> None:
    message = send(panel, to="9120000021", trySend=2)
    lost = send(panel, to="9120000021")
    page.open(f"messages/{message}")
    page.wait_until(lambda: statuses(page) == ["awaiting (0,−1)"])
    panel.advance(hours=2)
    page.wait_until(lambda: statuses(page) == ["delivered (2,3)"])
    assert "2 attempts" in page.text(".receivers .summary")
    page.open(f"messages/{lost}")
    page.wait_until(lambda: statuses(page) == ["returned (4,2)"])
    assert "2,000 rials refunded" in page.text(".receivers .summary")
    page.driver.refresh()
    page.wait_for_texts("2,000 rials refunded")


def test_a_receiver_links_to_its_phone(page: Page, panel: Panel) -> None:
    message = send(panel, to=f"{NUMBER},{OTHER}")
    page.open(f"messages/{message}")
    page.wait_for_texts("2 receivers")
    page.click_link(OTHER)
    page.wait_for_heading(f"Phone {OTHER}")


def test_a_message_shows_its_request(page: Page, panel: Panel) -> None:
    message = send(panel, to=NUMBER, text=PERSIAN, reciever="typing error")
    page.open(f"messages/{message}")
    page.wait_for_texts("Request", "success 1", "rule S12", "unread; did you mean receivers?")
    assert f'"sendID": "{message}"' in page.text("pre")


def test_the_address_of_a_message_can_be_shared(page: Page, panel: Panel) -> None:
    message = send(panel)
    page.open()
    page.click("a.row")
    page.wait_for_heading(f"Message {message}")
    address = page.driver.current_url
    assert address == f"{page.url}/#/{panel.api_key}/messages/{message}"
    page.driver.get("about:blank")
    page.driver.get(address)
    page.wait_for_heading(f"Message {message}")


def test_an_unknown_message_is_shown_once_it_exists(page: Page, panel: Panel) -> None:
    message = send(panel, text="another")
    page.open(f"messages/{message + 1}")
    page.wait_for_texts("Message not found")
    assert send(panel, text="new") == message + 1
    page.wait_for_text(".bubble", "new")


def test_a_message_by_pattern_is_shown_with_its_code(page: Page, panel: Panel) -> None:
    ask(panel, "sendServices", from_="90001403", textCode=1001, textData='{"code":"48219"}', receivers=NUMBER)
    page.open(f"messages/{panel.messages[-1].send_id}")
    page.wait_for_texts("sendServices", "کد ورود شما: 48219")
    assert page.copy_with("Copy the code 48219") == "48219"
