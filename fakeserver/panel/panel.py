"""The panel: accounts by their API keys, and how a request passes through gate, fault rules and action."""

from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

from fakeserver.account.account import Account
from fakeserver.account.fault_rules import (
    OTP_ACTION,
    FaultRule,
    count,
    first_due,
    result_code_of,
)
from fakeserver.account.journal import (
    ENTRIES_MAX,
    REASON_MAX,
    REPLY_MAX,
    Entry,
    Journal,
    Unread,
    shortened,
    unread_parameters,
)
from fakeserver.actions import ACTIONS
from fakeserver.actions.answer import Answer, Json
from fakeserver.actions.checks import OPERATOR_DETAILS
from fakeserver.actions.effects import Accept, AddNumbers
from fakeserver.panel import gate
from fakeserver.settings.account_settings import Settings
from fakeserver.spec.codes import S10, ResultCode
from fakeserver.spec.parameters import PARAMETERS
from fakeserver.spec.units import AccountMs, RealMs
from fakeserver.wire.call import Call
from fakeserver.wire.reply import Reply, reply_to

_READ = {action: dict.fromkeys(("action", *names)) for action, names in PARAMETERS.items()}

# The result when no rule has decided: a fault answers in place of the panel, or a bug prevents an answer.
NO_RESULT = ResultCode("", 0, "")


class HandledCall(NamedTuple):
    """The result of a call: the answer, the account (None when the key belongs to none), the journal entry,
    the reply (None when the connection is broken off), and the fault rule that fired.

    Where a fault answers in place of the panel, the answer's rule is empty.
    """

    answer: Answer
    account: Account | None
    entry: Entry
    reply: Reply | None
    fault: FaultRule | None = None

    @property
    def delay_ms(self) -> int:
        """How long the fault holds the reply back."""
        return 0 if self.fault is None else self.fault.then.delay_ms


class TooManyAccounts(ValueError):
    """The panel already has the maximum number of accounts."""


class _Decision(NamedTuple):
    """An answer that was not carried out yet. `matched` holds the fault rules that the call matches."""

    answer: Answer
    action: str | None
    fault: FaultRule | None = None
    matched: tuple[FaultRule, ...] = ()


def _no_time() -> int:
    return 0


