import json
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given, strategies as st
from mydnspanel_client import HttpRequest, WireRequest, calls, wire

ENDPOINT = "http://127.0.0.1:1403/webservice/server"
KEY = "test-key"
PERSIAN = calls.send("30001403", "سلام & درود+=%\r\n\0", ["9121234567", "9127654321"], try_send=2)

texts = st.text(st.characters(exclude_categories=["Cs"]))
arrays = st.lists(texts, min_size=1) | st.dictionaries(texts, texts, min_size=1)


def post(call: WireRequest, encoding: wire.Encoding) -> HttpRequest:
    return wire.encode(call, endpoint=ENDPOINT, api_key=KEY, encoding=encoding)


def get(call: WireRequest, key: str = KEY) -> HttpRequest:
    return wire.encode(call, endpoint=ENDPOINT, api_key=key, method="GET")


@pytest.mark.rule("W5")
def test_a_form_is_url_encoded_in_utf_8() -> None:
    request = post(calls.send("auto", "س a+&", "9121,9122"), "form")
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert request.body == b"action=send&from=auto&text=%D8%B3+a%2B%26&receivers=9121%2C9122"


@pytest.mark.rule("W5")
def test_multipart_has_one_part_per_parameter_in_utf_8() -> None:
    request = post(calls.send("auto", "س", "9121"), "multipart")
    boundary = request.headers["Content-Type"].removeprefix("multipart/form-data; boundary=")
    fields = [("action", "send"), ("from", "auto"), ("text", "س"), ("receivers", "9121")]
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields]
    assert re.fullmatch("[0-9a-f]{40}", boundary)
    assert request.body == f"{''.join(parts)}--{boundary}--\r\n".encode()


def test_a_boundary_that_occurs_in_a_text_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    digests = iter(["a" * 64, "b" * 64])

    class Digest:
        def __init__(self, _: bytes) -> None: ...

        def hexdigest(self) -> str:
            return next(digests)

    monkeypatch.setattr("hashlib.sha256", Digest)
    request = post(calls.send("auto", "a" * 40, "9121"), "multipart")
    assert request.headers["Content-Type"].endswith("boundary=" + "b" * 40)


@pytest.mark.rule("W5", "W8")
def test_json_is_one_object_with_native_numbers_and_arrays() -> None:
    request = post(calls.send_services("auto", 1001, "9121", ["a", 2], try_send=2), "json")
    assert request.headers["Content-Type"] == "application/json"
    assert request.body == (
        b'{"action":"sendServices","from":"auto","textCode":1001,"textData":["a","2"],'
        b'"receivers":"9121","trySend":2}'
    )


@pytest.mark.rule("W7")
def test_json_has_named_data_and_custom_fields_as_objects() -> None:
    named = post(calls.send_services("auto", 1001, "9121", {"a[b]": "x"}), "json")
    contact = post(calls.new_contact(1403, "9121", {"FYa12346": "1360/06/06"}), "json")
    assert json.loads(named.body or b"")["textData"] == {"a[b]": "x"}
    assert json.loads(contact.body or b"")["cFields"] == {"FYa12346": "1360/06/06"}


@pytest.mark.rule("W7")
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (["a", ""], [("textData[0]", "a"), ("textData[1]", "")]),
        ({"name": "a", "{code}": "b"}, [("textData[name]", "a"), ("textData[{code}]", "b")]),
        ({"نام": "a"}, [("textData[نام]", "a")]),
        ({"a[b]": "x"}, [("textData", '{"a[b]":"x"}')]),
        ({"": "س"}, [("textData", '{"":"س"}')]),
        ({"0": "x"}, [("textData", '{"0":"x"}')]),
        ({"۱": "x"}, [("textData", '{"۱":"x"}')]),
        ({"ok": "y", 'a"b': "x"}, [("textData", '{"ok":"y","a\\"b":"x"}')]),
        ({"a b": "x"}, [("textData", '{"a b":"x"}')]),
    ],
)
def test_an_array_is_written_in_brackets_unless_a_name_prevents_it(
    data: list[str] | Mapping[str, str], expected: list[tuple[str, str]]
) -> None:
    flat = wire.pairs(calls.send_services("auto", 1, "9121", data))
    assert [pair for pair in flat if pair[0].startswith("textData")] == expected


@pytest.mark.rule("W7", "X7")
def test_custom_fields_are_sent_as_json_text() -> None:
    flat = wire.pairs(calls.new_contact(1403, "9121", {"FMzQ5NDA2": "معلم"}))
    assert flat[-1] == ("cFields", '{"FMzQ5NDA2":"معلم"}')


