"""The cases of `contracts/cases`, read and understood as `contracts/README.md` says; nothing runs here."""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.source import ROOT

FOLDER = ROOT / "contracts" / "mydnspanel_contracts" / "cases"
FILES = sorted(FOLDER.glob("*.json"))
ENCODINGS = ("form", "multipart", "json")
_PLACEHOLDER = re.compile(r"\$\{([A-Za-z][A-Za-z0-9]*)\}")

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    file: str
    document: Document

    def __str__(self) -> str:
        return str(self.document["id"])

    @property
    def rules(self) -> list[str]:
        return list(self.document["rules"])

    @property
    def accounts(self) -> dict[str, Document]:
        return dict(self.document["accounts"])

    @property
    def steps(self) -> list[Document]:
        return list(self.document["steps"])

    @property
    def exchanges(self) -> list[Document]:
        return [step for step in self.steps if "request" in step]


def load() -> list[Case]:
    return [Case(path.name, case) for path in FILES for case in json.loads(path.read_text("utf-8"))["cases"]]


CASES = load()


@dataclass(frozen=True)
class Way:
    """One of the ways to make a request that mean the same."""

    method: str
    encoding: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.encoding}".strip()


EVERY_WAY = (Way("GET"), *(Way("POST", encoding) for encoding in ENCODINGS))


def ways(request: Document) -> Iterator[Way]:
    """The ways in which a case wants a request to be made."""
    method, encoding = request.get("method"), request.get("encoding")
    for way in EVERY_WAY:
        if method in (None, way.method) and encoding in (None, way.encoding) and "raw" not in request:
            yield way
    if "raw" in request or method not in (None, "GET", "POST"):
        yield Way(method or "POST", encoding or "form")


def body_of(raw: str | Document) -> bytes:
    if isinstance(raw, str):
        return raw.encode()
    if "repeat" in raw:
        return (str(raw["repeat"]) * int(raw["times"])).encode()
    return base64.b64decode(raw["base64"], validate=True)


def filled(value: Any, saved: Mapping[str, str]) -> Any:
    """The value with what was saved in the places of `${name}`."""
    if isinstance(value, str):
        return _PLACEHOLDER.sub(lambda found: saved[found[1]], value)
    if isinstance(value, list):
        return [filled(item, saved) for item in value]
    if isinstance(value, dict):
        return {filled(name, saved): filled(item, saved) for name, item in value.items()}
    return value


def at(pointer: str, document: Any) -> str:
    """The scalar at a JSON Pointer, as text."""
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        document = document[int(name)] if isinstance(document, list) else document[name]
    return str(document)


def difference(expected: Any, found: Any, path: str = "$") -> str | None:
    """Where and how `found` is not what is expected; None where it is."""
    if isinstance(expected, dict) and set(expected) == {"$matches"}:
        same = isinstance(found, str | int) and re.search(expected["$matches"], str(found))
        return None if same else f"{path}: {found!r} does not match {expected['$matches']}"
    if type(expected) is not type(found):
        return f"{path}: {found!r} in place of {expected!r}"
    if isinstance(expected, dict):
        if expected.keys() != found.keys():
            return f"{path}: members {sorted(found)} in place of {sorted(expected)}"
        pairs = [(f"{path}.{name}", expected[name], found[name]) for name in expected]
    elif isinstance(expected, list):
        if len(expected) != len(found):
            return f"{path}: {len(found)} items in place of {len(expected)}"
        pairs = [(f"{path}[{place}]", *both) for place, both in enumerate(zip(expected, found, strict=True))]
    else:
        return None if expected == found else f"{path}: {found!r} in place of {expected!r}"
    return next(filter(None, (difference(one, other, where) for where, one, other in pairs)), None)
