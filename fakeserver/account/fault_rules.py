"""Fault rules: failures on demand. They belong to an account, apply after the gate, and never depend on
chance.

A rule is skipped for the first `after` matching requests and fires for the next `times` (0: until it is
removed). Every matching rule counts the request; if several are due, the oldest one fires. A rule counts
as fired once it matches a request, even if it changes nothing there, such as the outcome of a refused send.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from fakeserver.notation.params import Params
from fakeserver.notation.phone_numbers import mobile_number, parse_receivers
from fakeserver.settings.defaults import Document
from fakeserver.spec.codes import A7, GATE, PHONE_BOOK, RESULT_CODES, ResultCode
from fakeserver.spec.outcomes import Outcome
from fakeserver.spec.parameters import PARAMETERS

OTP_ACTION = "sendOTP"
SENDING = ("send", "sendServices", OTP_ACTION)
KINDS = ("result", "phoneBook", "http", "disconnect", "body", "outcome")
RULES_MAX = 1_000  # for each account

# The parameter that a member of `when` is compared with.
CONDITIONS = {"to": "receivers", "from": "from", "text": "text"}


class ImpossibleFault(ValueError):
    """The rule could never fire, or contradicts itself. `member` is the member of the rule's document at
    fault.
    """

    def __init__(self, member: str, reason: str) -> None:
        self.member, self.reason = member, reason
        super().__init__(f"{member}: {reason}")


class FaultEffect(NamedTuple):
    """What a rule does when it fires: one of these effects, a delay of `delay_ms`, or both."""

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
    """One rule. An empty condition matches every request. `seen` counts the requests that matched, `fired`
    those for which the rule fired.
    """

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
        """Whether the next matching request makes it fire, unless an older rule does."""
        return self.after <= self.seen and (self.times == 0 or self.seen < self.after + self.times)


@dataclass(slots=True)
class FaultRules:
    """An account's rules, oldest first."""

    rules: dict[int, FaultRule] = field(default_factory=dict)
    _last_id: int = 0

    def add(self, document: Document, line_number: Callable[[str], str]) -> FaultRule:
        """Add the rule that a document of the right shape describes. Raises ImpossibleFault.

        `line_number` returns the account's spelling of a sender line.
        """
        when, then = document.get("when", {}), _effect(document["then"])
        rule = FaultRule(
            self._last_id + 1,
            document,
            _actions(when, then),
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

    def matching(self, action: str, params: Params, sender: str) -> list[FaultRule]:
        """The rules that the request matches, oldest first; `sender` is its sender line in the account's
        spelling.
        """
        rules, text = self.rules.values(), params.text("text")
        asked = any(rule.to for rule in rules)
        numbers = frozenset(parse_receivers(params.text("receivers")).numbers if asked else ())
        return [rule for rule in rules if rule.matches(action, text, sender, numbers)]


def first_due(matching: Iterable[FaultRule]) -> FaultRule | None:
    """The rule that a request makes fire, of those that it matches."""
    return next((rule for rule in matching if rule.is_due), None)


def count(matching: Iterable[FaultRule], fired: FaultRule | None) -> None:
    """Count a request in the rules that it matched, and in the one that it made fire."""
    for rule in matching:
        rule.seen += 1
    if fired is not None:
        fired.fired += 1


def result_codes_of(action: str) -> tuple[ResultCode, ...]:
    """Every result code of the action: its own, and the gate's. The guide lists 100 for two actions only."""
    gate = GATE if action in ("send", OTP_ACTION) else tuple(result for result in GATE if result is not A7)
    return (*RESULT_CODES[action], *gate)


def result_code_of(action: str, code: int) -> ResultCode:
    """The action's result code with the number `code`. Raises ValueError when the action has none."""
    for result in result_codes_of(action):
        if result.code == code:
            return result
    raise ValueError(f"{action} has no result code {code}")


def _effect(document: Document) -> FaultEffect:
    kinds = [kind for kind in KINDS if kind in document]
    if len(kinds) > 1:
        raise ImpossibleFault("then", f"has {' and '.join(kinds)}; it should have one of them")
    if not kinds and "delaySeconds" not in document:
        raise ImpossibleFault("then", f"is empty; it should have one of {', '.join(KINDS)}, or delaySeconds")
    for member, other in (("description", "result"), ("httpBody", "http")):
        if member in document and other not in document:
            raise ImpossibleFault(f"then.{member}", f"is allowed only beside {other}")
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


def _actions(when: Document, then: FaultEffect) -> frozenset[str]:
    """The actions that the rule can fire for. Raises ImpossibleFault when there is none, or when `then` is
    impossible for one that is named.
    """
    named = _list(when.get("action"))
    possible = []
    for action in named or RESULT_CODES:
        try:
            _check_condition(action, when)
        except ImpossibleFault:
            continue
        try:
            _check_effect(action, then)
        except ImpossibleFault:
            if named:
                raise
        else:
            possible.append(action)
    if not possible:  # name the reason for the likeliest action
        likeliest = next(iter(named), "send")
        _check_condition(likeliest, when)
        _check_effect(likeliest, then)
    return frozenset(possible)


def _check_condition(action: str, when: Document) -> None:
    for member, parameter in CONDITIONS.items():
        if member in when and parameter not in PARAMETERS[action]:
            raise ImpossibleFault(f"when.{member}", f"{action} has no parameter `{parameter}`")


def _check_effect(action: str, then: FaultEffect) -> None:
    errors = {result.code for result in result_codes_of(action)} - {1}
    if then.result is not None and then.result not in errors:
        raise ImpossibleFault(
            "then.result", f"{action} has no error code {then.result}; it has {_listed(errors)}"
        )
    if then.phone_book is not None:
        _check_phone_book(action, then.phone_book)
    if then.outcome is not None and action not in SENDING:
        raise ImpossibleFault("then.outcome", f"{action} sends nothing; {', '.join(SENDING)} do")


def _check_phone_book(action: str, code: int) -> None:
    errors = {result.code for result in PHONE_BOOK} - {1}
    if action != "send":
        raise ImpossibleFault("then.phoneBook", f"{action} has no phonebook operation; only send has one")
    if code not in errors:
        raise ImpossibleFault(
            "then.phoneBook", f"the phonebook operation has no error code {code}; it has {_listed(errors)}"
        )


def _listed(codes: Iterable[int]) -> str:
    return ", ".join(map(str, sorted(codes)))


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
