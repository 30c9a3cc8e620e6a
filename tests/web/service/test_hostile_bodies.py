"""Bodies at and beyond the limits of what is read: each is answered by the panel or by HTTP, at once."""

from collections.abc import Callable

import pytest

from tests.fuzz import hostile
from tests.fuzz.corpus import FORM, JSON, MULTIPART
from tests.web.control_client import ControlClient
from tests.web.http.exchanges import exchange


async def result(control: ControlClient, body: bytes, content_type: bytes = FORM) -> str:
    """The panel's result code; the HTTP status when the panel has not answered."""
    (reply,) = await exchange(control.server, hostile.post(body, content_type))
    if reply.status != 200:
        return f"HTTP {reply.status}"
    return reply.body.partition(b'"result":"')[2].partition(b'"')[0].decode()


@pytest.mark.rule("W12")
@pytest.mark.parametrize(
    ("made", "content_type"),
    [(hostile.many_parameters, FORM), (hostile.many_members, JSON), (hostile.many_parts, MULTIPART)],
    ids=["form", "json", "multipart"],
)
async def test_ten_thousand_parameters_are_read_and_one_more_is_refused(
    control: ControlClient, made: Callable[[int], bytes], content_type: bytes
) -> None:
    assert await result(control, made(10_000), content_type) == "1"
    assert await result(control, made(10_001), content_type) == "0"


@pytest.mark.rule("W12")
async def test_json_is_read_to_64_levels(control: ControlClient) -> None:
    for depth, code in ((63, "1"), (64, "0"), (1_000, "0"), (400_000, "0")):
        assert await result(control, hostile.nested_json(depth), JSON) == code


@pytest.mark.rule("W12")
async def test_a_json_number_has_at_most_64_digits(control: ControlClient) -> None:
    for digits, code in ((64, "-6"), (65, "0"), (1_000_000, "0")):
        assert await result(control, hostile.huge_number(digits), JSON) == code


@pytest.mark.rule("W13")
async def test_a_body_has_at_most_a_mebibyte(control: ControlClient) -> None:
    assert await result(control, b"a" * hostile.MEBIBYTE) == "0"
    assert await result(control, b"a" * (hostile.MEBIBYTE + 1)) == "HTTP 413"
    chunks = hostile.chunked(*[b"a" * 65_536] * 17)
    chunked = hostile.post(chunks, extra=b"Transfer-Encoding: chunked\r\n", length=False)
    assert [reply.status for reply in await exchange(control.server, chunked)] == [413]


@pytest.mark.parametrize(
    ("make", "content_type", "code"),
    [
        (lambda: hostile.unclosed_json(200_000), JSON, "0"),
        (hostile.lone_surrogate, JSON, "0"),
        (hostile.list_in_json, JSON, "606"),
        (hostile.nul, FORM, "100"),
        (lambda: hostile.nested_brackets(300_000), FORM, "606"),
        (lambda: hostile.brackets_in_a_row(9_998), FORM, "1"),
        (hostile.curly_fields, FORM, "1"),
        (lambda: hostile.many_receivers(90_000), FORM, "109"),
        (lambda: hostile.invalid_receivers(300_000), FORM, "105"),
        (hostile.similar_names, FORM, "0"),
        (lambda: hostile.long_name(1_000_000), FORM, "1"),
        (hostile.endless_multipart, MULTIPART, "0"),
        (hostile.almost_boundaries, MULTIPART, "0"),
        (hostile.endless_part_headers, MULTIPART, "0"),
    ],
    ids=[
        "JSON that never closes",
        "lone surrogate",
        "half a million items in JSON",
        "NUL",
        "nested brackets",
        "distant places of an array",
        "fields that never end",
        "90,000 receivers",
        "150,000 invalid receivers",
        "names like a missing one",
        "long name",
        "part that never ends",
        "almost boundaries",
        "part headers that never end",
    ],
)
async def test_a_hostile_body_is_answered(
    control: ControlClient, make: Callable[[], bytes], content_type: bytes, code: str
) -> None:
    assert await result(control, make(), content_type) == code
