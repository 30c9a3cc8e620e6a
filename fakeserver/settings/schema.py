"""JSON Schemas of documents that users write, and the problems of a document that does not fit.

The schemas' descriptions complete the messages, so an error always says what would be right.
"""

import json
import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple, cast

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


@cache
def configuration() -> dict[str, Any]:
    """The schema of the configuration file; that of one account is `#/$defs/account`."""
    return read_json("fakeserver.settings", "data/configuration.json")


def read_json(package: str, path: str) -> dict[str, Any]:
    """A JSON file of this project, found by the package that it belongs to."""
    text = files(package).joinpath(*path.split("/")).read_text("utf-8")
    return json.loads(text)  # type: ignore[no-any-return]


def problems_of_configuration(document: object) -> list[Problem]:
    """Every member of a configuration file's document that does not fit the schema."""
    return problems(_configuration_validator(), document)


def problems_of_account(document: object) -> list[Problem]:
    """Every member of one account's settings that does not fit the schema."""
    return problems(_account_validator(), document)


@cache
def _configuration_validator() -> "Draft202012Validator":
    return validator(configuration())


@cache
def _account_validator() -> "Draft202012Validator":
    return validator({"$ref": "#/$defs/account", "$defs": configuration()["$defs"]})


def validator(schema: dict[str, Any]) -> "Draft202012Validator":
    """A validator for `problems`."""
    # jsonschema takes longer to import than the rest of the server, and most starts do not need it.
    from jsonschema import Draft202012Validator  # noqa: PLC0415

    return Draft202012Validator(_anchored(schema))


def _anchored(part: Any) -> Any:  # noqa: ANN401 - any part of a schema
    r"""The schema with `\Z` in place of the `$` of patterns: Python's `$` also matches before a final
    newline.
    """
    if isinstance(part, list):
        return [_anchored(item) for item in part]
    if not isinstance(part, dict):
        return part
    return {
        name: re.sub(r"\$$", r"\\Z", item) if name == "pattern" and isinstance(item, str) else _anchored(item)
        for name, item in part.items()
    }


def problems(validator: "Draft202012Validator", document: object) -> list[Problem]:
    """Every member of `document` that does not fit, each with what would be right; sorted by path."""
    errors = validator.iter_errors(document)
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
        yield Problem(path, f"should be {description}{_limit(error, description)}; it is {shown}")


def _limit(error: "ValidationError", description: str) -> str:
    """The maximum, if it is exceeded and the description does not mention it."""
    most = f"{error.validator_value:.0f}" if error.validator == "maximum" else ""
    return f", at most {most}" if most and most not in description else ""


def _unknown(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, list(known), n=1)
    return "unknown" + (f"; did you mean `{near[0]}`?" if near else f"; known are {', '.join(known)}")


def _join(path: str, name: str) -> str:
    shown = name if name.isprintable() else repr(name)
    return f"{path}.{shown}" if path else shown


def _path(steps: Iterable[str | int]) -> str:
    path = ""
    for step in steps:
        path = f"{path}[{step}]" if isinstance(step, int) else _join(path, step)
    return path
