"""Decoding a request: method, target, headers and body become a `Call` (W). Pure functions.

The body is not decoded by aiohttp: its form reader replaces bytes that are not UTF-8, which W12 refuses, and
its multipart reader is too strict for what real clients write (W6).
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from fakeserver.notation.params import Params, Value
from fakeserver.notation.strict_json import NotJson, loads
from fakeserver.wire.call import Call
from fakeserver.wire.multipart import parse_multipart
from fakeserver.wire.undecodable import Undecodable

PAIRS_MAX = 10_000
_CHARSETS = frozenset({"", "utf-8", "utf8", "us-ascii", "ascii"})
_ESCAPES = re.compile(r"(?:%[0-9A-Fa-f]{2}|\+)+", re.ASCII)
_BRACKETS = re.compile(r"([^\[\]]+)\[([^\[\]]*)\](.*)", re.DOTALL)
_PLACE = re.compile(r"[0-9]{1,9}", re.ASCII)

NameAndValue = tuple[str, str]


class Request(NamedTuple):
    """A request as it arrived. `target` is the target of the request line, `authorization` holds every value
    of that header, and `broken` says why the body is incomplete.
    """

    method: str
    target: str
    authorization: tuple[str, ...]
    content_type: str
    body: bytes
    ip: str
    content_encoding: str = "identity"
    broken: str | None = None


def decode(request: Request) -> Call:
    """The call that a request makes. The call records a decoding error instead of raising it, because the
    gate comes first (W12).
    """
    query = request.target.partition("#")[0].partition("?")[2]
    header = ", ".join(request.authorization)
    undecodable = None
    if request.method == "GET":
        try:
            pairs = _pairs(_text(query))
        except Undecodable as error:
            key, params, undecodable = _key_in_query(query), Params(), str(error)
        else:
            key = next((value for name, value in reversed(pairs) if name == "key"), "")
            params = assemble(pairs)
            params.pop("key", None)
        strays: tuple[str, ...] = (header,) if header else ()
    else:
        try:
            params = _params_of_body(request)
        except Undecodable as error:
            params, undecodable = Params(), str(error)
        key = header
        elsewhere = _key_in_query(query) if query else "", params.text("key")
        strays = tuple(filter(None, elsewhere))
    return Call(request.method, key, params, request.ip, request.content_type, strays, undecodable)


def _key_in_query(query: str) -> str:
    """The last `key` of the query, even if other parameters cannot be decoded (A1, W10)."""
    key = ""
    for piece in query.split("&"):
        name, _, value = piece.partition("=")
        if name != "key" and "%" not in name:
            continue
        try:
            ((written, value),) = _pairs(_text(piece))
        except Undecodable:
            written, value = name, ""
        key = value if written == "key" else key
    return key


def _params_of_body(request: Request) -> Params:
    """The parameters of a request with any method except GET (W10)."""
    if request.broken:
        raise Undecodable(request.broken)
    if not request.body:
        return Params()
    if request.content_encoding.lower() != "identity":
        raise Undecodable(f"the body is compressed with {request.content_encoding[:40].lower()}")
    kind, options = parse_header(request.content_type)
    if options.get("charset", "").lower() not in _CHARSETS:
        raise Undecodable(f"charset {options['charset'][:40]!r}; the panel reads UTF-8 only")
    if kind == "application/x-www-form-urlencoded":
        return assemble(_pairs(_utf8(request.body)))
    if kind == "application/json":
        return _json_object(_utf8(request.body))
    if kind == "multipart/form-data":
        return assemble(_multipart_pairs(request.body, options.get("boundary", "")))
    raise Undecodable(f"content type {kind[:40]!r}; the panel reads forms, multipart/form-data and JSON")


@lru_cache(maxsize=256)
def parse_header(value: str) -> tuple[str, dict[str, str]]:
    """A header's value and its options, names in lower case: `a/b; charset="utf-8"`."""
    head, _, rest = value.partition(";")
    options: dict[str, str] = {}
    for option in rest.split(";"):
        name, equals, text = option.partition("=")
        if equals:
            options[name.strip().lower()] = text.strip().strip('"')
    return head.strip().lower(), options


