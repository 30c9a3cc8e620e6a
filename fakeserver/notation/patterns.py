"""Patterns: fixed texts with variables in braces, filled in by position or by name (P6)."""

import re
from typing import NamedTuple

from fakeserver.notation.params import Value
from fakeserver.notation.strict_json import NotJson, loads

_VARIABLE = re.compile(r"\{([^{}]+)\}")


def variables(text: str) -> tuple[str, ...]:
    """The names of the variables, each once, in the order in which they first appear."""
    return tuple(dict.fromkeys(_VARIABLE.findall(text)))


class FilledPattern(NamedTuple):
    """A pattern's text with its variables filled in, or the reason why the data does not fit."""

    text: str
    why: str | None = None


def fill(text: str, data: Value) -> FilledPattern:
    """Fill `data`, the `textData` of a request, into the pattern `text` (P6, W7)."""
    names = variables(text)
    values, why = _values_by_name(names, data)
    why = why or _mismatch(names, values)
    if why:
        return FilledPattern("", why)
    return FilledPattern(_VARIABLE.sub(lambda match: str(values[match[1]]), text))


def _values_by_name(names: tuple[str, ...], data: Value) -> tuple[dict[str, Value], str | None]:
    if isinstance(data, str) and data:
        try:
            data = loads(data)
        except NotJson as error:
            return {}, f"`textData` is neither an array nor JSON: {error}"
    if isinstance(data, dict) and set(data) != {str(place) for place in range(len(data))}:
        return _named(data)
    if isinstance(data, dict):
        data = [data[str(place)] for place in range(len(data))]
    if isinstance(data, list):
        return _positional(names, data)
    if data in (None, ""):
        return {}, None
    return {}, "`textData` is a single value; it should be a list or an object"


def _named(data: dict[str, Value]) -> tuple[dict[str, Value], str | None]:
    values: dict[str, Value] = {}
    for name, value in data.items():
        bare = name[1:-1] if name.startswith("{") and name.endswith("}") else name
        if bare in values:
            return {}, f"variable «{bare[:40]}» is given twice"
        values[bare] = value
    return values, None


def _positional(names: tuple[str, ...], data: list[Value]) -> tuple[dict[str, Value], str | None]:
    if len(data) != len(names):
        return {}, f"{len(data)} values for the {len(names)} variables of the pattern"
    return dict(zip(names, data, strict=True)), None


def _mismatch(names: tuple[str, ...], values: dict[str, Value]) -> str | None:
    for name in names:
        if name not in values:
            return f"variable «{name}» is missing"
        value = values[name]
        if not isinstance(value, str):
            return f"the value of variable «{name}» is not text or a number"
        if not value.strip():
            return f"the value of variable «{name}» is blank"
    surplus = next((name for name in values if name not in names), None)
    return None if surplus is None else f"the pattern has no variable «{surplus[:40]}»"
