"""What a check is, and what the checks of one run share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from mydnspanel_contracts.commands.connection import Connection, Response

STATED, OBSERVED, ASSUMED = "stated", "observed", "assumed"


class RunOptions(NamedTuple):
    """What a run does besides the checks that are free of charge.

    With a `receiver`, it sends a message from `sender`, and adds the number to `phonebook` if there is one.
    With `archived_send`, the id of an old send, it requests the report of that send.
    """

    receiver: str | None = None
    sender: str = "auto"
    phonebook: str | None = None
    archived_send: str | None = None


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What the server answered, in short, and whether that is as expected.

    `as_expected` is None if the answer settles nothing. `setting` is the setting that makes the simulator
    answer like this server.
    """

    got: str
    as_expected: bool | None
    setting: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One question to the server, with the rule that gives the expected answer.

    `evidence` says how the expected answer is known. It may differ from the evidence of the rule, because a
    code is often stated while its exact condition is assumed. If the expected answer is stated, another
    answer means that the server is wrong; otherwise it means that the rule is different. `settles` says in
    words what an answer settles about an observed or assumed rule.
    """

    name: str
    rule: str
    evidence: str
    expected: str
    run: Callable[["Session"], CheckResult]
    settles: str = ""


class Session:
    """A connection, the options of the run, and what earlier checks have received."""

    def __init__(self, connection: Connection, options: RunOptions) -> None:
        self.connection = connection
        self.options = options
        self.credit_reply: Response | None = None
        self.received_reply: Response | None = None
        self.send_reply: Response | None = None
        self.send_id = ""
        self.replies: list[Response] = []

    def post(self, action: str, params: Mapping[str, Any] | None = None) -> Response:
        """POST a form with the right key, and keep the response in `replies`."""
        response = self.connection.request({"action": action, **(params or {})})
        self.replies.append(response)
        return response
