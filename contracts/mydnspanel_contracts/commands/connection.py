"""HTTP requests of any kind to one server, with the standard library alone.

- Redirects are not followed, because that would disclose the key to another server.
- The key is redacted in every error message.
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

from mydnspanel_contracts.commands.errors import CommandError
from mydnspanel_contracts.commands.redaction import Secret

ENDPOINT_PATH = "/webservice/server"
MAX_RESPONSE_BYTES = 4 << 20
BOUNDARY = "----contracts-verify-7d81f2"
CONTENT_TYPES = {
    "form": "application/x-www-form-urlencoded",
    "multipart": f"multipart/form-data; boundary={BOUNDARY}",
    "json": "application/json",
}
NOT_JSON = object()


class Response(NamedTuple):
    """A response. `document` is its decoded JSON, or NOT_JSON."""

    status: int
    content_type: str
    body: str
    document: Any

    @property
    def is_panel_reply(self) -> bool:
        """Whether this is a JSON object with a result, as every reply of a panel is."""
        return isinstance(self.document, dict) and "result" in self.document

    @property
    def code(self) -> str:
        """The result as text, or an empty text if this is not a reply of a panel."""
        return str(self.document["result"]) if self.is_panel_reply else ""

    @property
    def is_html_page(self) -> bool:
        """Whether a web server or a proxy has answered in place of the panel."""
        return "html" in self.content_type.lower() or self.body.lstrip().startswith("<")


class Endpoint(NamedTuple):
    is_https: bool
    address: str  # host and port
    path: str

    def __str__(self) -> str:
        return f"http{'s' if self.is_https else ''}://{self.address}{self.path}"


class Connection:
    """Makes requests to the endpoint of `url` with `key`; each on a TCP connection of its own.

    `timeout_seconds` limits the time from connecting to the end of a response. Raises CommandError if the URL
    or the key is not valid.
    """

    def __init__(self, url: str, key: str, timeout_seconds: float) -> None:
        self.secret = Secret(_validated_key(key))
        self.endpoint = _parse_endpoint(url)
        self._timeout_seconds = timeout_seconds

    def request(
        self,
        params: Mapping[str, Any],
        *,
        method: str = "POST",
        encoding: str = "form",
        key: str | None = None,
        authorization: str = "",
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
        path_suffix: str = "",
    ) -> Response:
        """Make a request and return its response. Raises CommandError if no response arrives.

        GET carries the key in the query, other methods carry it in the Authorization header. `key` replaces
        the key; an empty one is left out. `authorization` replaces the whole header. `query` is added to the
        query. `body` replaces the encoded parameters.
        """
        key = self.secret.value if key is None else key
        headers = {"Accept": "application/json"}
        if method == "GET":
            query = {**({"key": key} if key else {}), **params, **(query or {})}
            body = None
        else:
            authorization = authorization or key
            headers["Content-Type"] = CONTENT_TYPES[encoding]
            body = encode_body(params, encoding) if body is None else body
        if authorization:
            headers["Authorization"] = authorization
        target = self.endpoint.path + path_suffix + (f"?{urlencode(query)}" if query else "")
        return self._exchange(method, target, body, headers)

    def _exchange(self, method: str, target: str, body: bytes | None, headers: dict[str, str]) -> Response:
        connection_type = HTTPSConnection if self.endpoint.is_https else HTTPConnection
        connection = connection_type(self.endpoint.address, timeout=self._timeout_seconds)
        timed_out = threading.Event()
        started = time.monotonic()
        try:
            connection.connect()
            with _closing_after(self._timeout_seconds, connection.sock, timed_out):
                connection.request(method, target, body, headers)
                response = connection.getresponse()
                content = response.read(MAX_RESPONSE_BYTES + 1)
        except (OSError, HTTPException, ValueError) as error:
            if timed_out.is_set() or isinstance(error, TimeoutError):
                raise self._timeout_error() from None
            reason = self.secret.redact(_reason(error))
            raise CommandError(f"cannot reach {self.endpoint}: {reason}") from None
        finally:
            connection.close()
        if timed_out.is_set() or time.monotonic() - started > self._timeout_seconds:
            raise self._timeout_error()
        return self._decoded(response, content)

    def _timeout_error(self) -> CommandError:
        return CommandError(f"no response from {self.endpoint} within {self._timeout_seconds:g} s")

    def _decoded(self, response: HTTPResponse, content: bytes) -> Response:
        if 300 <= response.status < 400:
            location = self.secret.redact(response.headers.get("Location", "an unnamed location"))[:200]
            raise CommandError(
                f"{self.endpoint} redirects to {location};"
                " the redirect was not followed, because that would disclose the key"
            )
        if len(content) > MAX_RESPONSE_BYTES:
            raise CommandError(f"the response of {self.endpoint} is longer than {MAX_RESPONSE_BYTES} bytes")
        text = content.decode("utf-8", "replace")
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            document = NOT_JSON
        return Response(response.status, response.headers.get("Content-Type", ""), text, document)


def encode_body(params: Mapping[str, Any], encoding: str) -> bytes:
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
def _closing_after(seconds: float, connected: socket.socket, timed_out: threading.Event) -> Iterator[None]:
    """Shut the socket down and set `timed_out` after that time, however slowly the server still sends.

    The socket is passed in because HTTPConnection drops its own as soon as a response announces that it is
    the last one.
    """

    def shut_down() -> None:
        timed_out.set()
        with suppress(OSError):
            connected.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, shut_down)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _reason(error: Exception) -> str:
    if type(error).__name__ == "SSLCertVerificationError":
        message = getattr(error, "verify_message", error)
        return f"{message}; SSL_CERT_FILE can name a file with certificates to trust"
    return str(getattr(error, "strerror", None) or error) or type(error).__name__


def _validated_key(key: str) -> str:
    if not 1 <= len(key) <= 128 or not key.isascii() or not key.isprintable() or " " in key:
        raise CommandError("--key or PANEL_API_KEY must be 1 to 128 visible ASCII characters")
    return key


def _parse_endpoint(url: str) -> Endpoint:
    try:
        parts = urlsplit(url)
        is_valid = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        parts, is_valid = urlsplit(""), False
    if not is_valid or not url.isascii() or not url.isprintable() or " " in url:
        raise CommandError("URL must be a server's base URL, such as http://127.0.0.1:1403, or its endpoint")
    if parts.query or parts.fragment or "@" in parts.netloc:
        raise CommandError("URL must be a base URL or an endpoint without a user, a query or a fragment")
    path = parts.path.rstrip("/")
    return Endpoint(
        parts.scheme == "https", parts.netloc, path if path.endswith(ENDPOINT_PATH) else path + ENDPOINT_PATH
    )
