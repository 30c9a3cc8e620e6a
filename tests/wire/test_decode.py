"""Bytes → Call: every encoding, its sloppy forms, and what cannot be decoded (section W)."""

import json
from collections.abc import Callable
from urllib.parse import parse_qsl, quote, urlencode

import pytest
from hypothesis import assume, example, given, strategies as st

from fakeserver.wire.call import Call
from fakeserver.wire.decode import PAIRS_MAX, Request, decode

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
MULTIPART = "multipart/form-data; boundary=XX"
TARGET = "/webservice/server"


def post(body: bytes, content_type: str = FORM, target: str = TARGET) -> Call:
    return decode(Request("POST", target, ("k",), content_type, body, "127.0.0.1"))


def get(query: str) -> Call:
    return decode(Request("GET", f"{TARGET}?{query}", (), "", b"", "127.0.0.1"))


def part(disposition: str, value: str, *headers: str) -> str:
    lines = [f"Content-Disposition: form-data; {disposition}", *headers]
    return "\r\n".join(["--XX", *lines, "", value])


def multipart(*parts: str, end: str = "\r\n--XX--\r\n") -> bytes:
    return ("\r\n".join(parts) + end).encode()


# What is read


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
def test_all_three_encodings_mean_the_same(body: bytes, content_type: str) -> None:
    assert post(body, content_type).params == {"action": "send", "text": "س a"}


SLOPPY = {
    "quoted name": part('name="text"', "x"),
    "bare name": part("name=text", "x"),
    "semicolon after a bare name": part("name=text;", "x"),
    "semicolon after a quoted name": part('name="text";', "x"),
    "blanks around the equals sign": part('name = "text" ;', "x"),
    "upper-case parameter": part('NAME="text"', "x"),
    "content type": part('name="text"', "x", "Content-Type: text/plain; charset=utf-8"),
    "content length that lies": part('name="text"', "x", "Content-Length: 99"),
    "other header first": part('name="text"', "x", "X-Other: 1"),
    "file name": part('name="text"; filename="a.txt"', "x"),
}


@pytest.mark.rule("W6")
@pytest.mark.parametrize("sloppy", SLOPPY.values(), ids=SLOPPY.keys())
@pytest.mark.parametrize("end", ["\r\n--XX--\r\n", "\r\n--XX--", "\r\n--XX-- \r\n", "\r\n--XX--\r\nepilogue"])
def test_multipart_is_read_as_sloppily_as_real_senders_write_it(sloppy: str, end: str) -> None:
    call = post(multipart(sloppy, part('name="b"', "y"), end=end), MULTIPART)
    assert (call.params, call.undecodable) == ({"text": "x", "b": "y"}, None)


@pytest.mark.rule("W6")
def test_header_lines_of_a_part_may_come_in_any_order_and_case() -> None:
    body = b"--XX\r\nContent-Type: text/plain\r\ncontent-DISPOSITION: form-data; name=a\r\n\r\n1\r\n--XX--"
    assert post(body, MULTIPART).params == {"a": "1"}


@pytest.mark.rule("W6")
@pytest.mark.parametrize("boundary", ['"XX"', "XX; charset=utf-8", "XX "])
def test_the_boundary_may_be_quoted_and_followed_by_other_options(boundary: str) -> None:
    call = post(multipart(part("name=a", "1")), f"Multipart/Form-Data; boundary={boundary}")
    assert call.params == {"a": "1"}


@pytest.mark.rule("W6")
@pytest.mark.parametrize("value", ["", "a\r\nb", "--XXY", "a\r\n--XXY", "a\r\n--X", "\r\n\r\n", "س\n"])
def test_a_part_keeps_its_value_as_it_is(value: str) -> None:
    assert post(multipart(part("name=a", value)), MULTIPART).params == {"a": value}


ARRAYS: dict[str, tuple[str, object]] = {
    "places": ("t[0]=a&t[1]=b", ["a", "b"]),
    "percent-encoded brackets": ("t%5B0%5D=a&t%5b1%5d=b", ["a", "b"]),
    "places out of order": ("t[1]=b&t[0]=a", ["a", "b"]),
    "empty brackets": ("t[]=a&t[]=b", ["a", "b"]),
    "names": ("t[name]=a&t[{code}]=b", {"name": "a", "{code}": "b"}),
    "a gap is no list": ("t[0]=a&t[2]=b", {"0": "a", "2": "b"}),
    "a name and a place": ("t[x]=a&t[]=b&t[]=c", {"x": "a", "0": "b", "1": "c"}),
    "a place and the next": ("t[5]=a&t[]=b", {"5": "a", "6": "b"}),
    "deeper brackets": ("t[a][b]=c", {"a": {"[b]": "c"}}),
    "an empty item stays": ("t[0]=", [""]),
    "the last of a place counts": ("t[0]=a&t[0]=b", ["b"]),
    "brackets after a value": ("t=x&t[0]=a", ["a"]),
    "a value after brackets": ("t[0]=a&t=x", "x"),
}


