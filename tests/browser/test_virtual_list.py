"""Lists of any length: only the visible rows are rendered, and all rows can be reached."""

from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import pytest
from selenium.webdriver.common.keys import Keys

from fakeserver.testing import Panel
from tests.browser.page import Page
from tests.testing.application import LINE, send

RENDERED_ROWS_MAX = 60
MANY = 5_000
FIRST = 9_121_000_000  # the receiver of the first message; the others follow by one each
OLDEST, NEWEST = str(FIRST), str(FIRST + MANY - 1)
NEWEST_OF_50 = str(FIRST + 49)

RECEIVER_OF_FOCUSED_ROW = "return document.activeElement.closest('li')?.querySelector('.row-title').innerText"


def send_many(panel: Panel, count: int) -> None:
    """Send messages, each with a request of its own, on one connection."""
    address = urlsplit(panel.endpoint)
    headers = {"Authorization": panel.api_key, "Content-Type": "application/x-www-form-urlencoded"}
    with closing(HTTPConnection(address.netloc, timeout=30)) as connection:
        for number in range(FIRST, FIRST + count):
            form = {"action": "send", "from": LINE, "text": f"to {number}", "receivers": number}
            connection.request("POST", address.path, urlencode(form), headers)
            assert b'"1"' in connection.getresponse().read()


@pytest.fixture
def panel_settings() -> dict[str, object]:
    return {"credit": 1_000_000_000}


def scroll(page: Page, top: str) -> None:
    """Scroll the list to a position (a JavaScript expression), and wait until its rows are drawn."""
    page.js(f"const list = document.querySelector('.viewport'); list.scrollTop = {top};")
    page.wait_for_frame()


def scroll_top(page: Page) -> float:
    return float(page.js("return document.querySelector('.viewport').scrollTop"))


def visible(page: Page) -> list[str]:
    """The receivers of the rows that are completely visible."""
    return list(
        page.js("""
            const list = document.querySelector(".viewport").getBoundingClientRect();
            return [...document.querySelectorAll(".rows > li")].filter((li) => {
                const row = li.getBoundingClientRect();
                return row.top >= list.top - 1 && row.bottom <= list.bottom + 1;
            }).map((li) => li.querySelector(".row-title").innerText);""")
    )


def test_five_thousand_messages_arrive_and_can_be_scrolled_to_the_oldest(page: Page, panel: Panel) -> None:
    page.open()
    page.wait_for_texts("No messages yet")
    page.js("""
        window.renderedMax = 0;
        new MutationObserver(() => {
            window.renderedMax = Math.max(window.renderedMax, document.querySelectorAll(".rows > li").length);
        }).observe(document.querySelector(".rows"), { childList: true });""")
    send_many(panel, MANY)
    page.wait_for_text(".count", "5,000 messages")
    page.wait_until(lambda: page.rows()[0].title == NEWEST)
    scroll(page, "list.scrollHeight / 2")
    page.wait_until(lambda: abs(int(page.rows()[0].title) - (FIRST + MANY / 2)) < RENDERED_ROWS_MAX)
    scroll(page, "list.scrollHeight")
    page.wait_until(lambda: visible(page)[-1:] == [OLDEST])
    assert page.rows()[-1].text == f"to {OLDEST}"
    assert 10 < page.js("return window.renderedMax") < RENDERED_ROWS_MAX

    # A page that is opened later shows the same.
    page.driver.refresh()
    page.wait_for_text(".count", "5,000 messages")
    page.wait_until(lambda: visible(page)[:1] == [NEWEST])
    page.send_keys("a.row", Keys.END)
    page.wait_until(lambda: visible(page)[-1:] == [OLDEST])
    assert len(page.rows()) < RENDERED_ROWS_MAX
    page.fill("Text", f"to {OLDEST}")
    page.wait_for_rows(OLDEST)


def test_the_visible_rows_stay_in_place_when_a_message_arrives(page: Page, panel: Panel) -> None:
    send_many(panel, 50)
    page.open()
    page.wait_until(page.rows)
    scroll(page, "1000")
    before = visible(page)
    assert before
    assert NEWEST_OF_50 not in before
    send(panel, to="9351112233")
    page.wait_for_text(".count", "51 messages")
    # The scroll position changes at once, and the rows are drawn in the next frame.
    page.wait_until(lambda: scroll_top(page) > 1000)
    page.wait_until(lambda: visible(page) == before)


def test_a_message_that_arrives_is_shown_at_the_top(page: Page, panel: Panel) -> None:
    send_many(panel, 50)
    page.open()
    page.wait_until(page.rows)
    send(panel, to="9351112233")
    page.wait_until(lambda: visible(page)[:1] == ["9351112233"])


def test_a_filter_scrolls_to_the_top(page: Page, panel: Panel) -> None:
    send_many(panel, 50)
    page.open()
    page.wait_until(page.rows)
    scroll(page, "list.scrollHeight")
    page.wait_until(lambda: OLDEST in visible(page))
    page.fill("Receiver", "912")
    page.wait_until(lambda: visible(page)[:1] == [NEWEST_OF_50])
    assert scroll_top(page) == 0


def test_the_scroll_position_is_kept_on_the_way_back_from_a_message(page: Page, panel: Panel) -> None:
    send_many(panel, 50)
    page.open()
    page.wait_until(page.rows)
    scroll(page, "1500")
    before = visible(page)
    assert before
    assert NEWEST_OF_50 not in before
    page.js("document.elementFromPoint(innerWidth / 2, innerHeight / 2).closest('a.row').click()")
    page.wait_until(lambda: page.text("h1").startswith("Message "))
    page.click_link("← Messages")
    page.wait_for_heading("Messages")
    page.wait_until(lambda: visible(page) == before)


def test_the_arrow_keys_move_between_rows_and_the_focus_stays_on_its_row(page: Page, panel: Panel) -> None:
    send_many(panel, 50)
    page.open()
    page.wait_until(page.rows)

    def focused_receiver() -> str:
        return str(page.js(RECEIVER_OF_FOCUSED_ROW))

    page.send_keys("a.row", Keys.ARROW_DOWN)
    page.press(Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ARROW_UP)
    assert focused_receiver() == str(FIRST + 47)
    page.press(Keys.PAGE_DOWN)
    assert int(focused_receiver()) < FIRST + 44
    page.press(Keys.END)
    assert focused_receiver() == OLDEST
    assert OLDEST in visible(page)
    page.press(Keys.HOME)
    assert focused_receiver() == NEWEST_OF_50
    send(panel, to="9351112233")
    page.wait_for_text(".count", "51 messages")
    panel.advance(60)
    page.wait_for_status(NEWEST_OF_50, "delivered (2,3)")
    scroll(page, "list.scrollHeight")
    page.wait_until(lambda: OLDEST in visible(page))
    assert focused_receiver() == NEWEST_OF_50
    page.press(Keys.ARROW_DOWN)
    assert focused_receiver() == str(FIRST + 48)
    assert str(FIRST + 48) in visible(page)


def test_a_long_journal_renders_few_rows(page: Page, panel: Panel) -> None:
    send_many(panel, 200)
    page.open("journal")
    page.wait_for_text(".count", "200 requests")
    page.send_keys("a.row", Keys.END)
    assert 10 < len(page.rows()) < RENDERED_ROWS_MAX
    page.press(Keys.ENTER)
    page.wait_for_heading("Request 1")
