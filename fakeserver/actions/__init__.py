"""The eight actions, one file each. An action reads top to bottom like its table in the guide: one line, one
rule, and the first rule that fails refuses the request. No action imports another; what they share is in
`checks.py`.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from fakeserver.account.account import Account
from fakeserver.actions.answer import Answer
from fakeserver.actions.credit import credit
from fakeserver.actions.new_contact import new_contact
from fakeserver.actions.received_messages import received_messages
from fakeserver.actions.report_send import report_send
from fakeserver.actions.send import send
from fakeserver.actions.send_otp import send_otp
from fakeserver.actions.send_services import send_services
from fakeserver.actions.status import status
from fakeserver.notation.params import Params
from fakeserver.spec.units import AccountMs

Action: TypeAlias = Callable[[Account, Params, AccountMs], Answer]

ACTIONS: Mapping[str, Action] = {
    "send": send,
    "sendServices": send_services,
    "sendOTP": send_otp,
    "reportSend": report_send,
    "credit": credit,
    "receivedMessages": received_messages,
    "status": status,
    "newContact": new_contact,
}
