"""The cases of the endpoint fuzzer. A case depends on the seed and its number alone."""

import random
from collections.abc import Callable
from typing import NamedTuple

from tests.fuzz import hostile
from tests.fuzz.corpus import FORM, JSON, MULTIPART, SAMPLES, Sample, mutate

KEYS = (b"test-key", b"test-key", b"test-key", b"switched", b"nobody", b"test-key, test-key", b"\xff")
METHODS = (b"PUT", b"HEAD", b"DELETE", b"OPTIONS", b"PATCH", b"TRACE", b"PROPFIND", b"get", b"X")
DATA = tuple(sample.data for sample in SAMPLES)
TYPES = (FORM, JSON, MULTIPART, b"", b"text/plain", FORM + b"; charset=utf-16", b"multipart/form-data")


class Case(NamedTuple):
    """`pieces` are written one after another. `replies` is the number of replies that must come; None where
    it is not known, so that the client closes its half of the connection and reads to the end. With
    `disconnects`, the client disconnects instead.
    """

    kind: str
    pieces: tuple[bytes, ...]
    replies: int | None
    without_body: bool = False
    disconnects: bool = False

    @property
    def data(self) -> bytes:
        return b"".join(self.pieces)


def make_case(seed: int, number: int) -> Case:
    chance = random.Random(f"{seed}/{number}")
    (kind,) = chance.choices(tuple(KINDS), tuple(weight for weight, _ in KINDS.values()))
    return KINDS[kind][1](chance)


def _in_line(data: bytes) -> bytes:
    """The bytes as a request line may have them: percent-encoded where they would end it."""
    return b"".join(b"%%%02X" % byte if byte <= 0x20 or byte >= 0x7F else b"%c" % byte for byte in data)


def _in_header(data: bytes) -> bytes:
    return bytes(byte for byte in data if byte >= 0x20 and byte != 0x7F)


def _framed(chance: random.Random, sample: Sample, method: bytes, key: bytes) -> bytes:
    """One request that is valid HTTP, whatever its content."""
    if method == b"GET":
        query = b"key=" + _in_line(key) + b"&" + _in_line(sample.data)
        return b"GET /webservice/server?%b HTTP/1.1\r\nHost: x\r\n\r\n" % query[:8_000]
    length = b"Content-Length: %d" % len(sample.data)
    body = sample.data
    if chance.random() < 0.1:
        at = chance.randrange(len(body) + 1)
        length, body = b"Transfer-Encoding: chunked", hostile.chunked(*filter(None, (body[:at], body[at:])))
    lines = (
        method + b" /webservice/server HTTP/1.1",
        b"Host: x",
        b"Authorization: " + _in_header(key),
        b"Content-Type: " + _in_header(sample.content_type),
        length,
    )
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def _good(chance: random.Random) -> bytes:
    sample = chance.choice(SAMPLES)
    return _framed(chance, sample, sample.method, b"test-key")


def _changed(chance: random.Random) -> bytes:
    """A request with mutated parameters and sometimes another key, content type or method."""
    sample = chance.choice(SAMPLES)
    content_type = chance.choice(TYPES) if chance.random() < 0.1 else sample.content_type
    if chance.random() < 0.1:
        content_type = mutate(chance, content_type)[:2_000]
    data = mutate(chance, sample.data, DATA)
    return _framed(chance, Sample(sample.method, content_type, data), sample.method, chance.choice(KEYS))


def _parameters(chance: random.Random) -> Case:
    return Case("parameters", (_changed(chance),), 1)


def _real(chance: random.Random) -> Case:
    return Case("real", (_good(chance),), 1)


def _method(chance: random.Random) -> Case:
    method = chance.choice(METHODS)
    sample = chance.choice(SAMPLES)
    return Case("method", (_framed(chance, sample, method, b"test-key"),), 1, without_body=method == b"HEAD")


def _bytes(chance: random.Random) -> Case:
    """A request that is mutated as a whole; most changes hit its head."""
    data = _good(chance)
    split = min(len(data), 160) if chance.random() < 0.8 else len(data)
    return Case("bytes", (mutate(chance, data[:split]) + data[split:],), None)


def _noise(chance: random.Random) -> Case:
    return Case("noise", (chance.randbytes(chance.randint(1, 400)),), None)


def _pipelined(chance: random.Random) -> Case:
    requests = [chance.choice((_good, _changed))(chance) for _ in range(chance.randint(2, 12))]
    return Case("pipelined", (b"".join(requests),), len(requests))


def _pipelined_with_noise(chance: random.Random) -> Case:
    data = b"".join(_good(chance) for _ in range(chance.randint(1, 5)))
    return Case("pipelined noise", (data + mutate(chance, _good(chance)) + _good(chance),), None)


def _slow(chance: random.Random) -> Case:
    return Case("slow", _pieces(chance, _changed(chance), chance.randint(2, 9)), 1)


def _disconnected(chance: random.Random) -> Case:
    """The client disconnects within its request, or before it has read the reply."""
    data = _changed(chance)
    data = data[: chance.randrange(len(data)) if chance.random() < 0.7 else None]
    return Case("disconnected", _pieces(chance, data, chance.randint(1, 3)), None, disconnects=True)


def _half_closed(chance: random.Random) -> Case:
    """The client closes its half of the connection, after the request or within it."""
    data = _good(chance)
    return Case("half-closed", (data[: chance.randrange(1, len(data) + 1)],), None)


