"""Laws of the whole: repeatable, faithful to the wire, exact in parts and time, no code or way missing."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from itertools import accumulate, pairwise
from typing import Any

import pytest
from hypothesis import example, given, strategies as st
from mydnspanel_client import OtpNames, WireRequest, calls, wire

from fakeserver.notation.message_parts import measure
from fakeserver.spec.codes import FIELDS, GATE, PHONE_BOOK, RESULT_CODES
from fakeserver.wire.decode import Request, decode
from tests.driver import World
from tests.proof import deeds, story
from tests.proof.model import BASIC, CODES, ENTRIES, EXTENSION, FATES, GRAPH, Pair, Params, weigh
from tests.proof.story import READS, Deed, tell
from tests.source import ROOT

# The same deeds, the same replies

OUTCOMES: list[dict[str, Any]] = [{"delivered": 1, "unreached": 1, "cancelled": 2}, {}]
REQUESTS = st.one_of(deeds.SENDS, deeds.REQUESTS).filter(
    lambda request: not isinstance(request.get("sendID"), tuple)
)


def events() -> st.SearchStrategy[Deed]:
    """What is no reading; `received` is left at `keep`, under which reading takes nothing away."""
    changes = deeds.CHANGES.filter(lambda change: change.get("received") != "once")
    chances: st.SearchStrategy[Params] = st.builds(
        dict, outcomes=st.sampled_from(OUTCOMES), seed=st.integers(0, 9)
    )
    return st.one_of(
        st.tuples(st.just("ask"), REQUESTS),
        st.tuples(st.just("ask"), deeds.SENDS),
        st.tuples(st.just("wait"), deeds.WAITS_MS),
        st.tuples(st.just("change"), st.one_of(changes, chances)),
        st.tuples(st.just("fault"), deeds.FAULTS),
        st.tuples(
            st.just("deliver"), st.tuples(st.sampled_from(deeds.SENDERS), st.sampled_from(deeds.INBOUND))
        ),
        st.tuples(st.just("command"), st.tuples(st.integers(0, 3), deeds.COMMANDS)),
    )


stories = st.lists(events(), min_size=1, max_size=30).map(lambda told: [*told, *READS])


@pytest.mark.rule("L6", "S12")
@given(stories)
def test_the_same_deeds_get_byte_identical_replies_from_two_panels_side_by_side(told: list[Deed]) -> None:
    one, other = story.Teller(), story.Teller()
    # Deed by deed, so that whatever the two might share is shared at the worst moment.
    assert [one.tell([deed]) for deed in told] == [other.tell([deed]) for deed in told]


def a_long_story(seed: int) -> list[Deed]:
    """Many deeds drawn from the machines' pools, with chance in the outcomes and sets in the settings."""
    draw = random.Random(seed)
    told: list[Deed] = [["change", {"outcomes": OUTCOMES[0], "blacklist": deeds.PEOPLE[:2], "seed": seed}]]
    pool = [*deeds.RESERVED, *deeds.PEOPLE, *deeds.NOTATIONS, *(f"935{n:07}" for n in range(20))]
    for number in range(80):
        to = ",".join(draw.sample(pool, draw.randint(1, 12)))
        told += [
            ["ask", {"action": "send", "from": "auto", "text": "سلام", "receivers": to, "phoneBook": "1403"}],
            ["ask", {"action": "newContact", "phoneId": "1403", "cNumber": to[:10], "cFields": FIELD_VALUES}],
            ["wait", draw.randint(0, 20_000)],
            ["command", [number % 40, draw.choice(["cancel", "approve", [2, 3], [4, 2]])]],
            ["ask", {"action": "reportSend", "sendID": str(story.FIRST_ID + draw.randint(0, number))}],
            *READS,
        ]
    return told


FIELD_VALUES = {"FMTAwMg": "12", "FMTAwMQ": "x", "FYa12346": "1360/06/06", "Fnone": "1", "FMzQ5NDA2": "معلم"}


@pytest.mark.rule("L6", "S12")
def test_two_processes_with_other_hash_seeds_give_byte_identical_replies() -> None:
    told = a_long_story(1403)
    here = [answer.hex() for answer in tell(told)]
    assert len(set(here)) > 100, "a story that says nothing"
    for seed in ("0", "31337"):
        result = subprocess.run(
            [sys.executable, "-m", "tests.proof.story"],
            input=json.dumps(told).encode(),
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ROOT,
            capture_output=True,
            check=True,
        )
        assert result.stdout.decode().split("\n")[:-1] == here


