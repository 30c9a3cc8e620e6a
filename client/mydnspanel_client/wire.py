"""`WireRequest` → `HttpRequest`: the bytes of a call, in each of the encodings. No I/O.

Rule 1: all encodings mean the same (W5): what the panel reads does not depend on the encoding.
Rule 2: an array goes in brackets (`textData[0]`, `textData[name]`) where its names survive that, and as one
parameter of JSON text where they might not (W7).
Rule 3: the API key stands where A1 wants it and nowhere else: bare in `Authorization`, on GET in `key`.
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

    from mydnspanel_client.calls import Param, WireRequest

Method: TypeAlias = Literal["POST", "GET"]
Encoding: TypeAlias = Literal["form", "multipart", "json"]

METHODS: Final = frozenset({"POST", "GET"})
ENCODINGS: Final = frozenset({"form", "multipart", "json"})
PATH: Final = "/webservice/server"

_URL_CHARACTERS: Final = re.compile(r"[A-Za-z0-9._~:/\[\]@!$&'()*+,;=%-]+")
_HOST_CHARACTERS: Final = re.compile(r"[A-Za-z0-9._-]+")
_VISIBLE_ASCII: Final = re.compile(r"[!-~]+")
_BRACKET_NAME: Final = re.compile(r"\{?\w+\}?")


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """What goes out. On GET `body` is None and the key stands in `url`, which repr therefore leaves out."""

    method: Method
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None


def encode(
    call: WireRequest, *, endpoint: str, api_key: str, method: Method = "POST", encoding: Encoding = "form"
) -> HttpRequest:
    """Write a call down. `endpoint` is that of `endpoint_of`; `encoding` concerns POST alone."""
    if method == "GET":
        query = urlencode([("key", api_key), *pairs(call)])
        return HttpRequest("GET", f"{endpoint}?{query}", {}, None)
    content_type, body = _body(call, encoding)
    return HttpRequest("POST", endpoint, {"Authorization": api_key, "Content-Type": content_type}, body)


def endpoint_of(base_url: str) -> str:
    """The endpoint under a base URL, or the base URL itself if it ends in `/webservice/server` (W1).

    Raises:
        ValueError: not an http or https URL with a host; or it has a query, a fragment or credentials.

    """
    if not _is_all_of(_URL_CHARACTERS, base_url):
        raise ValueError("base_url must be a URL of ASCII characters without a query or a fragment")
    parts = urlsplit(base_url)  # raises ValueError by itself on broken brackets
    if parts.scheme not in {"http", "https"}:
        raise ValueError("base_url must begin with http:// or https://")
    if "@" in parts.netloc:
        raise ValueError("base_url must not hold credentials: they would stand in the key's place")
    _check_host(parts.hostname or "")
    if parts.port == 0:  # the property raises ValueError by itself on a bad port
        raise ValueError("base_url has port 0")
    path = parts.path.rstrip("/").removesuffix(PATH)
    return f"{parts.scheme}://{parts.netloc}{path}{PATH}"


def check_api_key(api_key: str) -> str:
    """The key itself if it can stand in a header: one or more visible ASCII characters; else `ValueError`."""
    if not _is_all_of(_VISIBLE_ASCII, api_key):
        raise ValueError("api_key must be one or more visible ASCII characters")
    return api_key


def pairs(call: WireRequest) -> list[tuple[str, str]]:
    """The parameters as forms and query strings know them: `action` first, then names and texts in order."""
    flat = [("action", call.action)]
    for name, value in call.params.items():
        flat.extend(_flatten(name, value))
    return flat


def _is_all_of(characters: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and characters.fullmatch(value) is not None


def _check_host(host: str) -> None:
    if ":" in host:
        ipaddress.IPv6Address(host)  # raises ValueError by itself
    elif not _HOST_CHARACTERS.fullmatch(host):
        raise ValueError("base_url has no host, or one that is not ASCII")
    else:
        host.encode("idna")  # raises UnicodeError, a ValueError, where a label is empty or too long


def _flatten(name: str, value: Param) -> Iterator[tuple[str, str]]:
    if isinstance(value, str | int):
        yield name, str(value)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield f"{name}[{index}]", item
    elif name == "textData" and all(map(_survives_brackets, value)):
        for key, item in value.items():
            yield f"{name}[{key}]", item
    else:
        yield name, _json(value)


def _survives_brackets(name: str) -> bool:
    """Letters, digits and `_`, maybe in braces; digits alone would be read as a position (W7)."""
    return bool(_BRACKET_NAME.fullmatch(name)) and not name.isdigit()


def _body(call: WireRequest, encoding: Encoding) -> tuple[str, bytes]:
    if encoding == "json":
        return "application/json", _json({"action": call.action, **call.params}).encode()
    if encoding == "multipart":
        return _multipart(pairs(call))
    return "application/x-www-form-urlencoded", urlencode(pairs(call)).encode()


def _json(value: Mapping[str, Param]) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _multipart(fields: Sequence[tuple[str, str]]) -> tuple[str, bytes]:
    parts = [
        f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields
    ]
    boundary = _boundary(b"".join(parts))
    lines = b"".join(b"--" + boundary + b"\r\n" + part for part in parts)
    return f"multipart/form-data; boundary={boundary.decode()}", lines + b"--" + boundary + b"--\r\n"


def _boundary(content: bytes) -> bytes:
    """A boundary that does not occur in the content; the same content always gets the same one."""
    boundary = hashlib.sha256(content).hexdigest()[:40].encode()
    while boundary in content:
        boundary = hashlib.sha256(boundary).hexdigest()[:40].encode()
    return boundary
