"""Short runs of the fuzzers, and checks that the fuzzers notice what is wrong.

The long runs are `python -m tests.fuzz.decode` and `python -m tests.fuzz.endpoint`.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from tests.fuzz import decode, target
from tests.fuzz.cases import make_case
from tests.fuzz.corpus import FORM, JSON, MULTIPART, WORDS
from tests.fuzz.endpoint import Report, run_fuzzer
from tests.fuzz.wire import MalformedReply, replies_in
from tests.source import ROOT

# Short runs


@pytest.mark.slow
def test_every_request_to_a_server_is_answered_by_the_panel_or_by_http() -> None:
    report = run_fuzzer(2_000, seed=1403)
    assert report.failures == []
    assert report.requests >= 2_000
    assert set(report.replies) <= {200, 400, 404, 413, 417}


def test_mutated_requests_are_decoded_or_refused() -> None:
    assert decode.run_own(1_000, seed=1403) == 0


@pytest.mark.slow
@pytest.mark.skipif(not decode.has_atheris(), reason=decode.ATHERIS_IS_MISSING)
def test_the_fuzzer_that_is_guided_by_coverage_finds_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.fuzz.decode", "--runs", "1000", "--engine", "atheris"]
    variables = {**os.environ, "TMPDIR": str(tmp_path)}  # libFuzzer ends the process and leaves its files
    done = subprocess.run(
        command, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Done 1000 runs" in done.stderr


HEADS = st.sampled_from(
    [b"GET\ntest-key\n\n", *(b"POST\ntest-key\n%b\n" % kind for kind in (FORM, JSON, MULTIPART)), b""]
)
ACTIONS = ("send", "sendServices", "sendOTP", "reportSend", "receivedMessages", "newContact")
PARAMETERS = (
    *(f"action={action}&".encode() for action in ACTIONS),
    b"from=auto&text=a&receivers=9121234567&",
    b"textCode=1001&",
    b"phoneId=1403&cNumber=9121234567&",
    b'{"action":"send",',
    b'--XX\r\nContent-Disposition: form-data; name="action"\r\n\r\nsend\r\n',
)
PIECES = st.lists(st.sampled_from([*PARAMETERS, *WORDS]) | st.binary(max_size=4), max_size=12).map(b"".join)


@pytest.mark.rule("W12", "A6")
@given(HEADS, PIECES | st.binary(max_size=300))
def test_any_bytes_are_decoded_or_refused(head: bytes, data: bytes) -> None:
    target.check(head + data)


# The fuzzers themselves


def test_the_real_requests_with_which_the_fuzzers_begin_are_in_order() -> None:
    for data in target.SEEDS:
        target.check(data)


def test_a_case_depends_on_its_seed_and_number_alone() -> None:
    assert [make_case(1, number) for number in range(50)] == [make_case(1, number) for number in range(50)]
    assert make_case(1, 0) != make_case(2, 0)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n", "HTTP 500"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", "the reply names no rule"),
        (
            b"HTTP/1.1 200 OK\r\nX-Fake-Rule: T1\r\nContent-Length: 2\r\n\r\n{}",
            "the body is not JSON with a result",
        ),
    ],
)
def test_the_fuzzer_notices_a_reply_that_is_not_the_panels(data: bytes, problem: str) -> None:
    (reply,) = replies_in(data)
    assert reply.problem() == problem


@pytest.mark.parametrize(
    "data", [b"x", b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"]
)
def test_the_fuzzer_notices_a_malformed_reply(data: bytes) -> None:
    with pytest.raises(MalformedReply):
        replies_in(data)


@pytest.mark.parametrize(
    ("growth", "memory_max", "failures"),
    [(0, 80.0, 0), (40_000, 80.0, 1), (0, 300.0, 1)],
    ids=["flat", "growing", "too much"],
)
def test_the_fuzzer_notices_memory_that_grows(growth: int, memory_max: float, failures: int) -> None:
    blocks = [200_000 + growth * number // 200 for number in range(200)]
    report = Report(requests=100_000, memory=[50.0, memory_max], blocks=blocks)
    report.judge_memory()
    assert len(report.failures) == failures
