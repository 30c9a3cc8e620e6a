"""The application under test, which knows nothing but its endpoint and its API key."""

import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

from fakeserver.testing import Panel

NUMBER = "9121234567"
OTHER = "9122222222"
LINE = "30001403"
START = datetime(2024, 11, 1, tzinfo=UTC)  # the first time of a frozen clock
NUMBER_FORMS = ["9121234567", "09121234567", "989121234567", "00989121234567", "+989121234567"]


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def post(panel: Panel, action: str, *, key: str | None = None, **params: Any) -> Reply:
    """POST a form with the API key of the account or with `key`. `from_` stands for `from`."""
    form = {name.removesuffix("_"): _form_text(value) for name, value in params.items()}
    headers = {
        "Authorization": panel.api_key if key is None else key,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    address = urlsplit(panel.endpoint)
    with closing(HTTPConnection(address.netloc, timeout=10)) as connection:
        connection.request("POST", address.path, urlencode({"action": action, **form}), headers)
        reply = connection.getresponse()
        return Reply(reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read())


def ask(panel: Panel, action: str, **params: Any) -> dict[str, Any]:
    """The JSON reply to a request."""
    reply: dict[str, Any] = post(panel, action, **params).json
    return reply


def attempt(panel: Panel, to: str = NUMBER, text: str = "hello", **params: Any) -> str:
    """Try to send an ordinary message, and return the result code."""
    message = {"from_": LINE, "receivers": to, "text": text, **params}
    return str(ask(panel, "send", **message)["result"])


def send(panel: Panel, to: str = NUMBER, text: str = "hello", **params: Any) -> int:
    """Send an ordinary message, which must be accepted, and return its sendID."""
    reply = ask(panel, "send", **{"from_": LINE, "receivers": to, "text": text, **params})
    assert reply["result"] == "1", reply
    return int(reply["sendID"])


@contextmanager
def in_background(*work: Callable[[], object]) -> Iterator[None]:
    """Run each function in a thread while the block runs. The end of the block raises what one has raised."""
    with ThreadPoolExecutor(len(work)) as pool:
        futures = [pool.submit(function) for function in work]
        yield
        for future in futures:
            future.result()


def _form_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
