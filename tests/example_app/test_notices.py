from datetime import timedelta

import pytest

from fakeserver.testing import Panel

from .gateway import Gateway, NotEnoughCredit, Unavailable
from .notices import Delivery, Notices

NUMBER = "9121234567"
TEXT = "سفارش شما آماده است."


@pytest.fixture
def notices(panel: Panel, gateway: Gateway) -> Notices:
    return Notices(gateway, pause=panel.advance)


def test_a_customer_is_told_once(panel: Panel, notices: Notices) -> None:
    notices.tell(NUMBER, TEXT)
    panel.assert_sent(to=NUMBER, text=TEXT, count=1)


def test_an_outage_of_the_operator_is_waited_for(panel: Panel, notices: Notices) -> None:
    start = panel.now
    panel.fail(result="112", times=3)
    notices.tell(NUMBER, TEXT)
    (message,) = panel.assert_sent(count=1)
    assert message.accepted_at - start == timedelta(seconds=1 + 5 + 25)


def test_an_outage_that_lasts_is_told_to_the_caller(panel: Panel, notices: Notices) -> None:
    outage = panel.fail(result="112", times=0)
    with pytest.raises(Unavailable):
        notices.tell(NUMBER, TEXT)
    assert (outage.fired, notices.sent) == (4, [])
    panel.assert_nothing_sent()


def test_what_may_have_been_accepted_is_not_sent_again(panel: Panel, notices: Notices) -> None:
    panel.fail(disconnect="after")
    assert notices.tell(NUMBER, TEXT).delivery is Delivery.UNKNOWN
    panel.assert_sent(count=1)


def test_without_credit_no_attempt_is_repeated(panel: Panel, notices: Notices) -> None:
    panel.set(credit=1_500)  # one notice is 1000 rials
    notices.tell(NUMBER, TEXT)
    with pytest.raises(NotEnoughCredit):
        notices.tell(NUMBER, TEXT)
    assert [entry.result for entry in panel.journal] == ["1", "109"]
    assert panel.credit == 500