class SimulatedPanel:
    """Accounts that share nothing but this object.

    `real_ms` is the real time, which must not go back; the clock of an account derives its own time from it.
    Every account keeps `journal_max` journal entries, and so does the panel for requests whose key belongs to
    no account. There can be at most `max_accounts` accounts.
    """

    def __init__(
        self,
        accounts: Iterable[Settings],
        real_ms: RealMs,
        *,
        journal_max: int = ENTRIES_MAX,
        max_accounts: int = 1_000,
    ) -> None:
        self._initial = tuple(accounts)
        self._journal_max = journal_max
        self._max_accounts = max_accounts
        self.reset(real_ms)

    def reset(self, real_ms: RealMs) -> None:
        """Restore the initial state: the first accounts, ids, clocks, fault rules and journals."""
        self.accounts: dict[str, Account] = {}
        self.journal = Journal(self._journal_max)
        self._serial = 0
        for settings in self._initial:
            self._put(settings, real_ms)

    def add(self, settings: Settings, real_ms: RealMs) -> Account:
        """Create an account. Raises KeyError when another account has that key, and TooManyAccounts."""
        if settings.key in self.accounts:
            raise KeyError(settings.key)
        if len(self.accounts) >= self._max_accounts:
            there, most = len(self.accounts), self._max_accounts
            raise TooManyAccounts(f"there are {there} accounts; no more than {most} are allowed")
        return self._put(settings, real_ms)

    def free_key(self) -> str:
        """A key that no account has, for an account that is created without one."""
        number = self._serial + 1
        while f"account-{number}" in self.accounts:
            number += 1
        return f"account-{number}"

    def remove(self, key: str) -> None:
        """Remove an account. Raises KeyError when no account has that key."""
        del self.accounts[key]

    def reset_account(self, account: Account, real_ms: RealMs) -> Account:
        """Replace the account by a new one with the settings of its creation and its serial number."""
        fresh = Account(account.created_as, account.serial, real_ms, self._journal_max)
        self.accounts[account.settings.key] = fresh
        return fresh

    def _put(self, settings: Settings, real_ms: RealMs) -> Account:
        self._serial += 1
        account = Account(settings, self._serial, real_ms, self._journal_max)
        self.accounts[settings.key] = account
        return account

    def handle(self, call: Call, real_ms: RealMs, elapsed_us: Callable[[], int] = _no_time) -> HandledCall:
        """Answer a request to the service and carry it out. Every call has an answer; a caller's mistake
        never raises. `elapsed_us` returns the microseconds since the request arrived, for the journal.

        The reply is written before anything changes, so an exception leaves everything as it was.
        """
        account = gate.authenticate(call, self.accounts)
        if account is None:
            return self._handle_unknown_key(call, real_ms, elapsed_us)
        now_ms = account.clock.now_ms(real_ms)
        decision = _decide(account, call, now_ms)
        answer, fault = decision.answer, decision.fault
        reply = reply_to(answer, account.settings, fault)
        count(decision.matched, fault)
        account.book_refunds(now_ms)
        send_id = account.sends.next_id
        for effect in answer.effects:
            effect.apply(account, now_ms)
        entry = _entry(
            account.journal,
            call,
            answer,
            now_ms,
            reply,
            unread=unread_parameters(call.params, parameters_of(decision.action, account))
            if decision.action
            else (),
            fault_id=fault.id if fault else None,
            send_id=send_id if account.sends.next_id > send_id else None,
            duration_us=elapsed_us() + (fault.then.delay_ms * 1_000 if fault else 0),
        )
        account.journal.add(entry)
        return HandledCall(answer, account, entry, reply, fault)

    def _handle_unknown_key(self, call: Call, real_ms: RealMs, elapsed_us: Callable[[], int]) -> HandledCall:
        answer = gate.unknown_key(call, self.accounts)
        reply = reply_to(answer, None)
        entry = _entry(self.journal, call, answer, real_ms, reply, duration_us=elapsed_us())
        self.journal.add(entry)
        return HandledCall(answer, None, entry, reply)

    def record_bug(self, call: Call, bug: Exception, real_ms: RealMs) -> None:
        """Add a journal entry for a call that a bug of this program left without an answer."""
        account = self.accounts.get(call.key or "")
        journal, at_ms = self.journal, int(real_ms)
        if account is not None:
            journal, at_ms = account.journal, account.clock.now_ms(real_ms)
        message = f"{type(bug).__name__}: {bug}"[:REASON_MAX]
        answer = Answer(NO_RESULT, f"a bug in fakeserver, please report it: {message}")
        journal.add(_entry(journal, call, answer, at_ms, None, bug=message))


def explain(account: Account, call: Call, real_ms: RealMs) -> Answer:
    """The answer that `call` would get. Nothing changes, and no fault rule counts the call."""
    return _decide(account, call, account.clock.now_ms(real_ms)).answer


def known_action(name: str, account: Account) -> str | None:
    """The protocol's name of the action that the account calls `name` (O); None for an unknown one."""
    if name == account.settings.otp_names.action:
        return OTP_ACTION
    return name if name in ACTIONS and name != OTP_ACTION else None


def parameters_of(action: str, account: Account) -> Collection[str]:
    """The parameters that the action reads in this account, `action` among them."""
    if action == OTP_ACTION:
        names = account.settings.otp_names
        return ("action", names.app, names.code, "receivers", "type")
    return _READ[action]


