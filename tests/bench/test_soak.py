"""The soak test for a few seconds, and checks that it notices what is wrong."""

import pytest

from tests.bench import soak
from tests.bench.soak import Books, Run, ServiceRequest
from tests.fuzz.wire import Reply


@pytest.mark.slow
def test_every_send_of_three_seconds_of_load_is_accounted_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["soak", "--seconds", "3"])
    status = soak.main()
    output = capsys.readouterr().out
    assert status == 0, output
    for part in ("requests in 3.", "latency, ms: p50", "memory: not judged", "all accounted for"):
        assert part in output


@pytest.mark.parametrize(("growth", "failures"), [(0.0, 0), (1.0, 0), (12.0, 1)])
def test_memory_that_grows_after_the_warm_up_is_a_failure(growth: float, failures: int) -> None:
    run = Run(180, memory=[(at, 60 + growth * at / 180) for at in range(180)])
    run.judge_memory()
    assert len(run.failures) == failures


def test_memory_that_grows_until_the_limits_are_reached_is_not_a_failure() -> None:
    run = Run(180, memory=[(at, min(60.0, 40 + at)) for at in range(180)])
    assert run.judge_memory().startswith("flat")


def test_a_send_is_booked_with_its_cost_and_its_refunds() -> None:
    books = Books()
    request = ServiceRequest("running", {}, ("9121234567", "9120000002", "9120000015"))
    reply = Reply(200, b"HTTP/1.1 200 OK\r\nX-Fake-Rule: S12\r\n\r\n", b'{"result":"1","sendID":"7"}')
    assert soak._book(request, reply, books) is None
    assert (books.accepted, books.charged, books.refunds, list(books.recent)) == (1, 3000, 2000, [7])


@pytest.mark.parametrize(
    ("status", "body"), [(500, b""), (200, b'{"result":"109"}'), (200, b"{}"), (413, b"")]
)
def test_a_valid_send_that_is_not_accepted_is_a_failure(status: int, body: bytes) -> None:
    reply = Reply(status, b"HTTP/1.1 200 OK\r\nX-Fake-Rule: S9\r\n\r\n", body)
    assert soak._book(ServiceRequest("running", {}, ("9121234567",)), reply, Books())


def test_a_lost_reply_is_a_failure_unless_a_fault_has_lost_it() -> None:
    lost = ServiceRequest("faulty", {}, ("9121234567",), "lost")
    assert soak._book(lost, None, Books()) is None
    other = ServiceRequest("faulty", {}, ("9121234567",))
    assert soak._book(other, None, Books()) == "the connection was closed"
