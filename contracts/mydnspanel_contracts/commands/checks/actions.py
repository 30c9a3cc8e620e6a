"""Checks of the single actions that are free of charge."""

from collections.abc import Callable

from mydnspanel_contracts.commands.checks.check import ASSUMED, STATED, Check, CheckResult, Session
from mydnspanel_contracts.commands.checks.gate import UNKNOWN_ACTION
from mydnspanel_contracts.commands.checks.judging import (
    judge_code,
    judge_reply,
    reply_name_setting,
    summarize,
    undecided,
)

UNKNOWN_SEND_ID = "999999999999999999"


def _credit(session: Session) -> CheckResult:
    session.credit_reply = session.post("credit")
    return judge_code(session.credit_reply, "1")


def _credit_member(session: Session) -> CheckResult:
    reply = session.credit_reply
    if reply is None or reply.code != "1":
        return undecided("the credit was not read")
    if judge_reply(reply, "credit", "1").as_expected:
        return CheckResult(summarize(reply), as_expected=True)
    setting, _ = reply_name_setting("credit", reply.document)
    return CheckResult(summarize(reply), as_expected=False, setting=setting)


def _received_messages(session: Session) -> CheckResult:
    session.received_reply = session.post("receivedMessages")
    return judge_code(session.received_reply, "1", "401")


def _format_of_received_messages(session: Session) -> CheckResult:
    reply = session.received_reply
    if reply is None or reply.code != "1":
        return undecided("there were no received messages")
    return judge_reply(reply, "receivedMessages", "1")


def _received_messages_again(session: Session) -> CheckResult:
    if session.received_reply is None or session.received_reply.code != "1":
        return undecided("there were no received messages")
    return judge_code(session.post("receivedMessages"), "1", setting='received = "once"')


def _report_of_unknown_send(session: Session) -> CheckResult:
    return judge_code(session.post("reportSend", {"sendID": UNKNOWN_SEND_ID}), "-6")


def _without_parameters(action: str, code: str) -> Callable[[Session], CheckResult]:
    def run(session: Session) -> CheckResult:
        return judge_code(session.post(action), code)

    return run


def _name_of_send_otp(session: Session) -> CheckResult:
    response = session.post("sendOTP")
    reply_to_unknown_action = session.post(UNKNOWN_ACTION)
    if response.body == reply_to_unknown_action.body and response.code != "0":
        setting = "otp_names.action = its real name"
        return CheckResult(summarize(response), as_expected=False, setting=setting)
    return judge_code(response, "0")


def _archived_send(session: Session) -> CheckResult:
    response = session.post("reportSend", {"sendID": session.options.archived_send})
    if response.code != "1":
        return undecided(summarize(response))
    data = response.document.get("data")
    if not isinstance(data, dict) or str(data.get("archive")).lower() != "true":
        return undecided(f"not archived yet: {summarize(response)}")
    receivers = data.get("receivers", "absent")
    if receivers == []:
        return CheckResult(summarize(response), as_expected=True)
    value = "null" if receivers is None else receivers if receivers == "absent" else ""
    setting = f'archived_receivers = "{value}"' if value else ""
    return CheckResult(summarize(response), as_expected=False, setting=setting)


ACTION_CHECKS = (
    Check("credit", "C1", STATED, "1", _credit),
    Check(
        "the member that holds the credit",
        "C2",
        ASSUMED,
        "`credit`",
        _credit_member,
        "the member that holds the credit",
    ),
    Check("receivedMessages", "I2", STATED, "1 or 401", _received_messages),
    Check(
        "the format of received messages",
        "I3",
        ASSUMED,
        "id, number, to, text, date in `data`",
        _format_of_received_messages,
        "the format of received messages",
    ),
    Check(
        "receivedMessages again",
        "I4",
        ASSUMED,
        "1",
        _received_messages_again,
        "the reply to a second request for received messages",
    ),
    Check("reportSend of an unknown id", "R1", STATED, "-6", _report_of_unknown_send),
    Check(
        "reportSend without sendID",
        "R1",
        ASSUMED,
        "-6",
        _without_parameters("reportSend", "-6"),
        "the reply to reportSend without an id",
    ),
    Check("send without parameters", "S1", STATED, "0", _without_parameters("send", "0")),
    Check("sendServices without parameters", "P1", STATED, "0", _without_parameters("sendServices", "0")),
    Check(
        "the name of sendOTP", "O1", ASSUMED, "0", _name_of_send_otp, "the name of the one-time-code action"
    ),
    Check("newContact without parameters", "N1", STATED, "801", _without_parameters("newContact", "801")),
)

ARCHIVED_CHECK = Check(
    "an archived send",
    "R3",
    ASSUMED,
    "an empty list",
    _archived_send,
    "the receivers in the report of an archived send",
)
