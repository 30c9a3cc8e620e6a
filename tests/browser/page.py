"""The inbox page in a browser, spoken of as somebody would who looks at it and has a keyboard."""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote

from selenium.common.exceptions import StaleElementReferenceException, TimeoutException
from selenium.webdriver import Chrome
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

PATIENCE_SECONDS = 15
TABS_MAX = 80  # more stops than any view has

Found = TypeVar("Found")

# What Chromium says in its console when a server goes away.
GONE = (
    "ERR_CONNECTION_REFUSED",
    "ERR_CONNECTION_RESET",
    "ERR_EMPTY_RESPONSE",
    "ERR_INCOMPLETE_CHUNKED_ENCODING",
)

READ_ROWS = """return [...document.querySelectorAll(".long > li")].map((li) => {
    const parts = [".to", ".text", ".when", ".facts", ".statuses", ".code"];
    return parts.map((css) => (li.querySelector(css)?.innerText ?? "").replaceAll("\\n", " "));
});"""


# The first that can be seen of the elements that a path, or a selector, leads to.
FIND_PATH = """
    const kind = XPathResult.ORDERED_NODE_SNAPSHOT_TYPE;
    const found = document.evaluate(arguments[0], document, null, kind, null);
    const all = Array.from({ length: found.snapshotLength }, (_, place) => found.snapshotItem(place));
    return all.find((one) => one.checkVisibility()) ?? null;"""
FIND = "return [...document.querySelectorAll(arguments[0])].find((one) => one.checkVisibility()) ?? null;"


# Matching requests are held back: the first `requests` of them before they are sent, the first `replies` when
# they are answered.
HOLD = """
    const [what, requests, replies] = [new RegExp(arguments[0]), arguments[1], arguments[2]];
    const real = window.fetch;
    const turn = (count, of) => count < of && new Promise((resolve) => window.held.push(resolve));
    let [asked, replied] = [0, 0];
    [window.held, window.answered] = [[], 0];
    window.fetch = async (path, options = {}) => {
        if (!what.test(`${options.method} ${path}`)) return real(path, options);
        await turn(asked++, requests);
        const reply = await real(path, options);
        await turn(replied++, replies);
        window.answered += 1;
        return reply;
    };"""
# The page has then done what it does with them.
RELEASE = "window.held.splice(0).forEach((go) => go()); setTimeout(arguments[0], 100);"


class Row(NamedTuple):
    """A row of a list of messages or requests, as it is read."""

    to: str
    text: str
    when: str
    facts: str
    statuses: str
    code: str


