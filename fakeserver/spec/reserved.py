"""Reserved receivers: numbers that say what happens to a message (Z).

They are 9120000000 to 9120000999; the last three digits say what happens. `OUTCOMES` are the outcomes of a
receiver, `CODES` the error codes of an action with which the whole request is answered (Z10).
"""

from typing import NamedTuple

from fakeserver.spec.outcomes import Outcome, ScriptedOutcome

PREFIX = "9120000"


class Reserved(NamedTuple):
    rule: str
    fate: ScriptedOutcome


OUTCOMES: dict[int, Reserved] = {
    0: Reserved("Z1", ScriptedOutcome(Outcome.DELIVERED)),
    1: Reserved("Z2", ScriptedOutcome(Outcome.REACHED)),
    2: Reserved("Z3", ScriptedOutcome(Outcome.UNREACHED)),
    3: Reserved("Z1", ScriptedOutcome(Outcome.DELIVERED)),
    4: Reserved("Z4", ScriptedOutcome(Outcome.UNDELIVERED)),
    5: Reserved("Z4", ScriptedOutcome(Outcome.BLACKLISTED)),
    6: Reserved("Z4", ScriptedOutcome(Outcome.EXPIRED)),
    7: Reserved("Z4", ScriptedOutcome(Outcome.REJECTED)),
    10: Reserved("Z5", ScriptedOutcome(Outcome.HELD)),
    11: Reserved("Z6", ScriptedOutcome(Outcome.QUEUED)),
    13: Reserved("Z7", ScriptedOutcome(Outcome.SCHEDULED)),
    15: Reserved("Z8", ScriptedOutcome(Outcome.CANCELLED)),
    **{20 + n: Reserved("Z9", ScriptedOutcome(Outcome.DELIVERED, failures=n)) for n in range(1, 10)},
}

CODES: dict[str, tuple[int, ...]] = {
    "send": (103, 104, 105, 106, 107, 108, 109, 112, 113, 114),
    "sendServices": (603, 604, 605, 606, 607, 608, 609),
    "sendOTP": (103, 104, 105, 108, 109, 151, 152, 153, 154),
}

OUTCOME_OF = {f"{PREFIX}{digits:03}": row.fate for digits, row in OUTCOMES.items()}
CODE_OF = {action: {f"{PREFIX}{code:03}": code for code in codes} for action, codes in CODES.items()}
