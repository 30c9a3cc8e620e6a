import pytest

from fakeserver.testing import Panel

from .gateway import Gateway, NotEnoughCredit
from .sign_up import ATTEMPTS, SignUp

NUMBER = "9121234567"


@pytest.fixture
def sign_up(panel: Panel, gateway: Gateway) -> SignUp:
    return SignUp(gateway, clock=lambda: panel.now)


def test_the_code_from_the_message_confirms_the_number(panel: Panel, sign_up: SignUp) -> None:
    sign_up.start(NUMBER)
    (message,) = panel.assert_sent(to=NUMBER, text="کد ورود شما", count=1)
    assert sign_up.confirm(NUMBER, message.code)


def test_a_code_is_valid_once(panel: Panel, sign_up: SignUp) -> None:
    sign_up.start(NUMBER)
    code = panel.messages[-1].code
    assert sign_up.confirm(NUMBER, code)
    assert not sign_up.confirm(NUMBER, code)


def test_a_code_does_not_confirm_another_number(panel: Panel, sign_up: SignUp) -> None:
    sign_up.start(NUMBER)
    assert not sign_up.confirm("9127654321", panel.messages[-1].code)


def test_the_number_of_guesses_is_limited(panel: Panel, sign_up: SignUp) -> None:
    sign_up.start(NUMBER)
    for _ in range(ATTEMPTS):
        assert not sign_up.confirm(NUMBER, "a guess")
    assert not sign_up.confirm(NUMBER, panel.messages[-1].code)


def test_a_code_expires_after_two_minutes(panel: Panel, sign_up: SignUp) -> None:
    sign_up.start(NUMBER)
    panel.advance(minutes=2)
    assert not sign_up.confirm(NUMBER, panel.messages[-1].code)


def test_a_code_is_valid_even_if_its_acceptance_is_unknown(panel: Panel, sign_up: SignUp) -> None:
    panel.fail(disconnect="after")
    sign_up.start(NUMBER)
    (message,) = panel.assert_sent(count=1)
    assert sign_up.confirm(NUMBER, message.code)


def test_sign_up_fails_if_no_code_can_be_sent(panel: Panel, sign_up: SignUp) -> None:
    panel.set(credit=0)
    with pytest.raises(NotEnoughCredit):
        sign_up.start(NUMBER)
    panel.assert_nothing_sent()
