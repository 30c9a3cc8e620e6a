"""The line to a server: requests of any kind, each on a connection of its own. Standard library only.

Rule 1: no redirect is followed, for the key would go with it.
Rule 2: what an error says has passed `Secret.blacked_out`.
"""

import json
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from mydnspanel_contracts.commands.failure import Unable
from mydnspanel_contracts.commands.secret import Secret

PATH = "/webservice/server"
REPLY_MAX = 4 << 20  # bytes
BOUNDARY = "----contracts-verify-7d81f2"
CONTENT_TYPES = {
    "form": "application/x-www-form-urlencoded",
    "multipart": f"multipart/form-data; boundary={BOUNDARY}",
    "json": "application/json",
}
NOTHING = object()


class Got(NamedTuple):
    """An answer: `document` is its JSON, NOTHING when it is none."""

    status: int
    content_type: str
    body: str
    document: Any

    @property
    def is_panels(self) -> bool:
        """Whether this is a reply of a panel: an object with a result."""
        return isinstance(self.document, dict) and "result" in self.document

    @property
    def code(self) -> str:
        """The result as text; empty for what is no reply of a panel."""
        return str(self.document["result"]) if self.is_panels else ""

    @property
    def is_page(self) -> bool:
        """Whether a web server or a proxy has answered in the panel's place."""
        return "html" in self.content_type.lower() or self.body.lstrip().startswith("<")


class Line:
    """To the endpoint of `url` with `key`, at most `timeout_seconds` for an answer. Raises Unable for a URL
    or a key that are none.
    """

    def __init__(self, url: str, key: str, timeout_seconds: float) -> None:
        self.secret = Secret(_checked_key(key))
        self._timeout = timeout_seconds
        self._secure, self._address, self._path = _endpoint(url)

    @property
    def endpoint(self) -> str:
        return f"http{'s' if self._secure else ''}://{self._address}{self._path}"

    def ask(
        self,
        params: Mapping[str, Any],
        *,
        method: str = "POST",
        encoding: str = "form",
        key: str | None = None,
        header: str | None = "",
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
        suffix: str = "",
    ) -> Got:
        """Make a request and return its answer. The key stands where the method carries it: `key` is another
        one, `header` another `Authorization` (None: without one), `query` more for the URL of a POST, `body`
        something in place of the encoded parameters. Raises Unable when no answer comes.
        """
        key = self.secret.text if key is None else key
        headers = {"Accept": "application/json"}
        asked = dict(query or {})
        content = None
        if method == "GET":
            asked = {**({"key": key} if key else {}), **params, **asked}
            if header:
                headers["Authorization"] = header
        else:
            if header is not None:
                headers["Authorization"] = header or key
            headers["Content-Type"] = CONTENT_TYPES[encoding]
            content = encoded(params, encoding) if body is None else body
        target = self._path + suffix + (f"?{urlencode(asked)}" if asked else "")
        return self._exchange(method, target, content, headers)

    def _exchange(self, method: str, target: str, content: bytes | None, headers: Mapping[str, str]) -> Got:
        connection = (HTTPSConnection if self._secure else HTTPConnection)(
            self._address, timeout=self._timeout
        )
        late = threading.Event()
        began = time.monotonic()
        try:
            connection.connect()
            with _hung_up_after(self._timeout, connection.sock, late):
                connection.request(method, target, content, dict(headers))
                response = connection.getresponse()
                body = response.read(REPLY_MAX + 1)
        except (OSError, HTTPException, ValueError) as error:
            if late.is_set() or isinstance(error, TimeoutError):
                raise Unable(f"no answer within {self._timeout:g} s from {self.endpoint}") from None
            raise Unable(f"cannot reach {self.endpoint}: {self.secret.blacked_out(_why(error))}") from None
        finally:
            connection.close()
        if late.is_set() or time.monotonic() - began > self._timeout:
            raise Unable(f"no answer within {self._timeout:g} s from {self.endpoint}")
        return self._understood(response, body)

    def _understood(self, response: HTTPResponse, body: bytes) -> Got:
        if 300 <= response.status < 400:
            where = self.secret.blacked_out(response.headers.get("Location", "nowhere"))[:200]
            raise Unable(f"{self.endpoint} redirects to {where}; not followed, for the key would go with it")
        if len(body) > REPLY_MAX:
            raise Unable(f"the answer of {self.endpoint} is longer than {REPLY_MAX} bytes")
        text = body.decode("utf-8", "replace")
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            document = NOTHING
        return Got(response.status, response.headers.get("Content-Type", ""), text, document)


def encoded(params: Mapping[str, Any], encoding: str) -> bytes:
    if encoding == "json":
        return json.dumps(params).encode()
    if encoding == "form":
        return urlencode(params).encode()
    parts = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in params.items()
    )
    return "".join([*parts, f"--{BOUNDARY}--\r\n"]).encode()


@contextmanager
def _hung_up_after(seconds: float, connected: socket.socket, late: threading.Event) -> Iterator[None]:
    """The connection ends with that time, however slowly the other side still speaks; `late` is set then.

    It is the socket that ends: the connection forgets its own as soon as a reply says that it is the last.
    """

    def hang_up() -> None:
        late.set()
        with suppress(OSError):
            connected.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, hang_up)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _why(error: Exception) -> str:
    if type(error).__name__ == "SSLCertVerificationError":
        return f"{getattr(error, 'verify_message', error)}; SSL_CERT_FILE names certificates to trust"
    return str(getattr(error, "strerror", None) or error) or type(error).__name__


def _checked_key(key: str) -> str:
    if not 1 <= len(key) <= 128 or not key.isascii() or not key.isprintable() or " " in key:
        raise Unable("--key or PANEL_API_KEY: a key is 1 to 128 visible ASCII characters")
    return key


def _endpoint(url: str) -> tuple[bool, str, str]:
    """Whether it is HTTPS, host and port, and the path of the endpoint."""
    try:
        parts = urlsplit(url)
        right = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        parts, right = urlsplit(""), False
    if not right or not url.isascii() or not url.isprintable() or " " in url:
        raise Unable("URL should be a server's base, such as http://127.0.0.1:1403, or its endpoint")
    if parts.query or parts.fragment or "@" in parts.netloc:
        raise Unable("URL should be a base or an endpoint alone, without user, query and fragment")
    path = parts.path.rstrip("/")
    return parts.scheme == "https", parts.netloc, path if path.endswith(PATH) else path + PATH
