"""The JSON documents in which the control plane shows an account and its parts. Statuses are integers, times
are ISO 8601 in UTC. Pure functions.
"""

import json
from typing import Any, TypeAlias

from fakeserver.account.account import Account
from fakeserver.account.changes import Change
from fakeserver.account.delivery import Delivery, Step
from fakeserver.account.fault_rules import FaultRule
from fakeserver.account.inbound import InboundMessage
from fakeserver.account.journal import Entry
from fakeserver.account.sends import Send
from fakeserver.notation.instants import to_datetime
from fakeserver.spec.lifecycle import HANDED, REFUNDED, StatusPair
from fakeserver.spec.units import AccountMs

View: TypeAlias = dict[str, Any]


def time(at_ms: int) -> str:
    """ISO 8601 in UTC, with milliseconds where there are any: `2024-11-01T00:00:00Z`."""
    precision = "milliseconds" if at_ms % 1000 else "seconds"
    return to_datetime(at_ms).replace(tzinfo=None).isoformat(timespec=precision) + "Z"


def account(account: Account, now_ms: AccountMs) -> View:
    """All settings; those that change in use (credit, blacklist, phonebooks, clock) as they are now."""
    return {
        "key": account.settings.key,
        **account.settings.document,
        "credit": account.credit(now_ms),
        "blacklist": sorted(account.blacklist),
        "phonebooks": phonebooks(account),
        "clock": "frozen" if account.clock.frozen else "real",
    }


def phonebooks(account: Account) -> list[View]:
    return [
        {
            "id": number,
            "name": phonebook.name,
            "contacts": [
                {"number": contact, "fields": dict(fields)} for contact, fields in phonebook.contacts.items()
            ],
        }
        for number, phonebook in account.phonebooks.items()
    ]


def message(send: Send, now_ms: int) -> View:
    sent = send.message
    return {
        "sendID": send.id,
        "action": sent.action,
        "from": sent.sender,
        "text": sent.text,
        "parts": sent.size.parts,
        "alphabet": sent.size.alphabet,
        "cost": sent.total,
        "acceptedAt": time(send.accepted_ms),
        "receivers": [
            _receiver(number, delivery, sent.cost, now_ms) for number, delivery in send.deliveries.items()
        ],
        "codes": sent.codes,
    }


def _receiver(number: str, delivery: Delivery, cost: int, now_ms: int) -> View:
    history = [step for step in delivery.steps() if step.at_ms <= now_ms]
    return {
        "number": number,
        **pair(history[-1].pair),
        "attempts": sum(step.pair == HANDED for step in history),
        "cost": cost,
        "refunded": history[-1].pair in REFUNDED,
        "history": [_step(step) for step in history],
    }


def pair(pair: StatusPair) -> View:
    return {"processingStatus": int(pair.processing), "sendStatus": int(pair.send)}


def _step(step: Step) -> View:
    return {"at": time(step.at_ms), **pair(step.pair)}


def changes(changes: list[Change]) -> list[View]:
    """One document for each receiver that has reached another status pair."""
    return [
        {"at": time(change.at_ms), "sendID": change.send_id, "number": number, **pair(change.pair)}
        for change in changes
        for number in change.numbers
    ]


def received(message: InboundMessage) -> View:
    return {
        "id": message.id,
        "from": message.number,
        "to": message.to,
        "text": message.text,
        "at": time(message.at_ms),
    }


def clock(account: Account, now_ms: int) -> View:
    return {"now": time(now_ms), "frozen": account.clock.frozen, "speed": account.clock.speed}


def fault(rule: FaultRule) -> View:
    document = {"when": {}, "after": 0, "times": 1, **rule.document}
    return {"id": rule.id, **document, "seen": rule.seen, "fired": rule.fired}


def entry(entry: Entry) -> View:
    view: View = {
        "id": entry.id,
        "at": time(entry.at_ms),
        "method": entry.method,
        "contentType": entry.content_type,
        "action": entry.action,
        "params": entry.params,
        "unread": [_unread(*unread) for unread in entry.unread],
        "http": entry.http,
        "reply": _reply(entry),
        "rule": entry.rule,
        "result": entry.result or None,
        "reason": entry.reason,
        "durationMs": entry.duration_us / 1000,
    }
    if entry.truncated:
        view["truncated"] = list(entry.truncated)
    if entry.fault_id is not None:
        view["fault"] = entry.fault_id
    if entry.bug is not None:
        view["bug"] = entry.bug
    if entry.send_id is not None:
        view["sendID"] = entry.send_id
    return view


def _unread(name: str, near: str | None) -> View:
    return {"name": name} if near is None else {"name": name, "didYouMean": near}


def _reply(entry: Entry) -> object:
    """The reply as JSON, or as text where a fault made it unreadable or only its beginning is kept."""
    if entry.reply is None:
        return None
    try:
        if entry.rule:
            return json.loads(entry.reply)
    except ValueError:
        pass
    return entry.reply.decode("utf-8", "replace")