def _pieces(chance: random.Random, data: bytes, count: int) -> tuple[bytes, ...]:
    cuts = sorted(chance.randrange(len(data) + 1) for _ in range(count - 1))
    pairs = zip((0, *cuts), (*cuts, len(data)), strict=True)
    return tuple(filter(None, (data[one:other] for one, other in pairs)))


def _large(chance: random.Random) -> Case:
    body, content_type = chance.choice(LARGE)(chance)
    return Case("large", (hostile.post(body, content_type),), 1)


def _smuggled(chance: random.Random) -> Case:
    return Case("smuggled", (chance.choice(SMUGGLED)(chance) + b"x" * chance.randint(0, 9),), None)


Large = Callable[[random.Random], tuple[bytes, bytes]]
LARGE: tuple[Large, ...] = (
    lambda chance: (hostile.many_parameters(chance.randint(9_990, 10_010)), FORM),
    lambda chance: (hostile.many_members(chance.randint(9_990, 10_010)), JSON),
    lambda chance: (hostile.many_parts(chance.randint(9_000, 10_100)), MULTIPART),
    lambda chance: (hostile.nested_json(chance.choice((60, 63, 64, 990, 1_010, 100_000))), JSON),
    lambda chance: (hostile.unclosed_json(chance.randint(1, 200_000)), JSON),
    lambda chance: (hostile.nested_brackets(chance.randint(1, 100_000)), FORM),
    lambda chance: (hostile.brackets_in_a_row(chance.randint(1, 9_999)), FORM),
    lambda chance: (hostile.huge_number(chance.choice((64, 65, 4_301, 100_000, 1_000_000))), JSON),
    lambda chance: (hostile.endless_multipart(chance.randint(1, 1_000_000)), MULTIPART),
    lambda chance: (hostile.almost_boundaries(chance.randint(1, 1_000_000)), MULTIPART),
    lambda chance: (hostile.endless_part_headers(chance.randint(1, 1_000_000)), MULTIPART),
    lambda chance: (hostile.curly_fields(chance.randint(100, 300_000)), FORM),
    lambda chance: (hostile.long_name(chance.randint(1, 1_000_000)), FORM),
    lambda chance: (hostile.similar_names(chance.randint(1, 9_000)), FORM),
    lambda chance: (hostile.invalid_receivers(chance.randint(1, 1_000_000)), FORM),
    lambda chance: (hostile.list_in_json(chance.randint(1, 1_000_000)), JSON),
    lambda chance: (hostile.many_receivers(chance.randint(1, 90_000)), FORM),
    lambda chance: (b"a" * chance.randint(hostile.MEBIBYTE - 9, hostile.MEBIBYTE + 9), FORM),
)

Bytes = Callable[[random.Random], bytes]
SMUGGLED: tuple[Bytes, ...] = (
    lambda chance: hostile.two_lengths(chance.randint(0, 20), chance.randint(0, 20)),
    lambda _: hostile.chunked_with_a_length(),
    lambda chance: hostile.odd_transfer_encoding(
        chance.choice(
            (b"xchunked", b"identity", b"chunked, chunked", b"gzip, chunked", b"\x0bchunked", b"CHUNKED")
        )
    ),
    lambda _: hostile.folded_header(),
    lambda _: hostile.blank_before_colon(),
    lambda _: hostile.bare_line_feeds(),
    lambda _: hostile.bare_carriage_return(),
    lambda _: hostile.nul_in_a_header(),
    lambda chance: hostile.odd_length(
        chance.choice((b"+13", b"-1", b"0x0d", b"13, 13", b"", b"9" * 30, b"1_3", "١٣".encode()))
    ),
    lambda _: hostile.huge_chunk_size(),
    lambda chance: hostile.endless_chunk_extension(chance.randint(1, 300_000)),
    lambda chance: hostile.endless_trailers(chance.randint(1, 300_000)),
    lambda chance: hostile.huge_header(chance.randint(8_180, 20_000)),
    lambda chance: hostile.many_headers(chance.randint(100, 1_000)),
    lambda chance: hostile.huge_target(chance.randint(8_100, 20_000)),
    lambda chance: hostile.huge_raw_target(chance.randint(2_000, 20_000)),
    lambda _: hostile.get(extra=b"Connection: upgrade\r\nUpgrade: h2c\r\n"),
    lambda chance: hostile.post(
        hostile.STATUS, extra=b"Expect: " + chance.choice((b"100-continue", b"x")) + b"\r\n"
    ),
    lambda chance: hostile.post(
        hostile.STATUS, extra=b"Content-Encoding: " + chance.choice((b"gzip", b"\xff")) + b"\r\n"
    ),
    lambda _: hostile.get().replace(b"GET /", b"GET http://[::1/"),
    lambda _: hostile.get().replace(b"GET /webservice/server", b"CONNECT a:1"),
    lambda _: b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    lambda _: b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200,
)

KINDS: dict[str, tuple[float, Callable[[random.Random], Case]]] = {
    "parameters": (58, _parameters),
    "real": (10, _real),
    "method": (4, _method),
    "bytes": (9, _bytes),
    "noise": (1, _noise),
    "pipelined": (5, _pipelined),
    "pipelined noise": (2, _pipelined_with_noise),
    "slow": (4, _slow),
    "disconnected": (2, _disconnected),
    "half-closed": (2, _half_closed),
    "large": (0.4, _large),
    "smuggled": (2, _smuggled),
}
