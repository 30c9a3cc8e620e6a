"""`sendOTP`: one-time codes (O). The names of the action and its parameters are settings."""

import re

from fakeserver.account.account import Account
from fakeserver.actions import checks
from fakeserver.actions.answer import Answer
from fakeserver.actions.effects import Accept
from fakeserver.notation.params import Params
from fakeserver.notation.patterns import fill
from fakeserver.notation.phone_numbers import parse_receivers
from fakeserver.spec.codes import (
    O1,
    O2_CLOSED,
    O2_UNKNOWN,
    O3,
    O4,
    O5,
    O6,
    O7,
    O8_BILLING,
    O8_CREDIT,
    O9,
)
from fakeserver.spec.units import AccountMs

CODE_MIN, CODE_MAX = 2, 12
_CODE_CHARACTERS = re.compile(r"[A-Za-z0-9]+", re.ASCII)


def send_otp(account: Account, params: Params, now_ms: AccountMs) -> Answer:
    names = account.settings.otp_names
    if why := params.absence((names.app, names.code, "receivers")):
        return Answer(O1, why)
    if why := checks.unknown_type(params):
        return Answer(O2_UNKNOWN, why)
    if why := checks.closed_type(params, account):
        return Answer(O2_CLOSED, why)
    receivers = parse_receivers(params.text("receivers"))
    if why := receivers.refusal(skip_bad=account.settings.skip_bad_receivers):
        return Answer(O3, why)
    if reserved := checks.reserved_code("sendOTP", receivers, account):
        return reserved
    app_id = params.text(names.app)
    app = account.settings.otp_apps.get(app_id)
    if app is None:
        return Answer(O4, f"the account has no application «{app_id[:40]}»")
    if not app.enabled:
        return Answer(O5, f"application «{app.id[:40]}» is switched off")
    code = params.text(names.code)
    if not _CODE_CHARACTERS.fullmatch(code):
        return Answer(O6, "the code has characters other than ASCII letters and digits")
    if not CODE_MIN <= len(code) <= CODE_MAX:
        return Answer(O7, f"the code has {len(code)} characters, not {CODE_MIN} to {CODE_MAX}")
    text = fill(app.template, {"code": code}).text
    if why := checks.billing_refusal(account):
        return Answer(O8_BILLING, why)
    message = account.compose("sendOTP", checks.AUTO, text, receivers.numbers, code=code)
    if why := checks.shortage(account, message, now_ms):
        return Answer(O8_CREDIT, why)
    return Answer(O9, message.summary(), {"sendID": account.sends.next_id}, (Accept(message),))
