"""What the inbox page knows about the protocol agrees with the data of the server."""

import json
import re
from importlib.resources import files
from typing import Any

from fakeserver.spec.codes import GATE, I1, RESULT_CODES, S9, S10, ResultCode
from fakeserver.spec.lifecycle import (
    DELIVERED,
    FINAL,
    HANDED,
    REFUNDED,
    STATUS_WORDS,
    UNDELIVERED,
    UNREACHED,
    StatusPair,
)
from fakeserver.spec.outcomes import Outcome
from fakeserver.spec.parameters import PARAMETERS
from fakeserver.spec.reserved import CODE_OF, OUTCOME_OF
from fakeserver.web.control import openapi

FOLDER = files("fakeserver.web.inbox") / "static"
CONSTANT = re.compile(r"^export const (\w+) = ([^;]*);$", re.MULTILINE)

# Pairs of statuses, result codes and reserved receivers in double quotes; `tabindex` takes numbers too.
PROTOCOL_FACT = re.compile(r'(?<!tabindex: )"(?:-?[0-9]{1,4}(?:,-?[0-9])?|9120000[0-9]{3})"')


def constants(name: str) -> dict[str, Any]:
    """The constants that a module exports, which are written as JSON."""
    text = (FOLDER / name).read_text("utf-8")
    return {constant: json.loads(value) for constant, value in CONSTANT.findall(text)}


PROTOCOL = constants("protocol.js")
EFFECTS = constants("faults.js")["EFFECTS"]


def written(pair: StatusPair) -> str:
    return f"{int(pair.processing)},{int(pair.send)}"


def document(pair: StatusPair) -> dict[str, int]:
    return {"processingStatus": int(pair.processing), "sendStatus": int(pair.send)}


def codes_while_off(setting: str) -> set[int]:
    """The codes whose condition is that this setting is off."""
    rows: list[ResultCode] = [*GATE, *(row for rows in RESULT_CODES.values() for row in rows)]
    return {row.code for row in rows if row.assumed == f"the setting `{setting}` is off"}


EXPECTED = {
    "STATUS_LABELS": {written(pair): label for pair, label in STATUS_WORDS.items()},
    "DELIVERED": written(DELIVERED),
    "FAILED": [
        written(pair) for pair in STATUS_WORDS if pair == UNREACHED or (pair in FINAL and pair != DELIVERED)
    ],
    "HANDED_OVER": written(HANDED),
    "REFUNDED": [written(pair) for pair in REFUNDED],
    "DELIVER_STATUS": document(DELIVERED),
    "FAIL_STATUS": document(UNDELIVERED),
    "SEND_ACTIONS": [action for action, names in PARAMETERS.items() if "receivers" in names],
    "SUCCESS": "1",
    "NO_MESSAGES": str(I1.code),
    "OPERATOR_ERROR": str(S10.code),
    "SWITCH_CODES": {
        setting: sorted(codes_while_off(setting))
        for setting in ("webservice_enabled", "identity_verified", "sending_verified", "billing_ok")
    },
    "UNDELIVERED_OUTCOME": str(Outcome.UNDELIVERED),
    "NEVER_DELIVERED": next(
        number for number, fate in OUTCOME_OF.items() if fate.outcome == Outcome.UNDELIVERED
    ),
    "NOT_ENOUGH_CREDIT": next(number for number, code in CODE_OF["send"].items() if code == S9.code),
}


def test_every_constant_of_the_page_agrees_with_the_spec() -> None:
    assert PROTOCOL == EXPECTED


def test_every_switch_changes_some_code() -> None:
    assert all(PROTOCOL["SWITCH_CODES"].values())


def test_the_page_describes_every_effect_of_a_fault_rule() -> None:
    schemas = openapi.document()["components"]["schemas"]
    assert set(EFFECTS) == set(schemas["FaultRule"]["properties"]["then"]["properties"])


def test_only_protocol_js_states_facts_of_the_protocol() -> None:
    """A fact belongs into protocol.js, where a test compares it with the server."""
    for file in FOLDER.iterdir():
        if file.name.endswith(".js"):
            text = file.read_text("utf-8")
            facts = PROTOCOL_FACT.findall(text)
            labels = [label for label in STATUS_WORDS.values() if f'"{label}"' in text]
            if file.name == "protocol.js":
                assert facts
                assert labels
            else:
                assert (facts, labels) == ([], []), file.name