@pytest.mark.rule("W7", "W10")
@pytest.mark.parametrize(("query", "expected"), ARRAYS.values(), ids=ARRAYS.keys())
@pytest.mark.parametrize("read", [get, lambda query: post(query.encode())], ids=["GET", "POST"])
def test_brackets_make_arrays(read: Callable[[str], Call], query: str, expected: object) -> None:
    assert read(query).params == {"t": expected}


@pytest.mark.rule("W7")
def test_multipart_names_make_arrays_too() -> None:
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


@pytest.mark.rule("W12")
@pytest.mark.parametrize("beside", [b"", b',"b":"[[["', b',"b":[],"c":{}'])
def test_json_may_be_nested_64_deep(beside: bytes) -> None:
    call = post(AS_DEEP_AS_IT_MAY_BE + beside + b"}", JSON)
    assert call.undecodable is None
    assert str(call.params["a"]) == "[" * 63 + "]" * 63


@pytest.mark.rule("W9")
def test_json_keeps_what_is_no_scalar_for_the_rules_to_judge() -> None:
    params = post(b'{"a":null,"b":true,"c":[1],"d":{"e":"f"},"g":""}', JSON).params
    assert params == {"a": None, "b": True, "c": ["1"], "d": {"e": "f"}, "g": ""}
    assert [name for name in params if params.scalar(name) is not None] == []


@pytest.mark.rule("W10")
@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"a=1&a=2", FORM),
        (multipart(part("name=a", "1"), part("name=a", "2")), MULTIPART),
        (b'{"a":"1","a":"2"}', JSON),
    ],
)
def test_of_a_parameter_given_twice_the_last_counts(body: bytes, content_type: str) -> None:
    assert post(body, content_type).params == {"a": "2"}


REPEATED: dict[str, tuple[bytes, str, tuple[str, ...]]] = {
    "nothing": (b"a=1&b=1", FORM, ()),
    "one": (b"a=1&b=1&a=2", FORM, ("a",)),
    "the same value": (b"a=1&a=1&a=1", FORM, ("a",)),
    "two": (b"b=1&a=1&a=2&b=2", FORM, ("b", "a")),
    "written otherwise": (b"a=1&%61=2", FORM, ("a",)),
    "in parts": (multipart(part("name=a", "1"), part("name=a", "2")), MULTIPART, ("a",)),
    "an array is none": (b"t[]=a&t[]=b&t[0]=c", FORM, ()),
    "beside an array": (b"t[]=a&t[]=b&c=1&c=2", FORM, ("c",)),
}


@pytest.mark.rule("W10")
@pytest.mark.parametrize(("body", "content_type", "names"), REPEATED.values(), ids=REPEATED)
def test_the_names_given_more_than_once_are_told(
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


# Where the key stands


@pytest.mark.rule("A1")
def test_get_carries_the_key_in_the_query_and_post_in_the_header() -> None:
    assert get("key=K&action=status").key == "K"
    assert "key" not in get("key=K&action=status").params
    assert post(b"key=B", target=TARGET + "?key=Q").key == "k"
    assert post(b"key=B", target=TARGET + "?key=Q").stray_keys == ("Q", "B")


@pytest.mark.rule("A1", "W10", "W12")
@pytest.mark.parametrize("query", ["key=x&key=K", "a=%ff&key=K", "key=%4B", "%6Bey=K", "a=\udcff&key=K"])
def test_the_key_is_found_whatever_stands_beside_it(query: str) -> None:
    assert get(query).key == "K"


@pytest.mark.rule("A1")
def test_two_authorization_headers_make_no_key() -> None:
    call = decode(Request("POST", TARGET, ("a", "b"), FORM, b"", "127.0.0.1"))
    assert call.key == "a, b"


# What cannot be decoded

AS_DEEP_AS_IT_MAY_BE = b'{"a":' + b"[" * 63 + b"]" * 63
DEEP = b'{"a":' + b"[" * 64 + b"]" * 64 + b"}"
UNDECODABLE: dict[str, tuple[bytes, str]] = {
    "bad JSON": (b'{"a":', JSON),
    "NaN": (b'{"a":NaN}', JSON),
    "Infinity": (b'{"a":-Infinity}', JSON),
    "a JSON list": (b"[1]", JSON),
    "a JSON string": (b'"a"', JSON),
    "nesting of 65": (DEEP, JSON),
    "nesting of 100 000": (b"[" * 100_000, JSON),
    "a number of 65 digits": (b'{"a":' + b"9" * 65 + b"}", JSON),
    "a fraction of 65 digits": (b'{"a":0.' + b"9" * 64 + b"}", JSON),
    "a lone surrogate": (b'{"a":"\\ud800"}', JSON),
    "a lone surrogate in capitals": (b'{"a":"\\uDBFF"}', JSON),
    "a lone surrogate in a name": (b'{"\\udc00":"a"}', JSON),
    "JSON that is not UTF-8": (b'{"a":"\xff"}', JSON),
    "JSON with a byte order mark": (b'\xef\xbb\xbf{"a":"1"}', JSON),
    "a form that is not UTF-8": (b"a=\xff", FORM),
    "a form with percent-encoded bytes that are not UTF-8": (b"a=%ff", FORM),
    "an encoded surrogate": (b"a=%ED%A0%80", FORM),
    "another charset": (b"a=1", FORM + "; charset=windows-1256"),
    "JSON in another charset": (b'{"a":"1"}', JSON + "; charset=utf-16"),
    "text/plain": (b"a=1", "text/plain"),
    "no content type": (b"a=1", ""),
    "multipart without a boundary": (multipart(part("name=a", "1")), "multipart/form-data"),
    "multipart without an end": (multipart(part("name=a", "1"), end=""), MULTIPART),
    "multipart of another boundary": (multipart(part("name=a", "1")), "multipart/form-data; boundary=YY"),
    "a part without a name": (multipart(part("x=a", "1")), MULTIPART),
    "a part with an empty name": (multipart(part('name=""', "1")), MULTIPART),
    "a part without an end of headers": (
        b"--XX\r\nContent-Disposition: form-data; name=a\r\n--XX--",
        MULTIPART,
    ),
    "a part that is not UTF-8": (
        b"--XX\r\nContent-Disposition: form-data; name=a\r\n\r\n\xff\r\n--XX--",
        MULTIPART,
    ),
    "a part in another charset": (
        multipart(part("name=a", "1", "Content-Type: text/plain; charset=latin-1")),
        MULTIPART,
    ),
    "too many parameters": (b"&".join([b"a=1"] * (PAIRS_MAX + 1)), FORM),
    "too many parts": (multipart(*[part("name=a", "1")] * (PAIRS_MAX + 1)), MULTIPART),
}


@pytest.mark.rule("W12")
@pytest.mark.parametrize(("body", "content_type"), UNDECODABLE.values(), ids=UNDECODABLE.keys())
def test_what_cannot_be_decoded_says_why(body: bytes, content_type: str) -> None:
    call = post(body, content_type)
    assert call.undecodable
    assert call.params == {}


@pytest.mark.rule("W12")
@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'{"a":' + b"[" * 63 + b"]" * 63 + b"}", JSON),
        (b'{"a":-' + b"9" * 64 + b"}", JSON),
        (b"&".join([b"a=1"] * PAIRS_MAX), FORM),
        (multipart(*[part("name=a", "1")] * PAIRS_MAX), MULTIPART),
        (b"", "text/plain"),
    ],
)
def test_what_is_just_within_the_limits_is_read(body: bytes, content_type: str) -> None:
    assert post(body, content_type).undecodable is None


