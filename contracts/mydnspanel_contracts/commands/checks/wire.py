"""Checks of the wire: how requests are decoded and how replies are written."""

from collections.abc import Callable

from mydnspanel_contracts.commands.checks.check import ASSUMED, OBSERVED, STATED, Check, CheckResult, Session
from mydnspanel_contracts.commands.checks.gate import STATUS, WRONG_KEY
from mydnspanel_contracts.commands.checks.judging import judge_code, summarize, undecided

# Members that clients take for a verdict besides the result.
VERDICT_MEMBERS = frozenset({"status", "error", "errors", "success", "ok"})


def _json_object(session: Session) -> CheckResult:
    response = session.post("status")
    return CheckResult(summarize(response), response.is_panel_reply)


def _scalars(session: Session) -> CheckResult:
    response = session.post("status")
    if not response.is_panel_reply:
        return undecided(summarize(response))
    if isinstance(response.document["result"], str):
        return CheckResult(summarize(response), as_expected=True)
    return CheckResult(summarize(response), as_expected=False, setting='reply_scalars = "native"')


def _http_status_of_a_refusal(session: Session) -> CheckResult:
    response = session.connection.request(STATUS, key=WRONG_KEY)
    if not response.is_panel_reply:
        return undecided(summarize(response))
    is_json = response.content_type.lower().startswith("application/json")
    return CheckResult(
        f"HTTP {response.status}, {response.content_type or 'no content type'}",
        response.status == 200 and is_json,
    )


def _encoding(name: str) -> Callable[[Session], CheckResult]:
    def run(session: Session) -> CheckResult:
        return judge_code(session.connection.request(STATUS, encoding=name), "1")

    return run


def _post_with_parameters_in_query(session: Session) -> CheckResult:
    return judge_code(session.connection.request({}, query=STATUS), "0")


def _trailing_slash(session: Session) -> CheckResult:
    return judge_code(session.connection.request(STATUS, path_suffix="/"), "1")


def _broken_json(session: Session) -> CheckResult:
    return judge_code(session.connection.request({}, encoding="json", body=b'{"action": "status"'), "0")


def _no_other_verdict(session: Session) -> CheckResult:
    """Looks at the replies to all earlier checks, so it has to be the last one."""
    for reply in session.replies:
        if reply.is_panel_reply and VERDICT_MEMBERS & reply.document.keys():
            return CheckResult(summarize(reply), as_expected=False)
    return CheckResult(f"{len(session.replies)} replies without one", as_expected=True)


WIRE_CHECKS = (
    Check("one JSON object with a result", "W2", STATED, "an object", _json_object),
    Check("scalars are strings", "W3", ASSUMED, '"1"', _scalars, "the notation of scalars in replies"),
    Check(
        "a refusal is HTTP 200 and JSON",
        "W4",
        OBSERVED,
        "HTTP 200",
        _http_status_of_a_refusal,
        "the HTTP status and content type of refusals",
    ),
    Check("multipart", "W5", OBSERVED, "1", _encoding("multipart"), "the reply to a multipart body"),
    Check("a JSON body", "W5", OBSERVED, "1", _encoding("json"), "the reply to a JSON body"),
    Check(
        "POST, parameters in the query",
        "W10",
        ASSUMED,
        "0",
        _post_with_parameters_in_query,
        "the reply to a POST with its parameters in the query",
    ),
    Check(
        "a trailing slash", "W1", ASSUMED, "1", _trailing_slash, "the reply at the path with a trailing slash"
    ),
    Check("broken JSON", "W12", ASSUMED, "0", _broken_json, "the reply to a body that cannot be decoded"),
)

NO_OTHER_VERDICT = Check(
    "no other verdict in a reply",
    "W14",
    OBSERVED,
    "no status, error, errors, success, ok",
    _no_other_verdict,
    "verdicts besides `result` in replies",
)
