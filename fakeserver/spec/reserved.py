"""Reserved receivers: numbers that decide what happens to a message (Z).

They are 9120000000 to 9120000999; the last three digits decide. `OUTCOMES` maps these digits to the outcome
of the receiver (Z1 to Z9). `CODES` holds, for each action, the error codes that the digits can give to the
whole request (Z10).
"""

from typing import NamedTuple

from fakeserver.spec.codes import RESULT_CODES
from fakeserver.spec.outcomes import Outcome, ScriptedOutcome

PREFIX = "9120000"


class Reserved(NamedTuple):
    """A reserved receiver: its rule, and the outcome that it always has."""

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

# Every error code of a sending action that three digits can express.
CODES: dict[str, tuple[int, ...]] = {
    action: tuple(sorted(result.code for result in RESULT_CODES[action] if result.code >= 100))
    for action in ("send", "sendServices", "sendOTP")
}

OUTCOME_OF = {f"{PREFIX}{digits:03}": row.fate for digits, row in OUTCOMES.items()}
CODE_OF = {action: {f"{PREFIX}{code:03}": code for code in codes} for action, codes in CODES.items()}
