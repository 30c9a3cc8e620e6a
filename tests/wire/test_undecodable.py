"""What a call says of itself when it was decoded, and why when it was not: word for word, for the journal."""

import json

import pytest

from fakeserver.notation.params import Params
from fakeserver.wire.call import Call
from fakeserver.wire.decode import (
    PAIRS_MAX,
    Request,
    assemble,
    decode,
    parse_header,
)

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
MULTIPART = "multipart/form-data; boundary=XX"
LONG = "x" * 60


def post(body: bytes, content_type: str = FORM, target: str = "/webservice/server") -> Call:
    return decode(Request("POST", target, ("k",), content_type, body, "192.0.2.7"))


def part(headers: str, value: bytes = b"1") -> bytes:
    return b"--XX\r\n" + headers.encode() + b"\r\n\r\n" + value + b"\r\n--XX--"


def test_a_call_says_who_made_it_and_how() -> None:
    call = post(b"a=1", FORM + "; charset=utf-8")
    assert call == Call("POST", "k", Params({"a": "1"}), "192.0.2.7", FORM + "; charset=utf-8", (), None)
    call = decode(Request("PUT", "/x?key=q#key=f", (), "", b"", "::1"))
    assert call == Call("PUT", "", Params(), "::1", "", ("q",), None)
    call = decode(Request("GET", "/x?a=1&key=q", (), "", b"", "::1"))
    assert call == Call("GET", "q", Params({"a": "1"}), "::1", "", (), None)
    call = decode(Request("GET", "/x?a=1&key=q", ("h",), "text/x", b"key=b", "::1"))
    assert call == Call("GET", "q", Params({"a": "1"}), "::1", "text/x", ("h",), None)


@pytest.mark.rule("W10")
@pytest.mark.parametrize("target", ["/x?a=1?b=2#c?d", "/x?a=1?b=2"])
def test_the_query_is_what_follows_the_first_question_mark(target: str) -> None:
    assert decode(Request("GET", target, (), "", b"", "::1")).params == {"a": "1?b=2"}
    assert decode(Request("GET", "/x#?a=1", (), "", b"", "::1")).params == {}


@pytest.mark.rule("A1")
@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("key=K", "K"),
        ("a=1&key=K&b=2", "K"),
        ("key=J&key=K", "K"),
        ("key=K&key=", ""),
        ("key=K&key=%ff", ""),
        ("key=K&a=%ff", "K"),
        ("key=K&keys=%ff", "K"),
        ("key=K&keys=J", "K"),
        ("key=K&&", "K"),
        ("key=K&key", ""),
        ("Key=K", ""),
        ("key=a%20b+c", "a b c"),
        ("a=1", ""),
        ("a=%ff", ""),
        ("%6Bey=K&a=%ff", "K"),
        ("key=K&%61=1&b=%ff", "K"),
    ],
)
def test_the_last_key_of_the_query_counts_whatever_stands_beside_it(query: str, key: str) -> None:
    assert decode(Request("GET", f"/x?{query}", (), "", b"", "::1")).key == key
    assert post(b"", target=f"/x?{query}").stray_keys == ((key,) if key else ())


@pytest.mark.rule("W12")
@pytest.mark.parametrize(
    ("body", "content_type", "why"),
    [
        (b"a=\xff", FORM, "bytes that are not UTF-8, at 2"),
        (b"a=%ff", FORM, "bytes that are not UTF-8"),
        (b"&" * PAIRS_MAX, FORM, "more than 10000 parameters"),
        (b"a=1", FORM + "; charset=cp1256", "charset 'cp1256'; the panel reads UTF-8 only"),
        (b"a=1", f"{FORM}; charset={LONG}", f"charset '{'x' * 40}'; the panel reads UTF-8 only"),
        (
            b"a=1",
            "Text/Plain; charset=utf-8",
            "content type 'text/plain'; the panel reads forms, multipart/form-data and JSON",
        ),
        (
            b"a=1",
            LONG,
            f"content type '{'x' * 40}'; the panel reads forms, multipart/form-data and JSON",
        ),
        (b"a=1", "", "content type ''; the panel reads forms, multipart/form-data and JSON"),
        (b"[1]", JSON, "JSON that is not an object"),
        (b"null", JSON, "JSON that is not an object"),
        (b'{"a"', JSON, "not JSON: Expecting ':' delimiter: line 1 column 5 (char 4)"),
        (b'{"a":NaN}', JSON, "NaN is not a JSON value"),
        (b'{"a":-Infinity}', JSON, "-Infinity is not a JSON value"),
        (b'{"a":' + b"9" * 65 + b"}", JSON, "a number of more than 64 digits"),
        (b'{"a":1.' + b"9" * 64 + b"}", JSON, "a number of more than 64 digits"),
        (b'{"a":' + b"[" * 64 + b"]" * 64 + b"}", JSON, "nested deeper than 64"),
        (b"[" * 200_000, JSON, "nested deeper than 64"),
        (b'{"a":["\\ud800"]}', JSON, "a lone surrogate, which is not text"),
        (b'{"a":{"\\ud800":1}}', JSON, "a lone surrogate, which is not text"),
        (json.dumps({str(n): 1 for n in range(PAIRS_MAX + 1)}).encode(), JSON, "more than 10000 parameters"),
        (
            part("Content-Disposition: form-data; name=a\r\nContent-Type: text/plain; charset=latin-1"),
            MULTIPART,
            "charset 'latin-1' of a part; the panel reads UTF-8 only",
        ),
        (
            part(f"Content-Disposition: form-data; name=a\r\nContent-Type: text/plain; charset={LONG}"),
            MULTIPART,
            f"charset '{'x' * 40}' of a part; the panel reads UTF-8 only",
        ),
        (
            part("Content-Disposition: form-data; name=a", b"\xff"),
            MULTIPART,
            "bytes that are not UTF-8, at 0",
        ),
        (part("X: y"), MULTIPART, "a part of the multipart body has no name"),
        (b"x", "multipart/form-data", "multipart without a boundary"),
        (
            b"--XX\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n" * (PAIRS_MAX + 1) + b"--XX--",
            MULTIPART,
            "more than 10000 parameters",
        ),
    ],
)
def test_what_cannot_be_decoded_says_why_word_for_word(body: bytes, content_type: str, why: str) -> None:
    call = post(body, content_type)
    assert (call.undecodable, call.params) == (why, {})


