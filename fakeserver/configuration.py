"""The configuration file: read, checked as a whole, and turned into settings.

The schema says what each member looks like; its descriptions are the second half of the error messages,
so that an error always says what would be right. What a schema cannot say is in `consistency.py`.
"""

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from fakeserver.consistency import inconsistencies
from fakeserver.settings import Document, Settings

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

SHOWN_VALUE_MAX = 60


class Problem(NamedTuple):
    """One member at fault: its path, such as `accounts[0].prices.latin`, and what would be right."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class ConfigurationError(ValueError):
    """Raised with every problem that was found; its text is one line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class Configuration:
    """`server` holds the options of `serve`; `accounts` is empty when the file names none."""

    server: Mapping[str, Any] = field(default_factory=dict)
    accounts: tuple[Settings, ...] = ()


def load(path: Path) -> Configuration:
    """Read a configuration file. Raises ConfigurationError, OSError when it cannot be read."""
    try:
        document = tomllib.loads(path.read_bytes().decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError([Problem("", f"not TOML: {error}")]) from None
    return parse(document)


def parse(document: Document) -> Configuration:
    """A configuration from its document. Raises ConfigurationError."""
    problems = _schema_problems("configuration", document)
    accounts = document.get("accounts", [])
    if not problems:
        for place, account in enumerate(accounts):
            problems += (Problem(*found) for found in inconsistencies(account, f"accounts[{place}]"))
        problems += _repeated_keys(accounts)
    if problems:
        raise ConfigurationError(problems)
    return Configuration(document.get("server", {}), tuple(map(Settings.build, accounts)))


def parse_account(document: Document) -> Settings:
    """One account's settings from their document. Raises ConfigurationError."""
    problems = _schema_problems("account", document)
    problems = problems or [Problem(*found) for found in inconsistencies(document, "")]
    if problems:
        raise ConfigurationError(problems)
    return Settings.build(document)


def _repeated_keys(accounts: Iterable[Document]) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, account in enumerate(accounts):
        if account["key"] in seen:
            yield Problem(f"accounts[{place}].key", "another account has this key; each needs its own")
        seen.add(account["key"])


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the configuration; an account is `#/$defs/account`."""
    text = (files("fakeserver") / "schemas" / "configuration.json").read_text("utf-8")
    return json.loads(text)  # type: ignore[no-any-return]


@cache
def _validator(name: str) -> "Draft202012Validator":
    # Imported here: it takes longer to import than the rest of the server, and most starts need none.
    from jsonschema import Draft202012Validator  # noqa: PLC0415

    whole = schema()
    target = whole if name == "configuration" else {"$ref": f"#/$defs/{name}", "$defs": whole["$defs"]}
    return Draft202012Validator(target)


def _schema_problems(name: str, document: Document) -> list[Problem]:
    errors = _validator(name).iter_errors(document)
    return sorted({problem for error in errors for problem in _explain(error)})


def _explain(error: "ValidationError") -> Iterator[Problem]:
    path, rule = _path(error.absolute_path), cast("dict[str, Any]", error.schema)
    description = rule.get("description", "every account needs it")
    given: Any = error.instance
    if error.validator == "additionalProperties":
        for name in given.keys() - rule["properties"].keys():
            yield Problem(_join(path, name), _unknown(name, rule["properties"]))
    elif error.validator == "required":
        for name in rule["required"]:
            if name not in given:
                yield Problem(_join(path, name), f"missing; {description}")
    else:
        shown = repr(given)
        shown = shown if len(shown) <= SHOWN_VALUE_MAX else shown[:SHOWN_VALUE_MAX] + "…"
        yield Problem(path, f"should be {description}; it is {shown}")


def _unknown(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, list(known), n=1)
    return "unknown" + (f"; did you mean `{near[0]}`?" if near else f"; known are {', '.join(known)}")


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _path(steps: Iterable[str | int]) -> str:
    path = ""
    for step in steps:
        path = f"{path}[{step}]" if isinstance(step, int) else _join(path, step)
    return path
