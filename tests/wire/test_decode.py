"""Bytes to a call: every encoding, the sloppy forms of real senders, and what cannot be decoded (W)."""

import json
from urllib.parse import parse_qsl, quote, urlencode

import pytest
from hypothesis import assume, example, given, strategies as st

from fakeserver.notation.params import Params
from fakeserver.wire.call import Call
from fakeserver.wire.decode import PAIRS_MAX, Request, decode, parse_header
from tests.reasons import assert_reasons

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
MULTIPART = "multipart/form-data; boundary=XX"
TARGET = "/webservice/server"
LONG, CUT = "x" * 60, "x" * 40


def post(body: bytes, content_type: str = FORM, target: str = TARGET) -> Call:
    return decode(Request("POST", target, ("k",), content_type, body, "127.0.0.1"))


def get(query: str) -> Call:
    return decode(Request("GET", f"{TARGET}?{query}", (), "", b"", "127.0.0.1"))


def part(disposition: str, value: str, *headers: str) -> str:
    lines = [f"Content-Disposition: form-data; {disposition}", *headers]
    return "\r\n".join(["--XX", *lines, "", value])


def multipart(*parts: str, end: str = "\r\n--XX--\r\n") -> bytes:
    return ("\r\n".join(parts) + end).encode()


# The encodings


@pytest.mark.rule("W5")
@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"action=send&text=%D8%B3+a", FORM),
        (b"action=send&text=\xd8\xb3 a", FORM),
        (b"action=send&text=\xd8\xb3%20a", FORM + "; charset=UTF-8"),
        (multipart(part('name="action"', "send"), part('name="text"', "س a")), MULTIPART),
        (json.dumps({"action": "send", "text": "س a"}).encode(), JSON),
        ('{"action":"send","text":"س a"}'.encode(), 'application/JSON; charset="utf-8"'),
    ],
)
def test_the_three_encodings_mean_the_same(body: bytes, content_type: str) -> None:
    assert post(body, content_type).params == {"action": "send", "text": "س a"}


def test_a_call_has_the_method_the_key_the_caller_and_the_content_type_of_its_request() -> None:
    call = decode(Request("POST", "/x", ("k",), FORM + "; charset=utf-8", b"a=1", "192.0.2.7"))
    assert call == Call("POST", "k", Params({"a": "1"}), "192.0.2.7", FORM + "; charset=utf-8", (), None)
    call = decode(Request("PUT", "/x?key=q#key=f", (), "", b"", "::1"))
    assert call == Call("PUT", "", Params(), "::1", "", ("q",), None)
    call = decode(Request("GET", "/x?a=1&key=q", (), "", b"", "::1"))
    assert call == Call("GET", "q", Params({"a": "1"}), "::1", "", (), None)
    call = decode(Request("GET", "/x?a=1&key=q", ("h",), "text/x", b"key=b", "::1"))
    assert call == Call("GET", "q", Params({"a": "1"}), "::1", "text/x", ("h",), None)


@pytest.mark.rule("W5", "W6")
@pytest.mark.parametrize("charset", ["utf-8", "UTF8", "us-ascii", "ASCII", '"utf-8"', " utf-8 ", ""])
def test_every_name_of_utf_8_is_accepted(charset: str) -> None:
    assert post("a=س".encode(), f"{FORM}; Charset={charset}").params == {"a": "س"}
    body = multipart(part("name=a", "س", "Content-Type: text/plain; charset=UTF-8"))
    assert post(body, MULTIPART).params == {"a": "س"}


def test_a_header_has_a_value_and_options() -> None:
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
def test_a_form_is_percent_encoded(written: str, value: str) -> None:
    assert post(f"a={written}&b=1".encode()).params == {"a": value, "b": "1"}
    assert post(f"{written.replace('=', '')}x=1&b=1".encode()).params["b"] == "1"


