"""The result codes, one constant each, in the order in which the panel checks them.

`stated` is the bare meaning that the guide prints beside the code; `assumed` is the exact condition that this
project decided. An action refers to these constants by the id of their rule, so its lines can be compared
with this table.
"""

from typing import NamedTuple

from fakeserver.spec.evidence import Evidence


class ResultCode(NamedTuple):
    """A code, the rule that it belongs to, and how the code is known."""

    rule: str
    code: int
    stated: str
    assumed: str = ""
    evidence: Evidence = Evidence.STATED


ASSUMED = Evidence.ASSUMED

# The gate, before every action.
A1 = ResultCode("A1", -1, "the API key is not right", "missing, unknown, or in the wrong place")
A2 = ResultCode("A2", -2, "the web-service access is off", "the setting `webservice_enabled` is off")
A3 = ResultCode("A3", -3, "documents or identity are not verified", "the setting `identity_verified` is off")
A4 = ResultCode("A4", -4, "the request type is not right", "the HTTP method is neither GET nor POST")
A5 = ResultCode(
    "A5", -5, "the address is not allowed", "`allowed_ips` is not empty and does not include the caller"
)
A6 = ResultCode(
    "A6", 0, "the data is invalid or incomplete", "`action` is absent, or the body is undecodable"
)
A7 = ResultCode("A7", 100, "the requested method is not right", "`action` is not one of the eight")

# send
S1 = ResultCode(
    "S1", 0, "the data is invalid or incomplete", "a required parameter is absent, or `trySend` is bad"
)
S2 = ResultCode("S2", 103, "the send type is not right", "`type` is not 1, 2, 3 or 4")
S3 = ResultCode("S3", 104, "no access to the send type", "`type` is not in the setting `send_types`")
S4 = ResultCode("S4", 114, "documents or identity are not verified", "the setting `sending_verified` is off")
S5 = ResultCode("S5", 105, "the receivers are not valid", "one is not a mobile number, or none is left")
S6 = ResultCode(
    "S6", 106, "the sender line is not valid", "not an ordinary line, or `auto` without the smart sender"
)
S7 = ResultCode("S7", 107, "the text is not valid", "blank, holds a NUL, or has too many parts")
S8 = ResultCode("S8", 108, "the credit cannot be processed", "the setting `billing_ok` is off")
S9 = ResultCode("S9", 109, "the credit is not enough", "the whole request costs more than the credit")
S10 = ResultCode(
    "S10", 112, "an error at the sending operator", "given only by fault rules and reserved receivers"
)
S11 = ResultCode(
    "S11", 113, "an unexpected error while sending", "given only by fault rules and reserved receivers"
)
S12 = ResultCode("S12", 1, "sent", "accepted, with `sendID`")

# phoneBook on send
B2 = ResultCode("B2", -1, "no access to the phonebook service", "the setting `phonebook_enabled` is off")
B3 = ResultCode(
    "B3", -2, "the phonebook id is not right", "not an integer, or the account has no such phonebook"
)
B4 = ResultCode(
    "B4", -4, "the phone number is not right", "the receiver was skipped, as it is not a mobile number"
)
B5 = ResultCode("B5", -3, "the number is already in the phonebook")
B6 = ResultCode("B6", 1, "added to the phonebook")

# sendServices
P1 = ResultCode("P1", 0, "the data is invalid", "a required parameter is absent, or `trySend` is bad")
P2 = ResultCode(
    "P2", 603, "the sender line is not valid", "not a service line, or `auto` without the smart sender"
)
P3 = ResultCode("P3", 604, "the receivers are not valid", "one is not a mobile number, or none is left")
P4 = ResultCode(
    "P4", 609, "no bulk sending by pattern", "several receivers, and the pattern does not allow bulk"
)
P5 = ResultCode("P5", 605, "the pattern code is not right", "unknown, not an integer, or not approved")
P6 = ResultCode(
    "P6", 606, "the variables are not right", "one is missing, blank or not a scalar, or there are too many"
)
P7 = ResultCode("P7", 607, "the credit cannot be processed", "the setting `billing_ok` is off")
P8 = ResultCode("P8", 608, "the credit is not enough", "the whole request costs more than the credit")
P9 = ResultCode("P9", 1, "sent", "accepted, with `sendID`")

