"""Everything is done with the keyboard alone: Tab, the arrow keys, Enter, and the space bar."""

import pytest
from selenium.webdriver.common.keys import Keys

from fakeserver.testing import Panel
from tests.browser.page import TABS_MAX, Page
from tests.testing.application import LINE, NUMBER, ask, send

VIEWS = (
    "messages",
    "messages/{id}",
    "phone",
    f"phone/{NUMBER}",
    "journal",
    "journal/2",
    "strangers",
    "account",
)

# Every control that can be seen, numbered; of those that Tab passes over, whether the arrow keys reach them.
CONTROLS = """
    const all = [...document.querySelectorAll("a, button, input, select, textarea, [tabindex='0']")];
    const shown = all.filter((one) => one.checkVisibility() && !one.closest("dialog"));
    shown.forEach((one, place) => { one.dataset.place = place; });
    const number = (one) => Number(one.dataset.place);
    return [shown.filter((one) => one.tabIndex >= 0).map(number),
            shown.filter((one) => one.tabIndex < 0).every((one) => one.closest(".long"))];
"""


@pytest.mark.parametrize("view", VIEWS)
def test_every_control_is_reached_by_tab_and_has_a_name(page: Page, panel: Panel, view: str) -> None:
    message = send(panel, to=NUMBER, text=f"code 48219 {'long ' * 200}")
    send(panel, to=NUMBER, text="another")
    ask(panel, "send", frm=LINE)
    panel.fail(result="0", action="send")
    page.open(view.format(id=message))
    page.until(lambda: page.js("return document.querySelectorAll('main *').length > 5"))
    page.until(lambda: view not in ("messages", "journal") or page.rows())
    page.js("document.activeElement.blur()")
    controls, others_by_arrows = page.js(CONTROLS)
    assert others_by_arrows
    reached = []
    for _ in range(TABS_MAX):
        page.keys(Keys.TAB)
        place = page.js("return document.activeElement.dataset.place")
        if place is None or int(place) in reached:
            break
        assert page.focused, f"control {place} has no name"
        assert page.js("return getComputedStyle(document.activeElement).outlineStyle") != "none"
        reached.append(int(place))
    assert sorted(reached) == controls
    assert reached == sorted(reached)  # in the order in which they stand


def test_a_message_is_found_opened_and_delivered(page: Page, panel: Panel) -> None:
    message = send(panel, to=NUMBER, text="your code is 48219")
    send(panel, to="9351112233")
    page.open()
    page.until(page.rows)
    page.tab_to("Receiver")
    page.keys("0912")
    page.receivers(NUMBER)
    page.until(lambda: page.js("return document.querySelector('a.row').tabIndex") == 0)
    page.keys(Keys.TAB, Keys.TAB, Keys.TAB, Keys.TAB)
    assert page.focused.startswith("00:00:00 ")
    page.keys(Keys.TAB)
    assert page.focused == "Copy the code 48219"
    page.keys(Keys.ENTER)
    page.until(lambda: page.clipboard() == "48219")
    page.backwards()
    page.keys(Keys.ENTER)
    page.heading(f"Message {message}")
    assert page.focused == f"Message {message}"  # where the reading goes on
    page.tab_to("Deliver")
    page.keys(Keys.ENTER)
    page.reads(".receivers .status", "delivered (2,3)")
    assert page.focused == "Deliver"
    page.backwards()
    assert page.focused == "Cancel"


def test_a_list_is_one_stop_for_tab_whatever_its_length(page: Page, panel: Panel) -> None:
    for number in range(10):
        send(panel, to=f"912111111{number}")
    page.open()
    page.until(lambda: len(page.rows()) == 10)
    stops = "return [...document.querySelectorAll('.long a')].filter((one) => one.tabIndex >= 0).length"
    page.until(lambda: page.js(stops) == 1)
    page.one("a.row").send_keys(Keys.ARROW_DOWN)
    page.keys(Keys.ARROW_DOWN)
    assert "9121111117" in page.focused
    assert page.js(stops) == 1
    page.backwards()
    assert page.focused == "Action"
    page.keys(Keys.TAB)
    assert "9121111117" in page.focused  # where one was