SLOPPY_PARTS = {
    "quoted name": part('name="text"', "x"),
    "bare name": part("name=text", "x"),
    "semicolon after a bare name": part("name=text;", "x"),
    "semicolon after a quoted name": part('name="text";', "x"),
    "blanks around the equals sign": part('name = "text" ;', "x"),
    "upper-case parameter": part('NAME="text"', "x"),
    "content type": part('name="text"', "x", "Content-Type: text/plain; charset=utf-8"),
    "content length that lies": part('name="text"', "x", "Content-Length: 99"),
    "file name": part('name="text"; filename="c:a.txt"', "x"),
    "blanks after the boundary": '--XX \t\r\nContent-Disposition: form-data; name="text"\r\n\r\nx',
    "escaped name": part(r'name="te\x\t"', "x"),
    "other header first": "--XX\r\nX-Other: 1\r\ncontent-DISPOSITION: form-data; name=text\r\n\r\nx",
}


@pytest.mark.rule("W6")
@pytest.mark.parametrize("sloppy", SLOPPY_PARTS.values(), ids=SLOPPY_PARTS)
def test_a_part_is_read_as_sloppily_as_real_senders_write_it(sloppy: str) -> None:
    call = post(multipart(sloppy, part('name="b"', "y")), MULTIPART)
    assert (call.params, call.undecodable) == ({"text": "x", "b": "y"}, None)


@pytest.mark.rule("W6")
@pytest.mark.parametrize("end", ["\r\n--XX--\r\n", "\r\n--XX--", "\r\n--XX-- \r\n", "\r\n--XX--\r\nepilogue"])
def test_a_multipart_body_may_end_without_a_line_break_or_with_an_epilogue(end: str) -> None:
    assert post(multipart(part("name=a", "1"), end=end), MULTIPART).params == {"a": "1"}


@pytest.mark.rule("W6")
def test_blanks_may_follow_a_boundary() -> None:
    body = multipart(part("name=a", "1"), part("name=b", "2")).replace(b"--XX\r\n", b"--XX \t\r\n")
    assert post(body, MULTIPART).params == {"a": "1", "b": "2"}


@pytest.mark.rule("W6")
@pytest.mark.parametrize("boundary", ['"XX"', "XX; charset=utf-8", "XX "])
def test_the_boundary_may_be_quoted_and_followed_by_other_options(boundary: str) -> None:
    call = post(multipart(part("name=a", "1")), f"Multipart/Form-Data; boundary={boundary}")
    assert call.params == {"a": "1"}


@pytest.mark.rule("W6")
@pytest.mark.parametrize(
    "value", ["", "a\r\nb", "--XXY", "a\r\n--XXY", "--XXX\r\nb", "a\r\n--X", "\r\n\r\n", "س\n"]
)
def test_a_part_keeps_its_value(value: str) -> None:
    assert post(multipart(part("name=a", value)), MULTIPART).params == {"a": value}


ARRAYS: dict[str, tuple[str, dict[str, object]]] = {
    "positions": ("t[0]=a&t[1]=b&c=d", {"t": ["a", "b"], "c": "d"}),
    "percent-encoded brackets": ("t%5B0%5D=a&t%5b1%5d=b", {"t": ["a", "b"]}),
    "positions out of order": ("t[1]=b&t[0]=a", {"t": ["a", "b"]}),
    "empty brackets": ("t[]=a&u[]=c&t[]=b", {"t": ["a", "b"], "u": ["c"]}),
    "names": ("t[name]=a&t[{code}]=b", {"t": {"name": "a", "{code}": "b"}}),
    "a gap makes an object": ("t[0]=a&t[2]=b", {"t": {"0": "a", "2": "b"}}),
    "a name and positions": ("t[x]=a&t[]=b&t[]=c", {"t": {"x": "a", "0": "b", "1": "c"}}),
    "empty brackets after positions": ("t[3]=a&t[1]=b&t[]=c", {"t": {"3": "a", "1": "b", "4": "c"}}),
    "the largest position": ("t[999999999]=a&t[]=b", {"t": {"999999999": "a", "1000000000": "b"}}),
    "a larger number is a name": ("t[1234567890]=a&t[]=b", {"t": {"1234567890": "a", "0": "b"}}),
    "deeper brackets": ("t[a][b]=c", {"t": {"a": {"[b]": "c"}}}),
    "text after brackets": ("t[0]x=a&u[0]%0A=c", {"t": [{"x": "a"}], "u": [{"\n": "c"}]}),
    "a line break in a name": ("t%0A[0]=a", {"t\n": ["a"]}),
    "no array": ("a[=x&b]=y&[c]=z", {"a[": "x", "b]": "y", "[c]": "z"}),
    "an empty item": ("t[0]=", {"t": [""]}),
    "the last of a position counts": ("t[0]=a&t[0]=b", {"t": ["b"]}),
    "brackets after a value": ("t=x&t[0]=a", {"t": ["a"]}),
    "a value after brackets": ("t[0]=a&t=x", {"t": "x"}),
    "brackets after a value after brackets": ("t[0]=a&t=x&t[]=b", {"t": ["b"]}),
}  # fmt: skip