@pytest.mark.rule("W12")
@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("a=%ff", "bytes that are not UTF-8"),
        ("a=\udcff", "bytes that are not UTF-8"),
        ("&" * PAIRS_MAX, "more than 10000 parameters"),
    ],
)
def test_a_query_that_cannot_be_decoded_says_why_word_for_word(query: str, why: str) -> None:
    call = decode(Request("GET", f"/x?{query}", (), "", b"", "::1"))
    assert (call.undecodable, call.params) == (why, {})


@pytest.mark.rule("W12")
def test_what_is_just_within_the_limits_is_read() -> None:
    most = {str(n): "1" for n in range(PAIRS_MAX)}
    assert len(post(json.dumps(most).encode(), JSON).params) == PAIRS_MAX
    assert post(b"a=1" + b"&" * (PAIRS_MAX - 1)).params == {"a": "1"}
    assert post(b'{"a":1.' + b"9" * 63 + b"}", JSON).undecodable is None
    deep = post(b'{"a":' + b"[" * 63 + b"1" + b"]" * 63 + b"}", JSON)
    assert deep.undecodable is None


@pytest.mark.rule("W5", "W6")
@pytest.mark.parametrize("charset", ["utf-8", "UTF8", "us-ascii", "ASCII", '"utf-8"', " utf-8 ", ""])
def test_every_name_of_utf_8_is_taken(charset: str) -> None:
    assert post("a=س".encode(), f"{FORM}; Charset={charset}").params == {"a": "س"}
    disposition = "Content-Disposition: form-data; name=a\r\nContent-Type: text/plain; charset=UTF-8"
    assert post(part(disposition, "س".encode()), MULTIPART).params == {"a": "س"}


def test_a_header_is_a_value_and_its_options() -> None:
    assert parse_header(' A/B ; Charset="Utf-8" ;x; Y = Z=1;') == ("a/b", {"charset": "Utf-8", "y": "Z=1"})
    assert parse_header("") == ("", {})


@pytest.mark.rule("W5")
@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("a+b", "a b"),
        ("a%20b", "a b"),
        ("%2B+%2b", "+ +"),
        ("a%2Cb%2cc,d", "a,b,c,d"),
        ("%2C+%D8%B3%2c+%2%2CC", ", س, %2,C"),
        ("100%", "100%"),
        ("%zz%4", "%zz%4"),
        ("%D8%B3+%d8%b3", "س س"),
        ("a=b=c", "a=b=c"),
        ("", ""),
    ],
)
def test_a_value_of_a_form_is_unquoted(written: str, value: str) -> None:
    assert post(f"a={written}&b=1".encode()).params == {"a": value, "b": "1"}
    assert post(f"{written.replace('=', '')}x=1&b=1".encode()).params["b"] == "1"


@pytest.mark.rule("W7")
@pytest.mark.parametrize(
    ("pairs", "params"),
    [
        ([("a[0]", "x"), ("a[1]", "y"), ("b", "z")], {"a": ["x", "y"], "b": "z"}),
        ([("a", "x"), ("b[]", "y"), ("c[k]", "z")], {"a": "x", "b": ["y"], "c": {"k": "z"}}),
        ([("a[", "x"), ("b]", "y"), ("[c]", "z")], {"a[": "x", "b]": "y", "[c]": "z"}),
        ([("a[3]", "x"), ("a[1]", "y"), ("a[]", "z")], {"a": {"3": "x", "1": "y", "4": "z"}}),
        ([("a[0]", "x"), ("a", "y"), ("a[]", "z")], {"a": ["z"]}),
        ([("a[0][1]", "x")], {"a": [{"[1]": "x"}]}),
        ([("a[0]x", "y")], {"a": [{"x": "y"}]}),
        ([("a[1234567890]", "x"), ("a[]", "y")], {"a": {"1234567890": "x", "0": "y"}}),
        ([("a[999999999]", "x"), ("a[]", "y")], {"a": {"999999999": "x", "1000000000": "y"}}),
        ([("a[]", "x"), ("b[]", "y"), ("a[]", "z")], {"a": ["x", "z"], "b": ["y"]}),
        ([("a\n[0]", "x"), ("b[0]\n", "y")], {"a\n": ["x"], "b": [{"\n": "y"}]}),
    ],
)
def test_brackets_make_arrays(pairs: list[tuple[str, str]], params: dict[str, object]) -> None:
    assert assemble(pairs) == params
