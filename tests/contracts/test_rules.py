"""The rules as the contracts tell them, against the simulator's own and the command that settles some."""

import copy
import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from mydnspanel_contracts import Rule, Settlement, catalogue, registry, rules
from mydnspanel_contracts._files import load_rules
from mydnspanel_contracts.commands import checks

from fakeserver.spec.rules import RULES

VALIDATOR = Draft202012Validator({"$ref": "https://mydnspanel.com/contracts/rules.json"}, registry=registry())
BY_ID = {rule.id: rule for rule in rules()}
ASSUMED = next(at for at, rule in enumerate(rules()) if rule.id == "C2")
STATED = next(at for at, rule in enumerate(rules()) if rule.id == "W2")

every_rule = pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)


def changed(at: int, **members: object) -> dict[str, Any]:
    """The document with a rule changed; None takes a member away."""
    document = copy.deepcopy(load_rules())
    rule = document["rules"][at] | members
    document["rules"][at] = {name: value for name, value in rule.items() if value is not None}
    return document


def test_the_simulator_keeps_the_same_rules_known_in_the_same_way_with_the_same_switches() -> None:
    here = [(rule.id, rule.evidence, rule.switch or "") for rule in rules()]
    assert here == [(rule.id, rule.evidence.value, rule.switch) for rule in RULES.values()]
    assert len(here) == 115


@every_rule
def test_an_assumed_rule_and_no_other_tells_what_would_settle_it(rule: Rule) -> None:
    assert (rule.settled_by is not None) == (rule.evidence == "assumed")


@every_rule
def test_a_rule_is_one_sentence(rule: Rule) -> None:
    assert rule.text.endswith(".")
    assert not re.search(r"[.!?] ", rule.text)
    assert rule.text.count("(") == rule.text.count(")")


def test_the_rules_of_a_section_stand_together_and_have_a_letter_or_more_of_their_own() -> None:
    sections = [rule.section for rule in rules()]
    runs = [name for at, name in enumerate(sections) if at == 0 or sections[at - 1] != name]
    assert len(runs) == len(set(runs))
    letters = {(rule.id[0], rule.section) for rule in rules()}
    assert len(letters) == len({letter for letter, _ in letters})


@every_rule
def test_a_check_that_would_settle_a_rule_exists_and_costs_what_is_said(rule: Rule) -> None:
    free = {check.name for check in checks.FREE}
    charged = {check.name for check in checks.CHARGED}
    if rule.settled_by and rule.settled_by.check:
        means = {"verify": free, "verify --send-to": charged}[rule.settled_by.means]
        assert rule.settled_by.check in means


def test_where_the_command_has_a_check_of_an_assumed_rule_the_rule_says_so() -> None:
    for check in (*checks.FREE, *checks.CHARGED):
        settled = BY_ID[check.rule].settled_by
        if settled:
            assert settled.check == check.name
            assert settled.means.startswith("verify")


def test_the_devices_of_the_simulator_and_no_others_claim_nothing_of_the_real_panel() -> None:
    nothing = {rule.id for rule in rules() if rule.settled_by and rule.settled_by.means == "nothing"}
    assert nothing == {"K1", *(f"Z{number}" for number in range(1, 11))}


def test_a_rule_names_the_codes_that_the_catalogue_says_it_gives() -> None:
    for table in ("gate", "results", "phonebook", "fields"):
        for row in catalogue()[table]:
            rule = BY_ID[row["rule"]]
            # A code that is known in another way than its rule stands in brackets, if at all.
            if row["evidence"] == rule.evidence:
                assert re.search(rf"(?<![\d-]){row['code']}(?!\d)", rule.text), rule.id


def test_rules_are_values() -> None:
    assert BY_ID["W3"] == Rule(
        id="W3",
        section="The wire",
        evidence="stated",
        text="The top-level member result holds the code, and in the guide's sample every scalar is a string"
        " (assumed: in all other replies too).",
        switch="reply_scalars",
        settled_by=None,
    )
    assert BY_ID["C2"].settled_by == Settlement(
        means="verify",
        check="where the credit stands",
        how="A reply whose one number beside the result has another name names the setting to use.",
    )


def test_the_rules_satisfy_their_schema() -> None:
    VALIDATOR.validate(load_rules())


SETTLED = {"means": "verify", "check": "x", "how": "Look."}


@pytest.mark.parametrize(
    ("at", "members"),
    [
        *((STATED, {name: None}) for name in ("id", "section", "evidence", "text")),
        (STATED, {"id": "w2"}),
        (STATED, {"id": "W02"}),
        (STATED, {"evidence": "guessed"}),
        (STATED, {"text": "No stop"}),
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
def test_the_schema_of_the_rules_minds_evidence_and_strangers(at: int, members: dict[str, object]) -> None:
    assert not VALIDATOR.is_valid(changed(at, **members))


def test_the_schema_of_the_rules_lets_what_is_good_pass() -> None:
    VALIDATOR.validate(changed(STATED, evidence="observed", switch="reply_scalars"))
    VALIDATOR.validate(changed(STATED, evidence="assumed", settled_by=SETTLED))
