"""The soak test for a few seconds, and that its verdicts can fail."""

import pytest

from tests.bench import soak
from tests.bench.soak import Books, Question, Run
from tests.fuzz.wire import Reply


def test_three_seconds_of_load_with_everything_on_leave_nothing_unaccounted_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["soak", "--seconds", "3"])
    status = soak.main()
    told = capsys.readouterr().out
    assert status == 0, told
    for part in ("requests in 3.", "latency, ms: p50", "memory: not judged", "all accounted for"):
        assert part in told


@pytest.mark.parametrize(("growth", "failures"), [(0.0, 0), (1.0, 0), (12.0, 1)])
def test_memory_that_grows_after_the_warm_up_fails_the_run(growth: float, failures: int) -> None:
    run = Run(180, memory=[(at, 60 + growth * at / 180) for at in range(180)])
    run.judge_memory()
    assert len(run.failures) == failures


def test_memory_that_grows_until_the_limits_are_reached_is_no_failure() -> None:
    run = Run(180, memory=[(at, min(60.0, 40 + at)) for at in range(180)])
    assert run.judge_memory().startswith("flat")


def test_a_send_is_booked_with_its_cost_and_what_comes_back() -> None:
    books = Books()
    sent = Question("running", {}, ("9121234567", "9120000002", "9120000015"))
    reply = Reply(200, b"HTTP/1.1 200 OK\r\nX-Fake-Rule: S12\r\n\r\n", b'{"result":"1","sendID":"7"}')
    assert soak._book(sent, reply, books) is None
    assert (books.accepted, books.charged, books.refunds, list(books.recent)) == (1, 3000, 2000, [7])


@pytest.mark.parametrize(
    ("status", "body"), [(500, b""), (200, b'{"result":"109"}'), (200, b"{}"), (413, b"")]
)
def test_a_send_that_is_in_order_and_not_accepted_is_a_failure(status: int, body: bytes) -> None:
    reply = Reply(status, b"HTTP/1.1 200 OK\r\nX-Fake-Rule: S9\r\n\r\n", body)
    assert soak._book(Question("running", {}, ("9121234567",)), reply, Books())


def test_a_reply_that_is_lost_is_a_failure_where_no_fault_has_taken_it() -> None:
    assert soak._book(Question("faulty", {}, ("9121234567",), "lost"), None, Books()) is None
    assert soak._book(Question("faulty", {}, ("9121234567",)), None, Books()) == "the connection broke"