def _utf8(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise Undecodable(f"bytes that are not UTF-8, at {error.start}") from None


def _text(query: str) -> str:
    """The query itself. Raises Undecodable if it has lone surrogates, which stand for bytes that are not
    UTF-8.
    """
    try:
        query.encode()
    except UnicodeEncodeError:
        raise Undecodable("bytes that are not UTF-8") from None
    return query


def _pairs(text: str) -> list[NameAndValue]:
    """The pairs of a form or a query."""
    if text.count("&") >= PAIRS_MAX:
        raise Undecodable(f"more than {PAIRS_MAX} parameters")
    try:
        return [_pair(piece) for piece in text.split("&") if piece]
    except UnicodeError:
        raise Undecodable("bytes that are not UTF-8") from None


def _pair(piece: str) -> NameAndValue:
    name, _, value = piece.partition("=")
    return (_unquote(name), _unquote(value)) if "%" in piece or "+" in piece else (name, value)


def _unquote(text: str) -> str:
    """Decode plus signs and percent-encoded UTF-8; a percent sign without two digits stays as it is.

    Each run of escapes is decoded as a whole, which is much faster for Persian texts than one by one.
    """
    if "%2" in text:  # a long list of receivers has thousands
        text = text.replace("%2C", ",").replace("%2c", ",")
    return _ESCAPES.sub(_unescape, text) if "%" in text else text.replace("+", " ")


def _unescape(escapes: re.Match[str]) -> str:
    return bytes.fromhex(escapes[0].replace("+", "20").replace("%", "")).decode()


def _multipart_pairs(body: bytes, boundary: str) -> Iterable[NameAndValue]:
    for part in parse_multipart(body, boundary, PAIRS_MAX):
        if part.charset.lower() not in _CHARSETS:
            raise Undecodable(f"charset {part.charset[:40]!r} of a part; the panel reads UTF-8 only")
        yield _utf8(part.name), _utf8(part.value)


def _json_object(text: str) -> Params:
    try:
        value = loads(text)
    except NotJson as error:
        raise Undecodable(str(error)) from None
    if not isinstance(value, dict):
        raise Undecodable("JSON that is not an object")
    if len(value) > PAIRS_MAX:
        raise Undecodable(f"more than {PAIRS_MAX} parameters")
    return Params(value)


def assemble(pairs: Iterable[tuple[str, Value]]) -> Params:
    """Pairs → parameters: the last value of a name counts (W10), and brackets make arrays (W7)."""
    pairs = list(pairs)
    params = Params(pairs)
    if len(params) < len(pairs):
        counts = Counter(name for name, _ in pairs if "[" not in name)
        params.repeated = tuple([name for name, count in counts.items() if count > 1])
    if "[" in "".join(params):
        params.clear()
        _assemble_arrays(pairs, params)
    return params


def _assemble_arrays(pairs: list[tuple[str, Value]], params: Params) -> None:
    """Put the pairs into `params`, those with brackets in their names as arrays (W7)."""
    next_places: dict[str, int] = {}
    for written, value in pairs:
        if "[" not in written or (match := _BRACKETS.fullmatch(written)) is None:
            params[written] = value
            continue
        name, key, deeper = match.groups()
        array = params.get(name)
        if name not in next_places or not isinstance(array, dict):
            array = params[name] = {}
            next_places[name] = 0
        key = key or str(next_places[name])
        array[key] = {deeper: value} if deeper else value
        if _PLACE.fullmatch(key):
            next_places[name] = max(next_places[name], int(key) + 1)
    for name in next_places:
        given = params[name]
        if isinstance(given, dict):
            params[name] = _positional(given)


def _positional(array: dict[str, Value]) -> Value:
    """A list in the order of the keys if these are 0 to n-1 (W7), otherwise the array as it is."""
    try:
        return [array[str(place)] for place in range(len(array))]
    except KeyError:
        return array