@pytest.mark.rule("W12")
@pytest.mark.parametrize("query", ["a=%ff", "a=\udcff", "a=%ED%A0%80", "&".join(["a=1"] * (PAIRS_MAX + 1))])
def test_a_query_that_cannot_be_decoded_says_why_too(query: str) -> None:
    assert get(query).undecodable


# Laws

CHARACTERS = st.characters(exclude_categories=["Cs"])
TEXTS = st.text(CHARACTERS)
NAMES = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters='[]"\\'), min_size=1
).filter(lambda name: name != "key")
FORMS = st.dictionaries(NAMES, TEXTS, max_size=5)


@pytest.mark.rule("W5")
@given(FORMS)
def test_what_a_form_encodes_is_what_is_decoded(params: dict[str, str]) -> None:
    encoded = urlencode(params)
    assert post(encoded.encode()).params == params
    assert get(encoded).params == params


@pytest.mark.rule("W5")
@given(FORMS)
def test_what_json_encodes_is_what_is_decoded(params: dict[str, str]) -> None:
    assert post(json.dumps(params).encode(), JSON).params == params


@pytest.mark.rule("W5", "W6")
@given(FORMS)
def test_what_multipart_encodes_is_what_is_decoded(params: dict[str, str]) -> None:
    body = multipart(*(part(f'name="{name}"', text) for name, text in params.items()))
    assume(all("--XX" not in text for text in params.values()))
    assert post(body, MULTIPART).params == params


ANY_TYPE = st.sampled_from([FORM, JSON, MULTIPART, "multipart/form-data", "", "text/plain"]) | st.text()


@pytest.mark.rule("W12")
@given(st.binary(), ANY_TYPE)
@example(b"--XX", MULTIPART)
@example(b"--XX\r\n--XX--", MULTIPART)
def test_any_bytes_give_a_call(body: bytes, content_type: str) -> None:
    call = post(body, content_type)
    assert call.undecodable is None or call.params == {}


FRAGMENTS = st.sampled_from(
    [
        b"--XX",
        b"\r\n",
        b"--",
        b'Content-Disposition: form-data; name="a"',
        b"a[",
        b"]",
        b"=",
        b"&",
        b"\xff",
        b"%",
        b"{",
    ]
)


@pytest.mark.rule("W12")
@given(st.lists(FRAGMENTS).map(b"".join), ANY_TYPE)
def test_any_pieces_of_bodies_give_a_call(body: bytes, content_type: str) -> None:
    call = post(body, content_type)
    assert call.undecodable is None or call.params == {}


@pytest.mark.rule("W12")
@given(st.text(CHARACTERS).map(quote) | st.text())
def test_any_query_gives_a_call(query: str) -> None:
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
