"""Every rule of the simulated service: its id, its evidence, and one sentence.

The tests name every id of this list, the documentation is compared with it, and `X-Fake-Rule` in a reply is
one of these ids.
"""

from collections.abc import Iterator
from typing import NamedTuple

from fakeserver.spec.codes import FIELDS, GATE, PHONE_BOOK, RESULT_CODES, ResultCode
from fakeserver.spec.evidence import Evidence

STATED, OBSERVED, ASSUMED = Evidence.STATED, Evidence.OBSERVED, Evidence.ASSUMED

# The first letters of the ids, in the order in which the rules are listed.
SECTIONS = "WAFMSBPORLCITNXZK"


class Rule(NamedTuple):
    """One rule; `switch` names the setting of an account that changes it, if there is one."""

    id: str
    evidence: Evidence
    text: str
    switch: str = ""


# The rules that give no code, and those that a setting changes. Every other rule is described by its code
# (`codes.py`).
_DESCRIBED = (
    # The wire
    Rule("W1", STATED, "one endpoint, /webservice/server, by GET and POST"),
    Rule("W2", STATED, "the reply is one JSON object"),
    Rule("W3", STATED, "`result` holds the code; every scalar is a string", "reply_scalars"),
    Rule("W4", OBSERVED, "every reply of the panel has HTTP status 200, including refusals"),
    Rule("W5", OBSERVED, "a POST body is a form, multipart or a JSON object; all three mean the same"),
    Rule("W6", OBSERVED, "multipart is read leniently, because real clients write it carelessly"),
    Rule("W7", OBSERVED, "an array is written with brackets, as JSON text, or as an array in a JSON body"),
    Rule("W8", OBSERVED, "in a JSON body a number may stand where a form has a string"),
    Rule("W9", ASSUMED, "an empty value, null, or a non-scalar where a scalar belongs counts as absent"),
    Rule("W10", ASSUMED, "POST reads only the body, GET only the query; the last of repeated names counts"),
    Rule("W11", ASSUMED, "names are case-sensitive, unknown parameters are ignored"),
    Rule("W12", ASSUMED, "a request that cannot be decoded gets 0, if the gate lets it pass"),
    Rule("W13", ASSUMED, "a body over the size limit gets HTTP 413"),
    Rule("W14", OBSERVED, "a success reply has no word and no key that clients mistake for its result"),
    Rule("W15", ASSUMED, "whole numbers are ASCII digits with an optional leading minus"),
    # The gate
    Rule("A1", STATED, "-1: the API key is missing, unknown, or in the wrong place", "key_placement"),
    Rule("A7", STATED, "100: `action` is not one of the eight", "unknown_action"),
    # Phone numbers
    Rule("F1", STATED, "a mobile number is ten digits that begin with 9"),
    Rule("F2", OBSERVED, "the prefixes 0, 98, 0098 and +98 mean the same"),
    Rule("F3", ASSUMED, "anything else is not a mobile number"),
    Rule("F4", STATED, "several receivers are separated by commas"),
    Rule("F5", OBSERVED, "blanks around an item are dropped, empty items are skipped"),
    Rule("F6", ASSUMED, "a receiver given twice counts once, at its first place"),
    # Money and parts
    Rule("M1", ASSUMED, "latin: 160 septets, 153 a part when longer; unicode: 70 UTF-16 units, then 67"),
    Rule("M2", ASSUMED, "a receiver costs parts x the price of the text's alphabet, in whole rials"),
    Rule("M3", STATED, "a request that costs more than the credit is refused as a whole: 109, 608"),
    Rule("M4", STATED, "a receiver whose processing fails is refunded"),
    Rule("M5", ASSUMED, "a cancelled receiver is refunded; no other outcome refunds"),
    Rule("M6", ASSUMED, "credit = granted - charged + refunded, never below zero"),
    Rule("M7", STATED, "the credit cannot be processed: 108, 607"),
    # send
    Rule("S5", STATED, "105: a receiver is not a mobile number, or none is left", "bad_receivers"),
    # phoneBook on send
    Rule("B1", STATED, "the phonebook operation runs only when the send was accepted"),
    Rule("B7", STATED, "a phonebook error never stops the sending"),
    Rule("B8", ASSUMED, "for several receivers: 1, or the code of the first receiver that was not added"),
    # sendServices
    Rule("P3", STATED, "604: a receiver is not a mobile number, or none is left", "bad_receivers"),
    # sendOTP
    Rule("O3", STATED, "105: a receiver is not a mobile number, or none is left", "bad_receivers"),
    # reportSend
    Rule("R3", STATED, "an archived send's receivers are no longer available", "archived_receivers"),
    Rule("R4", ASSUMED, "a send is archived by age, or when the account keeps too many"),
    # The life of a message
    Rule("L1", ASSUMED, "a receiver's pair of statuses moves only along the graph"),
    Rule("L2", STATED, "`trySend` n: a message that is not sent is tried again up to n times"),
    Rule("L3", ASSUMED, "statuses follow the account's clock along the account's timeline", "timeline"),
    Rule(
        "L4",
        ASSUMED,
        "the first that applies decides: a fault rule, a reserved receiver, a forbidden word, the blacklist, "
        "a random draw, otherwise delivered",
    ),
    Rule("L5", STATED, "a monitoring team approves ordinary messages and can cancel them", "monitoring"),
    Rule("L6", ASSUMED, "reading never changes anything"),
    Rule(
        "L7", STATED, "a message that expires ends as (2,6) once its validity has passed", "validity_seconds"
    ),
    Rule("L8", ASSUMED, "an inbound «لغو11» puts its sender on the blacklist"),
    # credit, receivedMessages, status
    Rule("C2", ASSUMED, "the amount is in `credit`", "reply_names"),
    Rule("I3", ASSUMED, "received messages are in `data`, oldest first, at most 100, dates in Tehran time"),
    Rule("I4", ASSUMED, "received messages are shown every time, or only once", "received"),
    # newContact
    Rule("X1", STATED, "the reply to `cFields` has `fields`; a field in error is left out"),
    Rule("X2", ASSUMED, "`fields` is an object from field id to code", "fields_reply"),
    Rule("X7", STATED, "`cFields` is strict JSON, or the guide's notation with bare keys and curly quotes"),
    # Reserved receivers and the default keys
    Rule("Z1", ASSUMED, "9120000000 and 9120000003: delivered", "reserved_receivers"),
    Rule("Z2", ASSUMED, "9120000001: stays at (2,1)", "reserved_receivers"),
    Rule("Z3", ASSUMED, "9120000002: every attempt fails, then returned and refunded", "reserved_receivers"),
    Rule("Z4", ASSUMED, "9120000004 to 9120000007: ends as (2,4) to (2,7)", "reserved_receivers"),
    Rule("Z5", ASSUMED, "9120000010: stays (0,-1)", "reserved_receivers"),
    Rule("Z6", ASSUMED, "9120000011: stays (1,-1)", "reserved_receivers"),
    Rule("Z7", ASSUMED, "9120000013: scheduled for one hour, then as usual", "reserved_receivers"),
    Rule("Z8", ASSUMED, "9120000015: cancelled one second after acceptance", "reserved_receivers"),
    Rule("Z9", ASSUMED, "9120000021 to 9120000029: the first 1 to 9 attempts fail", "reserved_receivers"),
    Rule("Z10", ASSUMED, "9120000NNN: the whole request is answered with code NNN", "reserved_receivers"),
    Rule("K1", ASSUMED, "without a configuration the test keys exist"),
)


def _rule_of(codes: list[ResultCode]) -> Rule:
    """The rule that gives these codes, described by them."""
    texts = (f"{code.code}: {_meaning(code)}" for code in codes)
    evidence = STATED if any(code.evidence is STATED for code in codes) else ASSUMED
    return Rule(codes[0].rule, evidence, "; ".join(texts))


def _meaning(code: ResultCode) -> str:
    if code.stated and code.assumed:
        return f"{code.stated} ({code.assumed})"
    return code.stated or code.assumed


def _by_codes() -> Iterator[Rule]:
    """A rule for each id in the tables of codes."""
    ids: dict[str, list[ResultCode]] = {}
    for table in (GATE, PHONE_BOOK, FIELDS, *RESULT_CODES.values()):
        for code in table:
            ids.setdefault(code.rule, []).append(code)
    return map(_rule_of, ids.values())


def _place(rule: Rule) -> tuple[int, int]:
    return SECTIONS.index(rule.id[0]), int(rule.id[1:])


_KNOWN = {rule.id: rule for rule in (*_by_codes(), *_DESCRIBED)}

RULES = {rule.id: rule for rule in sorted(_KNOWN.values(), key=_place)}
