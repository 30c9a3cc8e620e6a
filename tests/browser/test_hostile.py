"""Content from elsewhere is shown as text, whatever it contains, and never becomes part of the page."""

import pytest

from fakeserver.testing import Panel
from tests.browser.page import Page
from tests.testing.application import LINE, NUMBER, ask, post, send

MARKUP = '<img src=x onerror="window.stolen = 1"><script>window.stolen = 1</script></textarea><b>&lt;'
OVERRIDE = "\u202eabc\u202d \u2066x \u2069\u200f end"
TEXTS = {
    "markup": MARKUP,
    "right-to-left overrides": OVERRIDE,
    "10 000 characters": "سلام دنیا " * 1000,
    "one word of 10 000 characters": "x" * 10_000,
    "emoji": "👨‍👩‍👧‍👦 🇮🇷 ❤️‍🔥 é\u0301\u0302\u0303" * 3,
    "control characters": "\x07\x1b[31m\x7f\x85 end",
    "lines": "one\ntwo\r\n\n\n\nthree\ttab",
}
VIEWS = ("messages", f"phone/{NUMBER}", "phone", "journal", "journal/1", "account")


@pytest.fixture
def panel_settings() -> dict[str, object]:
    return {"max_parts": 1000, "credit": 1_000_000_000}


def is_harmless(page: Page) -> bool:
    """Whether nothing was executed, no element was injected, and no text widens the page."""
    return bool(
        page.js("""return window.stolen === undefined
            && document.querySelectorAll("main img, main script, main b, main iframe").length === 0
            && [...document.querySelectorAll("html, .bubble")]
                .every((one) => one.scrollWidth <= one.clientWidth)""")
    )


@pytest.mark.parametrize("name", TEXTS)
def test_a_hostile_text_is_harmless_in_every_view(page: Page, panel: Panel, name: str) -> None:
    message = send(panel, to=NUMBER, text=TEXTS[name])
    panel.deliver(from_=NUMBER, text=TEXTS[name])
    for view in (*VIEWS, f"messages/{message}"):
        page.open(view)
        assert is_harmless(page), view
    shown = page.js("return document.querySelector('.bubble').textContent")
    assert shown == panel.messages[0].text
    assert "".join(shown.split()) == "".join(TEXTS[name].split())


def test_a_hostile_text_that_arrives_live_is_harmless(page: Page, panel: Panel) -> None:
    page.open()
    for text in TEXTS.values():
        send(panel, text=text)
    page.wait_for_text(".count", f"{len(TEXTS)} messages")
    page.wait_until(lambda: MARKUP in [row.text for row in page.rows()])
    assert is_harmless(page)


def test_an_override_only_changes_the_direction_of_its_own_text(page: Page, panel: Panel) -> None:
    send(panel, to=NUMBER, text=OVERRIDE)
    send(panel, to=NUMBER, text="plain")
    page.open()
    page.wait_until(lambda: len(page.rows()) == 2)
    places = page.js("""
        const parts = [".row-time", ".row-title", ".row-text", ".statuses"];
        return [...document.querySelectorAll(".row")].map((row) =>
            parts.map((css) => row.querySelector(css).getBoundingClientRect().left));""")
    assert [row[:3] for row in places] == [places[0][:3]] * 2
    assert all(row == sorted(row) for row in places)


def test_a_hostile_request_is_harmless(page: Page, panel: Panel) -> None:
    ask(panel, MARKUP, **{MARKUP: MARKUP, OVERRIDE: OVERRIDE, "__proto__": "x", "constructor": "y"})
    ask(panel, "send", from_=MARKUP, text=OVERRIDE, receivers=f"{MARKUP},{OVERRIDE}")
    post(panel, "credit", key=MARKUP)
    page.open("journal")
    page.wait_until(lambda: len(page.rows()) == 2)
    assert is_harmless(page)
    for number in (1, 2):
        page.open(f"journal/{number}")
        page.wait_until(lambda: MARKUP in page.text("tbody"))
        assert is_harmless(page)
    page.open("wrong-keys")
    page.wait_until(page.rows)
    assert is_harmless(page)


def test_a_hostile_sender_is_harmless(page: Page, panel: Panel) -> None:
    sender = "<img src=x onerror=window.stolen=1>"
    panel.deliver(from_=sender, text="hello")
    page.open("phone")
    page.wait_until(lambda: page.texts(".numbers strong") == [sender])
    page.click(".numbers a")
    page.wait_for_heading(f"Phone {sender}")
    page.wait_for_text(".conversation .bubble", "hello")
    assert is_harmless(page)


def test_hostile_settings_and_faults_are_harmless(page: Page, panel: Panel) -> None:
    panel.fail(text=MARKUP, from_=LINE, result="0", description=OVERRIDE)
    panel.fail(http=500, http_body=MARKUP)
    page.open("account")
    page.wait_until(lambda: len(page.texts(".faults li")) == 2)
    assert is_harmless(page)
    assert MARKUP in page.main_text


def test_a_hostile_address_is_harmless(page: Page) -> None:
    for address in (
        "#/%",
        "#/%E0%A4%A",
        f"#/{MARKUP}/messages",
        f"#/{page.key}/constructor/x",
        "#/__proto__/x",
    ):
        page.visit("#/")
        page.visit(address)
        assert is_harmless(page)


def test_the_browser_refuses_to_insert_markup(page: Page) -> None:
    page.expected_console_lines.append("TrustedHTML")
    page.open()
    refused = page.js(
        "try { document.body.insertAdjacentHTML('beforeend', '<i id=mark></i>'); return ''; }"
        "catch (error) { return error.name; }"
    )
    assert refused == "TypeError"
    assert page.js("return document.getElementById('mark')") is None
