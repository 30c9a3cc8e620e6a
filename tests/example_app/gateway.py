"""The client of the SMS panel that the application uses.

PanelError
  Refused            the panel has refused the request, with a code
    NotEnoughCredit
  Unavailable        the message was not accepted: trying again is safe
  OutcomeUnknown     the message may have been accepted: trying again may send it twice
"""

import json
from collections.abc import Callable, Mapping
from contextlib import closing
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

REAL_PANEL = "https://mydnspanel.com/webservice/server"
ACCEPTED = 1

Result = TypeVar("Result")


class PanelError(Exception):
    """`code` is the result code, if the panel has given one."""

    def __init__(self, text: str, code: int | None = None) -> None:
        super().__init__(text)
        self.code = code


class Refused(PanelError): ...


class NotEnoughCredit(Refused): ...


class Unavailable(PanelError): ...


class OutcomeUnknown(PanelError): ...


ERRORS = {109: NotEnoughCredit, 608: NotEnoughCredit, 112: Unavailable}


class Gateway:
    """`timeout` is for each step of a request, in seconds. Every method may raise any of the errors above."""

    def __init__(self, endpoint: str, api_key: str, timeout: float = 10) -> None:
        self._url = urlsplit(endpoint)
        self._headers = {"Authorization": api_key, "Content-Type": "application/x-www-form-urlencoded"}
        self._timeout = timeout

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Gateway":
        return cls(environ.get("PANEL_ENDPOINT", REAL_PANEL), environ["PANEL_API_KEY"])

    def send(self, line: str, text: str, number: str) -> str:
        """Send an ordinary message, and return its sendID."""
        return self._ask("send", {"from": line, "text": text, "receivers": number}, _send_id)

    def send_pattern(self, line: str, pattern: int, values: Mapping[str, str], number: str) -> str:
        """Send a pattern message, and return its sendID."""
        data = {"from": line, "textCode": pattern, "textData": json.dumps(values), "receivers": number}
        return self._ask("sendServices", data, _send_id)

    def delivery_status(self, send_id: str) -> tuple[int, int] | None:
        """The pair (processingStatus, sendStatus) of a message to one receiver, or None if it is archived."""
        return self._ask("reportSend", {"sendID": send_id}, _delivery_status)

    def credit(self) -> int:
        """The remaining credit, in rials."""
        return self._ask("credit", {}, lambda reply: int(reply["credit"]))

    def add_contact(self, phonebook: int, number: str, fields: Mapping[str, str]) -> dict[str, int]:
        """Store a contact, and return the code of each field that was not stored with it."""
        data = {"phoneId": phonebook, "cNumber": number, "cFields": json.dumps(fields)}
        return self._ask("newContact", data, _refused_fields)

    def _ask(self, action: str, data: Mapping[str, object], read: Callable[[Any], Result]) -> Result:
        body = self._post(urlencode({"action": action, **data}))
        try:
            reply = json.loads(body)
            code = int(reply["result"])
            if code == ACCEPTED:
                return read(reply)
        except (LookupError, TypeError, ValueError) as error:
            raise OutcomeUnknown(f"{action}: unreadable reply {body[:80]!r}") from error
        message = f"{action}: {code} ({reply.get('description', 'no description')})"
        raise ERRORS.get(code, Refused)(message, code)

    def _post(self, form: str) -> bytes:
        connection_class = HTTPSConnection if self._url.scheme == "https" else HTTPConnection
        with closing(connection_class(self._url.netloc, timeout=self._timeout)) as connection:
            try:
                connection.connect()
            except OSError as error:
                raise Unavailable(f"no connection: {error}") from error
            # From here on the panel may have read the request, even if the connection breaks.
            try:
                connection.request("POST", self._url.path, form, self._headers)
                return connection.getresponse().read()
            except (OSError, HTTPException) as error:
                raise OutcomeUnknown(f"connection lost: {error}") from error


def _send_id(reply: Any) -> str:
    return str(reply["sendID"])


def _refused_fields(reply: Any) -> dict[str, int]:
    codes = {field: int(code) for field, code in dict(reply["fields"]).items()}
    return {field: code for field, code in codes.items() if code != ACCEPTED}


def _delivery_status(reply: Any) -> tuple[int, int] | None:
    data = reply["data"]
    if str(data["archive"]).lower() == "true":
        return None
    (receiver,) = data["receivers"]
    return int(receiver["processingStatus"]), int(receiver["sendStatus"])
