"""One message: as a phone shows it, its history, and the request that made it."""

from fakeserver.testing import Panel
from tests.browser.page import Page
from tests.testing.application import ask, send

NUMBER, OTHER = "9121234567", "9120000004"
PERSIAN = "سلام\nسفارش ۱۲۳۴ شما ارسال شد."


def statuses(page: Page) -> list[str]:
    return page.texts(".receivers .head .status")


def timeline(page: Page) -> list[str]:
    return [step.replace("\n", " ") for step in page.texts(".timeline li")]


def test_it_is_shown_as_on_a_phone_with_what_it_is(page: Page, panel: Panel) -> None:
    message = send(panel, to=NUMBER, text=PERSIAN)
    page.open(f"messages/{message}")
    page.shows("1 receiver")
    assert page.text(".bubble") == PERSIAN
    assert page.js("return getComputedStyle(document.querySelector('.bubble')).direction") == "rtl"
    facts = dict(zip(page.texts("dt"), page.texts("dd"), strict=True))
    assert facts == {
        "Action": "send",
        "From": "30001403",
        "Cost": "1,000 rials",
        "Size": "unicode, 1 part",
        "Accepted": "2024-11-01 00:00:00 UTC",
    }
    assert page.copied("Copy the code 1234") == "1234"


def test_its_history_is_a_timeline_that_grows(page: Page, panel: Panel) -> None:
    message = send(panel, to=NUMBER)
    page.open(f"messages/{message}")
    page.until(lambda: timeline(page) == ["00:00:00 awaiting (0,−1)"])
    panel.advance(6)
    page.until(lambda: statuses(page) == ["delivered (2,3)"])
    assert timeline(page) == [
        "00:00:00 awaiting (0,−1)",
        "00:00:01 queued (1,−1)",
        "00:00:02 handed over (2,−1)",
        "00:00:03 at the telecom (2,0)",
        "00:00:04 reached (2,1)",
        "00:00:06 delivered (2,3)",
    ]


def test_the_timeline_has_the_date_of_another_day(page: Page, panel: Panel) -> None:
    message = send(panel, to="9120000006")
    panel.advance(hours=25)
    page.open(f"messages/{message}")
    page.until(lambda: statuses(page) == ["expired (2,6)"])
    assert timeline(page)[-1].startswith("2024-11-02 00:00:0")


def test_attempts_and_a_refund_are_told_live(page: Page, panel: Panel) -> None:
    message = send(panel, to="9120000021", trySend=2)
    lost = send(panel, to="9120000021")
    page.open(f"messages/{message}")
    page.until(lambda: statuses(page) == ["awaiting (0,−1)"])
    panel.advance(hours=2)
    page.until(lambda: statuses(page) == ["delivered (2,3)"])
    assert "2 attempts" in page.text(".receivers .head")
    page.open(f"messages/{lost}")
    page.until(lambda: statuses(page) == ["returned (4,2)"])
    assert "2,000 rials refunded" in page.text(".receivers .head")
    page.driver.refresh()
    page.shows("2,000 rials refunded")


def test_each_receiver_leads_to_its_phone(page: Page, panel: Panel) -> None:
    message = send(panel, to=f"{NUMBER},{OTHER}")
    page.open(f"messages/{message}")
    page.shows("2 receivers")
    page.link(OTHER).click()
    page.heading(f"Phone {OTHER}")


def test_the_request_that_made_it_stands_below(page: Page, panel: Panel) -> None:
    message = send(panel, to=NUMBER, text=PERSIAN, reciever="typing error")
    page.open(f"messages/{message}")
    page.shows("The request that made it", "accepted 1", "rule S12", "not read; did you mean receivers?")
    assert f'"sendID": "{message}"' in page.text("pre")


def test_its_address_can_be_shared_and_is_the_message_of_that_account(page: Page, panel: Panel) -> None:
    message = send(panel)
    page.open()
    page.one("a.row").click()
    page.heading(f"Message {message}")
    address = page.driver.current_url
    assert address == f"{page.url}/#/{panel.api_key}/messages/{message}"
    page.driver.get("about:blank")
    page.driver.get(address)
    page.heading(f"Message {message}")


def test_a_message_that_is_none_is_told_so_until_it_is_one(page: Page, panel: Panel) -> None:
    message = send(panel, text="another")
    page.open(f"messages/{message + 1}")
    page.shows("There is no such message")
    assert send(panel, text="now it is") == message + 1
    page.reads(".bubble", "now it is")


def test_a_message_by_another_action_is_shown_with_its_code(page: Page, panel: Panel) -> None:
    ask(panel, "sendServices", from_="90001403", textCode=1001, textData='{"code":"48219"}', receivers=NUMBER)
    page.open(f"messages/{panel.messages[-1].send_id}")
    page.shows("sendServices", "کد ورود شما: 48219")
    assert page.copied("Copy the code 48219") == "48219"
