"""docs/protocol.md states every rule, with its evidence, its codes and the setting that changes it."""

import re

import pytest

from tests.docs import facts
from tests.docs.markdown import Table, code_spans, tables, text

PAGE = "docs/protocol.md"
TABLES = [table for table in tables(PAGE) if table.head[:2] == ["id", "evidence"]]
ROWS = {row[0]: dict(zip(table.head, row, strict=True)) for table in TABLES for row in table.rows}


def row_of(rule: str) -> dict[str, str]:
    assert rule in ROWS, f"{PAGE} has no row for {rule}: run `python -m tests.docs.generate`"
    return ROWS[rule]


def test_every_rule_has_one_row_and_no_row_has_another_id() -> None:
    ids = [row[0] for table in TABLES for row in table.rows]
    assert sorted(ids) == sorted(facts.RULES)


def test_the_rules_of_a_table_are_in_their_order() -> None:
    order = list(facts.RULES)
    for table in TABLES:
        ids = table.column("id")
        places = [order.index(rule) for rule in ids]
        assert places == sorted(places) or ids == checked_order(table), ids


def checked_order(table: Table) -> list[str]:
    """The rules of the action whose table this is, in the order in which they are checked."""
    rows = next(rows for rows in facts.ACTIONS.values() if rows[0].rule == table.rows[0][0])
    return list(dict.fromkeys(row.rule for row in rows))


@pytest.mark.parametrize("action", facts.ACTIONS)
def test_the_rules_of_an_action_are_in_the_order_of_its_checks(action: str) -> None:
    checked = list(dict.fromkeys(row.rule for row in facts.ACTIONS[action]))
    shown = [row[0] for table in TABLES for row in table.rows if row[0] in checked]
    assert shown == checked


@pytest.mark.parametrize("rule", facts.RULES.values(), ids=lambda rule: rule.id)
def test_a_rule_has_its_evidence_and_names_its_setting(rule: facts.Rule) -> None:
    assert row_of(rule.id)["evidence"] == rule.evidence
    if rule.switch and not rule.id.startswith("Z"):
        assert rule.switch in setting_names(row_of(rule.id)["rule"])


def setting_names(cell: str) -> set[str]:
    """The names in the code spans of a cell, without the values that follow some of them."""
    return {span.partition(" = ")[0] for span in code_spans(cell)}


def test_the_switch_of_reserved_receivers_is_named_above_their_table() -> None:
    assert "`reserved_receivers = false`" in text(PAGE, "Reserved receivers (Z)")


@pytest.mark.parametrize("rule", facts.RULE_CODES)
def test_a_rule_that_gives_codes_shows_them(rule: str) -> None:
    shown = {int(code) for code in row_of(rule)["code"].split(", ")}
    assert shown == facts.RULE_CODES[rule]


def test_no_other_rule_shows_a_code() -> None:
    assert {rule for rule, row in ROWS.items() if row.get("code")} == set(facts.RULE_CODES)


def test_every_setting_that_is_named_exists() -> None:
    settings = set(facts.default_settings())
    named = re.findall(r"settings? `(\w+)", text(PAGE))
    assert named
    assert set(named) <= settings


def test_the_labels_are_those_of_the_data() -> None:
    (table,) = (table for table in tables(PAGE, "Evidence") if table.head[0] == "label")
    assert set(table.column("label")) == set(facts.evidence_counts())
