import socket
from typing import Any

import pytest

from fakeserver.testing import Panel, PanelServer

from .gateway import Gateway, NotEnoughCredit, OutcomeUnknown, Refused, Unavailable

LINE = "30001403"


def test_a_message_reaches_the_panel(panel: Panel, gateway: Gateway) -> None:
    send_id = gateway.send(LINE, "سفارش شما آماده است.", "09121234567")
    (message,) = panel.assert_sent(to="9121234567", text="آماده است", count=1)
    assert (str(message.send_id), message.sender) == (send_id, LINE)


def test_a_refusal_has_the_result_code(panel: Panel, gateway: Gateway) -> None:
    with pytest.raises(Refused) as refused:
        gateway.send("30009999", "hello", "9121234567")
    assert refused.value.code == 106
    panel.assert_nothing_sent()


def test_an_unknown_key_is_refused(panel_server: PanelServer) -> None:
    with pytest.raises(Refused) as refused:
        Gateway(panel_server.endpoint, "mistyped").credit()
    assert refused.value.code == -1


def test_too_little_credit_has_an_exception_of_its_own(panel: Panel, gateway: Gateway) -> None:
    panel.set(credit=0)
    with pytest.raises(NotEnoughCredit):
        gateway.send(LINE, "hello", "9121234567")
    with pytest.raises(NotEnoughCredit):
        gateway.send_pattern("90001403", 1001, {"code": "12345"}, "9121234567")


def test_an_outage_of_the_operator_has_the_description_of_the_panel(panel: Panel, gateway: Gateway) -> None:
    panel.fail(result="112", description="operator down")
    with pytest.raises(Unavailable, match="operator down"):
        gateway.send(LINE, "hello", "9121234567")


def test_without_a_connection_nothing_was_accepted() -> None:
    with socket.socket() as unused:  # bound, but not listening
        unused.bind(("127.0.0.1", 0))
        host, port = unused.getsockname()
        with pytest.raises(Unavailable):
            Gateway(f"http://{host}:{port}/webservice/server", "a key").credit()


@pytest.mark.parametrize(
    ("fault", "accepted"),
    [
        ({"disconnect": "before"}, 0),
        ({"disconnect": "after"}, 1),
        ({"body": "truncated"}, 1),
        ({"body": "empty"}, 1),
        ({"body": "html"}, 1),
        ({"body": "not-json"}, 1),
        ({"http": 502}, 0),
        ({"http": 200, "http_body": "null"}, 0),
    ],
)
def test_without_a_readable_reply_the_outcome_is_unknown(
    panel: Panel, gateway: Gateway, fault: dict[str, Any], accepted: int
) -> None:
    panel.fail(**fault)
    with pytest.raises(OutcomeUnknown):
        gateway.send(LINE, "hello", "9121234567")
    panel.assert_sent(count=accepted)


def test_without_a_sendid_the_outcome_is_unknown(panel: Panel, gateway: Gateway) -> None:
    panel.set(reply_names={"send_id": "somewhere.else", "credit": "credit"})
    with pytest.raises(OutcomeUnknown):
        gateway.send(LINE, "hello", "9121234567")
    panel.assert_sent(count=1)


def test_after_a_timeout_the_outcome_is_unknown(panel: Panel) -> None:
    panel.fail(delay=60)
    with pytest.raises(OutcomeUnknown):
        Gateway(panel.endpoint, panel.api_key, timeout=0.1).send(LINE, "hello", "9121234567")
    panel.wait_for(to="9121234567")
