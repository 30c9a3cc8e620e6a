"""Each preset has the effect that its name promises."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from fakeserver.testing import Panel
from tests.browser.page import Page
from tests.testing.application import ask, attempt, post, send

Check = Callable[[Page, Panel], None]
CHECKS: dict[str, Check] = {}


def preset(name: str) -> Callable[[Check], Check]:
    """Registers the check of a preset."""

    def register(check: Check) -> Check:
        CHECKS[name] = check
        return check

    return register


@preset("Operator error for the next 3 sends")
def operator_error(page: Page, panel: Panel) -> None:
    assert [attempt(panel) for _ in range(4)] == ["112", "112", "112", "1"]
    assert ask(panel, "credit")["result"] == "1"
    page.wait_for_texts("3 times; fired 3 times")


@preset("No credit")
def no_credit(page: Page, panel: Panel) -> None:
    assert attempt(panel) == "109"
    page.wait_for_text("#credit", "0 rials")


@preset("Web service disabled")
def web_service_disabled(page: Page, panel: Panel) -> None:
    assert {attempt(panel), ask(panel, "credit")["result"]} == {"-2"}
    page.wait_for_checked("Web service enabled", checked=False)


@preset("Replies delayed by 5 s")
def replies_delayed(page: Page, panel: Panel) -> None:
    begin = time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        reply = pool.submit(send, panel)
        panel.wait_for(to="9121234567", timeout=30)  # the request is carried out on arrival
        assert not reply.done()
        reply.result()
    assert time.monotonic() - begin >= 5
    page.wait_for_texts("reply delayed by 5 s; until removed; fired 1 time")


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
    page.wait_until(lambda: len(page.texts(".faults li")) == 3)


@preset("One 502 from a proxy")
def proxy_error(page: Page, panel: Panel) -> None:
    assert post(panel, "send", from_="30001403", text="x", receivers="9121234567").status == 502
    assert panel.messages == []
    assert attempt(panel) == "1"
    page.wait_for_texts("HTTP 502 from a proxy; 1 time; fired 1 time")


@preset("Messages not delivered")
def not_delivered(page: Page, panel: Panel) -> None:
    for _ in range(3):
        send(panel, to="9121234567")
    panel.advance(hours=1)
    pairs = {(one.receivers[0].processing_status, one.receivers[0].send_status) for one in panel.messages}
    assert pairs == {(2, 4)}
    page.open()
    page.wait_until(lambda: [row.statuses for row in page.rows()] == ["undelivered (2,4)"] * 3)


@pytest.mark.parametrize("name", CHECKS)
def test_a_preset_has_its_effect(page: Page, panel: Panel, name: str) -> None:
    page.open("account")
    page.click_button(name)
    page.wait_for_announcement(f"Set: {name}")
    assert page.focused == name
    CHECKS[name](page, panel)


def test_every_preset_is_tested(page: Page) -> None:
    page.open("account")
    page.wait_until(lambda: page.texts("[aria-label=Presets] button") == list(CHECKS))
