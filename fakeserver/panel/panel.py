"""The panel: its accounts by their API keys, and the way of a request through gate, faults and action."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import NamedTuple

from fakeserver.account.account import Account
from fakeserver.account.fault_rules import OTP_ACTION, FaultRule, result_code_of
from fakeserver.account.journal import (
    KEPT,
    KEPT_REASON,
    Entry,
    Journal,
    shortened,
    unread,
)
from fakeserver.actions import ACTIONS
from fakeserver.actions.answer import Answer, answer
from fakeserver.actions.checks import OPERATOR_DETAILS
from fakeserver.actions.effects import Accept, AddNumbers
from fakeserver.panel import gate
from fakeserver.settings.account_settings import Settings
from fakeserver.spec.codes import S10, ResultCode
from fakeserver.spec.parameters import PARAMETERS
from fakeserver.wire.call import Call

_READ = {action: dict.fromkeys(("action", *names)) for action, names in PARAMETERS.items()}


class HandledCall(NamedTuple):
    """What became of a call: the answer, the account that it was made to (None when its key opens none),
    its entry in the journal, and the fault that it made fire.

    Where a fault answers in place of the panel, the caller never sees the answer, and its rule is empty.
    """

    answer: Answer
    account: Account | None
    entry: Entry
    fault: FaultRule | None = None


class TooManyAccounts(ValueError):
    """The panel has as many accounts as it may have."""


class SimulatedPanel:
    """Accounts that share nothing but this object.

    `real_ms`, here and everywhere, is the real time in milliseconds since 1970, which must not go back;
    an account's own clock makes its time of it. `journal_max` entries are kept for each account, and
    apart from them for requests whose key opens none.
    """

    def __init__(
        self,
        accounts: Iterable[Settings],
        real_ms: int,
        *,
        journal_max: int = KEPT,
        max_accounts: int = 1_000,
    ) -> None:
        self._initial = tuple(accounts)
        self._journal_max = journal_max
        self._max_accounts = max_accounts
        self.reset(real_ms)

    def reset(self, real_ms: int) -> None:
        """Everything back to the start: the accounts of the beginning, ids, clocks, faults, journals."""
        self.accounts: dict[str, Account] = {}
        self.journal = Journal(self._journal_max)
        self._serial = 0
        for settings in self._initial:
            self._put(settings, real_ms)

    def add(self, settings: Settings, real_ms: int) -> Account:
        """A new account. Raises KeyError when one has that key, TooManyAccounts."""
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

    def _put(self, settings: Settings, real_ms: int) -> Account:
        self._serial += 1
        account = Account(settings, self._serial, real_ms, self._journal_max)
        self.accounts[settings.key] = account
        return account

    def remove(self, key: str) -> None:
        del self.accounts[key]

    def reset_account(self, account: Account, real_ms: int) -> Account:
        """The account back to how it was created, with its serial number; the old object is nobody's."""
        fresh = Account(account.created_as, account.serial, real_ms, self._journal_max)
        self.accounts[account.settings.key] = fresh
        return fresh

    def handle(self, call: Call, real_ms: int) -> HandledCall:
        """Answer one request to the service and carry it out. Every call has an answer; this never raises
        for a caller's mistake.
        """
        account = gate.authenticate(call, self.accounts)
        if account is None:
            refused = gate.no_account(call, self.accounts)
            return HandledCall(refused, None, _record(self.journal, call, refused, real_ms))
        now_ms = account.clock.now_ms(real_ms)
        account.settle(now_ms)
        action = known_action(call.params.text("action"), account)
        fault, decided = _decide(account, call, action, now_ms, use_up=True)
        if call.params.repeated:
            decided.reason += _what_counts(call.params.repeated)
        send_id = account.outbox.next_id()
        for effect in decided.effects:
            effect.apply(account, now_ms)
        sent = send_id if account.outbox.next_id() > send_id else None
        known = parameters_of(action, account) if action else None
        entry = _record(account.journal, call, decided, now_ms, known, fault, sent)
        return HandledCall(decided, account, entry, fault)

    def record_bug(self, call: Call, bug: Exception, real_ms: int) -> None:
        """Put a call into the journal that this program itself could not answer: no rule has decided."""
        account = self.accounts.get(call.key or "")
        journal, at_ms = self.journal, real_ms
        if account is not None:
            journal, at_ms = account.journal, account.clock.now_ms(real_ms)
        told = f"{type(bug).__name__}: {bug}"[:KEPT_REASON]
        decided = answer(ResultCode("", 0, ""), f"a bug in fakeserver, please report it: {told}")
        entry = _record(journal, call, decided, at_ms)
        entry.bug, entry.http = told, 500


