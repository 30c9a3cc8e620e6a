"""The control plane of a fake over HTTP, for synchronous code. Standard library only.

Safe to use from several threads: every request has a connection to itself for as long as it takes.
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

from fakeserver.testing.errors import (
    FakeserverError,
    ServerBug,
    Unreachable,
    UsageError,
    hidden,
)

__tracebackhide__ = hidden
TIMEOUT_SECONDS = 30.0  # beyond what a request was asked to wait
IDLE_MAX_SECONDS = 10.0  # the server closes idle connections later than that


class _Idle(NamedTuple):
    connection: HTTPConnection
    since: float
    process: int  # a forked child must not use its parent's connection


class ControlPlane:
    """`url` is the base URL of a fake, without a final slash; `token` its control token, if it has one."""

    def __init__(self, url: str, token: str | None = None) -> None:
        self.url = url
        parts = urlsplit(url)
        self._secure = parts.scheme == "https"
        self._address = parts.netloc
        self._prefix = parts.path
        if token is not None and not (token.isascii() and token.isprintable()):
            raise UsageError("the control token should be visible ASCII characters")
        self._headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        self._idle: deque[_Idle] = deque()
        self._closed = False

    def ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        wait_seconds: float = 0,
    ) -> Any:
        """The document that answers; None when there is none. `path` is that below `/_fake`, and members
        of `query` that are None are left out; the server may take `wait_seconds`.

        Raises UsageError with the server's explanation when it refuses, ServerBug, Unreachable.
        """
        asked = {name: value for name, value in (query or {}).items() if value is not None}
        try:
            target = f"{self._prefix}/_fake{path}" + (f"?{urlencode(asked)}" if asked else "")
        except UnicodeEncodeError:
            raise UsageError(f"half a character in {', '.join(asked)}: no text can hold it") from None
        content = None if body is None else as_json(body)
        connection = self._connection()
        connection.timeout = wait_seconds + TIMEOUT_SECONDS
        if connection.sock is not None:
            connection.sock.settimeout(connection.timeout)
        try:
            connection.request(method, target, content, self._headers)
            reply = connection.getresponse()
            text = reply.read()
        except (OSError, HTTPException) as error:
            connection.close()
            raise Unreachable(f"no answer from {self.url}: {_why(error)}") from error
        except BaseException:
            connection.close()  # what was not read to its end is of no use any more
            raise
        self._put_back(connection)
        return _document(reply, text, f"{self.url}{target}")

    def close(self) -> None:
        """Keep no connection any more; whoever asks all the same has one for that request."""
        self._closed = True
        while self._idle:
            self._idle.pop().connection.close()

    def _put_back(self, connection: HTTPConnection) -> None:
        if self._closed:
            connection.close()
        else:
            self._idle.append(_Idle(connection, time.monotonic(), os.getpid()))

    def _connection(self) -> HTTPConnection:
        try:
            idle = self._idle.pop()
        except IndexError:
            return (HTTPSConnection if self._secure else HTTPConnection)(self._address)
        if idle.process == os.getpid() and time.monotonic() - idle.since < IDLE_MAX_SECONDS:
            return idle.connection
        idle.connection.close()
        return self._connection()


def as_json(document: Mapping[str, Any]) -> bytes:
    """The document as JSON. Raises UsageError, which names the member, for what JSON has no notation for."""
    try:
        return _written(document)
    except _NO_JSON as error:
        culprits = (name for name, value in document.items() if not _is_json(value))
        raise UsageError(f"{next(culprits, 'a name')}: cannot be written as JSON: {_why(error)}") from None


_NO_JSON = (TypeError, ValueError, RecursionError)


def _written(value: object) -> bytes:
    return json.dumps(value, allow_nan=False, ensure_ascii=False).encode()


def _is_json(value: object) -> bool:
    try:
        _written(value)
    except _NO_JSON:
        return False
    return True


def _why(error: Exception) -> str:
    if type(error).__name__ == "SSLCertVerificationError":
        return f"{error}; the variable SSL_CERT_FILE names certificates to trust"
    return str(getattr(error, "strerror", None) or error) or type(error).__name__


def _document(reply: HTTPResponse, text: bytes, url: str) -> Any:
    if reply.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        raise ServerBug(f"a bug in fakeserver, at {url}; its log has the trace")
    try:
        document = json.loads(text) if text else None
    except ValueError:
        raise Unreachable(f"what answers at {url} is no fakeserver") from None
    if reply.status < HTTPStatus.BAD_REQUEST:
        return document
    raise _refused(reply.status, document, url)


def _refused(status: int, document: object, url: str) -> FakeserverError:
    if not isinstance(document, dict) or "detail" not in document:
        return Unreachable(f"what answers at {url} is no fakeserver (HTTP {status})")
    hint = " (--panel-token, or PANEL_CONTROL_TOKEN)" if status == HTTPStatus.UNAUTHORIZED else ""
    return UsageError(f"{document['detail']}{hint}")
