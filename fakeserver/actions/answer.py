"""An answer of the panel: the code, the rule that decided, a reason that a person understands, and what
happens if it is carried out.

Deciding changes nothing; only the effects do, applied afterwards. So a request can be explained without
being made, and a fault can put itself between the two. A refusal is an answer like any other, without
effects. What is not an answer, a bug of ours or a misuse of the control plane, never takes this form.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias

from fakeserver.spec.codes import ResultCode

if TYPE_CHECKING:
    from fakeserver.account.account import Account

Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json] | ColumnTable | None"


@dataclass(slots=True)
class ColumnTable:
    """A list of objects with the same keys, column by column: a report may have tens of thousands."""

    columns: dict[str, Sequence[str | int]]

    def objects(self) -> "list[dict[str, Json]]":
        rows = zip(*self.columns.values(), strict=True)
        return [dict(zip(self.columns, row, strict=True)) for row in rows]


class Effect(Protocol):
    """Something that an answer does to the account, at the account's time."""

    def apply(self, account: "Account", now_ms: int) -> None: ...


@dataclass(slots=True)
class Answer:
    """`fields` are the reply's other keys in their native types: the encoder decides how a number is
    written (W3). `code` is the row's own but for switch `unknown_action`; `bare` is that switch's text
    in place of JSON.
    """

    row: ResultCode
    reason: str
    fields: dict[str, Json] = field(default_factory=dict)
    effects: tuple[Effect, ...] = ()
    code: int = 0
    bare: bool = False

    @property
    def rule(self) -> str:
        return self.row.rule


def answer(
    row: ResultCode, reason: str, fields: dict[str, Json] | None = None, effects: tuple[Effect, ...] = ()
) -> Answer:
    return Answer(row, reason, fields or {}, effects, row.code)