def test_a_status_is_chosen_with_the_arrow_keys(page: Page, panel: Panel) -> None:
    send(panel, to="9120000004")
    send(panel, to=NUMBER)
    panel.advance(60)
    page.open()
    page.tab_to("Status")
    for _ in range(20):
        if page.field("Status").get_attribute("value") == "undelivered":
            break
        page.keys(Keys.ARROW_DOWN)
    page.receivers("9120000004")


def test_an_answer_is_written_and_sent(page: Page, panel: Panel) -> None:
    page.open("phone")
    page.tab_to("Number")
    page.keys(NUMBER, Keys.ENTER)
    page.heading(f"Phone {NUMBER}")
    page.tab_to("Answer")
    page.keys("hello", Keys.TAB)
    assert page.focused == "To line"
    page.keys(Keys.TAB, Keys.ENTER)
    page.until(lambda: page.texts(".talk .bubble") == ["hello"])
    assert ask(panel, "receivedMessages")["data"][0]["text"] == "hello"


def test_a_fault_is_set_and_removed_and_a_switch_thrown(page: Page, panel: Panel) -> None:
    page.open("account")
    page.until(lambda: page.field("Billing in order").is_selected())
    page.tab_to("Billing in order (else 108, 607)")
    page.keys(Keys.SPACE)
    page.until(lambda: panel.control("GET", "")["billing_ok"] is False)
    assert page.focused == "Billing in order (else 108, 607)"
    page.tab_to("A proxy answers 502, once")
    page.keys(Keys.ENTER)
    page.shows("Fault 1: any request: a proxy answers 502")
    page.tab_to("Remove fault 1")
    page.keys(Keys.SPACE)
    page.shows("No fault is set")


def test_a_refused_request_is_copied(page: Page, panel: Panel) -> None:
    ask(panel, "send", frm=LINE)
    page.open("journal")
    page.until(page.rows)
    page.until(lambda: page.js("return document.querySelector('a.row').tabIndex") == 0)
    page.js("document.querySelector('h1').focus()")
    page.keys(Keys.TAB, Keys.ENTER)
    page.heading("Request 1")
    page.tab_to("Copy as a curl command")
    page.keys(Keys.ENTER)
    page.until(lambda: page.clipboard().startswith("curl "))


def test_the_first_stop_leads_past_the_header(page: Page) -> None:
    page.open()
    page.keys(Keys.TAB)
    assert page.focused == "Skip to the content"
    assert page.js("return document.activeElement.getBoundingClientRect().top") >= 0
    page.keys(Keys.ENTER)
    assert page.js("return document.activeElement.id") == "main"
    page.keys(Keys.TAB)
    assert page.focused == "Receiver"


def test_the_views_are_changed_with_tab_and_enter_and_the_focus_is_in_them(page: Page, panel: Panel) -> None:
    page.open()
    for name in ("Phone", "Journal", "Messages"):
        page.js("document.activeElement.blur()")
        page.tab_to(name)
        page.keys(Keys.ENTER)
        page.heading(name)
        assert page.js("return [document.activeElement.tagName, document.activeElement.innerText]") == [
            "H1",
            name,
        ]
    assert panel.messages == []


def test_the_focus_is_not_lost_while_things_happen(page: Page, panel: Panel) -> None:
    message = send(panel, to=NUMBER)
    page.open(f"messages/{message}")
    page.tab_to(NUMBER)
    panel.advance(6)
    page.reads(".receivers .status", "delivered (2,3)")
    assert page.focused == NUMBER
    page.open()
    page.until(page.rows)
    page.until(lambda: page.js("return document.querySelector('a.row').tabIndex") == 0)
    page.one("a.row").send_keys(Keys.NULL)
    page.js("document.querySelector('a.row').focus()")
    before = page.focused
    for _ in range(3):
        send(panel, to="9351112233")
        panel.advance(6)
    page.until(lambda: [row.statuses for row in page.rows()] == ["delivered (2,3)"] * 4)
    assert page.focused == before