@pytest.mark.rule("W7", "W10")
@pytest.mark.parametrize(("query", "expected"), ARRAYS.values(), ids=ARRAYS)
def test_brackets_make_arrays(query: str, expected: object) -> None:
    assert get(query).params == post(query.encode()).params == expected


@pytest.mark.rule("W7")
def test_brackets_in_multipart_names_make_arrays() -> None:
    body = multipart(part('name="t[0]"', "a"), part("name=t[1]", "b"))
    assert post(body, MULTIPART).params == {"t": ["a", "b"]}


@pytest.mark.rule("W8")
@pytest.mark.parametrize("literal", ["2", "-7", "0", "64161", "2.50", "1e3", "9" * 64])
def test_a_json_number_is_read_as_its_own_text(literal: str) -> None:
    assert post(f'{{"a": {literal}}}'.encode(), JSON).params == {"a": literal}


@pytest.mark.rule("W8")
@pytest.mark.parametrize("written", ["😀", r"\ud83d\ude00", r"\uD83D\uDE00", r"\uD83d\uDe00"])
def test_an_escaped_surrogate_pair_is_its_character(written: str) -> None:
    assert post(f'{{"a":"{written}"}}'.encode(), JSON).params == {"a": "😀"}


@pytest.mark.rule("W9")
def test_json_keeps_values_that_are_not_scalars_for_the_rules_to_judge() -> None:
    params = post(b'{"a":null,"b":true,"c":[1],"d":{"e":"f"},"g":""}', JSON).params
    assert params == {"a": None, "b": True, "c": ["1"], "d": {"e": "f"}, "g": ""}
    assert [name for name in params if params.scalar(name) is not None] == []


# Repeated parameters, queries and keys


@pytest.mark.rule("W10")
@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"a=1&a=2", FORM),
        (multipart(part("name=a", "1"), part("name=a", "2")), MULTIPART),
        (b'{"a":"1","a":"2"}', JSON),
    ],
)
def test_the_last_of_a_repeated_parameter_counts(body: bytes, content_type: str) -> None:
    assert post(body, content_type).params == {"a": "2"}


REPEATED: dict[str, tuple[bytes, str, tuple[str, ...]]] = {
    "nothing": (b"a=1&b=1", FORM, ()),
    "one": (b"a=1&b=1&a=2", FORM, ("a",)),
    "the same value": (b"a=1&a=1&a=1", FORM, ("a",)),
    "two": (b"b=1&a=1&a=2&b=2", FORM, ("b", "a")),
    "in another encoding": (b"a=1&%61=2", FORM, ("a",)),
    "in parts": (multipart(part("name=a", "1"), part("name=a", "2")), MULTIPART, ("a",)),
    "only in an array": (b"t[]=a&t[]=b&t[0]=c", FORM, ()),
    "beside an array": (b"t[]=a&t[]=b&c=1&c=2", FORM, ("c",)),
}


@pytest.mark.rule("W10")
@pytest.mark.parametrize(("body", "content_type", "names"), REPEATED.values(), ids=REPEATED)
def test_the_names_of_repeated_parameters_are_listed(
    body: bytes, content_type: str, names: tuple[str, ...]
) -> None:
    assert post(body, content_type).params.repeated == names


@pytest.mark.rule("W10")
def test_post_does_not_read_the_query_nor_get_the_body() -> None:
    assert post(b"a=1", target=TARGET + "?a=2&b=3").params == {"a": "1"}
    call = decode(Request("GET", TARGET + "?a=2", (), FORM, b"a=1&b=3", "127.0.0.1"))
    assert call.params == {"a": "2"}