# Time

REPORTED = st.sampled_from(READS)


@pytest.mark.rule("L3", "L6")
@given(stories, st.data())
def test_however_time_is_cut_into_pieces_and_read_in_between_every_reply_is_the_same(
    told: list[Deed], data: st.DataObject
) -> None:
    whole, cut = story.Teller(), story.Teller()
    # A fault counts the requests of its action, so reading is without consequence only where there is none.
    told = [deed for deed in told if deed[0] != "fault"]
    for deed in told:
        if deed[0] == "wait":
            marks = data.draw(st.lists(st.integers(0, deed[1]), max_size=3).map(sorted))
            edges = [0, *marks, deed[1]]
            for start, end in pairwise(edges):
                cut.tell([["wait", end - start], *data.draw(st.lists(REPORTED, max_size=2))])
            whole.tell([deed])
        else:
            cut.tell(data.draw(st.lists(REPORTED, max_size=1)))
            assert whole.tell([deed]) == cut.tell([deed])


# The wire: what is encoded is what is decoded

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NUMBERS = st.one_of(st.integers(-(10**60), 10**60), st.sampled_from(["12", "x", ""]))
VALUES = st.one_of(TEXTS, st.integers(-(10**20), 10**20), st.floats(allow_nan=False, allow_infinity=False))
NAMES = st.one_of(TEXTS, st.sampled_from(["code", "{code}", "0", "1", "00", "²", "a[0]", "a]b", "۱"]))
BY_NAME = st.dictionaries(NAMES, VALUES, max_size=4)
RECEIVER_LISTS = st.one_of(TEXTS, st.lists(TEXTS.filter(lambda text: "," not in text), max_size=4))
WORDS = st.from_regex(r"[A-Za-z0-9_.-]{1,8}", fullmatch=True)


def otp_names(words: list[str]) -> OtpNames | None:
    try:
        return OtpNames(*words)
    except ValueError:  # a name that has another meaning
        return None


OTP_NAMES = st.lists(WORDS, min_size=3, max_size=3).map(otp_names).filter(lambda names: names is not None)
MAYBE = st.one_of(st.none(), NUMBERS)
CALLS = st.one_of(
    st.builds(calls.send, TEXTS, TEXTS, RECEIVER_LISTS, phone_book=MAYBE, try_send=MAYBE, type_=MAYBE),
    st.builds(
        calls.send_services,
        TEXTS,
        NUMBERS,
        RECEIVER_LISTS,
        st.one_of(st.none(), st.lists(VALUES, max_size=4), BY_NAME),
        try_send=MAYBE,
    ),
    st.builds(calls.send_otp, TEXTS, TEXTS, RECEIVER_LISTS, type_=MAYBE, names=OTP_NAMES),
    st.builds(calls.report_send, NUMBERS),
    st.builds(calls.new_contact, NUMBERS, TEXTS, st.one_of(st.none(), BY_NAME)),
    st.sampled_from([calls.credit(), calls.received_messages(), calls.status()]),
)
KEYS = st.from_regex(r"[!-~]{1,30}", fullmatch=True)
BASES = st.sampled_from(["http://127.0.0.1:1403", "http://h/", "https://h/a/b", "http://h/webservice/server"])
WAYS = st.sampled_from(["GET", "form", "multipart", "json"])


def decoded(call: WireRequest, way: Any, key: str, base: str) -> Any:
    method: Any = "GET" if way == "GET" else "POST"
    encoding: Any = "form" if way == "GET" else way
    sent = wire.encode(call, endpoint=wire.endpoint_of(base), api_key=key, method=method, encoding=encoding)
    target = "/" + sent.url.split("/", 3)[3]
    authorization = tuple(filter(None, [sent.headers.get("Authorization")]))
    content_type = sent.headers.get("Content-Type", "")
    return decode(Request(method, target, authorization, content_type, sent.body or b"", "127.0.0.1"))


def plain(params: Any) -> Params:
    """Parameters as they are meant: a number is its digits (W8), an array may be JSON text (W7)."""
    meant: Params = {}
    for name, value in params.items():
        meant[name] = str(value) if isinstance(value, int) else value
        if name in ("textData", "cFields") and isinstance(value, str) and value.startswith("{"):
            meant[name] = json.loads(value)
    return meant