class Page:
    """The page of the account `key`, in a tab of its own."""

    def __init__(self, driver: Chrome, url: str, key: str) -> None:
        self.driver = driver
        self.url = url
        self.key = key
        self.expected: list[str] = []  # parts of lines that may stand in the browser's console

    def open(self, view: str = "messages", key: str | None = None) -> None:
        """Go to a view (`messages/1000000001`) as by a link, and wait until it is live."""
        self.go(f"#/{quote(self.key if key is None else key, safe='')}/{view}")
        self.until(lambda: self.text("#live") == "live" and self.text("h1"))

    def go(self, address: str) -> None:
        """Go to an address below the server's, without waiting for what it shows."""
        self.driver.get(f"{self.url}/{address}")

    # What is there

    def until(self, look: Callable[[], Found]) -> Found:
        """What `look` finds, once it is true. What is drawn anew meanwhile, or is not there yet, is looked at
        again.
        """
        ignored = [StaleElementReferenceException, IndexError]
        wait = WebDriverWait(self.driver, PATIENCE_SECONDS, 0.03, ignored_exceptions=ignored)
        try:
            return wait.until(lambda _driver: look())
        except TimeoutException:
            shown = self.text("body")
            raise AssertionError(f"in vain waited for; the page shows:\n{shown}") from None

    def js(self, script: str, *arguments: Any) -> Any:
        return self.driver.execute_script(script, *arguments)

    def texts(self, css: str) -> list[str]:
        """What can be read in each of these elements."""
        found: list[str] = self.js(
            "return [...document.querySelectorAll(arguments[0])].map((one) => one.innerText)", css
        )
        return found

    def text(self, css: str) -> str:
        return next(iter(self.texts(css)), "")

    @property
    def main(self) -> str:
        return self.text("main")

    def shows(self, *texts: str) -> None:
        """Wait until all of these can be read in the view."""
        self.until(lambda: all(text in self.main for text in texts))

    def heading(self, text: str) -> None:
        """Wait for the view of this title."""
        self.until(lambda: self.text("h1") == text)

    def reads(self, css: str, text: str) -> None:
        """Wait until this is what can be read there."""
        self.until(lambda: self.text(css) == text)

    def rows(self) -> list[Row]:
        """The rows that are in the page now."""
        return [Row(*row) for row in self.js(READ_ROWS)]

    def row(self, to: str) -> Row:
        """Wait for the row of this receiver, or action."""
        return self.until(lambda: next((row for row in self.rows() if row.to == to), None)) or Row(*[""] * 6)

    def status(self, to: str, status: str) -> None:
        """Wait until this is the status in the row of this receiver."""
        self.until(lambda: any(row.to == to and row.statuses == status for row in self.rows()))

    def receivers(self, *numbers: str) -> None:
        """Wait until these are the rows, in this order."""
        self.until(lambda: [row.to for row in self.rows()] == list(numbers))

    # What comes late

    def hold(self, what: str, *, requests: int = 0, replies: int = 0) -> None:
        """Hold back the next so many requests whose method and path match, or the replies to them."""
        self.js(HOLD, what, requests, replies)

    def holds(self, count: int) -> None:
        """Wait until so many are held back."""
        self.until(lambda: self.js("return window.held.length") == count)

    def release(self) -> None:
        """Let go what is held back."""
        self.driver.execute_async_script(RELEASE)

    def answered(self, count: int) -> None:
        """Wait until the page has the replies to so many of the matching requests."""
        self.until(lambda: self.js("return window.answered") == count)

    # What can be used

    def one(self, css: str) -> WebElement:
        """Wait for this element, which can be seen."""
        return self._found(FIND, css)

    def button(self, name: str) -> WebElement:
        return self._found(
            FIND_PATH, f"//button[normalize-space()={_literal(name)} or @aria-label={_literal(name)}]"
        )

    def link(self, name: str) -> WebElement:
        return self._found(FIND_PATH, f"//a[normalize-space()={_literal(name)}]")

    def field(self, label: str) -> WebElement:
        """The control with this label."""
        kinds = "self::input or self::select or self::textarea"
        return self._found(FIND_PATH, f"//label[contains(., {_literal(label)})]//*[{kinds}]")

    def press(self, name: str) -> None:
        self.button(name).click()

    def write(self, label: str, text: str) -> None:
        """Put this in the place of what a text field holds."""
        self.field(label).send_keys(Keys.CONTROL, "a", Keys.NULL, Keys.DELETE, text)

    def choose(self, label: str, option: str) -> None:
        """An option of a select, as it is read."""
        path = f".//option[normalize-space()={_literal(option)}]"
        self.field(label).find_element(By.XPATH, path).click()

    def clipboard(self) -> str:
        """What was copied last; a script may read it because the test has granted that."""
        script = "navigator.clipboard.readText().then(arguments[0], (error) => arguments[0](String(error)))"
        return str(self.driver.execute_async_script(script))

    def copied(self, button: str) -> str:
        """Press a button that copies, and what it has copied."""
        self.js("navigator.clipboard.writeText('nothing yet')")
        self.until(lambda: self.clipboard() == "nothing yet")
        self.press(button)
        self.until(lambda: self.text("#said") == "Copied")
        return self.clipboard()

    # The keyboard

    def keys(self, *keys: str) -> None:
        """Press keys, wherever the focus is."""
        ActionChains(self.driver, duration=0).send_keys(*keys).perform()

    def backwards(self) -> None:
        """Shift and Tab."""
        ActionChains(self.driver, duration=0).key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(
            Keys.SHIFT
        ).perform()

    @property
    def focused(self) -> str:
        """The name of what has the focus, as a screen reader would say it."""
        return str(self.driver.switch_to.active_element.accessible_name)

    def tab_to(self, name: str) -> None:
        """Press Tab until what is called this has the focus."""
        passed: list[str] = []
        for _ in range(TABS_MAX):
            self.keys(Keys.TAB)
            passed.append(self.focused)
            if passed[-1] == name:
                return
        raise AssertionError(f"Tab does not reach {name!r}, but {passed}")

    def _found(self, script: str, path: str) -> WebElement:
        found = self.until(lambda: self.js(script, path))
        assert isinstance(found, WebElement)
        return found


def _literal(text: str) -> str:
    """An XPath literal; a text with both kinds of quotes has none."""
    return f'"{text}"' if "'" in text else f"'{text}'"
