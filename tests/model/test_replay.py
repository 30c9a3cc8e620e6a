"""The same events give the same replies: side by side, in another process, and however time is divided."""

import json
import os
import random
import subprocess
import sys
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, strategies as st

from tests.examples import examples
from tests.model import strategies
from tests.model.account import Params
from tests.model.replay import FIRST_ID, READS, Event, Replay, replay
from tests.source import ROOT

OUTCOMES: list[dict[str, Any]] = [{"delivered": 1, "unreached": 1, "cancelled": 2}, {}]
REQUESTS = st.one_of(strategies.SENDS, strategies.REQUESTS).filter(
    lambda request: not isinstance(request.get("sendID"), tuple)
)
FIELDS = {"FMTAwMg": "12", "FMTAwMQ": "x", "FYa12346": "1360/06/06", "Fnone": "1", "FMzQ5NDA2": "معلم"}


def _events() -> st.SearchStrategy[Event]:
    """Everything but reading; `received` stays `keep`, so that reading takes no message away."""
    changes = strategies.CHANGES.filter(lambda change: change.get("received") != "once")
    draws: st.SearchStrategy[Params] = st.builds(
        dict, outcomes=st.sampled_from(OUTCOMES), seed=st.integers(0, 9)
    )
    return st.one_of(
        st.tuples(st.just("ask"), REQUESTS),
        st.tuples(st.just("ask"), strategies.SENDS),
        st.tuples(st.just("wait"), strategies.WAITS_MS),
        st.tuples(st.just("change"), st.one_of(changes, draws)),
        st.tuples(st.just("fault"), strategies.FAULTS),
        st.tuples(
            st.just("deliver"),
            st.tuples(st.sampled_from(strategies.SENDERS), st.sampled_from(strategies.INBOUND)),
        ),
        st.tuples(st.just("command"), st.tuples(st.integers(0, 3), strategies.COMMANDS)),
    )


EVENTS = st.lists(_events(), min_size=1, max_size=30).map(lambda events: [*events, *READS])


@pytest.mark.rule("L6", "S12")
@examples(30)
@given(EVENTS)
def test_two_accounts_give_the_same_events_the_same_replies(events: list[Event]) -> None:
    one, other = Replay(), Replay()
    # Event by event, so that anything that the two might share shows up.
    assert [one.run([event]) for event in events] == [other.run([event]) for event in events]


def many_events(seed: int) -> list[Event]:
    """Sends, contacts, commands and reports, with drawn outcomes and with sets in the settings."""
    draw = random.Random(seed)
    events: list[Event] = [
        ["change", {"outcomes": OUTCOMES[0], "blacklist": strategies.PEOPLE[:2], "seed": seed}]
    ]
    pool = [
        *strategies.RESERVED,
        *strategies.PEOPLE,
        *strategies.NOTATIONS,
        *(f"935{n:07}" for n in range(20)),
    ]
    for number in range(40):
        to = ",".join(draw.sample(pool, draw.randint(1, 12)))
        events += [
            ["ask", {"action": "send", "from": "auto", "text": "سلام", "receivers": to, "phoneBook": "1403"}],
            ["ask", {"action": "newContact", "phoneId": "1403", "cNumber": to[:10], "cFields": FIELDS}],
            ["wait", draw.randint(0, 20_000)],
            ["command", [number % 40, draw.choice(["cancel", "approve", [2, 3], [4, 2]])]],
            ["ask", {"action": "reportSend", "sendID": str(FIRST_ID + draw.randint(0, number))}],
            *READS,
        ]
    return events


@pytest.mark.slow
@pytest.mark.rule("L6", "S12")
def test_a_process_with_another_hash_seed_gives_the_same_events_the_same_replies() -> None:
    events = many_events(1403)
    here = [answer.hex() for answer in replay(events)]
    assert len(set(here)) > 100, "the events say too little"
    for seed in ("0", "31337"):
        result = subprocess.run(
            [sys.executable, "-m", "tests.model.replay"],
            input=json.dumps(events).encode(),
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ROOT,
            capture_output=True,
            check=True,
        )
        assert result.stdout.decode().split("\n")[:-1] == here


@pytest.mark.rule("L3", "L6")
@examples(30)
@given(EVENTS, st.data())
def test_dividing_time_and_reading_in_between_change_no_reply(
    events: list[Event], data: st.DataObject
) -> None:
    whole, divided = Replay(), Replay()
    reads = st.sampled_from(READS)
    # A fault rule counts requests, so reading has no consequence only without one.
    for event in [event for event in events if event[0] != "fault"]:
        name, value = event
        if name == "wait":
            marks = data.draw(st.lists(st.integers(0, value), max_size=3).map(sorted))
            for start, end in pairwise([0, *marks, value]):
                divided.run([["wait", end - start], *data.draw(st.lists(reads, max_size=2))])
            whole.run([event])
        else:
            divided.run(data.draw(st.lists(reads, max_size=1)))
            assert whole.run([event]) == divided.run([event])