@pytest.mark.rule("W5", "W7", "W8", "A1", "X7")
@given(CALLS, WAYS, KEYS, BASES)
@example(calls.send_services("auto", 1, "9121111111", {"0": "a", "1": "b"}), "form", "k", "http://h")
@example(calls.send("30001403", "a\0b\r\n--", "9121111111"), "multipart", "k", "http://h")
@example(calls.new_contact(1403, "9121111111", {"": "", "a[0]": "=&+%"}), "GET", "a&key=b", "http://h")
def test_what_the_client_encodes_is_what_the_server_decodes(
    call: WireRequest, way: str, key: str, base: str
) -> None:
    heard = decoded(call, way, key, base)
    assert heard.undecodable is None
    assert (heard.key, heard.stray_keys) == (key, ())
    assert plain(heard.params) == plain({"action": call.action, **call.params})


# Parts

RUNS = st.tuples(
    st.sampled_from(["a", "é", "€", "{", "س", "😀", "ç"]),
    st.sampled_from([0, 1, 2, 3, 33, 34, 35, 66, 67, 69, 70, 71, 76, 77, 80, 152, 153, 154, 159, 160, 161]),
).map(lambda run: run[0] * run[1])
TEXT = st.lists(RUNS, max_size=5).map("".join)
LATIN = st.lists(
    st.tuples(st.sampled_from("aé\n€{"), st.integers(0, 165)).map(lambda run: run[0] * run[1]), max_size=4
).map("".join)
UNICODE = st.tuples(st.sampled_from(["س", "😀"]), TEXT).map("".join)
BOTH_ALIKE = st.one_of(st.tuples(LATIN, LATIN), st.tuples(UNICODE, UNICODE))


@pytest.mark.rule("M1")
@given(TEXT, TEXT)
@example("€" * 80, "س")  # the alphabet changes, and extension characters are lighter in the other
@example("€" * 760, "س")
def test_no_text_needs_fewer_parts_than_a_piece_of_it_whatever_the_alphabets(a: str, b: str) -> None:
    assert measure(a + b).parts >= max(measure(a).parts, measure(b).parts)


@pytest.mark.rule("M1")
@given(BOTH_ALIKE)
@example(("a" * 160, "a" * 160))
@example(("س" * 70, "س" * 70))
@example(("a" * 154, "a" * 306))
def test_two_texts_of_one_alphabet_need_together_no_more_parts_unless_one_was_longer_than_a_joined_part(
    both: tuple[str, str],
) -> None:
    a, b = measure(both[0]), measure(both[1])
    assert a.alphabet is b.alphabet
    joined = 153 if a.alphabet == "latin" else 67
    # A text that fills more than a joined part, and is one all the same, is cut when it is joined: then one
    # part more, and never two, may be needed.
    crowded = any(size.parts == 1 and size.units > joined for size in (a, b))
    assert measure(both[0] + both[1]).parts <= a.parts + b.parts + crowded


def test_the_part_that_joining_may_cost_is_really_needed() -> None:
    assert measure("a" * 320).parts == 3 == 2 * measure("a" * 160).parts + 1
    assert measure("س" * 140).parts == 3 == 2 * measure("س" * 70).parts + 1


@pytest.mark.rule("M1")
@pytest.mark.parametrize("parts", range(1, 11))
@pytest.mark.parametrize(
    ("char", "single", "joined"),
    [("a", 160, 153), ("€", 80, 76), ("س", 70, 67), ("😀", 35, 33)],
    ids=["latin", "escape pair", "unicode", "surrogate pair"],
)
def test_so_many_parts_hold_so_many_characters_and_not_one_more(
    char: str, single: int, joined: int, parts: int
) -> None:
    most = single if parts == 1 else joined * parts
    assert measure(char * most).parts == parts
    assert measure(char * (most + 1)).parts == parts + 1


def fewest_parts(text: str) -> int:
    """The best of all ways to cut the text between whole characters, none of them preferred."""
    latin = set(text) <= set(BASIC + EXTENSION)
    single, joined = (160, 153) if latin else (70, 67)
    widths = [2 if (char in EXTENSION if latin else ord(char) > 0xFFFF) else 1 for char in text]
    ends = [0, *accumulate(widths)]
    if ends[-1] <= single:
        return 1
    best = [0]
    for end in range(1, len(ends)):
        starts = range(max(0, end - joined), end)
        best.append(1 + min(best[start] for start in starts if ends[end] - ends[start] <= joined))
    return best[-1]


