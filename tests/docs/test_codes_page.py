"""docs/codes.md: the reserved receivers, which are the part that is not generated."""

from tests.docs import facts
from tests.docs.markdown import code_spans, tables

PAGE = "docs/codes.md"
TABLE = next(table for table in tables(PAGE, "Reserved receivers") if table.head[0] == "receiver")


def number(digits: int) -> str:
    return f"{facts.PREFIX}{digits:03}"


def test_the_reserved_receivers_are_those_of_the_data() -> None:
    shown: dict[str, str] = {}
    for receivers, rule, _ in TABLE.rows:
        first, *last = map(int, code_spans(receivers))
        shown |= {str(receiver): rule for receiver in range(first, (last or [first])[0] + 1)}
    assert shown == {number(digits): row.rule for digits, row in facts.OUTCOMES.items()}


def test_the_pair_in_which_a_reserved_receiver_ends_is_shown() -> None:
    for receivers, _, what in TABLE.rows:
        outcome = facts.OUTCOMES[int(code_spans(receivers)[0]) - int(f"{facts.PREFIX}000")].fate.outcome
        if outcome != "delivered" or "attempts" not in what:
            assert f"({facts.END_OF[outcome]})" in what


def test_every_status_and_every_pair_has_a_row() -> None:
    pairs = next(table for table in tables(PAGE, "Pairs of statuses"))
    assert len(pairs.rows) == len(facts.TRANSITIONS) == 14
    assert pairs.column("`status`") == list(facts.STATUS_WORDS.values())


def test_every_action_has_a_section_with_its_codes() -> None:
    for action, rows in facts.ACTIONS.items():
        (table, *_) = tables(PAGE, f"Codes of `{action}`")
        shown = [int(cell.strip("`")) for cell in table.column("code")]
        assert sorted(set(shown)) == sorted({row.code for row in rows}), action