@pytest.mark.rule("W10", "W12")
def test_a_broken_query_does_not_disturb_a_post() -> None:
    assert post(b"a=1", target=TARGET + "?b=%ff").undecodable is None


@pytest.mark.rule("W10")
def test_the_query_is_what_follows_the_first_question_mark() -> None:
    for target in ("/x?a=1?b=2#c?d", "/x?a=1?b=2"):
        assert decode(Request("GET", target, (), "", b"", "::1")).params == {"a": "1?b=2"}
    assert decode(Request("GET", "/x#?a=1", (), "", b"", "::1")).params == {}


@pytest.mark.rule("A1")
def test_get_carries_the_key_in_the_query_and_post_in_the_header() -> None:
    assert get("key=K&action=status").key == "K"
    assert "key" not in get("key=K&action=status").params
    assert post(b"key=B", target=TARGET + "?key=Q").key == "k"
    assert post(b"key=B", target=TARGET + "?key=Q").stray_keys == ("Q", "B")


@pytest.mark.rule("A1", "W10", "W12")
@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("key=K", "K"),
        ("a=1&key=K&b=2", "K"),
        ("key=J&key=K", "K"),
        ("key=K&key=", ""),
        ("key=K&key=%ff", ""),
        ("key=K&a=%ff", "K"),
        ("a=%ff&key=K", "K"),
        ("a=\udcff&key=K", "K"),
        ("key=K&keys=%ff", "K"),
        ("key=K&keys=J", "K"),
        ("key=K&&", "K"),
        ("key=K&key", ""),
        ("Key=K", ""),
        ("key=%4B", "K"),
        ("key=a%20b+c", "a b c"),
        ("a=1", ""),
        ("a=%ff", ""),
        ("%6Bey=K&a=%ff", "K"),
        ("key=K&%61=1&b=%ff", "K"),
    ],
    ids=ascii,
)
def test_the_last_key_of_the_query_counts_whatever_stands_beside_it(query: str, key: str) -> None:
    assert get(query).key == key
    assert post(b"", target=f"/x?{query}").stray_keys == ((key,) if key else ())


@pytest.mark.rule("A1")
def test_two_authorization_headers_are_one_wrong_key() -> None:
    call = decode(Request("POST", TARGET, ("a", "b"), FORM, b"", "127.0.0.1"))
    assert call.key == "a, b"


# What cannot be decoded