def explain(account: Account, call: Call, real_ms: int) -> Answer:
    """The answer that `call` would get; nothing is carried out, and no fault is used up.

    Only the refunds that are due are booked, as any look at the account does.
    """
    now_ms = account.clock.now_ms(real_ms)
    account.settle(now_ms)
    action = known_action(call.params.text("action"), account)
    return _decide(account, call, action, now_ms, use_up=False)[1]


def known_action(name: str, account: Account) -> str | None:
    """The action's own name, for one that the account may call otherwise; None when there is none (O)."""
    if name == account.settings.otp_names.action:
        return OTP_ACTION
    return name if name in ACTIONS and name != OTP_ACTION else None


def parameters_of(action: str, account: Account) -> Collection[str]:
    """The parameters that the action reads in this account, `action` among them."""
    if action == OTP_ACTION:
        names = account.settings.otp_names
        return ("action", names.app, names.code, "receivers", "type")
    return _READ[action]


def _what_counts(repeated: tuple[str, ...]) -> str:
    """What a reason says of parameters that were given more than once (W10)."""
    names = ", ".join([f"`{name[:40]}`" for name in repeated[:3]])
    return f"; given more than once, where the last counts (W10): {names}"


def _decide(
    account: Account, call: Call, action: str | None, now_ms: int, *, use_up: bool
) -> tuple[FaultRule | None, Answer]:
    """The answer to a call, and the fault that had a hand in it."""
    if refusal := gate.refusal(call, account):
        return None, refusal
    if action is None:
        return None, gate.unknown_action(call.params.text("action"), account)
    fault = None
    if account.faults.rules:
        sender = account.line_number(call.params.text("from"))
        look = account.faults.take if use_up else account.faults.due
        fault = look(action, call.params, sender)
    if fault is not None and fault.then.prevents:
        return fault, _prevented(fault, action)
    decided = ACTIONS[action](account, call.params, now_ms)
    if fault is not None:
        _disturb(decided, fault)
        done = ", ".join(f"{name} {value}" for name, value in fault.document["then"].items())
        decided.reason += f"; fault {fault.id} fires: {done}"
    return fault, decided


def _prevented(fault: FaultRule, action: str) -> Answer:
    """The answer in place of the action's own."""
    result = fault.then.result
    if result is None:
        return answer(
            ResultCode("", 0, ""), f"fault {fault.id} answers in place of the panel; nothing happened"
        )
    row = result_code_of(action, result)
    description = fault.then.description or (OPERATOR_DETAILS if row is S10 else None)
    fields = {} if description is None else {"description": description}
    return answer(row, f"fault {fault.id} asks for {result} ({row.rule}: {row.stated})", {**fields})


def _disturb(decided: Answer, fault: FaultRule) -> None:
    """What a fault changes in an answer that is carried out: receivers' outcomes, the phonebook's code."""
    then = fault.then
    if then.outcome is not None:
        decided.effects = tuple(
            replace(effect, forced=then.outcome, forced_for=fault.to or None)
            if isinstance(effect, Accept)
            else effect
            for effect in decided.effects
        )
    if then.phone_book is not None and "phoneBook" in decided.fields:
        decided.fields["phoneBook"] = then.phone_book
        decided.effects = tuple(e for e in decided.effects if not isinstance(e, AddNumbers))


def _record(
    journal: Journal,
    call: Call,
    decided: Answer,
    at_ms: int,
    known: Collection[str] | None = None,
    fault: FaultRule | None = None,
    send_id: int | None = None,
) -> Entry:
    """`known`: the parameters that the call's action reads, where it has one."""
    kept = shortened(call.params)
    entry = Entry(
        journal.next_id(),
        at_ms,
        call.method,
        call.content_type,
        call.params.text("action")[:KEPT_REASON],
        kept,
        () if known is None else unread(call.params, known),
        decided.rule,
        decided.reason[:KEPT_REASON],
        str(decided.code) if decided.rule else "",
        fault.id if fault else None,
        send_id,
        truncated=() if kept == call.params else ("params",),
    )
    journal.add(entry)
    return entry
