"""axe-core finds no serious problem in any view, in light and dark colours, and on a narrow screen."""

from importlib.resources import files
from typing import Any

import pytest

from fakeserver.testing import Panel
from tests.browser.conftest import TabOpener
from tests.browser.page import Page
from tests.command import started
from tests.testing.application import LINE, NUMBER, ask, post, send

AXE = (files("axe_core_python") / "axe.min.js").read_text("utf-8")
RUN = "axe.run(document).then(arguments[0], (error) => arguments[0](String(error)));"
SERIOUS = ("serious", "critical")
VIEWS = (
    "messages",
    "messages/{id}",
    "phone",
    f"phone/{NUMBER}",
    "journal",
    "journal/{refused}",
    "wrong-keys",
    "account",
)
LONG = "سلام، این متن دراز است. " * 24


def problems(page: Page) -> list[Any]:
    """The serious problems that axe-core finds, each with its elements and the reason."""
    if not page.js("return typeof axe === 'object'"):
        page.js(AXE)
    found: Any = page.driver.execute_async_script(RUN)
    assert isinstance(found, dict), found
    assert found["violations"] is not None
    return [
        (one["id"], one["impact"], [(node["html"], node["failureSummary"]) for node in one["nodes"]][:3])
        for one in found["violations"]
        if one["impact"] in SERIOUS
    ]


def set_colour_scheme(page: Page, name: str) -> None:
    features = [{"name": "prefers-color-scheme", "value": name}]
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def set_width(page: Page, pixels: int) -> None:
    metrics = {"width": pixels, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    page.wait_until(lambda: page.js("return innerWidth") == pixels)
    page.wait_for_frame()


@pytest.fixture
def sample_data(panel: Panel) -> dict[str, int]:
    """One of everything: a status of each colour, a code, long texts, faults, an unread parameter."""
    receivers = f"{NUMBER},9120000004,9120000001,9120000002"
    message = send(panel, to=receivers, text=f"{LONG} کد ۴۸۲۱۹")
    ask(panel, "send", frm=LINE, text="x")
    ask(panel, "sendOTP", appID="test-app", code="73519", receivers=NUMBER)
    post(panel, "credit", key="wrong")
    panel.deliver(from_=NUMBER, text=LONG)
    panel.advance(60)
    panel.fail(result="0", times=0, action="send")
    panel.fail(delay=1, to=NUMBER)
    return {"id": message, "refused": 2}


@pytest.mark.parametrize("view", VIEWS)
def test_no_view_has_a_serious_problem(page: Page, sample_data: dict[str, int], view: str) -> None:
    page.open(view.format(**sample_data))
    for name, pixels in (("light", 1280), ("dark", 1280), ("dark", 400), ("light", 400)):
        set_colour_scheme(page, name)
        set_width(page, pixels)
        assert problems(page) == [], (name, pixels)
        overflow = "return document.documentElement.scrollWidth - innerWidth"
        assert page.js(overflow) <= 0, (name, pixels)


@pytest.mark.parametrize("view", ["messages", "phone", f"phone/{NUMBER}", "journal", "account"])
def test_no_empty_view_has_a_serious_problem(page: Page, view: str) -> None:
    page.open(view)
    for name in ("light", "dark"):
        set_colour_scheme(page, name)
        assert problems(page) == []


def test_a_filter_without_matches_and_an_unknown_account_have_no_serious_problem(
    page: Page, panel: Panel
) -> None:
    send(panel)
    page.open()
    page.fill("Text", "nothing like it")
    page.wait_for_texts("No messages match the filter.")
    assert problems(page) == []
    page.open(key="unknown-key")
    page.wait_for_texts("No account has the key unknown-key")
    assert problems(page) == []


def test_the_token_dialog_has_no_serious_problem(open_tab: TabOpener) -> None:
    with started("--control-token", "sesame") as server:
        page = open_tab(server.url, "test-key")
        page.expected_console_lines.append("status of 401")
        page.navigate("")
        page.element("dialog[open]")
        for name in ("light", "dark"):
            set_colour_scheme(page, name)
            assert problems(page) == []


def test_a_serious_problem_is_found(page: Page) -> None:
    page.open()
    page.js("document.querySelector('main').append(document.createElement('input'))")
    assert [problem[0] for problem in problems(page)] == ["label"]


def test_a_screen_reader_gets_landmarks_headings_positions_and_announcements(
    page: Page, panel: Panel
) -> None:
    page.open()
    structure = page.js("""return [document.documentElement.lang, document.querySelectorAll("h1").length,
        ...["header", "nav", "main"].map((name) => document.querySelectorAll(`body > ${name}`).length)]""")
    assert structure == ["en", 1, 1, 1, 1]
    send(panel, to=NUMBER)
    page.wait_for_announcement(f"New message to {NUMBER}")
    row = page.element(".rows > li")
    page.wait_until(lambda: row.get_attribute("aria-setsize") == row.get_attribute("aria-posinset") == "1")
    assert page.element("a.row").accessible_name == (
        f"00:00:00 {NUMBER} hello send · latin, 1 part · 2,000 rials awaiting (0,−1)"
    )
    assert page.js("return document.getElementById('announcements').getAttribute('aria-live')") == "polite"
