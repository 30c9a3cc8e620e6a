"""The actions on a message: approve, cancel, deliver, fail."""

import re

import pytest

from fakeserver.testing import Panel
from tests.browser.page import Page
from tests.testing.application import send

NUMBER, UNDELIVERABLE = "9121234567", "9120000004"


def wait_for_statuses(page: Page, *statuses: str) -> None:
    page.wait_until(lambda: page.texts(".receivers .summary .status") == list(statuses))


@pytest.fixture
def panel_settings() -> dict[str, object]:
    return {"monitoring": "manual"}


def test_an_approved_message_is_delivered(page: Page, panel: Panel) -> None:
    message = send(panel)
    panel.advance(60)
    page.open(f"messages/{message}")
    wait_for_statuses(page, "awaiting (0,−1)")
    page.click_button("Approve")
    page.wait_until(lambda: page.text(".receivers .summary .status") != "awaiting (0,−1)")
    assert page.focused == "Approve"
    panel.advance(60)
    wait_for_statuses(page, "delivered (2,3)")


def test_a_cancelled_message_is_refunded(page: Page, panel: Panel) -> None:
    message = send(panel)
    page.open(f"messages/{message}")
    page.wait_for_text("#credit", "998,000 rials")
    page.click_button("Cancel")
    wait_for_statuses(page, "cancelled (5,−2)")
    page.wait_for_text("#credit", "1,000,000 rials")


@pytest.mark.parametrize(
    ("button", "status", "pair"),
    [("Deliver", "delivered (2,3)", (2, 3)), ("Fail", "undelivered (2,4)", (2, 4))],
)
def test_a_message_is_delivered_or_fails_at_once(
    page: Page, panel: Panel, button: str, status: str, pair: tuple[int, int]
) -> None:
    message = send(panel, to=f"{NUMBER},{UNDELIVERABLE}")
    page.open(f"messages/{message}")
    page.click_button(button)
    wait_for_statuses(page, status, status)
    assert page.focused == button
    (known,) = panel.messages
    assert {(one.processing_status, one.send_status) for one in known.receivers} == {pair}
    panel.advance(hours=48)
    page.open()
    page.wait_for_status(f"{NUMBER} +1", f"{status} × 2")


def test_a_refused_action_shows_the_reason_beside_its_button(page: Page, panel: Panel) -> None:
    page.expected_console_lines.append("status of 409")
    message = send(panel)
    page.open(f"messages/{message}")
    page.click_button("Deliver")
    wait_for_statuses(page, "delivered (2,3)")
    page.click_button("Cancel")
    reason = page.wait_until(lambda: page.texts(".action .error")[1])
    with pytest.raises(ValueError, match=re.escape(reason)):
        panel.control("POST", f"/messages/{message}/cancel")
    panel.deliver(from_=NUMBER, text="another event")
    page.click_button("Fail")
    reason = page.wait_until(lambda: page.texts(".action .error")[3])
    with pytest.raises(ValueError, match=re.escape(reason)):
        panel.control("POST", f"/messages/{message}/status", {"processingStatus": 2, "sendStatus": 4})
    assert page.texts(".action .error")[::2] == ["", ""]
