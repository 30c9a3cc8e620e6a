"""The common mistakes of docs/troubleshooting.md: requests, and what a server answers to them."""

import json
from collections.abc import Mapping
from functools import cache
from http.client import HTTPConnection
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from tests.command import request as ask, started

KEY = "test-key"
FORM = "application/x-www-form-urlencoded"
SEND = {"action": "send", "from": "30001403", "text": "hello", "receivers": "9121234567"}
PATTERN = {"action": "sendServices", "from": "90001403", "textCode": "1001", "receivers": "9121234567"}


class Attempt(NamedTuple):
    """A request with a mistake in it. `params` are posted as a form unless `body` is given."""

    title: str
    correction: str
    params: Mapping[str, str]
    key: str = KEY
    method: str = "POST"
    content_type: str = FORM
    body: str | None = None
    query: str = ""


class Mistake(NamedTuple):
    """A mistake, how to correct it, and the answer that it leads to."""

    title: str
    correction: str
    result: str
    rule: str
    reason: str


ATTEMPTS = (
    Attempt(
        "a word before the key, as in `Bearer KEY`",
        "Send the key alone: `Authorization: KEY`.",
        SEND,
        key=f"Bearer {KEY}",
    ),
    Attempt(
        "`POST` with the key in the query",
        "Move the key to the header `Authorization`.",
        SEND,
        key="",
        query=f"key={KEY}",
    ),
    Attempt(
        "`GET` with the key in the header",
        "Move the key to the query parameter `key`.",
        {},
        method="GET",
        query=urlencode(SEND),
    ),
    Attempt(
        "a key that no account has",
        "Use a [test key](configuration.md#test-keys), or create the account.",
        SEND,
        key="my-own-key",
    ),
    Attempt(
        "the older form of the service",
        "Use `action`, and the key in the header.",
        {"Action": "credit", "username": "u"},
        key="",
    ),
    Attempt(
        "`POST` with the parameters in the query",
        "Move the parameters to the body.",
        {},
        query=urlencode(SEND),
    ),
    Attempt(
        "JSON with the content type of a form",
        "Set the content type `application/json`.",
        {},
        body=json.dumps(SEND),
    ),
    Attempt(
        "JSON with the content type `text/plain`",
        "Set the content type `application/json`.",
        {},
        body=json.dumps(SEND),
        content_type="text/plain",
    ),
    Attempt("the name of an action in the wrong case", "Write `send`.", {**SEND, "action": "Send"}),
    Attempt(
        "a misspelt parameter",
        "Write `receivers`.",
        {"reciever" if name == "receivers" else name: SEND[name] for name in SEND},
    ),
    Attempt(
        "receivers as a JSON list",
        "Join the numbers with commas in one text.",
        {},
        body='{"action":"send","from":"30001403","text":"hello","receivers":["9121234567"]}',
        content_type="application/json",
    ),
    Attempt(
        "receivers separated by a semicolon",
        "Separate them with commas.",
        {**SEND, "receivers": "9121234567;9127654321"},
    ),
    Attempt(
        "Persian digits in a number",
        "Convert the digits before the request.",
        {**SEND, "receivers": "۹۱۲۱۲۳۴۵۶۷"},
    ),
    Attempt(
        "a number with a digit missing",
        "Check the number when the user enters it.",
        {**SEND, "receivers": "0912123456"},
    ),
    Attempt(
        "a line that the account does not have",
        "Use a line of the [account](configuration.md#what-every-account-begins-with), or `auto`.",
        {**SEND, "from": "3000"},
    ),
    Attempt(
        "a service line for an ordinary message",
        "Use an ordinary line for `send`.",
        {**SEND, "from": "90001403"},
    ),
    Attempt("`trySend` above 10", "Ask for at most 10 tries.", {**SEND, "trySend": "11"}),
    Attempt("an empty text", "Send a text.", {**SEND, "text": ""}),
    Attempt(
        "a pattern to several receivers",
        "Make one request for each receiver, or set `bulk` for the pattern.",
        {**PATTERN, "receivers": "9121234567,9127654321", "textData": '{"code":"4711"}'},
    ),
    Attempt("a pattern without its variables", "Send `textData`.", PATTERN),
    Attempt(
        "a variable with another name",
        "Use the names in the braces of the pattern.",
        {**PATTERN, "textData": '{"otp":"4711"}'},
    ),
    Attempt(
        "the id of a send that does not exist",
        "Use the `sendID` of an accepted send of the same account.",
        {"action": "reportSend", "sendID": "42"},
    ),
)


@cache
def mistakes() -> list[Mistake]:
    """Every mistake with the answer of a server whose accounts are the test keys."""
    with started() as server:
        return [_made(server.url, attempt) for attempt in ATTEMPTS]


def _made(url: str, attempt: Attempt) -> Mistake:
    connection = HTTPConnection(urlsplit(url).netloc, timeout=10)
    body = urlencode(attempt.params) if attempt.body is None else attempt.body
    target = "/webservice/server" + (f"?{attempt.query}" if attempt.query else "")
    headers = {
        "Content-Type": attempt.content_type,
        **({"Authorization": attempt.key} if attempt.key else {}),
    }
    connection.request(attempt.method, target, body.encode() if attempt.method == "POST" else None, headers)
    reply: dict[str, Any] = json.loads(connection.getresponse().read())
    connection.close()
    journal = "/_fake/journal" if reply["result"] == "-1" else f"/_fake/accounts/{KEY}/journal"
    (entry,) = ask(f"{url}{journal}?limit=1")["entries"]
    return Mistake(attempt.title, attempt.correction, reply["result"], entry["rule"], entry["reason"])
