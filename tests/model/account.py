"""A model of one account: what it answers, charges, stores and reports.

Nothing here comes from the simulator, only from the standard library, the contracts and the protocol. A
`ModelAccount` takes parameters as on the wire and returns the whole reply. It is slow and simple, and covers
only the requests and events of `tests.model.strategies`.
"""

from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, TypeAlias

from mydnspanel_contracts import codes

from tests.model.lifecycle import (
    GRAPH,
    REFUNDED,
    RESERVED_OUTCOMES,
    RETRY,
    TIMELINES,
    Pair,
    Plan,
    Steps,
    approved,
    pair_at,
    schedule,
    shortest_path,
)

Params: TypeAlias = dict[str, Any]
Reply: TypeAlias = dict[str, Any]

START_MS = 1_730_419_200_000  # where a frozen clock begins

# The codes that a reserved receiver 9120000NNN can ask for (Z10): the errors of its action, as the contracts
# have them.
RESERVED_CODES = {
    action: sorted({row.code for row in codes(action) if row.code > 100})
    for action in ("send", "sendServices", "sendOTP")
}
OPERATOR_DETAILS = "the sending operator did not take the message"

BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = "\f^{}\\[~]|€"
PRICES = {"latin": 2000, "unicode": 1000}


def measure(text: str) -> tuple[str, int]:
    """The alphabet and the number of parts (M1). A character that does not fit begins the next part."""
    latin = all(char in BASIC + EXTENSION for char in text)
    single, joined = (160, 153) if latin else (70, 67)
    widths = [2 if (char in EXTENSION if latin else ord(char) > 0xFFFF) else 1 for char in text]
    parts, room = 1, joined
    for width in widths:
        if width > room:
            parts, room = parts + 1, joined
        room -= width
    return "latin" if latin else "unicode", 1 if sum(widths) <= single else parts


def mobile(text: str) -> str | None:
    """The ten digits of a number in one of its five notations (F1, F2)."""
    for prefix in ("+98", "0098", "98", "0", ""):
        rest = text.removeprefix(prefix)
        digits = rest.isascii() and rest.isdigit()
        if text.startswith(prefix) and digits and len(rest) == 10 and rest[0] == "9":
            return rest
    return None


def parse_int(value: Any) -> int | None:
    digits = str(value).removeprefix("-")
    return int(str(value)) if digits.isascii() and digits.isdigit() else None


@dataclass
class ModelReceiver:
    plan: Plan
    steps: Steps

    def pair(self, now: int) -> Pair:
        return pair_at(self.steps, now)

    def past(self, now: int) -> Steps:
        return [step for step in self.steps if step[0] <= now]

    def approve(self, now: int) -> bool:
        if self.pair(now) != (0, -1):
            return False
        if self.plan.outcome == "held":
            self.plan = replace(self.plan, outcome="delivered")
        self.steps = approved(self.plan, self.past(now), now)
        return True

    def cancel(self, now: int) -> bool:
        return (5, -2) in GRAPH[self.pair(now)] and self.force(now, (5, -2))

    def force(self, now: int, wanted: Pair) -> bool:
        past = self.past(now)
        tried = sum(step == RETRY for step in pairwise(pair for _, pair in past))
        path = shortest_path(past[-1][1], wanted, tries_left=tried < self.plan.tries)
        if path is None:
            return False
        self.steps = past + [(now, pair) for pair in path]
        return True


@dataclass
class ModelSend:
    cost: int
    at: int
    receivers: dict[str, ModelReceiver]


@dataclass
class ModelFault:
    """`to` is empty for any receiver; `kind` is `result`, `outcome` or `phoneBook`."""

    action: str
    kind: str
    value: Any
    to: str
    after: int
    times: int
    seen: int = 0

    def matches(self, action: str, numbers: list[str]) -> bool:
        return action == self.action and (not self.to or self.to in numbers)

    @property
    def is_due(self) -> bool:
        return self.after <= self.seen and (not self.times or self.seen < self.after + self.times)


def absent(params: Params, *names: str) -> bool:
    return any(params.get(name) in (None, "") for name in names)


