"""Everything can be done with the keyboard alone: Tab, the arrow keys, Enter, and the space bar."""

import pytest
from selenium.webdriver.common.keys import Keys

from fakeserver.testing import Panel
from tests.browser.page import TAB_STOPS_MAX, Page
from tests.testing.application import LINE, NUMBER, ask, post, send

VIEWS = (
    "messages",
    "messages/{id}",
    "phone",
    f"phone/{NUMBER}",
    "journal",
    "journal/2",
    "wrong-keys",
    "account",
)

LISTS = ("messages", "journal", "wrong-keys")

# Numbers all visible controls. Returns those that Tab should reach, and whether all others are in rows of a
# list, which the arrow keys reach.
CONTROLS = """
    const all = [...document.querySelectorAll("a, button, input, select, textarea, [tabindex='0']")];
    const shown = all.filter((one) => one.checkVisibility() && !one.closest("dialog"));
    shown.forEach((one, index) => { one.dataset.index = index; });
    const number = (one) => Number(one.dataset.index);
    return [shown.filter((one) => one.tabIndex >= 0).map(number),
            shown.filter((one) => one.tabIndex < 0).every((one) => one.closest(".rows"))];
"""


@pytest.mark.parametrize("view", VIEWS)
def test_every_control_is_reached_by_tab_and_has_a_name(page: Page, panel: Panel, view: str) -> None:
    message = send(panel, to=NUMBER, text=f"code 48219 {'long ' * 200}")
    send(panel, to=NUMBER, text="another")
    ask(panel, "send", frm=LINE)
    post(panel, "credit", key="wrong")
    panel.fail(result="0", action="send")
    page.open(view.format(id=message))
    page.wait_until(lambda: view not in LISTS or page.rows())
    page.js("document.activeElement.blur()")
    controls, others_by_arrow_keys = page.js(CONTROLS)
    assert others_by_arrow_keys
    reached = []
    for _ in range(TAB_STOPS_MAX):
        page.press(Keys.TAB)
        index = page.js("return document.activeElement.dataset.index")
        if index is None or int(index) in reached:
            break
        assert page.focused, f"control {index} has no name"
        assert page.js("return getComputedStyle(document.activeElement).outlineStyle") != "none"
        reached.append(int(index))
    assert sorted(reached) == controls
    assert reached == sorted(reached)  # in document order


def test_a_message_is_found_opened_and_delivered(page: Page, panel: Panel) -> None:
    message = send(panel, to=NUMBER, text="your code is 48219")
    send(panel, to="9351112233")
    page.open()
    page.wait_until(page.rows)
    page.tab_to("Receiver")
    page.press("0912")
    page.wait_for_rows(NUMBER)
    page.wait_for_tab_stop()
    page.press(Keys.TAB, Keys.TAB, Keys.TAB, Keys.TAB)
    assert page.focused.startswith("00:00:00 ")
    page.press(Keys.TAB)
    assert page.focused == "Copy the code 48219"
    page.press(Keys.ENTER)
    page.wait_until(lambda: page.clipboard() == "48219")
    page.press_shift_tab()
    page.press(Keys.ENTER)
    page.wait_for_heading(f"Message {message}")
    assert page.focused == f"Message {message}"
    page.tab_to("Deliver")
    page.press(Keys.ENTER)
    page.wait_for_text(".receivers .status", "delivered (2,3)")
    assert page.focused == "Deliver"
    page.press_shift_tab()
    assert page.focused == "Cancel"


def test_a_list_of_any_length_is_a_single_tab_stop(page: Page, panel: Panel) -> None:
    for number in range(10):
        send(panel, to=f"912111111{number}")
    page.open()
    page.wait_until(lambda: len(page.rows()) == 10)
    stops = "return [...document.querySelectorAll('.rows a')].filter((one) => one.tabIndex >= 0).length"
    page.wait_until(lambda: page.js(stops) == 1)
    page.send_keys("a.row", Keys.ARROW_DOWN)
    page.press(Keys.ARROW_DOWN)
    assert "9121111117" in page.focused
    assert page.js(stops) == 1
    page.press_shift_tab()
    assert page.focused == "Action"
    page.press(Keys.TAB)
    assert "9121111117" in page.focused


