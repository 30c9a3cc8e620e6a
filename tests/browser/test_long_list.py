"""Thousands of messages: only those that can be seen are in the page, and all can be reached."""

from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import pytest
from selenium.webdriver.common.keys import Keys

from fakeserver.testing import Panel
from tests.browser.page import Page
from tests.testing.application import LINE, send

ROWS_MAX = 60  # in the page
MANY = 5_000
FIRST = 9_121_000_000  # the receiver of the first message; the next one's is one more
OLDEST, NEWEST = str(FIRST), str(FIRST + MANY - 1)


def send_many(panel: Panel, count: int) -> None:
    """So many messages, one a request, on one connection."""
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


def to(numbers: range) -> list[str]:
    return [str(number) for number in numbers]


def scroll(page: Page, top: str) -> None:
    page.js(f"const list = document.querySelector('.viewport'); list.scrollTop = {top};")


def top(page: Page) -> float:
    return float(page.js("return document.querySelector('.viewport').scrollTop"))


def visible(page: Page) -> list[str]:
    """The receivers of the rows that can be seen whole."""
    return list(
        page.js("""
            const list = document.querySelector(".viewport").getBoundingClientRect();
            return [...document.querySelectorAll(".long > li")].filter((li) => {
                const row = li.getBoundingClientRect();
                return row.top >= list.top - 1 && row.bottom <= list.bottom + 1;
            }).map((li) => li.querySelector(".to").innerText);""")
    )


def is_full(page: Page) -> bool:
    """Whether rows are drawn from the upper edge of what can be seen to the lower."""
    return bool(
        page.js("""
            const list = document.querySelector(".viewport").getBoundingClientRect();
            const rows = [...document.querySelectorAll(".long > li")].map((li) => li.getBoundingClientRect());
            return rows.length && rows[0].top <= list.top && rows.at(-1).bottom >= list.bottom;""")
    )


def test_five_thousand_messages_arrive_and_are_scrolled_to_the_oldest(page: Page, panel: Panel) -> None:
    page.open()
    page.shows("Nothing was sent yet")
    page.js("""
        window.most = 0;
        new MutationObserver(() => {
            window.most = Math.max(window.most, document.querySelectorAll(".long > li").length);
        }).observe(document.querySelector(".long"), { childList: true });""")
    send_many(panel, MANY)
    page.reads(".count", "5,000 messages")
    page.until(lambda: page.rows()[0].to == NEWEST)
    scroll(page, "list.scrollHeight / 2")
    page.until(lambda: abs(int(page.rows()[0].to) - (FIRST + MANY / 2)) < ROWS_MAX)
    scroll(page, "list.scrollHeight")
    page.until(lambda: visible(page)[-1:] == [OLDEST])
    assert page.rows()[-1].text == f"to {OLDEST}"
    assert 10 < page.js("return window.most") < ROWS_MAX

    # It has not to live through it: who opens it now sees the same.
    page.driver.refresh()
    page.reads(".count", "5,000 messages")
    page.until(lambda: visible(page)[:1] == [NEWEST])
    page.one("a.row").send_keys(Keys.END)
    page.until(lambda: visible(page)[-1:] == [OLDEST])
    assert len(page.rows()) < ROWS_MAX
    page.write("Text", f"to {OLDEST}")
    page.receivers(OLDEST)


def test_what_is_read_stays_where_it_is_while_messages_arrive(page: Page, panel: Panel) -> None:
    send_many(panel, 50)
    page.open()
    page.until(page.rows)
    scroll(page, "1000")
    page.until(lambda: is_full(page) and visible(page)[0] != str(FIRST + 49))
    before = visible(page)
    send(panel, to="9351112233")
    page.reads(".count", "51 messages")
    page.until(lambda: top(page) > 1000 and is_full(page))
    assert visible(page) == before


def test_one_who_looks_at_the_newest_sees_those_that_arrive(page: Page, panel: Panel) -> None:
    send_many(panel, 50)
    page.open()
    page.until(page.rows)
    send(panel, to="9351112233")
    page.until(lambda: visible(page)[:1] == ["9351112233"])


def test_a_filter_begins_at_the_newest(page: Page, panel: Panel) -> None:
    send_many(panel, 50)
    page.open()
    page.until(page.rows)
    scroll(page, "list.scrollHeight")
    page.until(lambda: str(FIRST) in visible(page))
    page.write("Receiver", "912")
    page.until(lambda: str(FIRST + 49) in visible(page))
    assert top(page) == 0


def test_the_place_in_the_list_is_kept_on_the_way_back_from_a_message(page: Page, panel: Panel) -> None:
    send_many(panel, 50)
    page.open()
    page.until(page.rows)
    scroll(page, "1500")
    page.until(lambda: visible(page)[0] != str(FIRST + 49))
    before = visible(page)
    page.js("document.elementFromPoint(innerWidth / 2, innerHeight / 2).closest('a.row').click()")
    page.until(lambda: page.text("h1").startswith("Message "))
    page.link("← Messages").click()
    page.heading("Messages")
    page.until(lambda: visible(page) == before)


def test_the_arrow_keys_go_from_row_to_row_and_what_has_the_focus_stays(page: Page, panel: Panel) -> None:
    send_many(panel, 50)
    page.open()
    page.until(page.rows)
    focused = "return document.activeElement.closest('li')?.querySelector('.to').innerText"
    page.one("a.row").send_keys(Keys.ARROW_DOWN)
    page.keys(Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ARROW_UP)
    assert page.js(focused) == str(FIRST + 47)
    page.keys(Keys.PAGE_DOWN)
    assert int(page.js(focused)) < FIRST + 44
    page.keys(Keys.END)
    assert page.js(focused) == OLDEST
    assert OLDEST in visible(page)
    page.keys(Keys.HOME)
    assert page.js(focused) == str(FIRST + 49)
    send(panel, to="9351112233")
    page.reads(".count", "51 messages")
    panel.advance(60)
    page.until(lambda: "delivered (2,3)" in page.rows()[1].statuses)
    scroll(page, "list.scrollHeight")
    page.until(lambda: OLDEST in visible(page))
    assert page.js(focused) == str(FIRST + 49)
    page.keys(Keys.ARROW_DOWN)
    assert page.js(focused) == str(FIRST + 48)
    assert str(FIRST + 48) in visible(page)


def test_a_long_journal_has_few_rows_too(page: Page, panel: Panel) -> None:
    send_many(panel, 200)
    page.open("journal")
    page.reads(".count", "200 requests")
    page.one("a.row").send_keys(Keys.END)
    page.until(lambda: page.rows()[-1].facts.startswith("POST"))
    assert len(page.rows()) < ROWS_MAX
    page.keys(Keys.ENTER)
    page.heading("Request 1")
