"""An answer of the panel: the code, the rule that decided, and a reason that a person understands.

A refusal is an answer like any other. What is not an answer, a bug of ours or a misuse of the
control plane, never takes this form.
"""

from dataclasses import dataclass, field
from typing import TypeAlias

from fakeserver.spec.codes import Row

Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json] | None"


@dataclass(slots=True)
class Answer:
    """`fields` are the reply's other keys in their native types: the encoder decides how a number is
    written (W3). `code` is the row's own but for switch `unknown_action`; `bare` is that switch's text
    in place of JSON.
    """

    row: Row
    reason: str
    fields: dict[str, Json] = field(default_factory=dict)
    code: int = 0
    bare: bool = False

    @property
    def rule(self) -> str:
        return self.row.rule


def answer(row: Row, reason: str, fields: dict[str, Json] | None = None) -> Answer:
    return Answer(row, reason, fields or {}, row.code)
