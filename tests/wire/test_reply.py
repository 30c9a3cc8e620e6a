"""An answer as a reply: its headers and body, and what a fault makes of them (W4)."""

from typing import Any

import pytest

from fakeserver.notation.params import Params
from fakeserver.wire.call import Call, short_key
from fakeserver.wire.reply import Reply
from tests.driver import REAL_MS, AccountDriver

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"
BODY = b'{"result":"1","credit":"1000000"}'
HEADERS = {
    "Content-Type": JSON,
    "X-Content-Type-Options": "nosniff",
    "X-Fake-Rule": "C1",
    "X-Fake-Account": "test...",
}


def reply_to_credit(fault: dict[str, Any] | None = None) -> Reply | None:
    driver = AccountDriver()
    if fault is not None:
        driver.add_fault(fault)
    call = Call("POST", driver.key, Params({"action": "credit"}), "127.0.0.1")
    return driver.panel.handle(call, REAL_MS).reply


@pytest.mark.rule("W4")
def test_a_reply_has_status_200_and_names_its_rule_and_its_account() -> None:
    assert reply_to_credit() == Reply(tuple(HEADERS.items()), BODY, 200)
    driver = AccountDriver()
    unknown = driver.panel.handle(Call("POST", "nobody", Params(), "127.0.0.1"), REAL_MS).reply
    assert unknown is not None
    assert dict(unknown.headers).keys() == HEADERS.keys() - {"X-Fake-Account"}


@pytest.mark.parametrize(
    ("fault", "status", "content_type", "body"),
    [
        ({"delaySeconds": 1}, 200, JSON, BODY),
        ({"body": "truncated"}, 200, JSON, BODY[:16]),
        ({"body": "empty"}, 200, JSON, b""),
        ({"body": "not-json"}, 200, JSON, b"result=1"),
        ({"http": 503, "httpBody": "busy"}, 503, HTML, b"busy"),
        ({"http": 503, "httpBody": ""}, 503, HTML, b""),
    ],
    ids=str,
)
def test_a_fault_changes_the_reply(
    fault: dict[str, Any], status: int, content_type: str, body: bytes
) -> None:
    reply = reply_to_credit(fault)
    assert reply is not None
    assert (reply.status, reply.body) == (status, body)
    headers = {**HEADERS, "X-Fake-Fault": "1", "Content-Type": content_type}
    if "http" in fault:
        del headers["X-Fake-Rule"]
    if fault.keys() & {"http", "body"}:
        headers["Content-Security-Policy"] = "sandbox"
    assert dict(reply.headers) == headers


@pytest.mark.parametrize(
    ("fault", "title"),
    [
        ({"body": "html"}, "200 OK"),
        ({"http": 502}, "502 Bad Gateway"),
        ({"http": 599}, "599"),
    ],
    ids=str,
)
def test_a_fault_answers_with_the_page_of_a_proxy(fault: dict[str, Any], title: str) -> None:
    reply = reply_to_credit(fault)
    assert reply is not None
    page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"
    assert (dict(reply.headers)["Content-Type"], reply.body.decode()) == (HTML, page)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_broken_connection_has_no_reply(when: str) -> None:
    assert reply_to_credit({"disconnect": when}) is None


@pytest.mark.parametrize(
    ("key", "shown"), [("123456789", "1234...89"), ("12345678", "1234..."), ("k", "..."), ("", "...")]
)
def test_a_key_is_shown_in_part(key: str, shown: str) -> None:
    assert short_key(key) == shown
