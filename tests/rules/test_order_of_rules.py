"""The order of the rules: of all that is wrong with a request, the first row of its table answers.

Every pair of rows is broken in one request, in every two ways that one request can hold. What cannot be
broken together stands in `IMPOSSIBLE` and `NOT_BOTH` with the reason, and a test sees to it that no pair
of rows is left out. S10 and S11 come from reserved receivers and faults alone and are tried against
every other row as Z10 says.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import Any, TypeAlias

import pytest
from hypothesis import given, strategies as st

from tests.driver import Given, World
from tests.rules import ways
from tests.rules.ways import ACCEPTED, NEWCOMER, OF_ACTION, RESERVED, Way, assert_refused, no_trace

Row: TypeAlias = tuple[str, str]

TABLES = {"gate": ways.GATE + ways.NO_ACTION, **OF_ACTION}

# Pairs of rows that no request breaks together.
IMPOSSIBLE: dict[tuple[Row, Row], str] = {
    (("A6", "0"), ("A7", "100")): "an action that is absent is not an unknown one",
    (("O4", "151"), ("O5", "152")): "an application that does not exist is not switched off",
}

# Ways that do not collide in a request and still do not break both rows.
NOT_BOTH: dict[tuple[str, str], str] = {
    ("P4-609-two-receivers", "P5-605-no-pattern"): "a pattern that does not exist forbids no bulk",
    ("P4-609-two-receivers", "P5-605-not-an-integer"): "likewise",
}

# Rows that look at one parameter, broken by one value of it.
BOTH_AT_ONCE: dict[str, list[tuple[Way, Row]]] = {
    "gate": [],
    "send": [],
    "sendServices": [
        (Way("P3", "604", "bad-of-many", params={"receivers": f"{NEWCOMER},9121111112,abc"}), ("P4", "609")),
    ],
    "sendOTP": [
        (Way("O6", "153", "one-dash", params={"code": "-"}), ("O7", "154")),
        (Way("O6", "153", "one-persian-digit", params={"code": "۱"}), ("O7", "154")),
        (Way("O6", "153", "thirteen-dashes", params={"code": "-" * 13}), ("O7", "154")),
    ],
}

# The last row that is looked at before a reserved receiver (Z10).
RECEIVERS_ROW = {"send": "S5", "sendServices": "P3", "sendOTP": "O3"}


def rows(table: str) -> list[Row]:
    return list(dict.fromkeys(way.row for way in TABLES[table]))


def pairs(table: str) -> Iterator[tuple[Way, Way]]:
    """Every two ways that break two rows of the table in one request, the earlier row first."""
    for first, second in combinations(TABLES[table], 2):
        together = first.row != second.row and first.goes_with(second)
        if together and (str(first), str(second)) not in NOT_BOTH:
            yield first, second


def pair_cases(table: str) -> list[Any]:
    return [
        pytest.param(first, second, id=f"{first}+{second}", marks=pytest.mark.rule(first.rule, second.rule))
        for first, second in pairs(table)
    ]


def both_at_once_cases() -> list[Any]:
    return [
        pytest.param(action, way, id=f"{way}+{row[0]}", marks=pytest.mark.rule(way.rule, row[0]))
        for action, found in BOTH_AT_ONCE.items()
        for way, row in found
    ]


def assert_first_answers(action: str, first: Way, *others: Way) -> None:
    world = World()
    with no_trace(world):
        reply = ways.ask(world, action, first, *others)
        assert_refused(world, reply, first.code, first.rule)


@pytest.mark.rule("A1", "S1", "P1", "O1")
@pytest.mark.parametrize("table", TABLES)
def test_every_pair_of_rows_is_tried_or_its_impossibility_is_stated(table: str) -> None:
    tried = {(first.row, second.row) for first, second in pairs(table)}
    tried |= {(way.row, row) for way, row in BOTH_AT_ONCE[table]}
    assert set(combinations(rows(table), 2)) - tried == {
        pair for pair in IMPOSSIBLE if pair[0] in rows(table) and pair[1] in rows(table)
    }


@pytest.mark.parametrize("action", OF_ACTION)
@pytest.mark.parametrize(("first", "second"), pair_cases("gate"))
def test_of_two_broken_rows_of_the_gate_the_first_answers(first: Way, second: Way, action: str) -> None:
    assert_first_answers(action, first, second)


@pytest.mark.parametrize(("first", "second"), pair_cases("send"))
def test_of_two_broken_rows_of_send_the_first_answers(first: Way, second: Way) -> None:
    assert_first_answers("send", first, second)


@pytest.mark.parametrize(("first", "second"), pair_cases("sendServices"))
def test_of_two_broken_rows_of_send_services_the_first_answers(first: Way, second: Way) -> None:
    assert_first_answers("sendServices", first, second)


@pytest.mark.parametrize(("first", "second"), pair_cases("sendOTP"))
def test_of_two_broken_rows_of_send_otp_the_first_answers(first: Way, second: Way) -> None:
    assert_first_answers("sendOTP", first, second)


@pytest.mark.parametrize(("action", "way"), both_at_once_cases())
def test_a_value_that_breaks_two_rows_is_answered_by_the_first(action: str, way: Way) -> None:
    assert_first_answers(action, way)


@pytest.mark.parametrize("gate", ways.cases(TABLES["gate"]))
@pytest.mark.parametrize(
    ("action", "way"),
    [pytest.param(action, way, id=str(way)) for action, table in OF_ACTION.items() for way in table],
)
def test_the_gate_answers_before_every_row_of_every_action(gate: Way, action: str, way: Way) -> None:
    world = World()
    with no_trace(world):
        assert_refused(world, ways.ask(world, action, way, gate), gate.code, gate.rule)


@pytest.mark.rule("A1", "S1", "P1", "O1")
@pytest.mark.parametrize("action", OF_ACTION)
def test_with_every_row_broken_the_rows_answer_one_after_another_as_they_are_mended(action: str) -> None:
    broken = list({way.row: way for table in ("gate", action) for way in TABLES[table]}.values())
    world = World()
    for index, way in enumerate(broken):
        rest = [other for other in broken[index + 1 :] if way.goes_with(other)]
        world.change(**ways.IN_ORDER)
        reply = ways.ask(world, action, *rest, way)
        assert_refused(world, reply, way.code, way.rule)


# Reserved receivers: S10, S11 and Z10


def result_code_of(action: str, code: str) -> str:
    known = {way.code: way.rule for way in OF_ACTION[action]} | {"112": "S10", "113": "S11"}
    return known[code]


def split_at_the_receivers(action: str) -> tuple[list[Way], list[Way]]:
    """The ways that are looked at before a reserved receiver and those after it, receivers untouched."""
    table = OF_ACTION[action]
    last = max(index for index, way in enumerate(table) if way.rule == RECEIVERS_ROW[action])
    halves = table[: last + 1], table[last + 1 :]
    before, after = ([way for way in half if "receivers" not in way.params] for half in halves)
    return before, after


def reserved_cases(half: int) -> list[Any]:
    return [
        pytest.param(action, code, way, id=f"{action}-{code}-{way}", marks=pytest.mark.rule(*rules))
        for action, codes in RESERVED.items()
        for code in codes
        for way in split_at_the_receivers(action)[half]
        for rules in [{way.rule, result_code_of(action, code)}]
    ]


def reserved(*codes: str) -> dict[str, Given]:
    return {"receivers": ",".join(f"9120000{code}" for code in codes)}


def assert_reserved(world: World, reply: Any, action: str, code: str) -> None:
    assert reply["result"] == code
    assert world.rule in {"Z10", result_code_of(action, code)}
    assert not {"sendID", "phoneBook"} & reply.keys()


@pytest.mark.rule("Z10")
@pytest.mark.parametrize(("action", "code", "way"), reserved_cases(0))
def test_rows_before_the_receivers_answer_before_a_reserved_receiver(
    action: str, code: str, way: Way
) -> None:
    assert_first_answers(action, way, Way("Z10", code, "reserved", params=reserved(code)))


@pytest.mark.rule("Z10")
@pytest.mark.parametrize(("action", "code", "way"), reserved_cases(1))
def test_a_reserved_receiver_answers_before_all_rows_after_the_receivers(
    action: str, code: str, way: Way
) -> None:
    world = World()
    with no_trace(world):
        reply = ways.ask(world, action, way, Way("Z10", code, "reserved", params=reserved(code)))
        assert_reserved(world, reply, action, code)


@pytest.mark.rule("S5", "S10", "S11", "P3", "O3")
@pytest.mark.rule("Z10")
@pytest.mark.parametrize("action", OF_ACTION)
@pytest.mark.parametrize("order", ["{},abc", "abc,{}"])
def test_a_bad_receiver_answers_before_a_reserved_one_wherever_it_stands(action: str, order: str) -> None:
    for code in RESERVED[action]:
        params: dict[str, Given] = {"receivers": order.format(f"9120000{code}")}
        refusal = "604" if action == "sendServices" else "105"
        assert_first_answers(action, Way(RECEIVERS_ROW[action], refusal, "bad", params=params))


@pytest.mark.rule("S5")
@pytest.mark.rule("Z10")
def test_with_bad_receivers_skip_a_reserved_receiver_answers_beside_a_bad_one() -> None:
    world = World(bad_receivers="skip")
    assert_reserved(world, world.send("abc,9120000113"), "send", "113")


@pytest.mark.rule("P4")
@pytest.mark.rule("Z10")
@pytest.mark.parametrize("code", RESERVED["sendServices"])
def test_a_reserved_receiver_among_too_many_answers_before_the_pattern(code: str) -> None:
    world = World()
    assert_reserved(world, world.send_services(f"9121111111,9120000{code}"), "sendServices", code)


@pytest.mark.rule("S10", "S11")
@pytest.mark.rule("Z10")
@pytest.mark.parametrize(
    ("first", "second"), [("112", "113"), ("113", "112"), ("109", "106"), ("113", "103")]
)
def test_of_several_reserved_receivers_the_first_in_the_request_answers(first: str, second: str) -> None:
    world = World()
    reply = world.send(f"9121111111,9120000{first},9120000{second}")
    assert_reserved(world, reply, "send", first)


@pytest.mark.rule("S10", "S11", "S12")
@pytest.mark.rule("Z10")
@pytest.mark.parametrize("code", RESERVED["send"])
def test_with_reserved_receivers_switched_off_they_are_numbers_like_others(code: str) -> None:
    world = World(reserved_receivers=False)
    assert world.send(f"9120000{code}")["result"] == "1"


# Laws


def combine(table: list[Way], picked: list[int]) -> list[Way]:
    """The picked ways, in the order of the table, without those that an earlier pick excludes."""
    chosen: list[int] = []
    for index in picked:
        excluded = {name for pair in NOT_BOTH if str(table[index]) in pair for name in pair}
        others = [table[other] for other in chosen]
        if all(table[index].goes_with(way) and str(way) not in excluded for way in others):
            chosen.append(index)
    return [table[index] for index in sorted(chosen)]


@pytest.mark.rule("A1", "S1", "S12", "P1", "P9", "O1", "O9")
@given(action=st.sampled_from(sorted(OF_ACTION)), picked=st.lists(st.integers(0, 99), max_size=8))
def test_whatever_is_broken_the_first_row_answers_and_a_refusal_costs_nothing(
    action: str, picked: list[int]
) -> None:
    table = OF_ACTION[action]
    broken = combine(table, [index % len(table) for index in picked])
    world = World()
    if broken:
        assert_first_answers(action, *broken)
    else:
        assert ways.ask(world, action)["result"] == "1"
        assert (world.rule, world.credit()) == (ACCEPTED[action], 999_000)


@pytest.mark.rule("A1", "A2", "A3", "A4", "A5", "A6", "A7")
@given(
    action=st.sampled_from(sorted(OF_ACTION)),
    gate=st.lists(st.integers(0, len(TABLES["gate"]) - 1), min_size=1, max_size=6),
    picked=st.lists(st.integers(0, 99), max_size=6),
)
def test_whatever_else_is_broken_the_first_row_of_the_gate_answers(
    action: str, gate: list[int], picked: list[int]
) -> None:
    first, *others = combine(TABLES["gate"], gate)
    table = OF_ACTION[action]
    rest = combine(table, [index % len(table) for index in picked])
    assert_first_answers(action, first, *others, *rest)
