"""`mydnspanel-contracts check-log`: what was recorded elsewhere, held against the contract.

Two kinds of recordings are read: HAR files, as browsers and proxies write them, and the simulator's
journal, as the control plane answers it or as one entry a line.
"""

import base64
import binascii
import json
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from mydnspanel_contracts import ACTIONS, UNKNOWN_ACTION, iter_reply_problems, iter_request_problems
from mydnspanel_contracts.commands import output
from mydnspanel_contracts.commands.failure import Unable
from mydnspanel_contracts.commands.line import PATH
from mydnspanel_contracts.commands.secret import Secret

if TYPE_CHECKING:
    from email.message import Message

EXIT_VIOLATED = 1
SHOWN = 200

Document = Mapping[str, Any]


class Recorded(NamedTuple):
    """One request and its reply: `params` and `reply` are None where they cannot be read, `why` says why.
    `keys` are the API keys in it.
    """

    place: str
    params: Document | None
    reply: Any
    why: str = ""
    keys: tuple[str, ...] = ()

    @property
    def action(self) -> str:
        named = (self.params or {}).get("action")
        return named if isinstance(named, str) else ""


class Checked(NamedTuple):
    """`problems` are violations, with the keys blacked out; `open` says what could not be looked at."""

    recorded: Recorded
    problems: tuple[str, ...]
    open: str


def run(given: Namespace) -> int:
    """Returns the exit status. Raises Unable."""
    checked = [check(recorded) for recorded in recordings(_read(given.file), given.file)]
    if not checked:
        raise Unable(f"{given.file}: there is no request to {PATH} in it")
    if given.junit:
        output.write_junit(given.junit, "contracts check-log", [_in_junit(each) for each in checked])
    if given.json:
        output.print_json({"entries": [_row(each) for each in checked]})
    else:
        _tell(checked)
    return EXIT_VIOLATED if any(each.problems for each in checked) else 0


def check(recorded: Recorded) -> Checked:
    """Hold one exchange against the contract."""
    if recorded.params is None:
        return Checked(recorded, (), recorded.why)
    action = recorded.action
    known = action in ACTIONS
    found = [f"request: {each}" for each in iter_request_problems(action, recorded.params)] if known else []
    if not known:
        found = [f"request: $.action: {action[:40]!r} is none of the eight"]
    if not recorded.why:
        answered = action if known else UNKNOWN_ACTION
        found += (f"reply: {each}" for each in iter_reply_problems(answered, recorded.reply))
    return Checked(recorded, tuple(_blacked_out(text, recorded.keys)[:SHOWN] for text in found), recorded.why)


def _blacked_out(text: str, keys: Iterable[str]) -> str:
    for key in keys:
        text = Secret(key).blacked_out(text)
    return text


# Files


