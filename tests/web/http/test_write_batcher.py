"""Responses of one turn of the event loop are written together."""

import asyncio

import pytest

from fakeserver.web.http.write_batcher import BATCH_MAX, WriteBatcher
from tests.web.transport import Recording


@pytest.fixture
def written() -> list[bytes]:
    return []


@pytest.fixture
async def batcher() -> WriteBatcher:
    return WriteBatcher(asyncio.get_running_loop())


async def test_of_one_turn_the_first_reply_is_written_at_once_and_the_others_at_its_end(
    batcher: WriteBatcher, written: list[bytes]
) -> None:
    for turn in range(2):
        for number in range(3):
            batcher.write(Recording(written), b"%d" % number)
        assert written == [b"0", b"1", b"2"] * turn + [b"0"]
        await asyncio.sleep(0)
        assert written == [b"0", b"1", b"2"] * (turn + 1)


async def test_a_reply_does_not_wait_for_very_many_others(
    batcher: WriteBatcher, written: list[bytes]
) -> None:
    for number in range(BATCH_MAX):
        batcher.write(Recording(written), b"%d" % number)
    assert written == [b"0"]
    batcher.write(Recording(written), b"the last")
    assert (len(written), written[-1]) == (1 + BATCH_MAX, b"the last")
    batcher.write(Recording(written), b"one more")
    assert len(written) == 1 + BATCH_MAX
    await asyncio.sleep(0)
    assert written[1 + BATCH_MAX :] == [b"one more"]


async def test_what_waits_is_not_written_to_a_connection_that_has_ended_meanwhile(
    batcher: WriteBatcher, written: list[bytes]
) -> None:
    gone = Recording(written)
    batcher.write(Recording(written), b"to the first")
    batcher.write(gone, b"to nobody")
    batcher.write(Recording(written), b"to the last")
    gone.close()
    batcher.flush()
    assert written == [b"to the first", b"to the last"]
