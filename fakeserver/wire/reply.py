"""An answer as a reply: its headers and body, and how a fault changes them. Pure functions."""

from functools import lru_cache
from typing import NamedTuple, TypeAlias

from fakeserver.account.fault_rules import FaultRule
from fakeserver.actions.answer import Answer
from fakeserver.settings.account_settings import Settings
from fakeserver.wire import encode
from fakeserver.wire.call import short_key

# Names and values have no line breaks. Headers that HTTP itself needs are not among them.
Headers: TypeAlias = tuple[tuple[str, str], ...]


class Reply(NamedTuple):
    """A reply of the service, without what HTTP adds to it."""

    headers: Headers
    body: bytes
    status: int = 200


def reply_to(answer: Answer, settings: Settings | None, fault: FaultRule | None = None) -> Reply | None:
    """The reply to a request; None when the fault breaks the connection off. `settings` are those of the
    account, None when the key belongs to no account.
    """
    headers = _headers(answer.rule, None if settings is None else settings.key)
    body = encode.body(answer, settings)
    if fault is None:
        return Reply(headers, body)
    if fault.then.disconnect is not None:
        return None
    return _faulty(fault, {**dict(headers), "X-Fake-Fault": str(fault.id)}, body)


@lru_cache(maxsize=1_024)
def _headers(rule: str, key: str | None) -> Headers:
    headers = {"Content-Type": encode.CONTENT_TYPE, "X-Content-Type-Options": "nosniff"}
    if rule:
        headers["X-Fake-Rule"] = rule
    if key is not None:
        headers["X-Fake-Account"] = short_key(key)
    return tuple(headers.items())


def _faulty(fault: FaultRule, headers: dict[str, str], body: bytes) -> Reply:
    then = fault.then
    if then.http is not None or then.body is not None:
        headers["Content-Security-Policy"] = "sandbox"
    if then.http is not None:
        headers["Content-Type"] = "text/html; charset=utf-8"
        text = encode.proxy_page(then.http) if then.http_body is None else then.http_body
        return Reply(tuple(headers.items()), text.encode(), then.http)
    if then.body is not None:
        headers["Content-Type"] = encode.UNREADABLE_TYPES[then.body]
        body = encode.unreadable(body, then.body)
    return Reply(tuple(headers.items()), body)
