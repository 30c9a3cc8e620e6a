"""multipart/form-data, read leniently because real clients write it carelessly (W6).

Quoted and bare part names, a `;` after the name, other headers on a part, and a missing last line break are
accepted. A missing boundary, a part without a name, and a body without its end are refused.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from fakeserver.wire.undecodable import Undecodable

BOUNDARY_MAX = 200
# The headers that most clients write for a field.
_COMMON = re.compile(rb'\r\nContent-Disposition: form-data; name="([^"\\\r\n]+)"')
_NAME = re.compile(rb';\s*name\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s";]+))', re.IGNORECASE)
_CHARSET = re.compile(rb';\s*charset\s*=\s*"?([^\s";]+)', re.IGNORECASE)


class Part(NamedTuple):
    """`charset` is taken from the part's own content type; empty if it has none."""

    name: bytes
    value: bytes
    charset: str


def parse_multipart(body: bytes, boundary: str, parts_max: int) -> Iterator[Part]:
    """The parts in order. Raises Undecodable."""
    if not boundary or len(boundary) > BOUNDARY_MAX or not boundary.isascii():
        raise Undecodable("multipart without a boundary")
    for number, section in enumerate(_sections(body, b"\r\n--" + boundary.encode())):
        if number == parts_max:
            raise Undecodable(f"more than {parts_max} parameters")
        headers, blank_line, value = section.partition(b"\r\n\r\n")
        if not blank_line:
            raise Undecodable("the headers of a part of the multipart body have no end")
        yield _part(headers, value)


def _sections(body: bytes, delimiter: bytes) -> Iterator[bytes]:
    """The sections between the delimiters, each with its leading line break."""
    _, *pieces = (b"\r\n" + body).split(delimiter)
    section: list[bytes] = []
    for piece in pieces:
        after = piece.lstrip(b" \t")
        if not after.startswith((b"\r\n", b"--")):
            section += delimiter, piece  # a line that only begins like the boundary
            continue
        if section:
            yield b"".join(section)
        if after.startswith(b"--"):
            return
        section = [after]
    raise Undecodable("the multipart body has no end")


def _part(headers: bytes, value: bytes) -> Part:
    if match := _COMMON.fullmatch(headers):
        return Part(match[1], value, "")
    name, charset = None, ""
    for line in headers.split(b"\r\n"):
        header = line.partition(b":")[0].strip().lower()
        if header == b"content-disposition" and (match := _NAME.search(line)):
            name = match[2] if match[1] is None else re.sub(rb"\\(.)", rb"\1", match[1])
        elif header == b"content-type" and (match := _CHARSET.search(line)):
            charset = match[1].decode("latin-1")
    if not name:
        raise Undecodable("a part of the multipart body has no name")
    return Part(name, value, charset)