def bad_try_send(params: Params) -> bool:
    return not absent(params, "trySend") and parse_int(params["trySend"]) not in range(11)


@dataclass
class ModelAccount:
    """`first_id` is the id of the first send."""

    first_id: int
    granted: int = 1_000_000
    now: int = START_MS
    sends: list[ModelSend] = field(default_factory=list)
    dropped: int = 0
    phonebook: list[str] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)  # number → the unique field's value
    inbox: list[Params] = field(default_factory=list)
    shown: int = 0
    blacklist: set[str] = field(default_factory=set)
    faults: list[ModelFault] = field(default_factory=list)
    bad_receivers: str = "refuse"
    phonebook_enabled: bool = True
    billing_ok: bool = True
    monitoring: str = "automatic"
    timeline: str = "default"
    received: str = "keep"
    keep_sends: int = 100_000
    archive_after_seconds: int = 259_200
    validity_seconds: int = 86_400

    @property
    def credit(self) -> int:
        """Granted - charged + refunded."""
        kept = [
            sent.cost * sum(one.pair(self.now) not in REFUNDED for one in sent.receivers.values())
            for sent in self.sends
        ]
        return self.granted - sum(kept)

    def copy(self) -> "ModelAccount":
        return deepcopy(self)

    def moments(self) -> list[int]:
        """The coming instants of changes, and the milliseconds before and after each."""
        steps = [at for sent in self.sends for one in sent.receivers.values() for at, _ in one.steps]
        archived = [sent.at + 1000 * self.archive_after_seconds for sent in self.sends]
        near = {at + step for at in steps + archived for step in (-1, 0, 1)}
        return sorted(at for at in near if at > self.now)

    # Events

    def change(self, **settings: Any) -> None:
        for name, value in settings.items():
            if name == "credit":
                self.granted += value - self.credit
            elif name == "blacklist":
                self.blacklist = set(value)
            else:
                setattr(self, name, value)
        self._drop()

    def deliver(self, sender: str, text: str) -> None:
        number = mobile(sender) or sender
        stripped = text.strip()
        if stripped.startswith("لغو") and stripped.removeprefix("لغو").strip() in {"11", "۱۱", "١١"}:
            self.blacklist.add(number)
        moment = datetime.fromtimestamp(self.now // 1000, UTC) + timedelta(hours=3, minutes=30)
        message = {"number": number, "to": "30001403", "text": text, "date": f"{moment:%Y-%m-%d %H:%M:%S}"}
        self.inbox.append({"id": str(len(self.inbox) + 1), **message})

    def approve(self, place: int) -> int:
        return sum(one.approve(self.now) for one in self.sends[place].receivers.values())

    def cancel(self, place: int) -> int:
        return sum(one.cancel(self.now) for one in self.sends[place].receivers.values())

    def force(self, place: int, pair: Pair, number: str | None = None) -> int:
        chosen = [one for key, one in self.sends[place].receivers.items() if number in (None, key)]
        return sum(one.force(self.now, pair) for one in chosen)

    def _drop(self) -> None:
        self.dropped = max(self.dropped, len(self.sends) - self.keep_sends)

    # Requests

    def ask(self, params: Params) -> Reply:
        if absent(params, "action"):
            return {"result": "0"}
        action = params["action"]
        answers = {
            "send": self._send,
            "sendServices": self._send_services,
            "sendOTP": self._send_otp,
            "reportSend": self._report,
            "credit": lambda _, __: {"result": "1", "credit": str(self.credit)},
            "receivedMessages": self._received,
            "status": lambda _, __: {"result": "1"},
            "newContact": self._new_contact,
        }
        if action not in answers:
            return {"result": "100"}
        fault = self._fault(action, params)
        if fault is not None and fault.kind == "result":
            return refused(fault.value)
        return answers[action](params, fault)

    def _fault(self, action: str, params: Params) -> ModelFault | None:
        """The oldest one that is due. Every one that matches counts the request."""
        numbers = [number for number in self._places(params.get("receivers", "")) if number]
        matching = [fault for fault in self.faults if fault.matches(action, numbers)]
        fired = next((fault for fault in matching if fault.is_due), None)
        for fault in matching:
            fault.seen += 1
        return fired

    def _places(self, receivers: str) -> list[str | None]:
        return [mobile(item.strip()) for item in receivers.split(",") if item.strip()]

    def _numbers(self, params: Params) -> list[str]:
        """The receivers, each once; empty if the request must be refused."""
        places = self._places(params["receivers"])
        if None in places and self.bad_receivers == "refuse":
            return []
        return list(dict.fromkeys(number for number in places if number))

    def _send(self, params: Params, fault: ModelFault | None) -> Reply:
        if absent(params, "from", "text", "receivers") or bad_try_send(params):
            return refused(0)
        if not absent(params, "type") and parse_int(params["type"]) != 1:
            return refused(104 if parse_int(params["type"]) in (2, 3, 4) else 103)
        numbers = self._numbers(params)
        if not numbers:
            return refused(105)
        if code := reserved_code(numbers, "send"):
            return refused(code)
        if params["from"] not in ("30001403", "9830001403", "auto"):
            return refused(106)
        text = params["text"]
        if not text.strip() or "\0" in text or measure(text)[1] > 10:
            return refused(107)
        reply = self._accept("send", params, text, numbers, fault, billing=108, short=109)
        if reply["result"] == "1" and not absent(params, "phoneBook"):
            reply["phoneBook"] = str(self._store(params, numbers, fault))
        return reply

    def _store(self, params: Params, numbers: list[str], fault: ModelFault | None) -> int:
        if fault is not None and fault.kind == "phoneBook":
            return int(fault.value)
        if not self.phonebook_enabled:
            return -1
        if parse_int(params["phoneBook"]) != 1403:
            return -2
        before = list(self.phonebook)
        self.phonebook += [number for number in numbers if number not in before]
        wrong = [
            -4 if number is None else -3
            for number in self._places(params["receivers"])
            if number is None or number in before
        ]
        return wrong[0] if wrong else 1

    def _send_services(self, params: Params, fault: ModelFault | None) -> Reply:
        if absent(params, "from", "textCode", "receivers") or bad_try_send(params):
            return refused(0)
        if params["from"] not in ("90001403", "9890001403", "auto"):
            return refused(603)
        numbers = self._numbers(params)
        if not numbers:
            return refused(604)
        if code := reserved_code(numbers, "sendServices"):
            return refused(code)
        pattern = parse_int(params["textCode"])
        if len(numbers) > 1 and pattern != 1002:
            return refused(609)
        if pattern not in (1001, 1002):
            return refused(605)
        names = ["code"] if pattern == 1001 else ["name", "amount"]
        data = params.get("textData") or {}
        values = dict(zip(names, data, strict=False)) if isinstance(data, list) else data
        if len(data) != len(names) or any(not str(values.get(name, "")).strip() for name in names):
            return refused(606)
        text = "کد ورود شما: {code}" if pattern == 1001 else "{name} گرامی، مبلغ {amount} دریافت شد."
        filled = text.format(**values)
        return self._accept("sendServices", params, filled, numbers, fault, billing=607, short=608)

    def _send_otp(self, params: Params, fault: ModelFault | None) -> Reply:
        if absent(params, "appID", "code", "receivers"):
            return refused(0)
        if not absent(params, "type") and parse_int(params["type"]) != 1:
            return refused(104 if parse_int(params["type"]) in (2, 3, 4) else 103)
        numbers = self._numbers(params)
        if not numbers:
            return refused(105)
        if code := reserved_code(numbers, "sendOTP"):
            return refused(code)
        if params["appID"] != "test-app":
            return refused(152 if params["appID"] == "test-app-off" else 151)
        given = params["code"]
        if not (given.isascii() and given.isalnum()):
            return refused(153)
        if not 2 <= len(given) <= 12:
            return refused(154)
        return self._accept("sendOTP", params, f"کد شما: {given}", numbers, fault, billing=108, short=109)

    def _accept(
        self,
        action: str,
        params: Params,
        text: str,
        numbers: list[str],
        fault: ModelFault | None,
        *,
        billing: int,
        short: int,
    ) -> Reply:
        if not self.billing_ok:
            return refused(billing)
        alphabet, parts = measure(text)
        cost = parts * PRICES[alphabet]
        if cost * len(numbers) > self.credit:
            return refused(short)
        tries = 0 if absent(params, "trySend") else int(params["trySend"])
        plans = {
            number: Plan(
                self._outcome(number, action, fault),
                action == "send",
                TIMELINES[self.timeline],
                tries if action != "sendOTP" else 0,
                self.validity_seconds * 1000,
                self.monitoring == "manual",
            )
            for number in numbers
        }
        receivers = {number: ModelReceiver(plan, schedule(plan, self.now)) for number, plan in plans.items()}
        self.sends.append(ModelSend(cost, self.now, receivers))
        self._drop()
        return {"result": "1", "sendID": str(self.first_id + len(self.sends) - 1)}

    def _outcome(self, number: str, action: str, fault: ModelFault | None) -> str:
        if fault is not None and fault.kind == "outcome" and fault.to in ("", number):
            return str(fault.value)
        if number.startswith("9120000") and int(number[7:]) in RESERVED_OUTCOMES:
            return RESERVED_OUTCOMES[int(number[7:])]
        return "blacklisted" if action == "send" and number in self.blacklist else "delivered"

    def archived(self, place: int) -> bool:
        old = self.sends[place].at < self.now - 1000 * self.archive_after_seconds
        return old or place < self.dropped

    def _report(self, params: Params, _fault: ModelFault | None) -> Reply:
        send_id = None if absent(params, "sendID") else parse_int(params["sendID"])
        place = -1 if send_id is None else send_id - self.first_id
        if not 0 <= place < len(self.sends):
            return refused(-6)
        sent = self.sends[place]
        pairs = {number: one.pair(self.now) for number, one in sent.receivers.items()}
        receivers = [
            {"number": number, "processingStatus": str(pair[0]), "sendStatus": str(pair[1])}
            for number, pair in pairs.items()
        ]
        archived = self.archived(place)
        data = {"count": str(len(receivers)), "archive": "true" if archived else "false"}
        return {"result": "1", "data": {**data, "receivers": [] if archived else receivers}}

    def _received(self, _params: Params, _fault: ModelFault | None) -> Reply:
        once = self.received == "once"
        messages = self.inbox[self.shown :][:100] if once else self.inbox[-100:]
        self.shown += len(messages) if once else 0
        return {"result": "1", "data": messages} if messages else refused(401)

    def _new_contact(self, params: Params, _fault: ModelFault | None) -> Reply:
        if absent(params, "phoneId", "cNumber") or parse_int(params["phoneId"]) is None:
            return refused(801)
        if parse_int(params["phoneId"]) != 1403:
            return refused(802)
        number = mobile(params["cNumber"].strip())
        if number is None:
            return refused(803)
        if number not in self.phonebook:
            self.phonebook.append(number)
        if absent(params, "cFields"):
            return {"result": "1"}
        codes = {name: self._field(number, name, value) for name, value in params["cFields"].items()}
        return {"result": "1", "fields": {name: str(code) for name, code in codes.items()}}

    def _field(self, number: str, name: str, value: str) -> int:
        """`FMTAwMQ` is a number and `FMTAwMg` is unique; every other field is unknown."""
        if name == "FMTAwMQ":
            return 1 if parse_int(value) is not None else -2
        if name != "FMTAwMg":
            return -1
        if not value.strip():
            return -2
        if any(held == value for other, held in self.codes.items() if other != number):
            return -3
        self.codes[number] = value
        return 1


def refused(code: int) -> Reply:
    details = {"description": OPERATOR_DETAILS} if int(code) == 112 else {}
    return {"result": str(code), **details}


def reserved_code(numbers: list[str], action: str) -> int:
    asked = [int(number[7:]) for number in numbers if number.startswith("9120000")]
    return next((code for code in asked if code in RESERVED_CODES[action]), 0)
