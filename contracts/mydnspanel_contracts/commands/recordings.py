"""Reading recorded traffic: HAR files, as browsers and proxies write them, and the simulator's journal.

A journal is read as the control plane returns it, as a list of entries, or with one entry on each line.
"""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from email.parser import BytesParser
from email.policy import HTTP
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from mydnspanel_contracts.commands.connection import ENDPOINT_PATH
from mydnspanel_contracts.commands.errors import CommandError

if TYPE_CHECKING:
    from email.message import Message

Document = Mapping[str, Any]


class Exchange(NamedTuple):
    """A recorded request and its reply.

    `params` is None if the request cannot be judged. `reply` counts only if `not_judged`, the reason why
    something cannot be judged, is empty. `keys` are the API keys in the request.
    """

    name: str
    params: Document | None
    reply: Any
    not_judged: str = ""
    keys: tuple[str, ...] = ()

    @property
    def action(self) -> str:
        action = (self.params or {}).get("action")
        return action if isinstance(action, str) else ""


def read_exchanges(data: bytes, file: str) -> Iterator[Exchange]:
    """The exchanges in a file. Raises CommandError if it is neither a HAR file nor a journal."""
    document = _decode(data, file)
    is_har = isinstance(document, dict) and isinstance(document.get("log"), dict)
    if is_har:
        entries = document["log"].get("entries")
    elif isinstance(document, dict):
        entries = document.get("entries", [document])
    else:
        entries = document
    if not isinstance(entries, list):
        raise CommandError(f"{file}: neither a HAR file nor a journal of the simulator")
    for number, entry in enumerate(entries, 1):
        try:
            exchange = (_from_har if is_har else _from_journal)(entry, f"entry {number}")
        except (KeyError, TypeError, AttributeError, ValueError):
            kind = "HAR file" if is_har else "journal"
            raise CommandError(f"{file}: entry {number} is not a valid entry of a {kind}") from None
        if exchange is not None:
            yield exchange


def _decode(data: bytes, file: str) -> Any:
    """The JSON of a file, or a list with the JSON of each line. Raises CommandError."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CommandError(f"{file}: invalid UTF-8 at byte {error.start}") from None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        lines = enumerate(text.split("\n"), 1)
        return [_decode_line(line, number, file) for number, line in lines if line.strip()]


def _decode_line(line: str, number: int, file: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        raise CommandError(f"{file}: neither the whole file nor line {number} is JSON") from None


# The simulator's journal


def _from_journal(entry: Document, name: str) -> Exchange:
    params, reply = entry["params"], entry["reply"]
    if not isinstance(params, dict):
        raise TypeError("params")
    if "bug" in entry:
        return Exchange(name, None, None, "the simulator had an internal error")
    if "params" in entry.get("truncated", ()):
        return Exchange(name, None, None, "the journal has only the beginning of the request")
    if not params and not entry["action"]:
        return Exchange(name, None, None, "the journal has no parameters of the request")
    not_judged = ""
    if reply is None:
        not_judged = "there was no reply"
    elif "fault" in entry and not isinstance(reply, dict):
        not_judged = "a fault rule replaced the reply"
    elif "reply" in entry.get("truncated", ()):
        not_judged = "the journal has only the beginning of the reply"
    return Exchange(name, params, reply, not_judged, tuple(filter(None, [str(params.get("key", ""))])))


# HAR


def _from_har(entry: Document, name: str) -> Exchange | None:
    """The exchange of an entry, or None if the request went to another address."""
    request, response = entry["request"], entry["response"]
    url = urlsplit(request["url"])
    if not url.path.rstrip("/").endswith(ENDPOINT_PATH):
        return None
    query = dict(parse_qsl(url.query, keep_blank_values=True))
    keys = _keys(request, query)
    if request["method"] == "GET":
        params: Document | None = {name: value for name, value in query.items() if name != "key"}
    else:
        params = _decode_body(request.get("postData") or {})
    if params is None:
        return Exchange(name, None, None, "the request body cannot be decoded", keys)
    reply, not_judged = _decode_reply(response)
    return Exchange(name, params, reply, not_judged, keys)


def _keys(request: Document, query: Mapping[str, str]) -> tuple[str, ...]:
    headers = request.get("headers") or []
    values = [header["value"] for header in headers if header["name"].lower() == "authorization"]
    words = [word for value in values for word in value.split()]
    return tuple(filter(None, [*values, *words, query.get("key")]))


def _decode_body(data: Document) -> Document | None:
    """The parameters in a HAR file's `postData`, which has the body's text or a list of parameters."""
    media_type = data.get("mimeType", "").partition(";")[0].strip().lower()
    text = data.get("text") or ""
    if media_type == "application/json":
        return _decode_json_object(text)
    if media_type == "multipart/form-data" and text:
        return _decode_multipart(data["mimeType"], text)
    if data.get("params"):
        return {param["name"]: param.get("value", "") for param in data["params"]}
    return dict(parse_qsl(text, keep_blank_values=True))


def _decode_json_object(text: str) -> Document | None:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _decode_multipart(content_type: str, text: str) -> Document | None:
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + text.encode())
    if not message.is_multipart():
        return None
    return {name: _part_text(part) for part in message.iter_parts() if (name := _part_name(part))}


def _part_name(part: "Message[str, str]") -> str:
    return str(part.get_param("name", "", header="content-disposition"))


def _part_text(part: "Message[str, str]") -> str:
    payload = part.get_payload(decode=True)
    return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _decode_reply(response: Document) -> tuple[Any, str]:
    """The reply's JSON (or its text, if it is not JSON), and why it cannot be judged."""
    content = response.get("content") or {}
    text = content.get("text")
    if text is None:
        return None, "the recording has no reply body"
    if content.get("encoding") == "base64":
        try:
            text = base64.b64decode(text, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return None, "the reply body cannot be decoded"
    try:
        return json.loads(text), ""
    except (ValueError, RecursionError):
        return text, ""