# sendOTP
O1 = ResultCode("O1", 0, "", "a required parameter is absent", ASSUMED)
O2_UNKNOWN = ResultCode("O2", 103, "the send type is not right", "`type` is not 1, 2, 3 or 4")
O2_CLOSED = ResultCode("O2", 104, "no access to the send type", "`type` is not in the setting `send_types`")
O3 = ResultCode("O3", 105, "the receivers are not valid", "one is not a mobile number, or none is left")
O4 = ResultCode("O4", 151, "the application id is not right", "the account has no such application")
O5 = ResultCode(
    "O5", 152, "access with this application id is not possible", "the application is switched off"
)
O6 = ResultCode("O6", 153, "the one-time code is not right", "characters other than ASCII letters and digits")
O7 = ResultCode("O7", 154, "the one-time code has 2 to 12 characters")
O8_BILLING = ResultCode("O8", 108, "", "the setting `billing_ok` is off", ASSUMED)
O8_CREDIT = ResultCode("O8", 109, "", "the whole request costs more than the credit", ASSUMED)
O9 = ResultCode("O9", 1, "", "accepted, with `sendID`", ASSUMED)

# reportSend
R1 = ResultCode("R1", -6, "the send id is not right", "absent, not an integer, unknown, or another account's")
R2 = ResultCode("R2", 1, "the report was read")
R3 = ResultCode("R3", 1, "the report was read; the send is archived", "its receivers are no longer available")

# credit, receivedMessages, status
C1 = ResultCode("C1", 1, "the credit was read")
I1 = ResultCode("I1", 401, "there is no message to show")
I2 = ResultCode("I2", 1, "the received messages were read")
T1 = ResultCode("T1", 1, "the web-service access is active")

# newContact
N1 = ResultCode(
    "N1",
    801,
    "the data was not sent properly",
    "`phoneId` or `cNumber` is absent, or `phoneId` is not an integer",
)
N2 = ResultCode("N2", 802, "the phonebook id is not right", "the account has no such phonebook")
N3 = ResultCode("N3", 803, "the phone number is not right", "not a mobile number in any of its notations")
N4 = ResultCode("N4", 1, "done", "the contact was added")
N5 = ResultCode("N5", 1, "done", "the contact existed already; its fields are updated", ASSUMED)

# the custom fields of newContact
X3 = ResultCode("X3", -1, "the field id is not right", "the account has no such custom field")
X4 = ResultCode("X4", -2, "the value is not right", "the value does not fit the field's kind")
X5 = ResultCode(
    "X5", -3, "the value is a duplicate", "the field is unique, and another contact has the value"
)
X6 = ResultCode("X6", 1, "stored")
X7 = ResultCode("X7", -2, "the value is not right", "`cFields` is not an object in either notation", ASSUMED)

GATE = (A1, A2, A3, A4, A5, A6, A7)
PHONE_BOOK = (B2, B3, B4, B5, B6)
FIELDS = (X3, X4, X5, X6)

RESULT_CODES = {
    "send": (S1, S2, S3, S4, S5, S6, S7, S8, S9, S10, S11, S12),
    "sendServices": (P1, P2, P3, P4, P5, P6, P7, P8, P9),
    "sendOTP": (O1, O2_UNKNOWN, O2_CLOSED, O3, O4, O5, O6, O7, O8_BILLING, O8_CREDIT, O9),
    "reportSend": (R1, R2, R3),
    "credit": (C1,),
    "receivedMessages": (I1, I2),
    "status": (T1,),
    "newContact": (N1, N2, N3, N4, N5),
}
