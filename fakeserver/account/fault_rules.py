"""FaultRules: what goes wrong on purpose. Rules of an account, looked at after the gate; never by chance.

A rule is skipped for the first `after` requests that match it and fires for the next `times` (0: until it
is removed). Every rule that matches counts the request; of those that are due the oldest fires. It has
fired then, also where the request gives it nothing to change: an outcome for a send that is refused.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from fakeserver.notation.params import Params
from fakeserver.notation.phone_numbers import mobile_number, parse_receivers
from fakeserver.settings.account_settings import Document
from fakeserver.spec.codes import (
    A7,
    ACTIONS,
    GATE,
    PHONE_BOOK,
    ResultCode,
)
from fakeserver.spec.outcomes import Outcome
from fakeserver.spec.parameters import PARAMETERS

OTP_ACTION = "sendOTP"
SENDING = ("send", "sendServices", OTP_ACTION)
KINDS = ("result", "phoneBook", "http", "disconnect", "body", "outcome")
KEPT = 1_000

# Which member of `when` looks at which parameter.
CONDITIONS = {"to": "receivers", "from": "from", "text": "text"}


class ImpossibleFault(ValueError):
    """The rule could never fire, or says two things at once; names the member and the reason."""

    def __init__(self, member: str, reason: str) -> None:
        self.member, self.reason = member, reason
        super().__init__(f"{member}: {reason}")


class FaultEffect(NamedTuple):
    """What a rule does when it fires. `delay_ms` stands alone or beside one of the others."""

    result: int | None = None
    description: str | None = None
    phone_book: int | None = None
    http: int | None = None
    http_body: str | None = None
    disconnect: str | None = None
    body: str | None = None
    outcome: Outcome | None = None
    delay_ms: int = 0

    @property
    def prevents(self) -> bool:
        """Whether the request is not carried out at all."""
        return self.result is not None or self.http is not None or self.disconnect == "before"


@dataclass(slots=True)
class FaultRule:
    """One rule. An empty `when` member matches everything; `seen` counts the requests that matched."""

    id: int
    document: Document
    actions: frozenset[str]
    to: frozenset[str]
    senders: frozenset[str]
    texts: frozenset[str]
    after: int
    times: int
    then: FaultEffect
    seen: int = 0
    fired: int = 0

    def matches(self, action: str, text: str, sender: str, numbers: frozenset[str]) -> bool:
        return (
            action in self.actions
            and (not self.senders or sender in self.senders)
            and (not self.texts or text in self.texts)
            and (not self.to or not self.to.isdisjoint(numbers))
        )

    @property
    def is_due(self) -> bool:
        """Whether the next request that matches makes it fire, unless an older one does."""
        return self.after <= self.seen and (self.times == 0 or self.seen < self.after + self.times)


@dataclass(slots=True)
class FaultRules:
    """An account's rules, oldest first."""

    rules: dict[int, FaultRule] = field(default_factory=dict)
    _last_id: int = 0

    def add(self, document: Document, line_number: Callable[[str], str]) -> FaultRule:
        """Set a rule from a document of the right shape. Raises ImpossibleFault.

        `line_number` is the account's own writing of a sender line.
        """
        when, then = document.get("when", {}), _then(document["then"])
        rule = FaultRule(
            self._last_id + 1,
            document,
            _actions(when, document["then"], then),
            frozenset(_numbers(when)),
            frozenset(line_number(sender) for sender in _list(when.get("from"))),
            frozenset(_list(when.get("text"))),
            int(document.get("after", 0)),
            int(document.get("times", 1)),
            then,
        )
        self._last_id = rule.id
        self.rules[rule.id] = rule
        return rule

    def due(self, action: str, params: Params, sender: str) -> FaultRule | None:
        """The rule that this request would make fire; nothing is counted."""
        return next((rule for rule in self._matching(action, params, sender) if rule.is_due), None)

    def take(self, action: str, params: Params, sender: str) -> FaultRule | None:
        """The rule that this request makes fire; every rule that matches counts it."""
        fired = None
        for rule in list(self._matching(action, params, sender)):
            if fired is None and rule.is_due:
                fired = rule
                rule.fired += 1
            rule.seen += 1
        return fired

    def _matching(self, action: str, params: Params, sender: str) -> Iterator[FaultRule]:
        rules, text = self.rules.values(), params.text("text")
        asked = any(rule.to for rule in rules)
        numbers = frozenset(parse_receivers(params.text("receivers")).numbers if asked else ())
        return (rule for rule in rules if rule.matches(action, text, sender, numbers))


