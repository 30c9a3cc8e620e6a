from collections.abc import Callable
from typing import Any

import pytest

from fakeserver.testing import Panel

from .deliveries import record_deliveries
from .gateway import Gateway, PanelError
from .notices import Delivery, Notice, Notices

NUMBER = "9121234567"

Job = Callable[[], list[Delivery]]


@pytest.fixture
def notices(gateway: Gateway) -> Notices:
    return Notices(gateway)


@pytest.fixture
def run_job(gateway: Gateway, notices: Notices) -> Job:
    """Run the job once, and return what is recorded for each notice."""

    def run() -> list[Delivery]:
        record_deliveries(gateway, notices.sent)
        return [notice.delivery for notice in notices.sent]

    return run


def test_a_notice_is_waiting_until_it_is_delivered(panel: Panel, notices: Notices, run_job: Job) -> None:
    notices.notify(NUMBER, "hello")
    assert run_job() == [Delivery.WAITING]
    panel.advance(seconds=6)
    assert run_job() == [Delivery.DELIVERED]


@pytest.mark.parametrize(
    ("outcome", "delivery"),
    [
        ("undelivered", Delivery.UNDELIVERED),
        ("blacklisted", Delivery.BLACKLISTED),
        ("rejected", Delivery.REJECTED),
        ("cancelled", Delivery.CANCELLED),
    ],
)
def test_the_outcome_of_a_notice_is_recorded(
    panel: Panel, notices: Notices, run_job: Job, outcome: str, delivery: Delivery
) -> None:
    panel.fail(outcome=outcome)
    notices.notify(NUMBER, "hello")
    panel.advance(minutes=1)
    assert run_job() == [delivery]


def test_a_number_that_has_opted_out_receives_nothing(panel: Panel, notices: Notices, run_job: Job) -> None:
    panel.deliver(from_=NUMBER, text="لغو11")
    notices.notify(NUMBER, "hello")
    panel.advance(minutes=1)
    assert run_job() == [Delivery.BLACKLISTED]


def test_a_notice_that_was_not_sent_is_refunded(panel: Panel, notices: Notices, run_job: Job) -> None:
    credit = panel.credit
    panel.fail(outcome="unreached")
    notices.notify(NUMBER, "hello")
    assert panel.credit < credit
    panel.advance(minutes=1)
    assert run_job() == [Delivery.REFUNDED]
    assert panel.credit == credit


def test_a_notice_expires_after_a_day(panel: Panel, notices: Notices, run_job: Job) -> None:
    panel.fail(outcome="expired")
    notices.notify(NUMBER, "hello")
    panel.advance(hours=23)
    assert run_job() == [Delivery.WAITING]
    panel.advance(hours=1)
    assert run_job() == [Delivery.EXPIRED]


def test_a_notice_is_archived_after_three_days(panel: Panel, notices: Notices, run_job: Job) -> None:
    notices.notify(NUMBER, "hello")
    panel.advance(days=1)
    assert run_job() == [Delivery.DELIVERED]
    notices.notify(NUMBER, "hello again")
    panel.advance(days=3, hours=1)
    assert run_job() == [Delivery.DELIVERED, Delivery.ARCHIVED]


def test_a_final_status_is_not_requested_again(panel: Panel, notices: Notices, run_job: Job) -> None:
    notices.notify(NUMBER, "hello")
    panel.advance(minutes=1)
    run_job()
    run_job()
    assert len(panel.requests(action="reportSend")) == 1


@pytest.mark.parametrize("fault", [{"http": 502}, {"result": "-2"}], ids=str)
def test_the_next_run_continues_after_an_error(
    panel: Panel, notices: Notices, run_job: Job, fault: dict[str, Any]
) -> None:
    notices.notify(NUMBER, "hello")
    panel.advance(minutes=1)
    panel.fail(action="reportSend", **fault)
    with pytest.raises(PanelError):
        run_job()
    assert run_job() == [Delivery.DELIVERED]


def test_an_unknown_notice_does_not_stop_the_job(panel: Panel, notices: Notices, run_job: Job) -> None:
    notices.sent.append(Notice(NUMBER, send_id="1"))
    notices.notify(NUMBER, "hello")
    panel.advance(minutes=1)
    assert run_job() == [Delivery.UNKNOWN, Delivery.DELIVERED]
