"""Hostile requests by name. tests/web/http and tests/web/service test what each is answered."""

from collections.abc import Iterable
from urllib.parse import quote

from tests.fuzz.corpus import FORM, multipart

PATH = b"/webservice/server"
AUTHORIZATION = b"Authorization: test-key\r\n"
STATUS = b"action=status"
SEND = b"action=send&from=auto&text=a&receivers=9121234567"
MEBIBYTE = 1 << 20


def post(body: bytes, content_type: bytes = FORM, extra: bytes = b"", *, length: bool = True) -> bytes:
    """A POST with the right key. `extra` are whole header lines with their line ends; without `length` the
    header Content-Length is left out.
    """
    content_length = b"Content-Length: %d\r\n" % len(body) if length else b""
    head = b"POST %b HTTP/1.1\r\nHost: x\r\n%bContent-Type: %b\r\n" % (PATH, AUTHORIZATION, content_type)
    return head + extra + content_length + b"\r\n" + body


def get(query: bytes = STATUS, extra: bytes = b"") -> bytes:
    return b"GET %b?key=test-key&%b HTTP/1.1\r\nHost: x\r\n%b\r\n" % (PATH, query, extra)


def chunked(*chunks: bytes) -> bytes:
    return b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"


def many_parameters(count: int) -> bytes:
    """A form with `count` parameters."""
    return b"&".join((STATUS, *(b"p%d=" % number for number in range(count - 1))))


def many_members(count: int) -> bytes:
    return b'{"action":"status"' + b"".join(b',"p%d":0' % number for number in range(count - 1)) + b"}"


def many_parts(count: int) -> bytes:
    return multipart((b"action", b"status"), *((b"p%d" % number, b"") for number in range(count - 1)))


def nested_json(depth: int) -> bytes:
    return b'{"action":"status","a":' + b"[" * depth + b"]" * depth + b"}"


def unclosed_json(depth: int) -> bytes:
    return b'{"a":' * depth


def nested_brackets(depth: int) -> bytes:
    return (
        b"action=sendServices&from=auto&textCode=1001&receivers=9121234567&textData" + b"[a]" * depth + b"=1"
    )


def brackets_in_a_row(count: int) -> bytes:
    """That many items of one array, at places that are far apart."""
    return b"action=status&" + b"&".join(b"a[%d]=" % (number * 99_991) for number in range(count))


def huge_number(digits: int) -> bytes:
    return b'{"action":"reportSend","sendID":' + b"9" * digits + b"}"


def lone_surrogate() -> bytes:
    return b'{"action":"send","from":"auto","text":"\\ud800","receivers":"9121234567"}'


def nul() -> bytes:
    return b"action=status%00&a\x00b=\x00"


def endless_multipart(size: int = MEBIBYTE - 2_000) -> bytes:
    """A part that never ends, because no boundary follows."""
    return b'--XX\r\nContent-Disposition: form-data; name="action"\r\n\r\n' + b"a" * size


def almost_boundaries(size: int = MEBIBYTE - 2_000) -> bytes:
    """Lines that begin like the boundary but are not it."""
    line = b"\r\n--XXno"
    return b'--XX\r\nContent-Disposition: form-data; name="action"\r\n\r\n' + line * (size // len(line))


def endless_part_headers(size: int = MEBIBYTE - 2_000) -> bytes:
    """A part of header lines alone."""
    line = b'Content-Disposition: form-data; x="\r\n'
    return b"--XX\r\n" + line * (size // len(line)) + b"\r\n\r\n--XX--"


def curly_fields(size: int = 300_000) -> bytes:
    """`cFields` in the notation of the guide, never closed, with many quotes and backslashes."""
    text = "{" + 'a:"\\' * (size // 8)
    return b"action=newContact&phoneId=1403&cNumber=9121234567&cFields=" + quote(text).encode()


def many_receivers(count: int) -> bytes:
    return b"action=send&from=auto&text=a&receivers=" + b",".join(
        b"91%08d" % number for number in range(count)
    )


def long_name(size: int) -> bytes:
    return b"action=status&" + b"a" * size + b"=1"


def similar_names(count: int = 9_000) -> bytes:
    """Long names that are similar to a missing one."""
    return b"action=send&" + b"&".join(b"receiver" * 12 + b"%d=" % number for number in range(count))


def invalid_receivers(size: int = MEBIBYTE - 2_000) -> bytes:
    return b"action=send&from=auto&text=a&receivers=" + b"a," * (size // 2)


def list_in_json(size: int = MEBIBYTE - 2_000) -> bytes:
    head = b'{"action":"sendServices","from":"auto","textCode":1001,"receivers":"9121234567","textData":[0'
    return head + b",0" * (size // 2) + b"]}"


# Request smuggling: two servers in a row could read different requests from these bytes.

HIDDEN = b"POST /webservice/server HTTP/1.1\r\nHost: x\r\nAuthorization: test-key\r\n\r\n"


def two_lengths(first: int, second: int) -> bytes:
    extra = b"Content-Length: %d\r\nContent-Length: %d\r\n" % (first, second)
    return post(STATUS + HIDDEN, extra=extra, length=False)


def chunked_with_a_length() -> bytes:
    extra = b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n"
    return post(chunked(STATUS) + HIDDEN, extra=extra, length=False)


def odd_transfer_encoding(value: bytes) -> bytes:
    return post(chunked(STATUS), extra=b"Transfer-Encoding: " + value + b"\r\n", length=False)


def folded_header() -> bytes:
    return post(STATUS, extra=b"X-Folded: a\r\n Transfer-Encoding: chunked\r\n")


def blank_before_colon() -> bytes:
    return post(STATUS, extra=b"Transfer-Encoding : chunked\r\n")


def bare_line_feeds() -> bytes:
    return post(STATUS).replace(b"\r\n", b"\n")


def bare_carriage_return() -> bytes:
    return post(STATUS, extra=b"X-A: a\rTransfer-Encoding: chunked\r\n")


def nul_in_a_header() -> bytes:
    return post(STATUS, extra=b"X-A: a\x00b\r\n")


def odd_length(value: bytes) -> bytes:
    return post(STATUS, extra=b"Content-Length: " + value + b"\r\n", length=False)


def huge_chunk_size() -> bytes:
    return post(b"f" * 40 + b"\r\nx", extra=b"Transfer-Encoding: chunked\r\n", length=False)


def endless_chunk_extension(size: int = 300_000) -> bytes:
    return post(b"1;" + b"x" * size, extra=b"Transfer-Encoding: chunked\r\n", length=False)


def endless_trailers(size: int = 300_000) -> bytes:
    """Header lines without an end after the last chunk."""
    return post(b"0\r\n" + b"a: b\r\n" * (size // 6), extra=b"Transfer-Encoding: chunked\r\n", length=False)


# Requests that are too large for HTTP.


def huge_header(size: int) -> bytes:
    return post(STATUS, extra=b"X-A: " + b"a" * size + b"\r\n")


def many_headers(count: int) -> bytes:
    return post(STATUS, extra=b"".join(b"X-%d: a\r\n" % number for number in range(count)))


def huge_target(size: int) -> bytes:
    return get(STATUS + b"&a=" + b"a" * size)


def huge_raw_target(size: int) -> bytes:
    """Raw Persian bytes, each of which the server percent-encodes as three."""
    return get(STATUS + b"&a=" + "س".encode() * (size // 2))


def bytewise(data: bytes) -> Iterable[bytes]:
    return (data[place : place + 1] for place in range(len(data)))