@given(arrays)
def test_every_encoding_carries_the_same_parameters(data: list[str] | dict[str, str]) -> None:
    call = calls.send_services("auto", 1, "9121", data)
    flat = wire.pairs(call)
    form, query = post(call, "form").body or b"", urlsplit(get(call).url).query
    assert parse_qsl(form.decode(), keep_blank_values=True, strict_parsing=True) == flat
    assert parse_qsl(query, keep_blank_values=True, strict_parsing=True) == [("key", KEY), *flat]
    assert json.loads(post(call, "json").body or b"")["textData"] == data


@given(texts, arrays)
def test_multipart_carries_every_character(text: str, data: list[str] | dict[str, str]) -> None:
    call = WireRequest("send", {"text": text, "textData": data})
    request = post(call, "multipart")
    boundary = request.headers["Content-Type"].partition("boundary=")[2].encode()
    head, *parts, tail = (b"\r\n" + (request.body or b"")).split(b"\r\n--" + boundary)
    fields = [part.removeprefix(b"\r\n").partition(b"\r\n\r\n")[::2] for part in parts]
    prefix = b'Content-Disposition: form-data; name="'
    assert (head, tail) == (b"", b"--\r\n")
    assert [(n.removeprefix(prefix)[:-1].decode(), v.decode()) for n, v in fields] == wire.pairs(call)


@given(arrays)
def test_a_name_cannot_break_out_of_its_brackets(data: list[str] | dict[str, str]) -> None:
    flat = wire.pairs(calls.send_services("auto", 1, "9121", data))
    for name, _ in flat:
        assert re.fullmatch(r"[A-Za-z]+|textData\[\{?\w+\}?\]", name)


@pytest.mark.rule("A1")
@pytest.mark.parametrize("encoding", ["form", "multipart", "json"])
def test_a_post_carries_the_key_in_the_authorization_header_only(encoding: wire.Encoding) -> None:
    request = post(PERSIAN, encoding)
    assert (request.method, request.url) == ("POST", ENDPOINT)
    assert request.headers["Authorization"] == KEY
    assert KEY.encode() not in (request.body or b"")


@pytest.mark.rule("A1", "W10")
def test_a_get_carries_the_key_in_the_query_string_only() -> None:
    request = get(calls.credit(), "a&b=c+d")
    assert request.url == f"{ENDPOINT}?key=a%26b%3Dc%2Bd&action=credit"
    assert (dict(request.headers), request.body) == ({}, None)


def test_the_repr_of_a_request_hides_the_key() -> None:
    assert KEY not in repr(post(PERSIAN, "form"))
    assert KEY not in repr(get(PERSIAN))


@pytest.mark.rule("W1")
@pytest.mark.parametrize(
    ("base_url", "endpoint"),
    [
        ("http://127.0.0.1:1403", ENDPOINT),
        ("http://127.0.0.1:1403/", ENDPOINT),
        (ENDPOINT, ENDPOINT),
        (ENDPOINT + "/", ENDPOINT),
        ("https://mydnspanel.com", "https://mydnspanel.com/webservice/server"),
        ("http://sms_fake:80/a/b/", "http://sms_fake:80/a/b/webservice/server"),
        ("http://[::1]:1403", "http://[::1]:1403/webservice/server"),
    ],
)
def test_the_endpoint_is_derived_from_the_base_url(base_url: str, endpoint: str) -> None:
    assert wire.endpoint_of(base_url) == endpoint


INVALID_URLS = [
    "",
    "127.0.0.1:1403",
    "ftp://a",
    "http://",
    "http://:80",
    "http://a:99999",
    "http://a:0",
    "http://a:x",
    "http://a b",
    "http://a\n",
    "http://a/?key=x",
    "http://a/#x",
    "http://user:secret@a",
    "http://[::1",
    "http://[zz]",
    "http://a..b",
    "http://" + "a" * 64,
    "http://سامانه.ir",
    None,
    5,
]


@pytest.mark.parametrize("base_url", INVALID_URLS)
def test_an_invalid_base_url_raises_a_value_error(base_url: str) -> None:
    with pytest.raises(ValueError, match=r"^base_url must ") as caught:
        wire.endpoint_of(base_url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("key", ["", " ", "a b", "a\n", "کلید", "\x7f", None, b"key"])
def test_a_key_that_a_header_cannot_carry_raises_a_value_error(key: str) -> None:
    with pytest.raises(ValueError, match="visible ASCII"):
        wire.check_api_key(key)
