"""An answer of the panel: the result code, a reason for people to read, and its effects on the account.

Deciding an answer changes nothing; the effects are applied afterwards. A request can therefore be explained
without being carried out, and a fault rule can change the answer first. A refusal is an answer like any
other, without effects. Bugs of this program and misuse of the control plane are never answers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeAlias

from fakeserver.account.account import Account
from fakeserver.spec.codes import ResultCode
from fakeserver.spec.units import AccountMs

Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json] | ColumnTable | None"

NO_FIELDS: Mapping[str, Json] = {}


@dataclass(frozen=True, slots=True)
class ColumnTable:
    """A list of objects with the same keys, stored by column: a report may have tens of thousands of rows."""

    columns: Mapping[str, Sequence[str | int]]

    def objects(self) -> "list[dict[str, Json]]":
        rows = zip(*self.columns.values(), strict=True)
        return [dict(zip(self.columns, row, strict=True)) for row in rows]


class Effect(Protocol):
    """A change that an answer makes to the account, at the account's time."""

    def apply(self, account: Account, now_ms: AccountMs) -> None: ...


class Answer(NamedTuple):
    """`fields` are the other members of the reply, in their native types: the encoder decides how a number is
    written (W3). `bare` says that the reply is the bare code in place of JSON (A7).
    """

    result: ResultCode
    reason: str
    fields: Mapping[str, Json] = NO_FIELDS
    effects: tuple[Effect, ...] = ()
    bare: bool = False

    @property
    def rule(self) -> str:
        return self.result.rule

    @property
    def code(self) -> int:
        return self.result.code

    def and_then(self, fields: Mapping[str, Json], *effects: Effect) -> "Answer":
        """This answer with further fields and effects."""
        return self._replace(fields={**self.fields, **fields}, effects=(*self.effects, *effects))

    def because(self, more: str) -> "Answer":
        """This answer with `more` appended to its reason."""
        return self._replace(reason=f"{self.reason}; {more}")
