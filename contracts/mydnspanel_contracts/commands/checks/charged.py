"""Checks that send a message, which is charged for."""

from typing import Any

from mydnspanel_contracts.commands.checks.check import ASSUMED, OBSERVED, STATED, Check, CheckResult, Session
from mydnspanel_contracts.commands.checks.judging import (
    judge_code,
    judge_reply,
    reply_name_setting,
    summarize,
    undecided,
)
from mydnspanel_contracts.commands.connection import Response

# With these codes a send is refused rightly, because of the account.
SEND_REFUSALS = {
    "106": "the account does not have this sender line; --from names another",
    "108": "the account's credit cannot be processed",
    "109": "the account's credit is too low",
    "114": "the account is not verified for sending",
}
NOTHING_SENT = "nothing was sent"


def _send(session: Session, receivers: str, **more: Any) -> Response:
    params = {"from": session.options.sender, "text": "verify", "receivers": receivers, **more}
    session.send_reply = session.post("send", params)
    return session.send_reply


def _accepted_send(session: Session) -> Response | None:
    """The reply to the last send, if that was accepted."""
    reply = session.send_reply
    return reply if reply is not None and reply.code == "1" else None


def _bad_receiver(session: Session) -> CheckResult:
    reply = _send(session, f"{session.options.receiver},x")
    return judge_code(reply, "105", setting='bad_receivers = "skip"' if reply.code == "1" else "")


def _good_send(session: Session) -> CheckResult:
    # The credit is read only now, because the check before may have sent a message to the good receiver.
    session.credit_reply = session.post("credit")
    reply = _send(session, str(session.options.receiver), phoneBook=session.options.phonebook or "0")
    if reason := SEND_REFUSALS.get(reply.code):
        return undecided(f"{summarize(reply)}: {reason}")
    return judge_code(reply, "1")


def _send_id_member(session: Session) -> CheckResult:
    reply = _accepted_send(session)
    if reply is None:
        return undecided(NOTHING_SENT)
    send_id = reply.document.get("sendID")
    if isinstance(send_id, str | int):
        session.send_id = str(send_id)
        return CheckResult(summarize(reply), as_expected=True)
    members = {name: value for name, value in reply.document.items() if name != "phoneBook"}
    setting, send_id = reply_name_setting("send_id", members)
    session.send_id = str(send_id)
    return CheckResult(summarize(reply), as_expected=False, setting=setting)


def _phonebook_operation(session: Session) -> CheckResult:
    reply = _accepted_send(session)
    if reply is None:
        return undecided(NOTHING_SENT)
    expected = {"1", "-3"} if session.options.phonebook else {"-1", "-2"}
    return CheckResult(summarize(reply), str(reply.document.get("phoneBook")) in expected)


def _charge(session: Session) -> CheckResult:
    after = session.post("credit")
    before = session.credit_reply
    if before is None or _accepted_send(session) is None:
        return undecided(NOTHING_SENT)
    credit_before, credit_after = _credit_in(before), _credit_in(after)
    if credit_before is None or credit_after is None:
        return undecided("the credit was not read")
    charge = credit_before - credit_after
    return CheckResult(f"{charge} rials for one part", charge > 0)


def _credit_in(reply: Response) -> int | None:
    credit = reply.document.get("credit") if reply.is_panel_reply else None
    return int(credit) if isinstance(credit, int | str) and str(credit).isdecimal() else None


def _report(session: Session) -> CheckResult:
    if not session.send_id:
        return undecided("the id of the send is not known")
    return judge_reply(session.post("reportSend", {"sendID": session.send_id}), "reportSend", "1")


def _new_contact(session: Session) -> CheckResult:
    phonebook = session.options.phonebook
    reply = session.post("newContact", {"phoneId": phonebook or "0", "cNumber": session.options.receiver})
    return judge_code(reply, "802" if phonebook is None else "1")


def _format_of_fields(session: Session) -> CheckResult:
    if session.options.phonebook is None:
        return undecided("--phonebook was not given")
    params = {
        "phoneId": session.options.phonebook,
        "cNumber": session.options.receiver,
        "cFields": '{"F0":"x"}',
    }
    reply = session.post("newContact", params)
    fields = reply.document.get("fields") if reply.is_panel_reply else None
    setting = 'fields_reply = "single"' if isinstance(fields, str | int) else ""
    return CheckResult(summarize(reply), isinstance(fields, dict), setting)


CHARGED_CHECKS = (
    Check(
        "one bad receiver of two",
        "S5",
        ASSUMED,
        "105",
        _bad_receiver,
        "the reply to a send with one bad receiver",
    ),
    Check("send", "S12", STATED, "1", _good_send),
    Check(
        "the member that holds the send id",
        "S12",
        OBSERVED,
        "`sendID`",
        _send_id_member,
        "the member that holds the send id",
    ),
    Check("the phonebook operation", "B1", STATED, "a code in `phoneBook`", _phonebook_operation),
    Check("the charge", "M6", ASSUMED, "the credit falls at once", _charge, "when a message is charged for"),
    Check("the report", "R2", STATED, "1, as in the guide's sample", _report),
    Check("newContact", "N4", STATED, "1, or 802 without --phonebook", _new_contact),
    Check("the format of fields", "X2", ASSUMED, "an object", _format_of_fields, "the format of field codes"),
)
