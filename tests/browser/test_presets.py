"""Every preset does what it says."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from fakeserver.testing import Panel
from tests.browser.page import Page
from tests.testing.application import ask, attempt, post, send

CHECKS: dict[str, Callable[[Page, Panel], None]] = {}


def preset(name: str) -> Callable[[Callable[[Page, Panel], None]], Callable[[Page, Panel], None]]:
    def keep(check: Callable[[Page, Panel], None]) -> Callable[[Page, Panel], None]:
        CHECKS[name] = check
        return check

    return keep


@preset("Operator down for the next 3 sends")
def operator_down(page: Page, panel: Panel) -> None:
    assert [attempt(panel) for _ in range(4)] == ["112", "112", "112", "1"]
    assert ask(panel, "credit")["result"] == "1"
    page.shows("3 times; fired 3 times")


@preset("Credit used up")
def credit_used_up(page: Page, panel: Panel) -> None:
    assert attempt(panel) == "109"
    page.reads("#credit", "0 rials")


@preset("Key disabled")
def key_disabled(page: Page, panel: Panel) -> None:
    assert {attempt(panel), ask(panel, "credit")["result"]} == {"-2"}
    page.until(lambda: not page.field("Web service switched on").is_selected())


@preset("Replies 5 s late")
def replies_late(page: Page, panel: Panel) -> None:
    begin = time.monotonic()
    with ThreadPoolExecutor(1) as waiting:
        reply = waiting.submit(send, panel)
        panel.wait_for(to="9121234567", timeout=4)  # it was carried out on arrival
        assert not reply.done()
        reply.result()
    assert 5 <= time.monotonic() - begin < 10
    page.shows("until it is removed; fired 1 time")


@preset("Connection lost after acceptance")
def connection_lost(page: Page, panel: Panel) -> None:
    code = {"textCode": 1001, "textData": '{"code":"1234"}'}
    actions: dict[str, dict[str, Any]] = {
        "send": {"from_": "30001403", "text": "hello"},
        "sendServices": {"from_": "90001403", **code},
        "sendOTP": {"appID": "test-app", "code": "1234"},
    }
    for action, params in actions.items():
        with pytest.raises(ConnectionError):
            ask(panel, action, receivers="9121234567", **params)
        assert panel.messages[-1].action == action
    assert attempt(panel) == "1"
    assert len(panel.messages) == 4
    page.until(lambda: len(page.texts(".faults li")) == 3)


@preset("A proxy answers 502, once")
def proxy_answers(page: Page, panel: Panel) -> None:
    assert post(panel, "send", from_="30001403", text="x", receivers="9121234567").status == 502
    assert panel.messages == []
    assert attempt(panel) == "1"
    page.shows("a proxy answers 502; 1 time; fired 1 time")


@preset("Next messages are not delivered")
def not_delivered(page: Page, panel: Panel) -> None:
    for _ in range(3):
        send(panel, to="9121234567")
    panel.advance(hours=1)
    pairs = {(one.receivers[0].processing_status, one.receivers[0].send_status) for one in panel.messages}
    assert pairs == {(2, 4)}
    page.open()
    page.until(lambda: [row.statuses for row in page.rows()] == ["undelivered (2,4)"] * 3)


@pytest.mark.parametrize("name", CHECKS)
def test_a_preset_does_what_it_says(page: Page, panel: Panel, name: str) -> None:
    page.open("account")
    page.press(name)
    page.reads("#said", f"Set: {name}")
    assert page.focused == name
    CHECKS[name](page, panel)


def test_no_preset_is_without_its_test(page: Page) -> None:
    page.open("account")
    page.until(lambda: page.texts("[aria-label=Presets] button") == list(CHECKS))