@pytest.mark.rule("M1")
@given(TEXT)
@example("a" * 152 + "€" * 5)
@example("س" * 66 + "😀" * 3)
@example("a" + "€" * 153)
def test_the_parts_are_the_fewest_that_split_neither_escape_nor_surrogate_pairs(text: str) -> None:
    assert (measure(text).alphabet, measure(text).parts) == weigh(text)
    assert measure(text).parts == fewest_parts(text)


# The graph

KINDS = ["send", "sendServices", "sendOTP"]
Edge = tuple[Pair, Pair]
EDGES: set[Edge] = {(pair, following) for pair, nexts in GRAPH.items() for following in nexts}
# What no life comes to by itself, nor by the monitoring team: only who forces a pair sees these.
ONLY_FORCED: set[Edge] = {
    ((0, -1), (4, 2)),
    ((1, -1), (4, 2)),
    ((2, -1), (2, 2)),
    ((2, 0), (2, 7)),
}


def accepted(kind: str, number: str, **settings: Any) -> tuple[World, str]:
    world = World(**settings)
    if kind == "send":
        reply = world.send(number, trySend=2)
    elif kind == "sendServices":
        reply = world.send_services(number, trySend=2)
    else:
        reply = world.send_otp(number)
    return world, str(reply["sendID"])


def watched(world: World, send_id: str) -> Iterator[Pair]:
    """The pair now and after each tenth of a second, then after an hour and a day."""
    yield world.pair(send_id)
    for step in [0.1] * 120 + [3600 - 12] + [0.1] * 80 + [86_400]:
        world.advance(step)
        yield world.pair(send_id)


def ways(kind: str, nnn: int, *, monitoring: str = "automatic", command: str = "", at: Any = 0) -> list[Pair]:
    """The pairs that the world shows of a receiver, one after the other; the command is given when `at` of
    them have been seen to come.
    """
    world, send_id = accepted(kind, f"9120000{nnn:03}", monitoring=monitoring)
    seen: list[Pair] = []
    for pair in watched(world, send_id):
        if seen[-1:] == [pair]:
            continue
        seen.append(pair)
        if command and len(seen) == at + 1:
            getattr(world, command)(send_id)
    return seen


@pytest.mark.rule("L1", "L5")
def test_lives_and_the_monitoring_team_make_every_transition_of_the_graph_but_these_and_no_other() -> None:
    seen = [ways(kind, nnn) for kind in KINDS for nnn in FATES]
    seen += [
        ways(kind, nnn, monitoring=monitoring, command=command, at=at)
        for kind in KINDS
        for nnn in (0, 10, 13)
        for monitoring in ("automatic", "manual")
        for command in ("approve", "cancel")
        for at in (0, 1)
    ]
    assert {edge for way in seen for edge in pairwise(way)} == EDGES - ONLY_FORCED
    assert {way[0] for way in seen} == set(ENTRIES)


STANDING_AT: dict[Pair, tuple[int, float]] = {
    (3, -1): (13, 0),
    (0, -1): (0, 0),
    (1, -1): (0, 1),
    (2, -1): (0, 2),
    (2, 0): (0, 3),
    (2, 1): (0, 4),
    (2, 2): (2, 4),
    (2, 3): (0, 6),
    (2, 4): (4, 6),
    (2, 5): (5, 4),
    (2, 6): (6, 86_400),
    (2, 7): (7, 3),
    (4, 2): (2, 15),
    (5, -2): (15, 1),
}


def standing_at(pair: Pair) -> tuple[World, str]:
    nnn, seconds = STANDING_AT[pair]
    world, send_id = accepted("send", f"9120000{nnn:03}")
    world.advance(seconds)
    assert world.pair(send_id) == pair
    return world, send_id


def reachable(pair: Pair) -> set[Pair]:
    found: set[Pair] = set()
    edge = list(GRAPH[pair])
    while edge:
        one = edge.pop()
        if one not in found:
            found.add(one)
            edge += GRAPH[one]
    return found


@pytest.mark.rule("L1")
@pytest.mark.parametrize("start", GRAPH, ids=str)
def test_from_every_pair_each_that_the_graph_leads_to_can_be_forced_and_no_other(start: Pair) -> None:
    for wanted in GRAPH:
        world, send_id = standing_at(start)
        moved = world.force(send_id, wanted)
        assert bool(moved) == (wanted == start or wanted in reachable(start)), wanted
        assert world.pair(send_id) == (wanted if moved else start)
        assert set(GRAPH[start]) | {start} >= {world.pair(send_id)} or wanted in reachable(start)


# Every code

