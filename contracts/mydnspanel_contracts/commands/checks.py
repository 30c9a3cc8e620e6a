"""What `verify` asks a server, in order: each check is one question, with the rule that answers it.

A check's evidence says what it means when the server answers otherwise. Of a stated rule: the server is
wrong. Of an observed or assumed one: news, which a setting of the simulator can follow. The condition of a
code is mostly an assumption also where the code itself is stated; the checks keep the two apart.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from mydnspanel_contracts import iter_reply_problems
from mydnspanel_contracts.commands.failure import Unable
from mydnspanel_contracts.commands.line import NOTHING, Got, Line

SHOWN = 120
NOBODYS_SEND = "999999999999999999"
NO_ACTION = "noSuchAction"
WRONG_KEY = "not-a-key"
# Members that real clients read as a verdict of their own.
VERDICTS = frozenset({"status", "error", "errors", "success", "ok"})
# With these the gate shuts out the key itself.
SHUT = {
    "-1": "the key is not right",
    "-2": "the account's web service is switched off",
    "-3": "the account is not verified",
    "-5": "this address is not allowed",
}
# With these a send is refused rightly, for what the account is.
UNABLE_TO_SEND = {
    "106": "the line is not this account's; --from names another",
    "108": "the account's billing is not in order",
    "109": "the account's credit does not suffice",
    "114": "the account is not verified for sending",
}


class Asked(NamedTuple):
    """What a run may do beyond what is free: `number` gets a message from `sender`; None: nothing is sent."""

    number: str | None = None
    sender: str = "auto"
    phonebook: str | None = None
    archived_send: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of a check: what the server answered, and whether that is right; None where it settles
    nothing. `setting` is what makes the simulator do as this server does.
    """

    got: str
    right: bool | None
    setting: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    rule: str
    evidence: str
    expected: str
    run: Callable[["Session"], Finding]
    settles: str = ""  # in words, what is known now; of an assumed or observed rule


class Session:
    """A line, and what earlier checks have learned of the server."""

    def __init__(self, line: Line, asked: Asked) -> None:
        self.line = line
        self.asked = asked
        self.first: Got | None = None  # the answer to the first `status`
        self.credit: Got | None = None
        self.received: Got | None = None
        self.sent: Got | None = None
        self.send_id = ""
        self.answers: list[Got] = []

    def ask(self, action: str, /, **params: Any) -> Got:
        """POST a form with the right key; a final underscore of a name is dropped."""
        got = self.line.ask({"action": action, **{k.removesuffix("_"): v for k, v in params.items()}})
        self.answers.append(got)
        return got


STATED, OBSERVED, ASSUMED = "stated", "observed", "assumed"


def checks(asked: Asked) -> Iterator[Check]:
    """The checks of a run, the free ones first."""
    yield from FREE
    if asked.archived_send is not None:
        yield ARCHIVED
    if asked.number is not None:
        yield from CHARGED


# How an answer is judged


def shown(got: Got) -> str:
    """The answer in few words."""
    if got.is_page:
        return f"HTTP {got.status}, a page of HTML"
    text = " ".join(got.body.split()) or "an empty body"
    return ("" if got.status == 200 else f"HTTP {got.status}, ") + text[:SHOWN]


def by_code(got: Got, *codes: str, setting: str = "") -> Finding:
    """Right where the answer has one of these codes; a web server's page in its place settles nothing."""
    if got.is_page:
        return Finding(shown(got), None)
    right = got.code in codes
    return Finding(shown(got), right, "" if right else setting)


def by_contract(got: Got, action: str, *codes: str) -> Finding:
    """Right where the answer has one of these codes and everything that the contract asks of it then."""
    found = by_code(got, *codes)
    problem = next(iter_reply_problems(action, got.document), None) if found.right else None
    return found if problem is None else Finding(f"{shown(got)}: {problem}", right=False)


# Without cost


def _status(session: Session) -> Finding:
    """Raises Unable when no panel answers, or one that lets this key ask nothing."""
    got = session.first = session.ask("status")
    endpoint = session.line.endpoint
    if got.document is NOTHING:
        raise Unable(f"what answers at {endpoint} is no panel: {session.line.secret.blacked_out(shown(got))}")
    if got.code in SHUT:
        raise Unable(f"the panel answers {got.code} to this key: {SHUT[got.code]}; nothing else can be asked")
    return by_code(got, "1")


def _status_by_get(session: Session) -> Finding:
    return by_code(session.line.ask({"action": "status"}, method="GET"), "1")


def _one_object(session: Session) -> Finding:
    got = session.first or session.ask("status")
    return Finding(shown(got), got.is_panels)