AS_DEEP_AS_ALLOWED = b'{"a":' + b"[" * 63 + b"]" * 63
NOT_READ = "…; the panel reads forms, multipart/form-data and JSON"
TOO_MANY = "more than 10000 parameters"
UNDECODABLE: dict[str, tuple[bytes, str, str]] = {
    "bad JSON": (b'{"a"', JSON, "not JSON: …line 1 column 5…"),
    "NaN": (b'{"a":NaN}', JSON, "NaN is …"),
    "Infinity": (b'{"a":-Infinity}', JSON, "-Infinity is …"),
    "a JSON list": (b"[1]", JSON, "JSON that is not an object"),
    "a JSON string": (b'"a"', JSON, "JSON that is not an object"),
    "null": (b"null", JSON, "JSON that is not an object"),
    "nesting of 65": (b'{"a":' + b"[" * 64 + b"]" * 64 + b"}", JSON, "nested deeper than 64"),
    "nesting of 200 000": (b"[" * 200_000, JSON, "nested deeper than 64"),
    "a number of 65 digits": (b'{"a":' + b"9" * 65 + b"}", JSON, "a number of more than 64 digits"),
    "a fraction of 65 digits": (b'{"a":0.' + b"9" * 64 + b"}", JSON, "a number of more than 64 digits"),
    "a lone surrogate": (b'{"a":["\\ud800"]}', JSON, "a lone surrogate…"),
    "a lone surrogate in capitals": (b'{"a":"\\uDBFF"}', JSON, "a lone surrogate…"),
    "a lone surrogate in a name": (b'{"a":{"\\udc00":1}}', JSON, "a lone surrogate, which is …"),
    "too many JSON members": (
        json.dumps({str(n): 1 for n in range(PAIRS_MAX + 1)}).encode(),
        JSON,
        TOO_MANY,
    ),
    "JSON that is not UTF-8": (b'{"a":"\xff"}', JSON, "bytes that are not UTF-8, at 6"),
    "JSON with a byte order mark": (b'\xef\xbb\xbf{"a":"1"}', JSON, "not JSON: …"),
    "a form that is not UTF-8": (b"a=\xff", FORM, "bytes that are not UTF-8, at 2"),
    "percent-encoded bytes that are not UTF-8": (b"a=%ff", FORM, "bytes that are not UTF-8"),
    "an encoded surrogate": (b"a=%ED%A0%80", FORM, "bytes that are not UTF-8"),
    "too many parameters": (b"&" * PAIRS_MAX, FORM, TOO_MANY),
    "another charset": (b"a=1", FORM + "; charset=cp1256", "charset 'cp1256'; the panel reads UTF-8 only"),
    "a long charset": (b"a=1", f"{FORM}; charset={LONG}", f"charset '{CUT}'; the panel reads UTF-8 only"),
    "JSON in another charset": (b'{"a":"1"}', JSON + "; charset=utf-16", "charset 'utf-16'…"),
    "text/plain": (b"a=1", "Text/Plain; charset=utf-8", f"content type 'text/plain'{NOT_READ}"),
    "a long content type": (b"a=1", LONG, f"content type '{CUT}'{NOT_READ}"),
    "no content type": (b"a=1", "", f"content type ''{NOT_READ}"),
    "no boundary": (multipart(part("name=a", "1")), "multipart/form-data", "multipart without a boundary"),
    "a boundary of 201": (b"--", f"{MULTIPART}{'X' * 199}", "multipart without a boundary"),
    "a boundary that is not ASCII": (b"--", f"{MULTIPART}س", "multipart without a boundary"),
    "a line like the boundary first": (b"--XXY\r\n" + multipart(part("name=a", "1")), MULTIPART, "…part…"),
    "no end": (multipart(part("name=a", "1"), end=""), MULTIPART, "the multipart body has no end"),
    "another boundary": (multipart(part("name=a", "1")), "multipart/form-data; boundary=YY", "…no end"),
    "a part without a name": (multipart(part("x=a", "1")), MULTIPART, "a part …has no name"),
    "a part with an empty name": (multipart(part('name=""', "1")), MULTIPART, "…no name"),
    "a part without an end of its headers": (
        b"--XX\r\nContent-Disposition: form-data; name=a\r\n--XX--",
        MULTIPART,
        "the headers of a part of the multipart body have no end",
    ),
    "a part that is not UTF-8": (
        b"--XX\r\nContent-Disposition: form-data; name=a\r\n\r\n\xff\r\n--XX--",
        MULTIPART,
        "bytes that are not UTF-8, at 0",
    ),
    "a part in another charset": (
        multipart(part("name=a", "1", f"Content-Type: text/plain; charset={LONG}")),
        MULTIPART,
        f"charset '{CUT}' of a part; the panel reads UTF-8 only",
    ),
    "too many parts": (multipart(*[part("name=a", "1")] * (PAIRS_MAX + 1)), MULTIPART, TOO_MANY),
}  # fmt: skip
UNDECODABLE_QUERIES = {
    "a=%ff": "bytes that are not UTF-8",
    "a=\udcff": "bytes that are not UTF-8",
    "&" * PAIRS_MAX: TOO_MANY,
}


@pytest.mark.rule("W12")
def test_a_call_that_cannot_be_decoded_has_the_reason_and_no_parameters() -> None:
    calls = {name: post(body, content_type) for name, (body, content_type, _) in UNDECODABLE.items()}
    calls |= {ascii(query)[:20]: get(query) for query in UNDECODABLE_QUERIES}
    assert {name for name, call in calls.items() if call.params} == set()
    patterns = [*(pattern for _, _, pattern in UNDECODABLE.values()), *UNDECODABLE_QUERIES.values()]
    assert_reasons(
        (name, call.undecodable, pattern)
        for (name, call), pattern in zip(calls.items(), patterns, strict=True)
    )


