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


def test_a_notice_is_sent_once(panel: Panel, notices: Notices) -> None:
    notices.notify(NUMBER, TEXT)
    panel.assert_sent(to=NUMBER, text=TEXT, count=1)


def test_a_notice_is_repeated_until_the_operator_is_available(panel: Panel, notices: Notices) -> None:
    start = panel.now
    panel.fail(result="112", times=3)
    notices.notify(NUMBER, TEXT)
    (message,) = panel.assert_sent(count=1)
    assert message.accepted_at - start == timedelta(seconds=1 + 5 + 25)


def test_a_long_outage_is_an_error(panel: Panel, notices: Notices) -> None:
    outage = panel.fail(result="112", times=0)
    with pytest.raises(Unavailable):
        notices.notify(NUMBER, TEXT)
    assert (outage.fired, notices.sent) == (4, [])
    panel.assert_nothing_sent()


def test_a_notice_that_may_have_been_accepted_is_not_repeated(panel: Panel, notices: Notices) -> None:
    panel.fail(disconnect="after")
    assert notices.notify(NUMBER, TEXT).delivery is Delivery.UNKNOWN
    panel.assert_sent(count=1)


def test_a_notice_is_not_repeated_without_credit(panel: Panel, notices: Notices) -> None:
    panel.set(credit=1_500)  # one notice is 1000 rials
    notices.notify(NUMBER, TEXT)
    with pytest.raises(NotEnoughCredit):
        notices.notify(NUMBER, TEXT)
    assert [entry.result for entry in panel.journal] == ["1", "109"]
    assert panel.credit == 500
