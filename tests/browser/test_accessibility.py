"""What axe-core finds: nothing serious, in any view, light, dark, and on a phone's width."""

from importlib.resources import files
from typing import Any

import pytest

from fakeserver.testing import Panel
from tests.browser.conftest import Opener
from tests.browser.page import Page
from tests.command import started
from tests.testing.application import LINE, NUMBER, ask, post, send

AXE = (files("axe_core_python") / "axe.min.js").read_text("utf-8")
RUN = "axe.run(document).then(arguments[0], (error) => arguments[0](String(error)));"
GRAVE = ("serious", "critical")
VIEWS = (
    "messages",
    "messages/{id}",
    "phone",
    f"phone/{NUMBER}",
    "journal",
    "journal/{refused}",
    "strangers",
    "account",
)
LONG = "سلام، این متن دراز است. " * 24


def findings(page: Page) -> list[Any]:
    """The grave ones, each with where it is and why."""
    if not page.js("return typeof axe === 'object'"):
        page.js(AXE)
    found: Any = page.driver.execute_async_script(RUN)
    assert isinstance(found, dict), found
    assert found["violations"] is not None
    return [
        (one["id"], one["impact"], [(node["html"], node["failureSummary"]) for node in one["nodes"]][:3])
        for one in found["violations"]
        if one["impact"] in GRAVE
    ]


def scheme(page: Page, name: str) -> None:
    features = [{"name": "prefers-color-scheme", "value": name}]
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def width(page: Page, pixels: int) -> None:
    metrics = {"width": pixels, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    page.until(lambda: page.js("return innerWidth") == pixels)


@pytest.fixture
def many_things(panel: Panel) -> dict[str, int]:
    """Something of every kind: each tone of a status, a code, long texts, faults, an unread parameter."""
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
def test_no_view_has_a_grave_finding(page: Page, many_things: dict[str, int], view: str) -> None:
    page.open(view.format(**many_things))
    page.until(lambda: page.js("return document.querySelectorAll('main *').length > 5"))
    for name, pixels in (("light", 1280), ("dark", 1280), ("dark", 400), ("light", 400)):
        scheme(page, name)
        width(page, pixels)
        assert findings(page) == [], (name, pixels)
        overflow = "return document.documentElement.scrollWidth - innerWidth"
        assert page.js(overflow) <= 0, (name, pixels)


@pytest.mark.parametrize("view", ["messages", "phone", f"phone/{NUMBER}", "journal", "account"])
def test_no_empty_view_has_a_grave_finding(page: Page, view: str) -> None:
    page.open(view)
    page.until(lambda: page.js("return document.querySelectorAll('main *').length > 3"))
    for name in ("light", "dark"):
        scheme(page, name)
        assert findings(page) == []


def test_a_filter_that_nothing_fits_and_an_unknown_account_have_no_grave_finding(
    page: Page, panel: Panel
) -> None:
    send(panel)
    page.open()
    page.write("Text", "nothing like it")
    page.shows("No message fits the filter.")
    assert findings(page) == []
    page.open(key="nobody")
    page.shows("No account has the key nobody")
    assert findings(page) == []


def test_the_question_for_the_token_has_no_grave_finding(opener: Opener) -> None:
    with started("--control-token", "sesame") as server:
        page = opener(server.url, "test-key")
        page.expected.append("status of 401")
        page.go("")
        page.one("dialog[open]")
        for name in ("light", "dark"):
            scheme(page, name)
            assert findings(page) == []


def test_a_finding_would_be_found(page: Page) -> None:
    page.open()
    page.js("document.querySelector('main').append(document.createElement('input'))")
    assert [finding[0] for finding in findings(page)] == ["label"]


def test_everything_is_told_to_who_does_not_see_it(page: Page, panel: Panel) -> None:
    """Landmarks, headings, and what a screen reader is told when something happens."""
    page.open()
    structure = page.js("""return [document.documentElement.lang, document.querySelectorAll("h1").length,
        ...["header", "nav", "main"].map((name) => document.querySelectorAll(`body > ${name}`).length)]""")
    assert structure == ["en", 1, 1, 1, 1]
    send(panel, to=NUMBER)
    page.reads("#said", f"New message to {NUMBER}")
    row = page.one(".long > li")
    page.until(lambda: row.get_attribute("aria-setsize") == row.get_attribute("aria-posinset") == "1")
    assert page.one("a.row").accessible_name == (
        f"00:00:00 {NUMBER} hello send · latin, 1 part · 2,000 rials awaiting (0,−1)"
    )
    assert page.js("return document.getElementById('said').getAttribute('aria-live')") == "polite"