def _notation(session: Session) -> Finding:
    got = session.first or session.ask("status")
    if not got.is_panels:
        return Finding(shown(got), None)
    native = not isinstance(got.document["result"], str)
    return Finding(shown(got), not native, 'reply_scalars = "native"' if native else "")


def _wrong_key(method: str) -> Callable[[Session], Finding]:
    def run(session: Session) -> Finding:
        return by_code(session.line.ask({"action": "status"}, method=method, key=WRONG_KEY), "-1")

    return run


def _no_key(session: Session) -> Finding:
    return by_code(session.line.ask({"action": "status"}, header=None), "-1")


ANYWHERE = 'key_placement = "anywhere"'


def _key_in_the_query_of_a_post(session: Session) -> Finding:
    query = {"key": session.line.secret.text}
    return by_code(session.line.ask({"action": "status"}, header=None, query=query), "-1", setting=ANYWHERE)


def _key_in_the_header_of_a_get(session: Session) -> Finding:
    header = session.line.secret.text
    got = session.line.ask({"action": "status"}, method="GET", key="", header=header)
    return by_code(got, "-1", setting=ANYWHERE)


def _bearer(session: Session) -> Finding:
    header = f"Bearer {session.line.secret.text}"
    return by_code(session.line.ask({"action": "status"}, header=header), "-1")


def _refusal_is_http_200(session: Session) -> Finding:
    got = session.line.ask({"action": "status"}, key=WRONG_KEY)
    if not got.is_panels:
        return Finding(shown(got), None)
    json = got.content_type.lower().startswith("application/json")
    return Finding(f"HTTP {got.status}, {got.content_type or 'no content type'}", got.status == 200 and json)


def _put(session: Session) -> Finding:
    got = session.line.ask({"action": "status"}, method="PUT")
    # A web server in front of the panel may not let such a method through.
    return by_code(got, "-4") if got.is_panels else Finding(shown(got), None)


def _encoding(name: str) -> Callable[[Session], Finding]:
    def run(session: Session) -> Finding:
        return by_code(session.line.ask({"action": "status"}, encoding=name), "1")

    return run


def _parameters_in_the_query_of_a_post(session: Session) -> Finding:
    return by_code(session.line.ask({}, query={"action": "status"}), "0")


def _trailing_slash(session: Session) -> Finding:
    return by_code(session.line.ask({"action": "status"}, suffix="/"), "1")


def _broken_json(session: Session) -> Finding:
    return by_code(session.line.ask({}, encoding="json", body=b'{"action": "status"'), "0")


def _no_action(session: Session) -> Finding:
    return by_code(session.line.ask({}), "0")


def _unknown(name: str) -> Callable[[Session], Finding]:
    def run(session: Session) -> Finding:
        got = session.ask(name)
        if got.body.strip() == "0":
            return Finding("the bare text 0", right=False, setting='unknown_action = "bare-0"')
        known = got.code in {"0", "-4"}
        return by_code(got, "100", setting=f'unknown_action = "{got.code}"' if known else "")

    return run


def _credit(session: Session) -> Finding:
    session.credit = session.ask("credit")
    return by_code(session.credit, "1")


def _credit_stands_in(session: Session) -> Finding:
    got = session.credit
    if got is None or got.code != "1":
        return Finding("the credit was not read", None)
    if by_contract(got, "credit", "1").right:
        return Finding(shown(got), right=True)
    return Finding(shown(got), right=False, setting=_renamed("credit", got))


def _renamed(member: str, got: Got) -> str:
    """The setting for the one number of a reply, beside its result, whose place is not the known one."""
    places = [path for path in _numbers("", got.document) if path != "result"]
    return f'reply_names.{member} = "{places[0]}"' if len(places) == 1 else ""