def _read(path: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise Unable(f"{path}: {error.strerror or error}") from None


def recordings(data: bytes, name: str) -> Iterator[Recorded]:
    """What is recorded in a file. Raises Unable when it is of neither kind."""
    document = _document(data, name)
    read: Callable[[Document, str], Recorded | None] = _from_journal
    entries: Any = document
    if isinstance(document, dict) and isinstance(document.get("log"), dict):
        entries, read = document["log"].get("entries"), _from_har
    elif isinstance(document, dict):
        entries = document.get("entries", [document])
    if not isinstance(entries, list):
        raise Unable(f"{name}: neither a HAR file nor a journal of the simulator")
    for number, entry in enumerate(entries, 1):
        try:
            recorded = read(entry, f"entry {number}")
        except (KeyError, TypeError, AttributeError, ValueError):
            raise Unable(f"{name}: entry {number} is none of a HAR file or of a journal") from None
        if recorded is not None:
            yield recorded


def _document(data: bytes, name: str) -> Any:
    """The JSON of a file, or a list of what its lines hold. Raises Unable."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unable(f"{name}: bytes that are not UTF-8, at {error.start}") from None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return [_line(line, number, name) for number, line in enumerate(text.split("\n"), 1) if line.strip()]


def _line(text: str, number: int, name: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Unable(f"{name}: line {number} is no JSON, nor is the file as a whole") from None


# The simulator's journal


def _from_journal(entry: Document, place: str) -> Recorded:
    params, reply = entry["params"], entry["reply"]
    if not isinstance(params, dict):
        raise TypeError("params")
    why = ""
    if "bug" in entry:
        return Recorded(place, None, None, "the simulator itself was at fault")
    if reply is None:
        why = "no reply"
    elif "fault" in entry and not isinstance(reply, dict):
        why = "a fault has spoilt the reply"
    elif "reply" in entry.get("truncated", ()):
        why = "the journal has only the beginning of the reply"
    if "params" in entry.get("truncated", ()):
        return Recorded(place, None, None, "the journal has only the beginning of the request")
    if not params and not entry["action"]:
        return Recorded(place, None, None, "the journal has no parameters of it")
    return Recorded(place, params, reply, why, tuple(filter(None, [str(params.get("key", ""))])))


# HAR


def _from_har(entry: Document, place: str) -> Recorded | None:
    """An exchange of a HAR file; None for one with another address."""
    request, response = entry["request"], entry["response"]
    url = urlsplit(request["url"])
    if not url.path.rstrip("/").endswith(PATH):
        return None
    query = dict(parse_qsl(url.query, keep_blank_values=True))
    keys = _keys(request, query)
    if request["method"] == "GET":
        params: Document | None = {name: value for name, value in query.items() if name != "key"}
    else:
        params = _posted(request.get("postData") or {})
    if params is None:
        return Recorded(place, None, None, "the request's body cannot be read", keys)
    reply, why = _reply(response)
    return Recorded(place, params, reply, why, keys)


def _keys(request: Document, query: Mapping[str, str]) -> tuple[str, ...]:
    headers = request.get("headers") or []
    told = [header["value"] for header in headers if header["name"].lower() == "authorization"]
    return tuple(filter(None, [*told, *(word for value in told for word in value.split()), query.get("key")]))


def _posted(data: Document) -> Document | None:
    """The parameters of a body, as HAR has it: its text, or its parameters one by one."""
    kind, text = data.get("mimeType", "").partition(";")[0].strip().lower(), data.get("text") or ""
    if kind == "application/json":
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            return None
        return document if isinstance(document, dict) else None
    if kind == "multipart/form-data" and text:
        return _parts(data["mimeType"], text)
    if data.get("params"):
        return {param["name"]: param.get("value", "") for param in data["params"]}
    return dict(parse_qsl(text, keep_blank_values=True)) if kind != "multipart/form-data" else {}


def _parts(content_type: str, text: str) -> Document | None:
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + text.encode())
    if not message.is_multipart():
        return None
    return {str(name): _text(part) for part in message.iter_parts() if (name := _name(part))}


def _name(part: "Message[str, str]") -> str:
    return str(part.get_param("name", "", header="content-disposition"))


def _text(part: "Message[str, str]") -> str:
    payload = part.get_payload(decode=True)
    return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _reply(response: Document) -> tuple[Any, str]:
    """The reply's JSON, or why there is none to look at."""
    content = response.get("content") or {}
    text = content.get("text")
    if text is None:
        return None, "the file has no body of the reply"
    if content.get("encoding") == "base64":
        try:
            text = base64.b64decode(text, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return None, "the reply's body cannot be read"
    try:
        return json.loads(text), ""
    except (ValueError, RecursionError):
        return text, ""


# Telling


def _tell(checked: list[Checked]) -> None:
    for each in checked:
        for problem in each.problems:
            output.print_text(f"{each.recorded.place} ({_called(each)}): {problem}")
        if each.open:
            output.print_text(f"{each.recorded.place} ({_called(each)}): not judged: {each.open}")
    exchanges = "1 exchange" if len(checked) == 1 else f"{len(checked)} exchanges"
    violating, open_ = sum(bool(each.problems) for each in checked), sum(bool(each.open) for each in checked)
    output.print_text(f"{exchanges}: {violating} violate the contract, {open_} not wholly judged")


def _called(checked: Checked) -> str:
    return _blacked_out(checked.recorded.action[:40], checked.recorded.keys) or "no action"


def _row(checked: Checked) -> dict[str, Any]:
    return {
        "entry": checked.recorded.place,
        "action": _called(checked),
        "problems": list(checked.problems),
        "notJudged": checked.open,
    }


def _in_junit(checked: Checked) -> output.Tested:
    skipped = "" if checked.problems else checked.open
    return output.Tested(_called(checked), checked.recorded.place, "; ".join(checked.problems), skipped)
