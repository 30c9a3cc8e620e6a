"""The cases of the contracts, and what every runner needs to run them."""

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
        """The steps that are requests with expected replies."""
        return [step for step in self.steps if "request" in step]


def load() -> list[Case]:
    return [Case(path.name, case) for path in FILES for case in json.loads(path.read_text("utf-8"))["cases"]]


CASES = load()


@dataclass(frozen=True)
class Variant:
    """One of the equivalent ways to make a request."""

    method: str
    encoding: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.encoding}".strip()


VARIANTS = (Variant("GET"), *(Variant("POST", encoding) for encoding in ENCODINGS))


def variants(request: Document) -> Iterator[Variant]:
    """The ways in which the request of a case has to be made."""
    method, encoding = request.get("method"), request.get("encoding")
    if "raw" in request or method not in (None, "GET", "POST"):
        yield Variant(method or "POST", encoding or "form")
        return
    for variant in VARIANTS:
        if method in (None, variant.method) and encoding in (None, variant.encoding):
            yield variant


def raw_body(raw: str | Document) -> bytes:
    if isinstance(raw, str):
        return raw.encode()
    if "repeat" in raw:
        return (str(raw["repeat"]) * int(raw["times"])).encode()
    return base64.b64decode(raw["base64"], validate=True)


def substitute(value: Any, saved: Mapping[str, str]) -> Any:
    """The value with saved values in place of `${name}`."""
    if isinstance(value, str):
        return _PLACEHOLDER.sub(lambda match: saved[match[1]], value)
    if isinstance(value, list):
        return [substitute(item, saved) for item in value]
    if isinstance(value, dict):
        return {substitute(name, saved): substitute(item, saved) for name, item in value.items()}
    return value


def value_at(pointer: str, document: Any) -> str:
    """The scalar at a JSON Pointer, as text."""
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        document = document[int(name)] if isinstance(document, list) else document[name]
    return str(document)


def difference(expected: Any, actual: Any, path: str = "$") -> str | None:
    """The first difference between a reply and what a case expects, or None."""
    if isinstance(expected, dict) and set(expected) == {"$matches"}:
        matches = isinstance(actual, str | int) and re.search(expected["$matches"], str(actual))
        return None if matches else f"{path}: {actual!r} does not match {expected['$matches']}"
    if type(expected) is not type(actual):
        return f"{path}: {actual!r} instead of {expected!r}"
    if isinstance(expected, dict):
        if expected.keys() != actual.keys():
            return f"{path}: members {sorted(actual)} instead of {sorted(expected)}"
        pairs = [(f"{path}.{name}", expected[name], actual[name]) for name in expected]
    elif isinstance(expected, list):
        if len(expected) != len(actual):
            return f"{path}: {len(actual)} items instead of {len(expected)}"
        pairs = [(f"{path}[{index}]", *pair) for index, pair in enumerate(zip(expected, actual, strict=True))]
    else:
        return None if expected == actual else f"{path}: {actual!r} instead of {expected!r}"
    return next(filter(None, (difference(one, other, place) for place, one, other in pairs)), None)