def _numbers(path: str, value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _numbers(f"{path}.{name}".lstrip("."), item)
    elif isinstance(value, int | str) and str(value).isdecimal():
        yield path


def _received(session: Session) -> Finding:
    session.received = session.ask("receivedMessages")
    return by_code(session.received, "1", "401")


def _shape_of_received(session: Session) -> Finding:
    got = session.received
    if got is None or got.code != "1":
        return Finding("there was no message to look at", None)
    return by_contract(got, "receivedMessages", "1")


def _received_again(session: Session) -> Finding:
    if session.received is None or session.received.code != "1":
        return Finding("there was no message to look at", None)
    return by_code(session.ask("receivedMessages"), "1", setting='received = "once"')


def _report_of_nobodys_send(session: Session) -> Finding:
    return by_code(session.ask("reportSend", sendID=NOBODYS_SEND), "-6")


def _without_parameters(action: str, code: str) -> Callable[[Session], Finding]:
    def run(session: Session) -> Finding:
        return by_code(session.ask(action), code)

    return run


def _otp_name(session: Session) -> Finding:
    got = session.ask("sendOTP")
    unknown = session.ask(NO_ACTION)
    if got.body == unknown.body and got.code != "0":
        return Finding(shown(got), right=False, setting="otp_names.action = its real name")
    return by_code(got, "0")


def _no_second_verdict(session: Session) -> Finding:
    told = [got for got in session.answers if got.is_panels and VERDICTS & got.document.keys()]
    return Finding(shown(told[0]) if told else f"{len(session.answers)} replies without one", not told)


FREE = (
    Check("status", "T1", STATED, "1", _status),
    Check("status by GET", "W1", STATED, "1", _status_by_get),
    Check("one JSON object with a result", "W2", STATED, "an object", _one_object),
    Check("scalars are strings", "W3", ASSUMED, '"1"', _notation, "how replies write numbers"),
    Check("a wrong key, POST", "A1", STATED, "-1", _wrong_key("POST")),
    Check("a wrong key, GET", "A1", STATED, "-1", _wrong_key("GET")),
    Check("no key at all", "A1", ASSUMED, "-1", _no_key, "what a request without a key is answered"),
    Check(
        "POST, the key in the query",
        "A1",
        ASSUMED,
        "-1",
        _key_in_the_query_of_a_post,
        "whether a POST may carry the key in the query",
    ),
    Check(
        "GET, the key in the header",
        "A1",
        ASSUMED,
        "-1",
        _key_in_the_header_of_a_get,
        "whether a GET may carry the key in the header",
    ),
    Check(
        "the key behind Bearer",
        "A1",
        ASSUMED,
        "-1",
        _bearer,
        "whether a scheme word may stand before the key",
    ),
    Check(
        "a refusal is HTTP 200 and JSON",
        "W4",
        OBSERVED,
        "HTTP 200",
        _refusal_is_http_200,
        "how refusals travel",
    ),
    Check("PUT", "A4", STATED, "-4", _put),
    Check("multipart", "W5", OBSERVED, "1", _encoding("multipart"), "whether multipart bodies are read"),
    Check("a JSON body", "W5", OBSERVED, "1", _encoding("json"), "whether JSON bodies are read"),
    Check(
        "POST, parameters in the query",
        "W10",
        ASSUMED,
        "0",
        _parameters_in_the_query_of_a_post,
        "whether a POST's query is read for parameters",
    ),
    Check("a trailing slash", "W1", ASSUMED, "1", _trailing_slash, "whether the endpoint has a second name"),
    Check("broken JSON", "W12", ASSUMED, "0", _broken_json, "what an unreadable body is answered"),
    Check("no action", "A6", ASSUMED, "0", _no_action, "what a request without action is answered"),
    Check(
        "an unknown action", "A7", ASSUMED, "100", _unknown(NO_ACTION), "what an unknown action is answered"
    ),
    Check(
        "Status for status",
        "W11",
        ASSUMED,
        "100",
        _unknown("Status"),
        "whether the case of an action matters",
    ),
    Check("credit", "C1", STATED, "1", _credit),
    Check(
        "where the credit stands", "C2", ASSUMED, "in `credit`", _credit_stands_in, "where the credit stands"
    ),
    Check("receivedMessages", "I2", STATED, "1 or 401", _received),
    Check(
        "the shape of received messages",
        "I3",
        ASSUMED,
        "id, number, to, text, date in `data`",
        _shape_of_received,
        "how received messages are written",
    ),
    Check(
        "receivedMessages again",
        "I4",
        ASSUMED,
        "1",
        _received_again,
        "whether received messages are handed out once",
    ),
    Check("reportSend of an unknown id", "R1", STATED, "-6", _report_of_nobodys_send),
    Check(
        "reportSend without sendID",
        "R1",
        ASSUMED,
        "-6",
        _without_parameters("reportSend", "-6"),
        "what a report without an id is answered",
    ),
    Check("send without parameters", "S1", STATED, "0", _without_parameters("send", "0")),
    Check("sendServices without parameters", "P1", STATED, "0", _without_parameters("sendServices", "0")),
    Check("the name of sendOTP", "O1", ASSUMED, "0", _otp_name, "what the one-time-code action is called"),
    Check("newContact without parameters", "N1", STATED, "801", _without_parameters("newContact", "801")),
    Check(
        "no second verdict in a reply",
        "W14",
        OBSERVED,
        "no status, error, errors, success, ok",
        _no_second_verdict,
        "whether replies have other verdicts than `result`",
    ),
)


def _archived(session: Session) -> Finding:
    got = session.ask("reportSend", sendID=session.asked.archived_send)
    if got.code != "1":
        return Finding(shown(got), None)
    data = got.document.get("data")
    if not isinstance(data, dict) or str(data.get("archive")).lower() != "true":
        return Finding(f"not archived yet: {shown(got)}", None)
    receivers = data.get("receivers", "absent")
    if receivers == []:
        return Finding(shown(got), right=True)
    word = {None: "null", "absent": "absent"}.get(receivers) if not isinstance(receivers, list) else None
    return Finding(shown(got), right=False, setting=f'archived_receivers = "{word}"' if word else "")


ARCHIVED = Check(
    "an archived send", "R3", ASSUMED, "an empty list", _archived, "what the report of an archived send has"
)

# With a message that is charged for


def _send(session: Session, receivers: str, **more: Any) -> Got:
    session.sent = session.ask("send", from_=session.asked.sender, text="verify", receivers=receivers, **more)
    return session.sent


def _bad_receiver(session: Session) -> Finding:
    got = _send(session, f"{session.asked.number},x")
    return by_code(got, "105", setting='bad_receivers = "skip"' if got.code == "1" else "")


def _good_send(session: Session) -> Finding:
    session.credit = session.ask("credit")  # a bad receiver may have been skipped, and the good one charged
    got = _send(session, str(session.asked.number), phoneBook=session.asked.phonebook or "0")
    if why := UNABLE_TO_SEND.get(got.code):
        return Finding(f"{shown(got)}: {why}", None)
    return by_code(got, "1")


def _send_id_stands_in(session: Session) -> Finding:
    got = session.sent
    if got is None or got.code != "1":
        return Finding("nothing was sent", None)
    if isinstance(send_id := got.document.get("sendID"), str | int):
        session.send_id = str(send_id)
        return Finding(shown(got), right=True)
    setting = _renamed("send_id", Got(got.status, "", "", _without(got.document, "phoneBook")))
    session.send_id = _at(setting.partition('"')[2].rstrip('"'), got.document)
    return Finding(shown(got), right=False, setting=setting)


def _without(document: dict[str, Any], name: str) -> dict[str, Any]:
    return {member: value for member, value in document.items() if member != name}


def _at(path: str, document: Any) -> str:
    for name in path.split(".") if path else ():
        document = document[name]
    return str(document) if path else ""


def _phone_book(session: Session) -> Finding:
    got = session.sent
    if got is None or got.code != "1":
        return Finding("nothing was sent", None)
    expected = {"1", "-3"} if session.asked.phonebook else {"-1", "-2"}
    return Finding(shown(got), str(got.document.get("phoneBook")) in expected)


def _charged(session: Session) -> Finding:
    after = session.ask("credit")
    before = session.credit
    if before is None or session.sent is None or session.sent.code != "1":
        return Finding("nothing was sent", None)
    amounts = [got.document.get("credit") for got in (before, after) if got.is_panels]
    if not all(isinstance(amount, int | str) and str(amount).isdecimal() for amount in amounts):
        return Finding("the credit was not read", None)
    fallen = int(amounts[0]) - int(amounts[1])
    return Finding(f"{fallen} rials for one part", fallen > 0)


def _report(session: Session) -> Finding:
    if not session.send_id:
        return Finding("there is no id to ask for", None)
    return by_contract(session.ask("reportSend", sendID=session.send_id), "reportSend", "1")


def _contact(session: Session) -> Finding:
    phonebook, number = session.asked.phonebook, session.asked.number
    if phonebook is None:
        return by_code(session.ask("newContact", phoneId="0", cNumber=number), "802")
    return by_code(session.ask("newContact", phoneId=phonebook, cNumber=number), "1")


def _fields(session: Session) -> Finding:
    if session.asked.phonebook is None:
        return Finding("--phonebook was not given", None)
    got = session.ask(
        "newContact", phoneId=session.asked.phonebook, cNumber=session.asked.number, cFields='{"F0":"x"}'
    )
    fields = got.document.get("fields") if got.is_panels else None
    single = isinstance(fields, str | int)
    return Finding(shown(got), isinstance(fields, dict), 'fields_reply = "single"' if single else "")


CHARGED = (
    Check(
        "a bad receiver beside a good one", "S5", ASSUMED, "105", _bad_receiver, "what one bad receiver does"
    ),
    Check("send", "S12", STATED, "1", _good_send),
    Check(
        "where the send's id stands",
        "S12",
        OBSERVED,
        "in `sendID`",
        _send_id_stands_in,
        "where its id stands",
    ),
    Check("its phonebook operation", "B1", STATED, "a code in `phoneBook`", _phone_book),
    Check("the charge", "M6", ASSUMED, "the credit falls at once", _charged, "when a message is charged for"),
    Check("the report", "R2", STATED, "1, as in the guide's sample", _report),
    Check("newContact", "N4", STATED, "1, or 802 without --phonebook", _contact),
    Check("the shape of fields", "X2", ASSUMED, "an object", _fields, "how field codes are written"),
)
