"""Every rule of the simulated service: its id, its evidence, and one sentence.

The tests name every id of this list, the documentation is compared with it, and `X-Fake-Rule` in a reply is
one of these ids.
"""

from typing import NamedTuple

from fakeserver.spec.evidence import Evidence

STATED, OBSERVED, ASSUMED = Evidence.STATED, Evidence.OBSERVED, Evidence.ASSUMED


class Rule(NamedTuple):
    """One rule; `switch` names the setting of an account that changes it, if there is one."""

    id: str
    evidence: Evidence
    text: str
    switch: str = ""


_ALL = (
    # The wire
    Rule("W1", STATED, "one endpoint, /webservice/server, by GET and POST"),
    Rule("W2", STATED, "the reply is one JSON object"),
    Rule("W3", STATED, "`result` holds the code; every scalar is a string", "reply_scalars"),
    Rule("W4", OBSERVED, "every reply of the panel has HTTP status 200, refusals too"),
    Rule("W5", OBSERVED, "a POST body is a form, multipart or a JSON object; all three mean the same"),
    Rule("W6", OBSERVED, "multipart is read as sloppily as real senders write it"),
    Rule("W7", OBSERVED, "an array arrives in brackets, as JSON text, or natively in a JSON body"),
    Rule("W8", OBSERVED, "in a JSON body a number may stand where a form has a string"),
    Rule("W9", ASSUMED, "an empty value, null, or a non-scalar where a scalar belongs counts as absent"),
    Rule("W10", ASSUMED, "POST reads the body alone, GET the query alone; of repeated names the last counts"),
    Rule("W11", ASSUMED, "names are case-sensitive, unknown parameters are ignored"),
    Rule("W12", ASSUMED, "a body that cannot be decoded is answered 0, after the gate"),
    Rule("W13", ASSUMED, "a body over the size limit gets HTTP 413"),
    Rule("W14", OBSERVED, "a success reply has no word and no key that clients take for a verdict"),
    Rule("W15", ASSUMED, "whole numbers are ASCII digits with an optional leading minus"),
    # The gate
    Rule("A1", STATED, "-1: the API key is missing, unknown, or in the wrong place", "key_placement"),
    Rule("A2", STATED, "-2: the account's web-service access is switched off"),
    Rule("A3", STATED, "-3: the account's documents or identity are not verified"),
    Rule("A4", STATED, "-4: the HTTP method is neither GET nor POST"),
    Rule("A5", STATED, "-5: the caller's address is not in the account's list"),
    Rule("A6", STATED, "0: `action` is absent, or the body could not be decoded"),
    Rule("A7", STATED, "100: `action` is not one of the eight", "unknown_action"),
    # Phone numbers
    Rule("F1", STATED, "a mobile number is ten digits that begin with 9"),
    Rule("F2", OBSERVED, "the prefixes 0, 98, 0098 and +98 mean the same"),
    Rule("F3", ASSUMED, "anything else is not a number"),
    Rule("F4", STATED, "several receivers are separated by commas"),
    Rule("F5", OBSERVED, "blanks around an item are dropped, empty items are skipped"),
    Rule("F6", ASSUMED, "a receiver given twice counts once, at its first place"),
    # Money and parts
    Rule("M1", ASSUMED, "latin: 160 septets, 153 a part when longer; unicode: 70 UTF-16 units, then 67"),
    Rule("M2", ASSUMED, "a receiver costs parts x the price of the text's alphabet, in whole rials"),
    Rule("M3", STATED, "too little credit refuses the whole request: 109, 608"),
    Rule("M4", STATED, "a receiver whose processing fails is refunded"),
    Rule("M5", ASSUMED, "a cancelled receiver is refunded; no other outcome refunds"),
    Rule("M6", ASSUMED, "credit = granted - charged + refunded, never below zero"),
    Rule("M7", STATED, "the credit cannot be processed: 108, 607"),
    # send
    Rule("S1", STATED, "0: a required parameter is absent, or `trySend` is not 0 to 10"),
    Rule("S2", STATED, "103: `type` is not a known send type"),
    Rule("S3", STATED, "104: the account has no access to that send type"),
    Rule("S4", STATED, "114: the account's documents are not verified for sending"),
    Rule("S5", STATED, "105: a receiver is not a number, or none is left", "bad_receivers"),
    Rule("S6", STATED, "106: `from` is not an ordinary line of the account"),
    Rule("S7", STATED, "107: the text is blank, holds a NUL, or has too many parts"),
    Rule("S8", STATED, "108: the credit cannot be processed"),
    Rule("S9", STATED, "109: too little credit"),
    Rule("S10", STATED, "112: an error at the sending operator, with a description"),
    Rule("S11", STATED, "113: an unexpected error while sending"),
    Rule("S12", STATED, "1: accepted, with `sendID`"),
    # phoneBook on send
    Rule("B1", STATED, "the phonebook operation runs only when the send was accepted"),
    Rule("B2", STATED, "-1: the account has no phonebook service"),
    Rule("B3", STATED, "-2: no such phonebook"),
    Rule("B4", STATED, "-4: the number is not right"),
    Rule("B5", STATED, "-3: the number is in that phonebook already"),
    Rule("B6", STATED, "1: added"),
    Rule("B7", STATED, "a phonebook error never stops the sending"),
    Rule("B8", ASSUMED, "for several receivers: 1, or the code of the first that was not added"),
    # sendServices
    Rule("P1", STATED, "0: a required parameter is absent, or `trySend` is not 0 to 10"),
    Rule("P2", STATED, "603: `from` is not a service line of the account"),
    Rule("P3", STATED, "604: a receiver is not a number, or none is left", "bad_receivers"),
    Rule("P4", STATED, "609: several receivers, and the pattern does not allow bulk"),
    Rule("P5", STATED, "605: no such approved pattern"),
    Rule("P6", STATED, "606: the variables do not match the pattern"),
    Rule("P7", STATED, "607: the credit cannot be processed"),
    Rule("P8", STATED, "608: too little credit"),
    Rule("P9", STATED, "1: accepted, with `sendID`"),
    # sendOTP
    Rule("O1", ASSUMED, "0: a required parameter is absent"),
    Rule("O2", STATED, "103, 104: the send type is unknown, or not open to the account"),
    Rule("O3", STATED, "105: a receiver is not a number, or none is left", "bad_receivers"),
    Rule("O4", STATED, "151: no such application id"),
    Rule("O5", STATED, "152: the application is switched off"),
    Rule("O6", STATED, "153: the code has characters other than ASCII letters and digits"),
    Rule("O7", STATED, "154: the code has fewer than 2 or more than 12 characters"),
    Rule("O8", ASSUMED, "108, 109: the credit cannot be processed, or is too little"),
    Rule("O9", ASSUMED, "1: accepted, with `sendID`"),
    # reportSend
    Rule("R1", STATED, "-6: `sendID` is not a send of this account"),
    Rule("R2", STATED, "1: the report, receivers in request order"),
    Rule("R3", STATED, "an archived send's receivers are no longer available", "archived_receivers"),
    Rule("R4", ASSUMED, "a send is archived by age, or when the account keeps too many"),
    # The life of a message
    Rule("L1", ASSUMED, "a receiver's pair of statuses moves only along the graph"),
    Rule("L2", STATED, "`trySend` n: a message that is not sent is tried again up to n times"),
    Rule("L3", ASSUMED, "statuses follow the account's clock along the account's timeline", "timeline"),
    Rule("L4", ASSUMED, "a fault, a reserved receiver, a forbidden word, the blacklist, a draw, delivered"),
    Rule("L5", STATED, "a monitoring team approves ordinary messages and can cancel", "monitoring"),
    Rule("L6", ASSUMED, "reading never changes anything"),
    Rule("L7", STATED, "(2,6) comes when the validity has passed", "validity_seconds"),
    Rule("L8", ASSUMED, "an inbound «لغو11» puts its sender on the blacklist"),
    # credit, receivedMessages, status
    Rule("C1", STATED, "1: the remaining credit was read"),
    Rule("C2", ASSUMED, "the amount stands in `credit`", "reply_names"),
    Rule("I1", STATED, "401: there is no message to show"),
    Rule("I2", STATED, "1: the received messages"),
    Rule("I3", ASSUMED, "they stand in `data`, oldest first, at most 100, dates in Tehran time"),
    Rule("I4", ASSUMED, "received messages are shown each time, or once", "received"),
    Rule("T1", STATED, "1: the web-service access is active"),
    # newContact
    Rule("N1", STATED, "801: the data was not sent properly"),
    Rule("N2", STATED, "802: no such phonebook"),
    Rule("N3", STATED, "803: `cNumber` is not a phone number"),
    Rule("N4", STATED, "1: added"),
    Rule("N5", ASSUMED, "1: already there; its fields are updated"),
    Rule("X1", STATED, "the reply to `cFields` has `fields`; a field in error is left out"),
    Rule("X2", ASSUMED, "`fields` is an object from field id to code", "fields_reply"),
    Rule("X3", STATED, "-1: no such custom field"),
    Rule("X4", STATED, "-2: the value is not right for the kind of field"),
    Rule("X5", STATED, "-3: the value is a duplicate in a unique field"),
    Rule("X6", STATED, "1: stored"),
    Rule("X7", STATED, "`cFields` is strict JSON, or the guide's notation with bare keys and curly quotes"),
    # Reserved receivers and the default keys
    Rule("Z1", ASSUMED, "9120000000, …003: delivered", "reserved_receivers"),
    Rule("Z2", ASSUMED, "9120000001: stays at (2,1)", "reserved_receivers"),
    Rule("Z3", ASSUMED, "9120000002: every attempt fails, then returned and refunded", "reserved_receivers"),
    Rule("Z4", ASSUMED, "9120000004 to …007: ends as (2,4) to (2,7)", "reserved_receivers"),
    Rule("Z5", ASSUMED, "9120000010: stays (0,-1)", "reserved_receivers"),
    Rule("Z6", ASSUMED, "9120000011: stays (1,-1)", "reserved_receivers"),
    Rule("Z7", ASSUMED, "9120000013: scheduled for one hour, then as usual", "reserved_receivers"),
    Rule("Z8", ASSUMED, "9120000015: cancelled one second after acceptance", "reserved_receivers"),
    Rule("Z9", ASSUMED, "9120000021 to …029: the first 1 to 9 attempts fail", "reserved_receivers"),
    Rule("Z10", ASSUMED, "9120000NNN: the whole request is answered with code NNN", "reserved_receivers"),
    Rule("K1", ASSUMED, "without a configuration the test keys exist"),
)

RULES = {rule.id: rule for rule in _ALL}