def test_a_status_is_chosen_with_the_arrow_keys(page: Page, panel: Panel) -> None:
    send(panel, to="9120000004")
    send(panel, to=NUMBER)
    panel.advance(60)
    page.open()
    page.tab_to("Status")
    for _ in range(20):
        if page.field("Status").get_attribute("value") == "undelivered":
            break
        page.press(Keys.ARROW_DOWN)
    page.wait_for_rows("9120000004")


def test_a_reply_is_written_and_sent(page: Page, panel: Panel) -> None:
    page.open("phone")
    page.tab_to("Number")
    page.press(NUMBER, Keys.ENTER)
    page.wait_for_heading(f"Phone {NUMBER}")
    page.tab_to("Reply")
    page.press("hello", Keys.TAB)
    assert page.focused == "To line"
    page.press(Keys.TAB, Keys.ENTER)
    page.wait_until(lambda: page.texts(".conversation .bubble") == ["hello"])
    assert ask(panel, "receivedMessages")["data"][0]["text"] == "hello"


def test_a_fault_is_set_and_removed_and_a_setting_is_switched(page: Page, panel: Panel) -> None:
    page.open("account")
    page.wait_for_checked("Billing in order")
    page.tab_to("Billing in order (off: result 108 or 607)")
    page.press(Keys.SPACE)
    page.wait_until(lambda: panel.control("GET", "")["billing_ok"] is False)
    assert page.focused == "Billing in order (off: result 108 or 607)"
    page.tab_to("One 502 from a proxy")
    page.press(Keys.ENTER)
    page.wait_for_texts("Fault 1: any request: HTTP 502 from a proxy")
    page.tab_to("Remove fault 1")
    page.press(Keys.SPACE)
    page.wait_for_texts("No fault rules")


def test_a_failed_request_is_copied(page: Page, panel: Panel) -> None:
    ask(panel, "send", frm=LINE)
    page.open("journal")
    page.wait_for_tab_stop()
    page.js("document.querySelector('h1').focus()")
    page.press(Keys.TAB, Keys.ENTER)
    page.wait_for_heading("Request 1")
    page.tab_to("Copy as curl")
    page.press(Keys.ENTER)
    page.wait_until(lambda: page.clipboard().startswith("curl "))


def test_the_first_tab_stop_skips_the_header(page: Page) -> None:
    page.open()
    page.press(Keys.TAB)
    assert page.focused == "Skip to content"
    assert page.js("return document.activeElement.getBoundingClientRect().top") >= 0
    page.press(Keys.ENTER)
    assert page.js("return document.activeElement.id") == "main"
    page.press(Keys.TAB)
    assert page.focused == "Receiver"


def test_a_link_moves_the_focus_to_the_heading_of_its_view(page: Page, panel: Panel) -> None:
    page.open()
    for name in ("Phone", "Journal", "Messages"):
        page.js("document.activeElement.blur()")
        page.tab_to(name)
        page.press(Keys.ENTER)
        page.wait_for_heading(name)
        assert page.js("return [document.activeElement.tagName, document.activeElement.innerText]") == [
            "H1",
            name,
        ]
    assert panel.messages == []


def test_the_focus_stays_while_the_page_is_updated(page: Page, panel: Panel) -> None:
    message = send(panel, to=NUMBER)
    page.open(f"messages/{message}")
    page.tab_to(NUMBER)
    panel.advance(6)
    page.wait_for_text(".receivers .status", "delivered (2,3)")
    assert page.focused == NUMBER
    page.open()
    page.wait_for_tab_stop()
    page.js("document.querySelector('a.row').focus()")
    before = page.focused
    for _ in range(3):
        send(panel, to="9351112233")
        panel.advance(6)
    page.wait_until(lambda: [row.statuses for row in page.rows()] == ["delivered (2,3)"] * 4)
    assert page.focused == before
