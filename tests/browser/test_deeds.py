"""What can be done with a message: approve, cancel, deliver, fail."""

import pytest

from fakeserver.testing import Panel
from tests.browser.page import Page
from tests.testing.application import send

NUMBER, OTHER = "9121234567", "9120000004"


def statuses(page: Page) -> list[str]:
    return page.texts(".receivers .head .status")


@pytest.fixture
def panel_settings() -> dict[str, object]:
    return {"monitoring": "manual"}


def test_a_message_that_waits_is_approved_and_goes_its_way(page: Page, panel: Panel) -> None:
    message = send(panel)
    panel.advance(60)
    page.open(f"messages/{message}")
    page.until(lambda: statuses(page) == ["awaiting (0,−1)"])
    page.press("Approve")
    page.until(lambda: statuses(page) != ["awaiting (0,−1)"])
    assert page.focused == "Approve"
    panel.advance(60)
    page.until(lambda: statuses(page) == ["delivered (2,3)"])


def test_a_message_that_waits_is_cancelled_and_the_money_comes_back(page: Page, panel: Panel) -> None:
    message = send(panel)
    page.open(f"messages/{message}")
    page.reads("#credit", "998,000 rials")
    page.press("Cancel")
    page.until(lambda: statuses(page) == ["cancelled (5,−2)"])
    page.reads("#credit", "1,000,000 rials")


@pytest.mark.parametrize(
    ("button", "status", "pair"),
    [("Deliver", "delivered (2,3)", (2, 3)), ("Fail", "undelivered (2,4)", (2, 4))],
)
def test_a_message_is_delivered_or_fails_at_once(
    page: Page, panel: Panel, button: str, status: str, pair: tuple[int, int]
) -> None:
    message = send(panel, to=f"{NUMBER},{OTHER}")
    page.open(f"messages/{message}")
    page.press(button)
    page.until(lambda: statuses(page) == [status] * 2)
    assert page.focused == button
    (known,) = panel.messages
    assert {(one.processing_status, one.send_status) for one in known.receivers} == {pair}
    panel.advance(hours=48)
    page.open()
    assert page.until(page.rows)[0].statuses == f"{status} × 2"


def test_why_it_cannot_be_done_stands_beside_the_button(page: Page, panel: Panel) -> None:
    page.expected.append("status of 409")
    message = send(panel)
    page.open(f"messages/{message}")
    page.press("Deliver")
    page.until(lambda: statuses(page) == ["delivered (2,3)"])
    page.press("Cancel")
    page.until(
        lambda: page.texts(".deed .refusal")[1] == "no receiver of this message can be cancelled any more"
    )
    panel.deliver(from_=NUMBER, text="something else happens")
    page.press("Fail")
    page.until(lambda: page.texts(".deed .refusal")[3] == "(2,4) cannot be reached any more from (2,3)")
