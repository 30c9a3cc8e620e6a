"""Reasons compared with patterns, in which `…` stands for any text."""

import re
from collections.abc import Iterable

ADVICE = (
    "Users read these sentences in the journal, in `explain` and in failing tests. "
    "If the new wording still says what the pattern says, change the pattern in the table of this test."
)


def assert_reasons(rows: Iterable[tuple[object, str | None, str]]) -> None:
    """Compare each reason with its pattern; a row is what the reason is for, the reason, and the pattern."""
    wrong = [
        f"{what}\n    says:   {reason}\n    should: {pattern}"
        for what, reason, pattern in rows
        if reason is None or not re.fullmatch(".*".join(map(re.escape, pattern.split("…"))), reason)
    ]
    assert not wrong, "\n".join([f"{len(wrong)} reasons have changed.", *wrong, ADVICE])
