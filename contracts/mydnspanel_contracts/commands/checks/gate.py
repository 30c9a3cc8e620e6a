"""Checks of the gate: access to the service, where the key belongs, and which actions exist."""

from collections.abc import Callable

from mydnspanel_contracts.commands.checks.check import ASSUMED, STATED, Check, CheckResult, Session
from mydnspanel_contracts.commands.checks.judging import judge_code, summarize, undecided
from mydnspanel_contracts.commands.connection import NOT_JSON
from mydnspanel_contracts.commands.errors import CommandError

WRONG_KEY = "not-a-key"
UNKNOWN_ACTION = "noSuchAction"
KEY_ANYWHERE = 'key_placement = "anywhere"'
# With these codes the gate refuses everything that this key requests.
GATE_REFUSALS = {
    "-1": "the key is wrong",
    "-2": "the account's access to the web service is switched off",
    "-3": "the account is not verified",
    "-5": "this IP address is not allowed",
}
STATUS = {"action": "status"}


def _status(session: Session) -> CheckResult:
    """Raises CommandError if the server is not a panel or refuses every request with this key."""
    response = session.post("status")
    connection = session.connection
    if response.document is NOT_JSON:
        answer = connection.secret.redact(summarize(response))
        raise CommandError(f"the server at {connection.endpoint} is not a panel: it answered {answer}")
    if response.code in GATE_REFUSALS:
        reason = GATE_REFUSALS[response.code]
        raise CommandError(
            f"the panel answers {response.code} to this key: {reason}; no further check is possible"
        )
    return judge_code(response, "1")


def _status_by_get(session: Session) -> CheckResult:
    return judge_code(session.connection.request(STATUS, method="GET"), "1")


def _wrong_key(method: str) -> Callable[[Session], CheckResult]:
    def run(session: Session) -> CheckResult:
        return judge_code(session.connection.request(STATUS, method=method, key=WRONG_KEY), "-1")

    return run


def _no_key(session: Session) -> CheckResult:
    return judge_code(session.connection.request(STATUS, key=""), "-1")


def _post_with_key_in_query(session: Session) -> CheckResult:
    query = {"key": session.connection.secret.value}
    return judge_code(session.connection.request(STATUS, key="", query=query), "-1", setting=KEY_ANYWHERE)


def _get_with_key_in_header(session: Session) -> CheckResult:
    key = session.connection.secret.value
    response = session.connection.request(STATUS, method="GET", key="", authorization=key)
    return judge_code(response, "-1", setting=KEY_ANYWHERE)


def _bearer(session: Session) -> CheckResult:
    authorization = f"Bearer {session.connection.secret.value}"
    return judge_code(session.connection.request(STATUS, authorization=authorization), "-1")


def _put(session: Session) -> CheckResult:
    response = session.connection.request(STATUS, method="PUT")
    # A web server in front of the panel may refuse such a method itself.
    return judge_code(response, "-4") if response.is_panel_reply else undecided(summarize(response))


def _no_action(session: Session) -> CheckResult:
    return judge_code(session.connection.request({}), "0")


def _unknown_action(name: str) -> Callable[[Session], CheckResult]:
    def run(session: Session) -> CheckResult:
        response = session.post(name)
        if response.body.strip() == "0":
            return CheckResult("the bare text 0", as_expected=False, setting='unknown_action = "bare-0"')
        setting = f'unknown_action = "{response.code}"' if response.code in {"0", "-4"} else ""
        return judge_code(response, "100", setting=setting)

    return run


GATE_CHECKS = (
    Check("status", "T1", STATED, "1", _status),
    Check("status by GET", "W1", STATED, "1", _status_by_get),
    Check("a wrong key, POST", "A1", STATED, "-1", _wrong_key("POST")),
    Check("a wrong key, GET", "A1", STATED, "-1", _wrong_key("GET")),
    Check("no key", "A1", ASSUMED, "-1", _no_key, "the reply to a request without a key"),
    Check(
        "POST, key in the query",
        "A1",
        ASSUMED,
        "-1",
        _post_with_key_in_query,
        "the reply to a POST with the key in the query",
    ),
    Check(
        "GET, key in the header",
        "A1",
        ASSUMED,
        "-1",
        _get_with_key_in_header,
        "the reply to a GET with the key in the header",
    ),
    Check("Bearer before the key", "A1", ASSUMED, "-1", _bearer, "the reply to a key after a scheme word"),
    Check("PUT", "A4", STATED, "-4", _put),
    Check("no action", "A6", ASSUMED, "0", _no_action, "the reply to a request without an action"),
    Check(
        "an unknown action",
        "A7",
        ASSUMED,
        "100",
        _unknown_action(UNKNOWN_ACTION),
        "the reply to an unknown action",
    ),
    Check(
        "Status instead of status",
        "W11",
        ASSUMED,
        "100",
        _unknown_action("Status"),
        "the reply to an action written in another case",
    ),
)