def _decide(account: Account, call: Call, now_ms: AccountMs) -> _Decision:
    """The answer to a call, and the fault rules that match it. Changes nothing."""
    name = call.params.text("action")
    action = known_action(name, account)
    decision = _decide_action(account, call, action, now_ms)
    if call.params.repeated:
        return decision._replace(answer=decision.answer.because(_what_counts(call.params.repeated)))
    return decision


def _decide_action(account: Account, call: Call, action: str | None, now_ms: AccountMs) -> _Decision:
    if refusal := gate.refusal(call, account):
        return _Decision(refusal, action)
    if action is None:
        return _Decision(gate.unknown_action(call.params.text("action"), account), None)
    if not account.faults.rules:
        return _Decision(ACTIONS[action](account, call.params, now_ms), action)
    sender = account.settings.line_number(call.params.text("from"))
    matched = tuple(account.faults.matching(action, call.params, sender))
    fault = first_due(matched)
    if fault is None:
        answer = ACTIONS[action](account, call.params, now_ms)
    elif fault.then.prevents:
        answer = _prevented(fault, action)
    else:
        answer = _disturbed(ACTIONS[action](account, call.params, now_ms), fault)
    return _Decision(answer, action, fault, matched)


def _what_counts(repeated: tuple[str, ...]) -> str:
    """What a reason says about parameters that were given more than once (W10)."""
    names = ", ".join([f"`{name[:40]}`" for name in repeated[:3]])
    return f"given more than once, so the last value counts (W10): {names}"


def _prevented(fault: FaultRule, action: str) -> Answer:
    """The answer of a fault in place of the action's own."""
    code = fault.then.result
    if code is None:
        return Answer(NO_RESULT, f"fault {fault.id} answers in place of the panel; nothing happened")
    result = result_code_of(action, code)
    description = fault.then.description or (OPERATOR_DETAILS if result is S10 else None)
    fields: dict[str, Json] = {} if description is None else {"description": description}
    return Answer(result, f"fault {fault.id} asks for {code} ({result.rule}: {result.stated})", fields)


def _disturbed(answer: Answer, fault: FaultRule) -> Answer:
    """The answer as a fault changes it: receivers' outcomes, the phonebook's code, the reason."""
    then = fault.then
    if then.outcome is not None:
        effects = tuple(
            effect._replace(forced=then.outcome, forced_for=fault.to or None)
            if isinstance(effect, Accept)
            else effect
            for effect in answer.effects
        )
        answer = answer._replace(effects=effects)
    if then.phone_book is not None and "phoneBook" in answer.fields:
        others = tuple(effect for effect in answer.effects if not isinstance(effect, AddNumbers))
        answer = answer._replace(fields={**answer.fields, "phoneBook": then.phone_book}, effects=others)
    done = ", ".join(f"{name} {value}" for name, value in fault.document["then"].items())
    return answer.because(f"fault {fault.id} fires: {done}")


def _entry(
    journal: Journal,
    call: Call,
    answer: Answer,
    at_ms: int,
    reply: Reply | None,
    *,
    unread: tuple[Unread, ...] = (),
    fault_id: int | None = None,
    send_id: int | None = None,
    duration_us: int = 0,
    bug: str | None = None,
) -> Entry:
    """The journal entry of a call."""
    kept = shortened(call.params)
    truncated: tuple[str, ...] = () if kept == call.params else ("params",)
    http, body = (reply.status, reply.body[:REPLY_MAX]) if reply is not None else (None, None)
    if reply is not None and len(reply.body) > REPLY_MAX:
        truncated += ("reply",)
    return Entry(
        journal.next_id,
        at_ms,
        call.method,
        call.content_type,
        call.params.text("action")[:REASON_MAX],
        dict(kept),
        unread,
        answer.rule,
        answer.reason[:REASON_MAX],
        str(answer.code) if answer.rule else "",
        fault_id,
        send_id,
        http if bug is None else 500,
        body,
        duration_us,
        bug,
        truncated,
    )