def result_codes_of(action: str) -> tuple[ResultCode, ...]:
    """Every row that may answer the action: its own, and the gate's. The guide lists 100 for two alone."""
    gate = GATE if action in ("send", OTP_ACTION) else tuple(row for row in GATE if row is not A7)
    return (*ACTIONS[action], *gate)


def result_code_of(action: str, code: int) -> ResultCode:
    """The row of an error code of the action."""
    return next(row for row in result_codes_of(action) if row.code == code)


def _then(document: Document) -> FaultEffect:
    kinds = [kind for kind in KINDS if kind in document]
    if len(kinds) > 1:
        raise ImpossibleFault("then", f"says {' and '.join(kinds)} at once; one of them, please")
    if not kinds and "delaySeconds" not in document:
        raise ImpossibleFault(
            "then", f"says nothing; it should have one of {', '.join(KINDS)}, or delaySeconds"
        )
    for member, other in (("description", "result"), ("httpBody", "http")):
        if member in document and other not in document:
            raise ImpossibleFault(f"then.{member}", f"means something only beside {other}")
    outcome = document.get("outcome")
    return FaultEffect(
        result=_code(document.get("result")),
        description=document.get("description"),
        phone_book=_code(document.get("phoneBook")),
        http=document.get("http"),
        http_body=document.get("httpBody"),
        disconnect=document.get("disconnect"),
        body=document.get("body"),
        outcome=None if outcome is None else Outcome(outcome),
        delay_ms=round(document.get("delaySeconds", 0) * 1000),
    )


def _actions(when: Document, said: Document, then: FaultEffect) -> frozenset[str]:
    """The actions that the rule can fire for. Raises ImpossibleFault when there is none, or when `then` is
    impossible for one that is named.
    """
    named = _list(when.get("action"))
    possible = []
    for action in named or ACTIONS:
        try:
            _check_condition(action, when)
        except ImpossibleFault:
            continue
        try:
            _check_effect(action, said, then)
        except ImpossibleFault:
            if named:
                raise
        else:
            possible.append(action)
    if not possible:
        # No action at all: say why the likeliest one cannot.
        likeliest = next(iter(named), "send")
        _check_condition(likeliest, when)
        _check_effect(likeliest, said, then)
    return frozenset(possible)


def _check_condition(action: str, when: Document) -> None:
    for member, parameter in CONDITIONS.items():
        if member in when and parameter not in PARAMETERS[action]:
            raise ImpossibleFault(f"when.{member}", f"{action} has no parameter `{parameter}`")


def _check_effect(action: str, said: Document, then: FaultEffect) -> None:
    errors = {row.code for row in result_codes_of(action)} - {1}
    if then.result is not None and then.result not in errors:
        listed = ", ".join(map(str, sorted(errors)))
        raise ImpossibleFault("then.result", f"{action} has no error code {said['result']}; it has {listed}")
    if then.phone_book is not None and action != "send":
        raise ImpossibleFault("then.phoneBook", f"{action} has no phonebook operation; send has")
    if then.phone_book is not None and then.phone_book not in {row.code for row in PHONE_BOOK} - {1}:
        raise ImpossibleFault("then.phoneBook", f"no error code of the phonebook is {said['phoneBook']}")
    if then.outcome is not None and action not in SENDING:
        raise ImpossibleFault("then.outcome", f"{action} sends nothing; {', '.join(SENDING)} do")


def _numbers(when: Document) -> Iterator[str]:
    for written in _list(when.get("to")):
        number = mobile_number(written.strip())
        if number is None:
            raise ImpossibleFault("when.to", f"{written!r} is not a mobile number")
        yield number


def _code(value: str | int | None) -> int | None:
    return None if value is None else int(value)


def _list(value: str | list[str] | None) -> list[str]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else list(value)