GOOD: dict[str, Params] = {
    "send": {"from": "30001403", "text": "سلام", "receivers": "9350000001"},
    "sendServices": {"from": "90001403", "textCode": "1001", "textData": ["1"], "receivers": "9350000001"},
    "sendOTP": {"appID": "test-app", "code": "12345", "receivers": "9350000001"},
    "reportSend": {"sendID": str(story.FIRST_ID)},
    "credit": {},
    "receivedMessages": {},
    "status": {},
    "newContact": {"phoneId": "1403", "cNumber": "9350000001"},
}
# Action and code → the settings, and the parameters, that bring it about.
NATURAL: dict[tuple[str, int], tuple[Params, Params]] = {
    ("send", 0): ({}, {"text": None}),
    ("send", 103): ({}, {"type": "9"}),
    ("send", 104): ({}, {"type": "2"}),
    ("send", 105): ({}, {"receivers": "abc"}),
    ("send", 106): ({}, {"from": "3000"}),
    ("send", 107): ({}, {"text": " "}),
    ("send", 108): ({"billing_ok": False}, {}),
    ("send", 109): ({"credit": 999}, {}),
    ("send", 114): ({"sending_verified": False}, {}),
    ("send", 1): ({}, {}),
    ("sendServices", 0): ({}, {"textCode": None}),
    ("sendServices", 603): ({"smart_sender": False}, {"from": "auto"}),
    ("sendServices", 604): ({}, {"receivers": ","}),
    ("sendServices", 605): ({}, {"textCode": "1"}),
    ("sendServices", 606): ({}, {"textData": ["1", "2"]}),
    ("sendServices", 607): ({"billing_ok": False}, {}),
    ("sendServices", 608): ({"credit": 999}, {}),
    ("sendServices", 609): ({}, {"receivers": "9350000001,9350000002"}),
    ("sendServices", 1): ({}, {}),
    ("sendOTP", 0): ({}, {"code": None}),
    ("sendOTP", 103): ({}, {"type": "x"}),
    ("sendOTP", 104): ({"send_types": [2]}, {}),
    ("sendOTP", 105): ({}, {"receivers": "0912"}),
    ("sendOTP", 108): ({"billing_ok": False}, {}),
    ("sendOTP", 109): ({"credit": 0}, {}),
    ("sendOTP", 151): ({}, {"appID": "nobody"}),
    ("sendOTP", 152): ({}, {"appID": "test-app-off"}),
    ("sendOTP", 153): ({}, {"code": "۱۲۳"}),
    ("sendOTP", 154): ({}, {"code": "1"}),
    ("sendOTP", 1): ({}, {}),
    ("reportSend", -6): ({}, {}),
    ("credit", 1): ({}, {}),
    ("receivedMessages", 401): ({}, {}),
    ("status", 1): ({}, {}),
    ("newContact", 801): ({}, {"phoneId": "x"}),
    ("newContact", 802): ({}, {"phoneId": "1"}),
    ("newContact", 803): ({}, {"cNumber": "abc"}),
    ("newContact", 1): ({}, {}),
}
FAULTS_ONLY = {("send", 112), ("send", 113)}  # S10, S11
SUCCESS_OF_SOMETHING = {("reportSend", 1), ("receivedMessages", 1)}  # there must be something to read first
STATED = {(action, row.code) for action, rows in RESULT_CODES.items() for row in rows}
GATE_CODES = {row.code for row in GATE}


def asked(world: World, action: str, **changes: Any) -> int:
    return int(world.post({"action": action, **deeds.given({**GOOD[action], **changes})})["result"])


def test_the_causes_below_are_those_of_every_code_that_any_action_has() -> None:
    assert NATURAL.keys() | FAULTS_ONLY | SUCCESS_OF_SOMETHING == STATED
    assert {code for _, code in FAULTS_ONLY} == {112, 113}


@pytest.mark.rule("S10", "S11")
@pytest.mark.parametrize(("action", "code"), NATURAL, ids=str)
def test_every_stated_code_has_a_natural_cause(action: str, code: int) -> None:
    account, changes = NATURAL[action, code]
    assert asked(World(**account), action, **changes) == code


def test_a_report_and_received_messages_are_read_once_there_are_any() -> None:
    world = World()
    asked(world, "send")
    world.deliver("9121111111", "سلام")
    assert (asked(world, "reportSend"), asked(world, "receivedMessages")) == (1, 1)


