"""The result codes, one constant a row, in the order in which the panel checks them.

`stated` is the bare meaning that the guide prints beside the code; `assumed` is the exact condition
that this project decided. An action's code refers to these constants by the id of their rule, so
that the order of its lines can be read against the order of this table.
"""

from typing import NamedTuple

from fakeserver.spec.evidence import Evidence


class Row(NamedTuple):
    """A code, the rule that it belongs to, and how sure we are of either."""

    rule: str
    code: int
    stated: str
    assumed: str = ""
    evidence: Evidence = Evidence.STATED


ASSUMED = Evidence.ASSUMED

# The gate, before every action.
A1 = Row("A1", -1, "the API key is not right", "missing, unknown, or in the wrong place")
A2 = Row("A2", -2, "the web-service access is off", "the setting `webservice_enabled` is off")
A3 = Row("A3", -3, "documents or identity are not verified", "the setting `identity_verified` is off")
A4 = Row("A4", -4, "the request type is not right", "any HTTP method but GET and POST")
A5 = Row("A5", -5, "the address is not allowed", "`allowed_ips` is not empty and lacks the caller's")
A6 = Row("A6", 0, "the data is invalid or incomplete", "`action` is absent, or the body is undecodable")
A7 = Row("A7", 100, "the requested method is not right", "`action` is none of the eight")

# send
S1 = Row("S1", 0, "the data is invalid or incomplete", "a required parameter is absent, or `trySend` is bad")
S2 = Row("S2", 103, "the send type is not right", "`type` is none of 1, 2, 3, 4")
S3 = Row("S3", 104, "no access to the send type", "`type` is not in the setting `send_types`")
S4 = Row("S4", 114, "documents or identity are not verified", "the setting `sending_verified` is off")
S5 = Row("S5", 105, "the receivers are not valid", "one is not a number, or none is left")
S6 = Row("S6", 106, "the sender line is not valid", "no ordinary line, or `auto` without the smart sender")
S7 = Row("S7", 107, "the text is not valid", "blank, holds a NUL, or has too many parts")
S8 = Row("S8", 108, "the credit cannot be processed", "the setting `billing_ok` is off")
S9 = Row("S9", 109, "the credit is not enough", "the whole request costs more than the credit")
S10 = Row("S10", 112, "an error at the sending operator", "comes from faults and reserved receivers only")
S11 = Row("S11", 113, "an unexpected error while sending", "comes from faults and reserved receivers only")
S12 = Row("S12", 1, "sent", "accepted, with `sendID`")

# phoneBook on send
B2 = Row("B2", -1, "no access to the phonebook service", "the setting `phonebook_enabled` is off")
B3 = Row("B3", -2, "the phonebook id is not right", "not an integer, or there is none such")
B4 = Row("B4", -4, "the phone number is not right", "a receiver that was skipped")
B5 = Row("B5", -3, "the number is in the phonebook already")
B6 = Row("B6", 1, "added to the phonebook")

# sendServices
P1 = Row("P1", 0, "the data is invalid", "a required parameter is absent, or `trySend` is bad")
P2 = Row("P2", 603, "the sender line is not valid", "no service line, or `auto` without the smart sender")
P3 = Row("P3", 604, "the receivers are not valid", "one is not a number, or none is left")
P4 = Row("P4", 609, "no bulk sending by pattern", "several receivers, and the pattern does not allow bulk")
P5 = Row("P5", 605, "the pattern code is not right", "none such, not an integer, or not approved")
P6 = Row("P6", 606, "the variables are not right", "one is missing, blank, not a scalar, or too many")
P7 = Row("P7", 607, "the credit cannot be processed", "the setting `billing_ok` is off")
P8 = Row("P8", 608, "the credit is not enough", "the whole request costs more than the credit")
P9 = Row("P9", 1, "sent", "accepted, with `sendID`")

# sendOTP
O1 = Row("O1", 0, "", "a required parameter is absent", ASSUMED)
O2_UNKNOWN = Row("O2", 103, "the send type is not right", "`type` is none of 1, 2, 3, 4")
O2_CLOSED = Row("O2", 104, "no access to the send type", "`type` is not in the setting `send_types`")
O3 = Row("O3", 105, "the receivers are not valid", "one is not a number, or none is left")
O4 = Row("O4", 151, "the application id is not right", "no such application in the account")
O5 = Row("O5", 152, "access with this application id is not possible", "the application is switched off")
O6 = Row("O6", 153, "the one-time code is not right", "characters other than ASCII letters and digits")
O7 = Row("O7", 154, "the one-time code has 2 to 12 characters")
O8_BILLING = Row("O8", 108, "", "the setting `billing_ok` is off", ASSUMED)
O8_CREDIT = Row("O8", 109, "", "the whole request costs more than the credit", ASSUMED)
O9 = Row("O9", 1, "", "accepted, with `sendID`", ASSUMED)

# reportSend
R1 = Row("R1", -6, "the send id is not right", "absent, not an integer, unknown, or another account's")
R2 = Row("R2", 1, "the report was read")
R3 = Row("R3", 1, "the report was read; the send is archived", "its receivers are no longer available")

# credit, receivedMessages, status
C1 = Row("C1", 1, "the credit was read")
I1 = Row("I1", 401, "there is no message to show")
I2 = Row("I2", 1, "the received messages were read")
T1 = Row("T1", 1, "the web-service access is active")

# newContact
N1 = Row("N1", 801, "the data was not sent properly", "`phoneId` or `cNumber` absent, or `phoneId` no number")
N2 = Row("N2", 802, "the phonebook id is not right", "none such in the account")
N3 = Row("N3", 803, "the phone number is not right", "not a number in one of its written forms")
N4 = Row("N4", 1, "done", "the contact was added")
N5 = Row("N5", 1, "done", "the contact was there; its fields are updated", ASSUMED)

# the custom fields of newContact
X3 = Row("X3", -1, "the field id is not right", "no such custom field in the account")
X4 = Row("X4", -2, "the value is not right", "not of the field's kind")
X5 = Row("X5", -3, "the value is a duplicate", "the field is unique, and another contact has the value")
X6 = Row("X6", 1, "stored")
X7 = Row("X7", -2, "the value is not right", "`cFields` is no object in either notation", ASSUMED)

GATE = (A1, A2, A3, A4, A5, A6, A7)
PHONE_BOOK = (B2, B3, B4, B5, B6)
FIELDS = (X3, X4, X5, X6)

ACTIONS = {
    "send": (S1, S2, S3, S4, S5, S6, S7, S8, S9, S10, S11, S12),
    "sendServices": (P1, P2, P3, P4, P5, P6, P7, P8, P9),
    "sendOTP": (O1, O2_UNKNOWN, O2_CLOSED, O3, O4, O5, O6, O7, O8_BILLING, O8_CREDIT, O9),
    "reportSend": (R1, R2, R3),
    "credit": (C1,),
    "receivedMessages": (I1, I2),
    "status": (T1,),
    "newContact": (N1, N2, N3, N4, N5),
}
