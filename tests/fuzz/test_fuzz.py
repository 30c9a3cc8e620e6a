"""A sample of what the fuzzers do, and each hostile request by its name.

The long runs are `python -m tests.fuzz.decode` and `python -m tests.fuzz.endpoint`.
"""

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from fakeserver.account.journal import TEXT_MAX
from fakeserver.account.phonebook import Phonebook
from tests.driver import AccountDriver
from tests.fuzz import decode, hostile, target
from tests.fuzz.cases import Case, case
from tests.fuzz.corpus import FORM, JSON, MULTIPART
from tests.fuzz.endpoint import Connection, Report, fuzzed
from tests.fuzz.wire import Broken, Reply, replies_in
from tests.source import ROOT
from tests.web.http import Served, served

CHUNKED = b"Transfer-Encoding: chunked\r\n"


@pytest.fixture
async def server() -> AsyncIterator[Served]:
    """A server that must have logged no trace when the test is over."""
    async with served() as running:
        yield running
    assert [record.getMessage() for record in running.logged if record.exc_info] == []


async def answers(server: Served, *pieces: bytes, count: int = 1) -> list[Reply]:
    """What the pieces are answered, on a connection of their own; each answer is the panel's or HTTP's."""
    connection = Connection(server.port)
    replies = await connection.ask(Case("named", pieces, count))
    connection.close()
    assert [reply.fault() for reply in replies if reply.fault()] == []
    return replies


async def result(server: Served, body: bytes, content_type: bytes = FORM, extra: bytes = b"") -> str:
    """The status of HTTP, and the panel's code if it has answered."""
    (reply,) = await answers(server, hostile.post(body, content_type, extra))
    code = reply.body.partition(b'"result":"')[2].partition(b'"')[0].decode()
    return f"{reply.status} {code}" if reply.status == 200 else str(reply.status)


async def only_answer(server: Served, data: bytes) -> int:
    """The status of the only answer; the server ends the connection by itself."""
    (reply,) = replies_in(await server.raw(data, to_end=True))
    return reply.status


# Samples of the long runs.


def test_two_thousand_requests_are_answered_by_the_panel_or_by_http() -> None:
    report = fuzzed(2_000, seed=1403)
    assert report.failures == []
    assert report.requests >= 2_000
    assert set(report.replies) <= {200, 400, 404, 413, 417}


def test_two_thousand_mutated_inputs_are_decoded_or_refused() -> None:
    assert decode.run_own(2_000, seed=1403) == 0


@pytest.mark.skipif(not decode.has_atheris(), reason=decode.HOW_TO_GET_ATHERIS)
def test_coverage_leads_the_fuzzer_to_no_failure(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.fuzz.decode", "--runs", "1000", "--engine", "atheris"]
    there = {**os.environ, "TMPDIR": str(tmp_path)}  # libFuzzer ends the process and leaves its files
    done = subprocess.run(
        command, cwd=ROOT, env=there, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Done 1000 runs" in done.stderr


HEADS = (
    b"GET\ntest-key\n\n",
    *(b"POST\ntest-key\n%b\n" % kind for kind in (FORM, JSON, MULTIPART)),
    b"",
)


@given(st.sampled_from(HEADS), st.binary(max_size=300))
def test_raw_bytes_are_decoded_or_refused(head: bytes, data: bytes) -> None:
    target.check(head + data)


@pytest.mark.parametrize("data", target.SEEDS)
def test_the_real_requests_that_the_fuzzers_begin_with_are_in_order(data: bytes) -> None:
    target.check(data)


def test_a_case_is_made_of_its_seed_and_number_alone() -> None:
    assert [case(1, number) for number in range(50)] == [case(1, number) for number in range(50)]
    assert case(1, 0) != case(2, 0)


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n", "HTTP 500"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", "no rule has decided"),
        (b"HTTP/1.1 200 OK\r\nX-Fake-Rule: T1\r\nContent-Length: 2\r\n\r\n{}", "no JSON with a result"),
    ],
)
def test_the_fuzzer_sees_a_reply_that_is_no_answer(data: bytes, fault: str) -> None:
    (reply,) = replies_in(data)
    assert reply.fault() == fault


