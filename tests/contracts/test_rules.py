"""The rules of the contracts compared with the simulator's rules and with the checks of `verify`."""

import copy
import re
from itertools import groupby
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from mydnspanel_contracts import Rule, Settlement, catalogue, registry, rules
from mydnspanel_contracts._files import load_rules
from mydnspanel_contracts.commands import checks

from fakeserver.spec.rules import RULES

VALIDATOR = Draft202012Validator({"$ref": "https://mydnspanel.com/contracts/rules.json"}, registry=registry())
BY_ID = {rule.id: rule for rule in rules()}
ASSUMED = next(index for index, rule in enumerate(rules()) if rule.id == "C2")
STATED = next(index for index, rule in enumerate(rules()) if rule.id == "W2")

every_rule = pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)


def changed(index: int, **members: object) -> dict[str, Any]:
    """The document with a changed rule. A member that is None is removed."""
    document = copy.deepcopy(load_rules())
    rule = document["rules"][index] | members
    document["rules"][index] = {name: value for name, value in rule.items() if value is not None}
    return document


def test_contracts_and_simulator_have_the_same_rules_evidence_and_switches() -> None:
    own = [(rule.id, rule.evidence, rule.switch or "") for rule in rules()]
    assert own == [(rule.id, rule.evidence.value, rule.switch) for rule in RULES.values()]


@every_rule
def test_exactly_the_assumed_rules_say_what_would_settle_them(rule: Rule) -> None:
    assert (rule.settled_by is not None) == (rule.evidence == "assumed")


@every_rule
def test_a_rule_is_one_sentence(rule: Rule) -> None:
    assert rule.text.endswith(".")
    assert not re.search(r"[.!?] ", rule.text)
    assert rule.text.count("(") == rule.text.count(")")


def test_the_rules_of_a_section_are_consecutive_and_share_letters_with_no_other_section() -> None:
    sections = [rule.section for rule in rules()]
    runs = [section for section, _ in groupby(sections)]
    assert len(runs) == len(set(runs))
    letters = {(rule.id[0], rule.section) for rule in rules()}
    assert len(letters) == len({letter for letter, _ in letters})


@every_rule
def test_the_check_that_would_settle_a_rule_exists_and_is_free_if_the_rule_says_so(rule: Rule) -> None:
    free = {check.name for check in checks.FREE_CHECKS}
    charged = {check.name for check in checks.CHARGED_CHECKS}
    if rule.settled_by and rule.settled_by.check:
        names = {"verify": free, "verify --send-to": charged}[rule.settled_by.means]
        assert rule.settled_by.check in names


def test_an_assumed_rule_names_the_check_of_verify_that_settles_it() -> None:
    for check in (*checks.FREE_CHECKS, *checks.CHARGED_CHECKS):
        settled = BY_ID[check.rule].settled_by
        if settled:
            assert settled.check == check.name
            assert settled.means.startswith("verify")


def test_exactly_the_devices_of_the_simulator_claim_nothing_about_the_real_panel() -> None:
    nothing = {rule.id for rule in rules() if rule.settled_by and rule.settled_by.means == "nothing"}
    assert nothing == {"K1", *(f"Z{number}" for number in range(1, 11))}


def test_a_rule_names_the_codes_that_it_gives_in_the_catalogue() -> None:
    for table in ("gate", "results", "phonebook", "fields"):
        for row in catalogue()[table]:
            rule = BY_ID[row["rule"]]
            # A code with other evidence than its rule may be missing from the rule.
            if row["evidence"] == rule.evidence:
                assert re.search(rf"(?<![\d-]){row['code']}(?!\d)", rule.text), rule.id


def test_rules_and_settlements_have_the_members_of_the_file() -> None:
    rows = {row["id"]: row for row in load_rules()["rules"]}
    assert BY_ID["W3"] == Rule(
        id="W3",
        section="The wire",
        evidence="stated",
        text=rows["W3"]["text"],
        switch="reply_scalars",
        settled_by=None,
    )
    assert BY_ID["C2"].settled_by == Settlement(
        means="verify", check="the member that holds the credit", how=rows["C2"]["settled_by"]["how"]
    )


def test_the_rules_satisfy_their_schema() -> None:
    VALIDATOR.validate(load_rules())


SETTLED = {"means": "verify", "check": "x", "how": "Look."}


@pytest.mark.parametrize(
    ("index", "members"),
    [
        *((STATED, {name: None}) for name in ("id", "section", "evidence", "text")),
        (STATED, {"id": "w2"}),
        (STATED, {"id": "W02"}),
        (STATED, {"evidence": "guessed"}),
        (STATED, {"text": "No full stop"}),
        (STATED, {"switch": "Reply"}),
        (STATED, {"note": "x"}),
        (STATED, {"settled_by": SETTLED}),
        (STATED, {"evidence": "observed", "settled_by": SETTLED}),
        (STATED, {"evidence": "assumed"}),
        (ASSUMED, {"settled_by": None}),
        (ASSUMED, {"settled_by": SETTLED | {"means": "guess"}}),
        (ASSUMED, {"settled_by": SETTLED | {"means": "request"}}),
        (ASSUMED, {"settled_by": SETTLED | {"how": "look"}}),
        (ASSUMED, {"settled_by": SETTLED | {"note": "x"}}),
        (ASSUMED, {"settled_by": {"means": "verify --send-to", "how": "Look."}}),
        (ASSUMED, {"settled_by": {"means": "provider"}}),
    ],
)
def test_the_schema_of_the_rules_refuses_a_wrong_rule(index: int, members: dict[str, object]) -> None:
    assert not VALIDATOR.is_valid(changed(index, **members))


def test_the_schema_of_the_rules_accepts_every_evidence() -> None:
    VALIDATOR.validate(changed(STATED, evidence="observed", switch="reply_scalars"))
    VALIDATOR.validate(changed(STATED, evidence="assumed", settled_by=SETTLED))
