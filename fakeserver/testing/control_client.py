"""A client of a server's control plane, for synchronous code. It needs the standard library only.

It may be used from several threads at once: a connection serves one request at a time.
"""

import json
import os
import time
from collections import deque
from collections.abc import Mapping
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from fakeserver.testing.errors import ServerBug, Unreachable, UsageError, hide_from_traceback
from fakeserver.testing.problems import SAME_NAMES, ArgumentNames, usage_error

__tracebackhide__ = hide_from_traceback

TIMEOUT_SECONDS = 30.0  # for a reply, beyond the time that the server was asked to wait
IDLE_MAX_SECONDS = 10.0  # the server closes idle connections later than this
JSON_ERRORS = (TypeError, ValueError, RecursionError)


class _IdleConnection(NamedTuple):
    connection: HTTPConnection
    since: float
    process_id: int  # a forked child must not use a connection of its parent


class ControlClient:
    """Sends requests to the control plane of the server at `url`, the base URL without a final slash. `token`
    is the control token, if the server has one.
    """

    def __init__(self, url: str, token: str | None = None) -> None:
        self.url = url
        parts = urlsplit(url)
        self._secure = parts.scheme == "https"
        self._address = parts.netloc
        self._path = parts.path
        if token is not None and not (token.isascii() and token.isprintable()):
            raise UsageError("the control token should be visible ASCII characters", "token")
        self._headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        self._idle: deque[_IdleConnection] = deque()
        self._closed = False

    def request(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        *,
        wait_seconds: float = 0,
        argument_names: ArgumentNames = SAME_NAMES,
    ) -> Any:
        """Send a request and return the JSON document of the reply, or None if the reply is empty.

        `path` is relative to `/_fake`. Members of `query` that are None are left out. `wait_seconds` is how
        long the server may take because it was asked to wait. `argument_names` says how errors call the
        members of the request. Raises UsageError with the server's explanation if it refuses the request,
        ServerBug and Unreachable.
        """
        given = {name: value for name, value in (query or {}).items() if value is not None}
        try:
            target = f"{self._path}/_fake{path}" + (f"?{urlencode(given)}" if given else "")
        except UnicodeEncodeError:
            broken = [name for name, value in given.items() if not _is_json(str(value))]
            problems = [(name, "has half of a surrogate pair, which is not a character") for name in broken]
            raise usage_error(problems, argument_names) from None
        content = None if body is None else encode_json(body, argument_names)
        reply, text = self._exchange(method, target, content, wait_seconds + TIMEOUT_SECONDS)
        if reply.status == HTTPStatus.UNAUTHORIZED:
            problem = "does not accept this control token" if self._headers else "asks for its control token"
            advice = "give it as `token`, --panel-token or PANEL_CONTROL_TOKEN"
            raise UsageError(f"the server at {self.url} {problem}; {advice}")
        return _document(reply, text, f"{self.url}{target}", argument_names)

    def close(self) -> None:
        """Close the idle connections. Later requests have a connection each, which is closed after them."""
        self._closed = True
        while self._idle:
            self._idle.pop().connection.close()

    def _exchange(
        self, method: str, target: str, content: bytes | None, timeout_seconds: float
    ) -> tuple[HTTPResponse, bytes]:
        """The reply to a request and its body."""
        connection = self._take_connection()
        connection.timeout = timeout_seconds
        if connection.sock is not None:
            connection.sock.settimeout(timeout_seconds)
        try:
            connection.request(method, target, content, self._headers)
            reply = connection.getresponse()
            text = reply.read()
        except (OSError, HTTPException) as error:
            connection.close()
            raise Unreachable(f"no reply from {self.url}: {_reason(error)}") from error
        except BaseException:
            connection.close()  # a later request would read the rest of this reply
            raise
        self._keep_connection(connection)
        return reply, text

    def _keep_connection(self, connection: HTTPConnection) -> None:
        if self._closed:
            connection.close()
        else:
            self._idle.append(_IdleConnection(connection, time.monotonic(), os.getpid()))

    def _take_connection(self) -> HTTPConnection:
        try:
            idle = self._idle.pop()
        except IndexError:
            return (HTTPSConnection if self._secure else HTTPConnection)(self._address)
        if idle.process_id == os.getpid() and time.monotonic() - idle.since < IDLE_MAX_SECONDS:
            return idle.connection
        idle.connection.close()
        return self._take_connection()


def encode_json(document: Mapping[str, Any], argument_names: ArgumentNames = SAME_NAMES) -> bytes:
    """The document as JSON. Raises UsageError, which names the member that JSON has no notation for."""
    try:
        return _dumps(document)
    except JSON_ERRORS as error:
        name = next((name for name, value in document.items() if not _is_json(value)), "")
        problem = f"cannot be written as JSON: {_reason(error)}"
        raise usage_error([(name, problem)], argument_names) from None


def _dumps(value: object) -> bytes:
    return json.dumps(value, allow_nan=False, ensure_ascii=False).encode()


def _is_json(value: object) -> bool:
    try:
        _dumps(value)
    except JSON_ERRORS:
        return False
    return True


def _reason(error: Exception) -> str:
    if type(error).__name__ == "SSLCertVerificationError":
        return f"{error}; the variable SSL_CERT_FILE names certificates to trust"
    return str(getattr(error, "strerror", None) or error) or type(error).__name__


def _document(reply: HTTPResponse, text: bytes, url: str, argument_names: ArgumentNames) -> Any:
    """The document of the reply to a request to `url`."""
    if reply.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        raise ServerBug(f"a bug in fakeserver, at {url}; the log of the server has the traceback")
    try:
        document: Any = json.loads(text) if text else None
        if reply.status < HTTPStatus.BAD_REQUEST:
            return document
        problems = [(one["member"], one["detail"]) for one in document["errors"]]
    except (ValueError, LookupError, TypeError):
        raise Unreachable(f"the server at {url} is not a fakeserver (HTTP {reply.status})") from None
    raise usage_error(problems, argument_names)
