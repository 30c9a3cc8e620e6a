"""The inbox page in a browser, as a user sees and operates it.

The page changes asynchronously: a request is answered later, an event arrives later, and rows are drawn in
the next animation frame. Methods named `wait_…` wait for a state; a test must wait for every state that it
checks.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote

from selenium.common.exceptions import (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    StaleElementReferenceException,
    TimeoutException,
)
from selenium.webdriver import Chrome
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

TIMEOUT_SECONDS = 60  # reached only by a test that fails
POLL_SECONDS = 0.03
TAB_STOPS_MAX = 80  # more than any view has
ALL = 1_000_000

Found = TypeVar("Found")

# The errors that Chromium logs when a server stops; which one depends on the state of each connection.
NETWORK_ERROR = "net::ERR_"

READ_ROWS = """return [...document.querySelectorAll(".rows > li")].map((li) => {
    const parts = [".row-title", ".row-text", ".row-time", ".row-details", ".statuses", ".code"];
    return parts.map((css) => (li.querySelector(css)?.innerText ?? "").replaceAll("\\n", " "));
});"""


# The first visible element that an XPath or a CSS selector finds.
FIND_XPATH = """
    const kind = XPathResult.ORDERED_NODE_SNAPSHOT_TYPE;
    const found = document.evaluate(arguments[0], document, null, kind, null);
    const all = Array.from({ length: found.snapshotLength }, (_, index) => found.snapshotItem(index));
    return all.find((element) => element.checkVisibility()) ?? null;"""
FIND_CSS = """
    const all = [...document.querySelectorAll(arguments[0])];
    return all.find((element) => element.checkVisibility()) ?? null;"""

# The page replaces the child of `main` for each view.
REMEMBER_VIEW = "window.previousView = document.getElementById('main')?.firstElementChild;"
FORGET_VIEW = "delete window.previousView;"
HAS_NEW_VIEW = """
    const view = document.getElementById("main")?.firstElementChild;
    return Boolean(view) && view !== window.previousView;"""

# Whatever was scheduled for the next animation frame is drawn when the frame after that begins.
WAIT_FOR_FRAME = "requestAnimationFrame(() => requestAnimationFrame(arguments[0]));"

# Hold back the first `requests` matching requests before they are sent, and the first `replies` replies to
# matching requests. `pending` counts the requests whose reply the page has not used yet.
HOLD = """
    const [pattern, requests, replies] = [new RegExp(arguments[0]), arguments[1], arguments[2]];
    const realFetch = window.fetch;
    const held = { resume: [], pending: 0, replied: 0, requests, replies };
    window.held = held;
    const wait = () => new Promise((resolve) => held.resume.push(resolve));
    const done = () => setTimeout(() => { held.pending -= 1; });
    window.fetch = async (path, options = {}) => {
        if (path === "/_fake/events") return realFetch(path, options);
        const matches = pattern.test(`${options.method} ${path}`);
        held.pending += 1;
        try {
            if (matches && held.requests-- > 0) await wait();
            const reply = await realFetch(path, options);
            if (matches && held.replies-- > 0) await wait();
            if (matches) held.replied += 1;
            const readText = reply.text.bind(reply);
            reply.text = () => readText().finally(done);
            return reply;
        } catch (error) {
            done();
            throw error;
        }
    };"""

# Resume everything that is held back, and wait until the page has used all replies and drawn the result.
RELEASE = """
    const resolve = arguments[0];
    held.requests = held.replies = 0;
    held.resume.splice(0).forEach((resume) => resume());
    const check = () => {
        if (held.pending) setTimeout(check, 5);
        else requestAnimationFrame(() => requestAnimationFrame(resolve));
    };
    check();"""


class Row(NamedTuple):
    """The texts in a row of the list of messages or requests."""

    title: str  # the receiver of a message, the action of a request
    text: str
    time: str
    details: str
    statuses: str
    code: str


class Page:
    """The page of the account `key`, in a tab of its own."""

    def __init__(self, driver: Chrome, url: str, key: str) -> None:
        self.driver = driver
        self.url = url
        self.key = key
        self.expected_console_lines: list[str] = []  # parts of lines that the browser may log

    # Navigation

    def open(self, view: str = "messages", key: str | None = None) -> None:
        """Open a view (`messages/1000000001`), as a link does, and wait until it is drawn and live."""
        self.visit(f"#/{quote(self.key if key is None else key, safe='')}/{view}")
        self.wait_for_text("#connection", "live")

    def visit(self, address: str) -> None:
        """Go to an address below that of the server, and wait until its view is drawn."""
        is_new = self.driver.current_url != f"{self.url}/{address}"
        self.js(REMEMBER_VIEW if is_new else FORGET_VIEW)
        self.navigate(address)
        self.wait_until(lambda: self.js(HAS_NEW_VIEW))
        self.wait_for_frame()

    def navigate(self, address: str) -> None:
        """Go to an address below that of the server, without waiting for its view."""
        self.driver.get(f"{self.url}/{address}")

    # State

    def wait_until(self, condition: Callable[[], Found]) -> Found:
        """Wait until the condition returns a true value, and return that. Elements that do not exist yet, or
        are replaced meanwhile, are looked up again.
        """
        ignored = [
            StaleElementReferenceException,
            ElementClickInterceptedException,
            ElementNotInteractableException,
            IndexError,
        ]
        wait = WebDriverWait(self.driver, TIMEOUT_SECONDS, POLL_SECONDS, ignored_exceptions=ignored)
        try:
            return wait.until(lambda _driver: condition())
        except TimeoutException:
            shown = self.text("body")
            raise AssertionError(f"timed out after {TIMEOUT_SECONDS} s; the page shows:\n{shown}") from None

    def wait_for_frame(self) -> None:
        """Wait until everything that was scheduled for the next animation frame is drawn."""
        self.driver.execute_async_script(WAIT_FOR_FRAME)

    def js(self, script: str, *arguments: Any) -> Any:
        return self.driver.execute_script(script, *arguments)

    def texts(self, css: str) -> list[str]:
        """The visible text of each element that the selector finds."""
        found: list[str] = self.js(
            "return [...document.querySelectorAll(arguments[0])].map((one) => one.innerText)", css
        )
        return found

    def text(self, css: str) -> str:
        """The visible text of the first element that the selector finds, or an empty string."""
        return next(iter(self.texts(css)), "")

    @property
    def main_text(self) -> str:
        return self.text("main")

    def wait_for_texts(self, *texts: str) -> None:
        """Wait until the view contains all these texts."""
        self.wait_until(lambda: all(text in self.main_text for text in texts))

    def wait_for_text(self, css: str, text: str) -> None:
        """Wait until this is the text of the first element that the selector finds."""
        self.wait_until(lambda: self.text(css) == text)

    def wait_for_heading(self, text: str) -> None:
        self.wait_for_text("h1", text)

    def wait_for_announcement(self, text: str) -> None:
        """Wait for a text that is announced to screen readers."""
        self.wait_for_text("#announcements", text)

    def rows(self) -> list[Row]:
        """The rows that are drawn now."""
        return [Row(*row) for row in self.js(READ_ROWS)]

    def wait_for_row(self, title: str) -> Row:
        """Wait for a row with this title. Its other texts may still change."""
        return self.wait_until(lambda: next((row for row in self.rows() if row.title == title), None)) or Row(
            *[""] * 6
        )

    def wait_for_status(self, title: str, status: str) -> None:
        """Wait until this is the status in the row with this title."""
        self.wait_until(lambda: any(row.title == title and row.statuses == status for row in self.rows()))

    def wait_for_rows(self, *titles: str) -> None:
        """Wait until these are the titles of all rows, in this order."""
        self.wait_until(lambda: [row.title for row in self.rows()] == list(titles))

    def wait_for_tab_stop(self) -> None:
        """Wait until Tab reaches the first row of the list."""
        self.wait_until(lambda: self.js("return document.querySelector('a.row')?.tabIndex") == 0)

    # Delayed requests and replies

    def hold(self, pattern: str, *, requests: int = 0, replies: int = 0) -> None:
        """Hold back the next requests whose method and path match, or the next replies to such requests: as
        many as given, or ALL.
        """
        self.js(HOLD, pattern, requests, replies)

    def wait_for_held(self, count: int) -> None:
        """Wait until at least this many requests or replies are held back."""
        self.wait_until(lambda: self.js("return held.resume.length") >= count)

    def release(self) -> None:
        """Release what is held back, and wait until the page has used all replies."""
        self.driver.execute_async_script(RELEASE)

    def wait_for_replies(self, count: int) -> None:
        """Wait until this many matching requests were answered."""
        self.wait_until(lambda: self.js("return held.replied") == count)

    # Elements

    def element(self, css: str) -> WebElement:
        """Wait for a visible element."""
        return self._find(FIND_CSS, css)

    def button(self, name: str) -> WebElement:
        return self._find(FIND_XPATH, _button_path(name))

    def link(self, name: str) -> WebElement:
        return self._find(FIND_XPATH, _link_path(name))

    def field(self, label: str) -> WebElement:
        """The form control with this label."""
        return self._find(FIND_XPATH, _field_path(label))

    def is_checked(self, label: str) -> bool:
        """Whether the checkbox with this label is checked."""
        return self.field(label).is_selected()

    def wait_for_checked(self, label: str, checked: bool = True) -> None:
        self.wait_until(lambda: self.is_checked(label) is checked)

    # The mouse and text input

    def click(self, css: str) -> None:
        self._act(FIND_CSS, css, WebElement.click)

    def click_button(self, name: str) -> None:
        self._act(FIND_XPATH, _button_path(name), WebElement.click)

    def click_link(self, name: str) -> None:
        self._act(FIND_XPATH, _link_path(name), WebElement.click)

    def click_field(self, label: str) -> None:
        self._act(FIND_XPATH, _field_path(label), WebElement.click)

    def fill(self, label: str, text: str) -> None:
        """Replace the text of a field, and wait until the result is drawn."""
        keys = (Keys.CONTROL, "a", Keys.NULL, Keys.DELETE, text)
        self._act(FIND_XPATH, _field_path(label), lambda field: field.send_keys(*keys))
        self.wait_for_frame()

    def select(self, label: str, option: str) -> None:
        """Select an option by its visible text."""
        path = f".//option[normalize-space()={_literal(option)}]"
        self._act(FIND_XPATH, _field_path(label), lambda field: field.find_element(By.XPATH, path).click())

    def send_keys(self, css: str, *keys: str) -> None:
        """Focus an element and press keys in it."""
        self._act(FIND_CSS, css, lambda element: element.send_keys(*keys))

    def clipboard(self) -> str:
        """The text in the clipboard."""
        script = "navigator.clipboard.readText().then(arguments[0], (error) => arguments[0](String(error)))"
        return str(self.driver.execute_async_script(script))

    def copy_with(self, button: str) -> str:
        """Click a button that copies a text, and return the text."""
        placeholder = "nothing copied yet"
        self.js("navigator.clipboard.writeText(arguments[0])", placeholder)
        self.wait_until(lambda: self.clipboard() == placeholder)
        self.js("document.getElementById('announcements').replaceChildren()")
        self.click_button(button)
        self.wait_for_announcement("Copied")
        return self.clipboard()

    # The keyboard

    def press(self, *keys: str) -> None:
        """Press keys in the element that has the focus."""
        ActionChains(self.driver, duration=0).send_keys(*keys).perform()

    def press_shift_tab(self) -> None:
        chain = ActionChains(self.driver, duration=0)
        chain.key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(Keys.SHIFT).perform()

    @property
    def focused(self) -> str:
        """The accessible name of the element that has the focus, as a screen reader says it."""
        return str(self.driver.switch_to.active_element.accessible_name)

    def wait_for_focus(self, name: str) -> None:
        """Wait until an element with this accessible name has the focus."""
        self.wait_until(lambda: self.focused == name)

    def tab_to(self, name: str) -> None:
        """Press Tab until an element with this accessible name has the focus."""
        passed: list[str] = []
        for _ in range(TAB_STOPS_MAX):
            self.press(Keys.TAB)
            passed.append(self.focused)
            if passed[-1] == name:
                return
        raise AssertionError(f"Tab does not reach {name!r}, but {passed}")

    def _find(self, script: str, selector: str) -> WebElement:
        found = self.wait_until(lambda: self.js(script, selector))
        assert isinstance(found, WebElement)
        return found

    def _act(self, script: str, selector: str, action: Callable[[WebElement], object]) -> None:
        """Find an element and act on it. If the page replaces the element in between, both are repeated."""

        def find_and_act() -> bool:
            found = self.js(script, selector)
            if found is None:
                return False
            action(found)
            return True

        self.wait_until(find_and_act)


def _button_path(name: str) -> str:
    return f"//button[normalize-space()={_literal(name)} or @aria-label={_literal(name)}]"


def _link_path(name: str) -> str:
    return f"//a[normalize-space()={_literal(name)}]"


def _field_path(label: str) -> str:
    kinds = "self::input or self::select or self::textarea"
    return f"//label[contains(., {_literal(label)})]//*[{kinds}]"


def _literal(text: str) -> str:
    """An XPath literal. XPath has no literal for a text with both kinds of quotes."""
    return f'"{text}"' if "'" in text else f"'{text}'"