@pytest.mark.rule("W12")
def test_a_body_that_is_compressed_or_did_not_arrive_whole_cannot_be_decoded() -> None:
    request = Request("POST", TARGET, ("k",), FORM, b"a=1", "127.0.0.1")
    assert_reasons(
        [
            ("gzip", decode(request._replace(content_encoding="GZIP")).undecodable, "…compressed with gzip"),
            ("long", decode(request._replace(content_encoding=LONG)).undecodable, f"…compressed with {CUT}"),
            ("broken", decode(request._replace(broken="half a body")).undecodable, "half a body"),
        ]
    )
    assert decode(request._replace(content_encoding="Identity")).params == {"a": "1"}
    assert decode(request._replace(content_encoding="gzip", body=b"")).undecodable is None


@pytest.mark.rule("W12")
@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (AS_DEEP_AS_ALLOWED + b"}", JSON),
        (AS_DEEP_AS_ALLOWED + b',"b":"[[["}', JSON),
        (AS_DEEP_AS_ALLOWED + b',"b":[],"c":{},"d":[true,null]}', JSON),
        (b'{"a":-' + b"9" * 64 + b"}", JSON),
        (b'{"a":1.' + b"9" * 63 + b"}", JSON),
        (json.dumps({str(n): "1" for n in range(PAIRS_MAX)}).encode(), JSON),
        (b"&".join([b"a=1"] * PAIRS_MAX), FORM),
        (b"a=1" + b"&" * (PAIRS_MAX - 1), FORM),
        (multipart(*[part("name=a", "1")] * PAIRS_MAX), MULTIPART),
        (multipart(part("name=a", "1")).replace(b"XX", b"X" * 200), MULTIPART.replace("XX", "X" * 200)),
        (b"", "text/plain"),
    ],
    ids=range(11),
)
def test_a_request_just_within_the_limits_is_decoded(body: bytes, content_type: str) -> None:
    assert post(body, content_type).undecodable is None


# Properties

CHARACTERS = st.characters(exclude_categories=["Cs"])
TEXTS = st.text(CHARACTERS)
NAMES = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters='[]"\\'), min_size=1
).filter(lambda name: name != "key")
FORMS = st.dictionaries(NAMES, TEXTS, max_size=5)


@pytest.mark.rule("W5", "W6")
@given(FORMS)
def test_encoded_parameters_are_decoded_to_themselves(params: dict[str, str]) -> None:
    encoded = urlencode(params)
    assert post(encoded.encode()).params == get(encoded).params == params
    assert post(json.dumps(params).encode(), JSON).params == params
    assume(all("--XX" not in text for text in params.values()))
    body = multipart(*(part(f'name="{name}"', text) for name, text in params.items()))
    assert post(body, MULTIPART).params == params


FRAGMENTS = st.sampled_from(
    [
        *(b"--XX", b"\r\n", b"--", b'Content-Disposition: form-data; name="a"'),
        *(b"a[", b"]", b"=", b"&", b"\xff", b"%", b"{"),
    ]
)
BODIES = st.binary() | st.lists(FRAGMENTS).map(b"".join)
CONTENT_TYPES = st.sampled_from([FORM, JSON, MULTIPART, "multipart/form-data", "", "text/plain"]) | st.text()


@pytest.mark.rule("W12")
@given(BODIES, CONTENT_TYPES)
@example(b"--XX", MULTIPART)
@example(b"--XX\r\n--XX--", MULTIPART)
def test_any_bytes_make_a_call(body: bytes, content_type: str) -> None:
    call = post(body, content_type)
    assert call.undecodable is None or call.params == {}


@pytest.mark.rule("W12")
@given(st.text(CHARACTERS).map(quote) | st.text())
def test_any_query_makes_a_call(query: str) -> None:
    assert get(query).method == "GET"


@pytest.mark.rule("W5", "W12")
@given(st.text("a=&%+د[]2fF09\udcff", max_size=20))
@example("%D8%B3=%d8%b3+%zz%")
@example("%D8a%B3")
def test_forms_are_split_as_the_standard_library_splits_them(query: str) -> None:
    try:
        query.encode()
        expected = dict(parse_qsl(query, keep_blank_values=True, errors="strict"))
    except UnicodeError:
        assert get(query).undecodable
        return
    if not any("[" in name for name in expected):
        assert get(query).params == expected