@pytest.mark.rule("Z10")
@pytest.mark.parametrize(("action", "code"), [(action, code) for action in CODES for code in CODES[action]])
def test_every_code_of_section_15_is_asked_for_by_its_reserved_receiver(action: str, code: int) -> None:
    world = World()
    assert asked(world, action, receivers=f"9120000{code:03}") == code
    assert world.credit() == 1_000_000


def test_section_15_has_a_receiver_for_every_code_of_sending_but_the_gates_success_and_0() -> None:
    assert {(action, code) for action, codes in CODES.items() for code in codes} == {
        (action, code) for action, code in STATED if action in CODES and code not in (0, 1)
    }


def faultable() -> list[tuple[str, int]]:
    """Every error code of every action, the gate's among them; the guide lists 100 for two actions alone."""
    own = {(action, code) for action, code in STATED if code != 1}
    gate = {(action, code) for action in RESULT_CODES for code in GATE_CODES - {100}}
    return sorted(own | gate | {("send", 100), ("sendOTP", 100)})


@pytest.mark.parametrize(("action", "code"), faultable())
def test_every_error_code_can_be_asked_for_by_a_fault_and_then_nothing_happens(
    action: str, code: int
) -> None:
    world = World()
    fault = {"when": {"action": action}, "then": {"result": code}}
    world.account.faults.add(fault, world.account.settings.line_number)
    assert asked(world, action) == code
    assert (world.credit(), list(world.account.sends)) == (1_000_000, [])
    assert not world.account.phonebooks[1403].contacts


GATES: dict[int, tuple[Params, Params]] = {
    -1: ({}, {"key": "nobody"}),
    -2: ({"webservice_enabled": False}, {}),
    -3: ({"identity_verified": False}, {}),
    -4: ({}, {"method": "PUT"}),
    -5: ({"allowed_ips": ["192.0.2.1"]}, {}),
    0: ({}, {"undecodable": "not JSON"}),
}


@pytest.mark.parametrize("action", RESULT_CODES)
def test_every_code_of_the_gate_has_a_natural_cause_whatever_the_action(action: str) -> None:
    assert GATES.keys() | {100} == GATE_CODES
    for code, (account, call) in GATES.items():
        assert int(World(**account).call(params={"action": action, **GOOD[action]}, **call)["result"]) == code
    assert World().ask(f"{action}x")["result"] == "100"


PHONEBOOK_CAUSES: dict[int, tuple[Params, Params]] = {
    1: ({}, {}),
    -1: ({"phonebook_enabled": False}, {}),
    -2: ({}, {"phoneBook": "7"}),
    -3: ({"phonebooks": [{"id": 1403, "contacts": [{"number": "09350000001"}]}]}, {}),
    -4: ({"bad_receivers": "skip"}, {"receivers": "9350000001,abc"}),
}


@pytest.mark.rule("B2", "B3", "B4", "B5", "B6", "B7")
@pytest.mark.parametrize("code", PHONEBOOK_CAUSES)
def test_every_code_of_the_phonebook_has_a_natural_cause_and_errors_a_fault_and_the_message_goes(
    code: int,
) -> None:
    assert PHONEBOOK_CAUSES.keys() == {row.code for row in PHONE_BOOK}
    account, changes = PHONEBOOK_CAUSES[code]
    reply = World(**account).ask("send", **{**GOOD["send"], "phoneBook": "1403", **changes})
    assert (reply["result"], reply["phoneBook"]) == ("1", str(code))
    if code != 1:
        world = World()
        world.account.faults.add({"then": {"phoneBook": code}}, world.account.settings.line_number)
        reply = world.ask("send", **GOOD["send"], phoneBook="1403")
        assert (reply["result"], reply["phoneBook"], world.credit()) == ("1", str(code), 999_000)


@pytest.mark.rule("X3", "X4", "X5", "X6")
def test_every_code_of_the_custom_fields_has_a_natural_cause() -> None:
    world = World()
    asked(world, "newContact", cFields={"FMTAwMg": "12"})
    causes: Any = {"Fnone": "1", "FMTAwMQ": "x", "FMTAwMg": "12", "FMjUyMjUz": "علی"}
    reply = world.ask("newContact", phoneId="1403", cNumber="9350000002", cFields=causes)
    assert reply["fields"] == {"Fnone": "-1", "FMTAwMQ": "-2", "FMTAwMg": "-3", "FMjUyMjUz": "1"}
    assert {int(code) for code in reply["fields"].values()} == {row.code for row in FIELDS}