@pytest.mark.parametrize(
    "data", [b"x", b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"]
)
def test_the_fuzzer_sees_bytes_that_are_no_reply(data: bytes) -> None:
    with pytest.raises(Broken):
        replies_in(data)


@pytest.mark.parametrize(
    ("grown", "most", "failures"),
    [(0, 80.0, 0), (40_000, 80.0, 1), (0, 300.0, 1)],
    ids=["flat", "blocks", "most"],
)
def test_the_fuzzer_sees_memory_that_grows(grown: int, most: float, failures: int) -> None:
    blocks = [200_000 + grown * number // 200 for number in range(200)]
    report = Report(requests=100_000, memory=[50.0, most], blocks=blocks)
    report.judge_memory()
    assert len(report.failures) == failures


# Bodies.


@pytest.mark.rule("W12")
@pytest.mark.parametrize(
    ("made", "content_type"),
    [(hostile.many_parameters, FORM), (hostile.many_members, JSON), (hostile.many_parts, MULTIPART)],
    ids=["form", "json", "multipart"],
)
async def test_ten_thousand_parameters_are_read_and_one_more_is_refused(
    server: Served, made: Callable[[int], bytes], content_type: bytes
) -> None:
    assert await result(server, made(10_000), content_type) == "200 1"
    assert await result(server, made(10_001), content_type) == "200 0"


@pytest.mark.rule("W12")
async def test_json_is_read_to_sixty_four_levels(server: Served) -> None:
    for depth, expected in ((63, "200 1"), (64, "200 0"), (1_000, "200 0"), (400_000, "200 0")):
        assert await result(server, hostile.nested_json(depth), JSON) == expected


async def test_json_that_opens_and_never_closes_is_refused(server: Served) -> None:
    assert await result(server, hostile.unclosed_json(200_000), JSON) == "200 0"


async def test_brackets_in_brackets_make_one_name_however_many(server: Served) -> None:
    assert await result(server, hostile.nested_brackets(300_000)) == "200 606"


async def test_places_of_an_array_that_lie_far_apart_take_no_room_between(server: Served) -> None:
    assert await result(server, hostile.brackets_in_a_row(9_998)) == "200 1"


@pytest.mark.rule("W12")
async def test_a_number_has_sixty_four_digits_at_most(server: Served) -> None:
    for digits, expected in ((64, "200 -6"), (65, "200 0"), (1_000_000, "200 0")):
        assert await result(server, hostile.huge_number(digits), JSON) == expected


async def test_a_lone_surrogate_is_no_text(server: Served) -> None:
    assert await result(server, hostile.lone_surrogate(), JSON) == "200 0"


async def test_nul_is_a_character_like_another(server: Served) -> None:
    assert await result(server, hostile.nul()) == "200 100"


@pytest.mark.parametrize(
    "body", [hostile.endless_multipart(), hostile.almost_boundaries(), hostile.endless_part_headers()],
    ids=["part", "boundary", "headers"],
)  # fmt: skip
async def test_a_multipart_body_whose_part_has_no_end_is_refused(server: Served, body: bytes) -> None:
    assert await result(server, body, MULTIPART) == "200 0"


async def test_fields_in_the_guides_notation_that_never_end_are_judged_at_once(server: Served) -> None:
    assert await result(server, hostile.curly_fields()) == "200 1"


async def test_ninety_thousand_receivers_are_counted_and_cost_too_much(server: Served) -> None:
    assert await result(server, hostile.many_receivers(90_000)) == "200 109"


async def test_a_mebibyte_of_invalid_receivers_is_refused(server: Served) -> None:
    assert await result(server, hostile.invalid_receivers()) == "200 105"


async def test_long_names_that_look_like_a_missing_one_are_answered(server: Served) -> None:
    assert await result(server, hostile.similar_names()) == "200 0"


async def test_half_a_million_values_for_one_variable_are_answered(server: Served) -> None:
    assert await result(server, hostile.list_in_json(), JSON) == "200 606"


@pytest.mark.rule("W13")
async def test_a_body_of_a_mebibyte_is_read_and_a_byte_more_is_not(server: Served) -> None:
    assert await result(server, b"a" * hostile.MEBIBYTE) == "200 0"
    assert await result(server, b"a" * (hostile.MEBIBYTE + 1)) == "413"


@pytest.mark.rule("W13")
async def test_a_body_in_chunks_has_the_same_limit(server: Served) -> None:
    body = hostile.chunked(*[b"a" * 65_536] * 17)
    (reply,) = await answers(server, hostile.post(body, extra=CHUNKED, length=False))
    assert reply.status == 413


# Smuggling: one of two servers in a row would see another request here.

SMUGGLED = {
    "two lengths": hostile.two_lengths(13, 14),
    "the same length twice": hostile.two_lengths(13, 13),
    "chunks and a length": hostile.chunked_with_a_length(),
    "a folded line": hostile.folded_header(),
    "a blank before the colon": hostile.blank_before_colon(),
    "bare line feeds": hostile.bare_line_feeds(),
    "a bare carriage return": hostile.bare_carriage_return(),
    "NUL in a header": hostile.nul_in_a_header(),
    **{
        f"Transfer-Encoding {value!r}": hostile.odd_transfer_encoding(value)
        for value in (b"xchunked", b"identity", b"chunked, chunked", b"chunked, identity", b"\x0bchunked")
    },
    **{
        f"Content-Length {value!r}": hostile.odd_length(value)
        for value in (b"+13", b"-1", b"0x0d", b"13, 13", b"", b"1_3", b"9" * 30, "١٣".encode())
    },
    "a chunk too large for any number": hostile.huge_chunk_size(),
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200,
}


@pytest.mark.parametrize("data", SMUGGLED.values(), ids=SMUGGLED)
async def test_a_request_that_could_be_read_in_two_ways_is_refused_and_its_connection_ended(
    server: Served, data: bytes
) -> None:
    assert await only_answer(server, data) == 400
    assert not server.panel.accounts["test-key"].journal.entries


# Heads.


async def test_a_header_has_8190_bytes_at_most(server: Served) -> None:
    assert (await answers(server, hostile.huge_header(8_190)))[0].status == 200
    assert await only_answer(server, hostile.huge_header(8_191)) == 400


async def test_a_request_has_128_headers_at_most(server: Served) -> None:
    others = hostile.many_headers(0).count(b"\r\n") - 2  # without the request line and the end
    assert (await answers(server, hostile.many_headers(128 - others)))[0].status == 200
    assert await only_answer(server, hostile.many_headers(129 - others)) == 400


async def test_a_target_has_8190_bytes_at_most_as_it_is_escaped(server: Served) -> None:
    shortest = hostile.huge_target(0).split()[1]
    assert (await answers(server, hostile.huge_target(8_190 - len(shortest))))[0].status == 200
    assert await only_answer(server, hostile.huge_target(8_191 - len(shortest))) == 400
    assert await only_answer(server, hostile.huge_raw_target(4_000)) == 400


async def test_trailers_without_an_end_are_refused(server: Served) -> None:
    assert await only_answer(server, hostile.endless_trailers(1_000)) == 400


async def test_what_a_client_expects_that_is_not_known_is_417(server: Served) -> None:
    (reply,) = await answers(server, hostile.post(hostile.STATUS, extra=b"Expect: x\r\n"))
    assert reply.status == 417


# Connections.


async def test_a_request_that_comes_byte_by_byte_is_answered(server: Served) -> None:
    (reply,) = await answers(server, *hostile.bytewise(hostile.post(hostile.STATUS)))
    assert reply.body == b'{"result":"1"}'


async def test_pipelined_requests_are_answered_in_their_order(server: Served) -> None:
    requests = b"".join(hostile.post(hostile.SEND) for _ in range(100))
    replies = await answers(server, requests, count=100)
    assert [reply.body for reply in replies] == [
        b'{"result":"1","sendID":"%d"}' % number for number in range(1_000_000_001, 1_000_000_101)
    ]


async def test_what_came_together_with_a_mistake_is_not_carried_out(server: Served) -> None:
    for data in (hostile.post(hostile.SEND) + b"\x00\r\n\r\n", b"\x00\r\n\r\n" + hostile.post(hostile.SEND)):
        assert await only_answer(server, data) == 400
    assert server.panel.accounts["test-key"].sends.accepted == 0


async def test_a_client_that_goes_within_its_request_has_asked_nothing(server: Served) -> None:
    data = hostile.post(hostile.SEND)
    for place in range(1, len(data), 7):
        await Connection(server.port).ask(Case("named", (data[:place],), None, goes=True))
    assert await result(server, hostile.STATUS) == "200 1"
    assert server.panel.accounts["test-key"].sends.accepted == 0


async def test_a_connection_that_is_half_closed_within_its_request_is_ended(server: Served) -> None:
    data = hostile.post(hostile.SEND)
    assert await server.raw(data[:-1], half_close=True, to_end=True) == b""
    assert server.panel.accounts["test-key"].sends.accepted == 0


async def test_a_request_is_answered_though_its_client_has_ended_its_half(server: Served) -> None:
    replies = replies_in(await server.raw(hostile.post(hostile.STATUS), half_close=True, to_end=True))
    assert [reply.body for reply in replies] == [b'{"result":"1"}']


async def test_pipelined_requests_are_answered_though_their_client_has_ended_its_half(server: Served) -> None:
    data = await server.raw(hostile.post(hostile.SEND) * 3, half_close=True, to_end=True)
    assert [reply.body for reply in replies_in(data)] == [
        b'{"result":"1","sendID":"%d"}' % number for number in range(1_000_000_001, 1_000_000_004)
    ]


async def test_what_follows_a_mistake_in_pipelined_requests_is_the_end_of_a_half_closed_connection(
    server: Served,
) -> None:
    data = await server.raw(hostile.post(hostile.STATUS) + b"\x00\r\n\r\n", half_close=True, to_end=True)
    assert [reply.status for reply in replies_in(data)] == [400]


@pytest.mark.parametrize("after", [b"", hostile.post(hostile.STATUS)[:20]], ids=["nothing", "a beginning"])
async def test_an_answer_that_is_delayed_comes_though_its_client_has_ended_its_half(
    server: Served, after: bytes
) -> None:
    account = server.panel.accounts["test-key"]
    account.faults.add({"then": {"delaySeconds": 0.05}}, account.settings.line_number)
    data = await server.raw(hostile.post(hostile.STATUS) + after, half_close=True, to_end=True)
    assert [reply.body for reply in replies_in(data)] == [b'{"result":"1"}']


async def test_a_control_request_is_answered_though_its_client_has_ended_its_half(server: Served) -> None:
    data = await server.raw(b"GET /_fake/health HTTP/1.1\r\nHost: x\r\n\r\n", half_close=True, to_end=True)
    assert [reply.status for reply in replies_in(data)] == [200]


async def test_a_stream_or_a_poll_whose_client_has_ended_its_half_is_ended_soon(
    server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fakeserver.web.http.protocol.HALF_CLOSED_SECONDS", 0.01)
    for path in (b"/_fake/events", b"/_fake/accounts/test-key/messages?wait=60"):
        data = await server.raw(b"GET %b HTTP/1.1\r\nHost: x\r\n\r\n" % path, half_close=True, to_end=True)
        assert b"event:" not in data
        assert b"messages" not in data


RAW = hostile.get("action=status&text=سلام".encode())
PERSIAN = RAW.index("س".encode())


@pytest.mark.parametrize("place", [1, PERSIAN, PERSIAN + 1])
async def test_a_raw_persian_target_may_come_in_pieces(server: Served, place: int) -> None:
    replies = await answers(server, RAW[:place], RAW[place:])
    assert [reply.body for reply in replies] == [b'{"result":"1"}']


async def test_raw_persian_targets_may_follow_one_another_byte_by_byte(server: Served) -> None:
    replies = await answers(server, *hostile.bytewise(RAW * 2), count=2)
    assert [reply.body for reply in replies] == [b'{"result":"1"}'] * 2


async def test_bytes_of_a_header_are_not_taken_for_a_raw_target(server: Served) -> None:
    head, blank, body = hostile.post(hostile.STATUS, extra=b"X-Note: 1\r\n").partition(b"X-Note: ")
    replies = await answers(server, head + blank, "GET سلام".encode() + body)
    assert [reply.status for reply in replies] == [200]


# Memory.


async def test_the_journal_keeps_the_beginning_of_a_long_name(server: Served) -> None:
    assert await result(server, hostile.long_name(1_000_000)) == "200 1"
    (entry,) = server.panel.accounts["test-key"].journal.entries
    assert max(map(len, entry.params)) <= TEXT_MAX


def test_a_contacts_field_that_changes_takes_no_more_room() -> None:
    phonebook = Phonebook("")
    phonebook.add("9121234567")
    for number in range(1_000):
        phonebook.store("9121234567", "FMjUyMjUz", str(number))
    assert len(phonebook._holders) == 1


def test_a_send_that_is_dropped_leaves_no_more_than_its_refund_though_time_stands_still() -> None:
    driver = AccountDriver(keep_sends=1, credit=10**9)
    for _ in range(3_000):
        driver.send("9120000002")
    refunds = driver.account._refunds._queue
    assert len(refunds) == 3_000
    assert {type(item) for refund in refunds for item in refund} == {int}
    driver.advance(60)
    assert driver.credit() == 10**9
