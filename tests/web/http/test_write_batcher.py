"""The write batcher: responses of one turn of the event loop are written together."""

import asyncio

import pytest

from fakeserver.web.http.write_batcher import BATCH_MAX, WriteBatcher
from tests.web.http.transport import RecordingTransport


@pytest.fixture
def written() -> list[bytes]:
    return []


@pytest.fixture
async def batcher() -> WriteBatcher:
    return WriteBatcher(asyncio.get_running_loop())


async def test_the_first_response_of_a_turn_is_written_at_once_and_the_others_at_its_end(
    batcher: WriteBatcher, written: list[bytes]
) -> None:
    for turn in range(2):
        for number in range(3):
            batcher.write(RecordingTransport(written), b"%d" % number)
        assert written == [b"0", b"1", b"2"] * turn + [b"0"]
        await asyncio.sleep(0)
        assert written == [b"0", b"1", b"2"] * (turn + 1)


async def test_a_response_does_not_wait_for_very_many_others(
    batcher: WriteBatcher, written: list[bytes]
) -> None:
    for number in range(BATCH_MAX):
        batcher.write(RecordingTransport(written), b"%d" % number)
    assert written == [b"0"]
    batcher.write(RecordingTransport(written), b"last of the batch")
    assert (len(written), written[-1]) == (1 + BATCH_MAX, b"last of the batch")
    batcher.write(RecordingTransport(written), b"one more")
    assert len(written) == 1 + BATCH_MAX
    await asyncio.sleep(0)
    assert written[1 + BATCH_MAX :] == [b"one more"]


async def test_nothing_is_written_to_a_connection_that_has_closed_meanwhile(
    batcher: WriteBatcher, written: list[bytes]
) -> None:
    closed = RecordingTransport(written)
    batcher.write(RecordingTransport(written), b"first")
    batcher.write(closed, b"to nobody")
    batcher.write(RecordingTransport(written), b"last")
    closed.close()
    batcher.flush()
    assert written == [b"first", b"last"]
