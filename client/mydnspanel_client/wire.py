"""`WireRequest` → `HttpRequest`: encodes a call as an HTTP request. No I/O.

Rule 1: all encodings of a call mean the same to the panel (W5).
Rule 2: an array is written in brackets (`textData[0]`, `textData[name]`) if the panel can read its names from
brackets, and otherwise as one parameter that contains JSON (W7).
Rule 3: a POST carries the API key in the `Authorization` header, a GET in the parameter `key`. It appears
nowhere else (A1).
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, TypeAlias
from urllib.parse import urlencode, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from urllib.parse import SplitResult

    from mydnspanel_client.calls import Param, WireRequest

Method: TypeAlias = Literal["POST", "GET"]
Encoding: TypeAlias = Literal["form", "multipart", "json"]

METHODS: Final = frozenset({"POST", "GET"})
ENCODINGS: Final = frozenset({"form", "multipart", "json"})
ENDPOINT_PATH: Final = "/webservice/server"

_SCHEME: Final = re.compile(r"https?://", re.IGNORECASE)
_URL: Final = re.compile(r"[A-Za-z0-9._~:/\[\]@!$&'()*+,;=%-]+")  # no "?" or "#": no query, no fragment
_HOST_NAME: Final = re.compile(r"[A-Za-z0-9._-]+")
_VISIBLE_ASCII: Final = re.compile(r"[!-~]+")
_NAME_IN_BRACKETS: Final = re.compile(r"\{?\w+\}?")


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """An HTTP request for a call.

    The API key is in `url` for GET and in `headers` for POST, so `repr` shows neither.

    Attributes:
        method: `POST` or `GET`.
        url: the endpoint, with the query string for GET.
        headers: the headers to send; empty for GET.
        body: the body for POST; None for GET.

    """

    method: Method
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None


def encode(
    call: WireRequest, *, endpoint: str, api_key: str, method: Method = "POST", encoding: Encoding = "form"
) -> HttpRequest:
    """Encode a call as an HTTP request.

    `endpoint` is the result of `endpoint_of`, and `api_key` that of `check_api_key`. `encoding` is the
    encoding of the body of a POST (W5); a GET ignores it.
    """
    if method == "GET":
        query = urlencode([("key", api_key), *pairs(call)])
        return HttpRequest("GET", f"{endpoint}?{query}", {}, None)
    content_type, body = _encode_body(call, encoding)
    return HttpRequest("POST", endpoint, {"Authorization": api_key, "Content-Type": content_type}, body)


def endpoint_of(base_url: str) -> str:
    """Return the URL of the endpoint (W1).

    `base_url` is either the URL of the endpoint, which ends in `/webservice/server`, or the URL that this
    path is appended to, such as `http://127.0.0.1:1403`.

    Raises:
        ValueError: `base_url` is not an http or https URL with a valid host and port, or it has a query, a
            fragment or credentials.

    """
    if not _matches(_URL, base_url):
        raise ValueError("base_url must be a URL of ASCII characters, without a query or a fragment")
    if not _SCHEME.match(base_url):
        raise ValueError("base_url must begin with http:// or https://")
    parts = _split_url(base_url)
    if parts is None:
        raise ValueError("base_url must have a valid host, and a port from 1 to 65535 if it has a port")
    if "@" in parts.netloc:
        raise ValueError("base_url must not contain credentials: pass the API key as api_key")
    path = parts.path.rstrip("/").removesuffix(ENDPOINT_PATH)
    return f"{parts.scheme}://{parts.netloc}{path}{ENDPOINT_PATH}"


def check_api_key(api_key: str) -> str:
    """Return the API key if an HTTP header can carry it.

    Raises:
        ValueError: it is empty or contains anything but visible ASCII characters.

    """
    if not _matches(_VISIBLE_ASCII, api_key):
        raise ValueError("api_key must be one or more visible ASCII characters")
    return api_key


def pairs(call: WireRequest) -> list[tuple[str, str]]:
    """Return the names and values that a form or a query string consists of, in order; `action` is first."""
    flat = [("action", call.action)]
    for name, value in call.params.items():
        flat.extend(_flatten_param(name, value))
    return flat


def _matches(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _split_url(url: str) -> SplitResult | None:
    """Split a URL into its parts. Return None if it has no valid host, or a port that is not valid."""
    try:
        parts = urlsplit(url)  # raises ValueError for unbalanced brackets
        port = parts.port  # raises ValueError if it is not a number up to 65535
    except ValueError:
        return None
    return parts if port != 0 and _is_host(parts.hostname or "") else None


def _is_host(host: str) -> bool:
    try:
        if ":" in host:
            ipaddress.IPv6Address(host)
            return True
        host.encode("idna")  # raises UnicodeError, a ValueError, if a label is empty or too long
    except ValueError:
        return False
    return _matches(_HOST_NAME, host)


def _flatten_param(name: str, value: Param) -> Iterator[tuple[str, str]]:
    if isinstance(value, str | int):
        yield name, str(value)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield f"{name}[{index}]", item
    elif name == "textData" and all(map(_is_readable_in_brackets, value)):
        for key, item in value.items():
            yield f"{name}[{key}]", item
    else:
        yield name, _to_json(value)


def _is_readable_in_brackets(name: str) -> bool:
    """Whether the panel reads the same name from brackets. It would take digits for a position (W7)."""
    return bool(_NAME_IN_BRACKETS.fullmatch(name)) and not name.isdigit()


def _encode_body(call: WireRequest, encoding: Encoding) -> tuple[str, bytes]:
    if encoding == "json":
        return "application/json", _to_json({"action": call.action, **call.params}).encode()
    if encoding == "multipart":
        return _encode_multipart(pairs(call))
    return "application/x-www-form-urlencoded", urlencode(pairs(call)).encode()


def _to_json(value: Mapping[str, Param]) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _encode_multipart(fields: Sequence[tuple[str, str]]) -> tuple[str, bytes]:
    parts = [
        f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields
    ]
    boundary = _unused_boundary(b"".join(parts))
    lines = b"".join(b"--" + boundary + b"\r\n" + part for part in parts)
    return f"multipart/form-data; boundary={boundary.decode()}", lines + b"--" + boundary + b"--\r\n"


def _unused_boundary(content: bytes) -> bytes:
    """Return a boundary that does not occur in the content. It depends on nothing but the content."""
    boundary = hashlib.sha256(content).hexdigest()[:40].encode()
    while boundary in content:
        boundary = hashlib.sha256(boundary).hexdigest()[:40].encode()
    return boundary
