"""JSON Schemas of documents that users write, and what is said of a document that does not fit.

The schemas' descriptions are the second half of the messages, so that an error always says what would be
right.
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
    return _read("fakeserver.settings", "data/configuration.json")


@cache
def openapi() -> dict[str, Any]:
    """The OpenAPI 3.1 document of the control plane; an account in it is that of the configuration."""
    document = _read("fakeserver.web.control", "openapi.json")
    document["components"]["schemas"]["AccountSettings"] = configuration()["$defs"]["account"]
    return document


def _read(package: str, path: str) -> dict[str, Any]:
    text = files(package).joinpath(*path.split("/")).read_text("utf-8")
    return json.loads(text)  # type: ignore[no-any-return]


def problems_of_configuration(document: object) -> list[Problem]:
    """Everything in a configuration file's document that has not the shape that it should have."""
    return _problems(_validator("configuration"), document)


def problems_of(name: str, document: object) -> list[Problem]:
    """The same of a body of the control plane: `name` is one of the schemas in its OpenAPI document."""
    return _problems(_validator(name), document)


@cache
def _validator(name: str) -> "Draft202012Validator":
    # Imported here: it takes longer to import than the rest of the server, and most starts need none.
    from jsonschema import Draft202012Validator  # noqa: PLC0415

    if name == "configuration":
        return Draft202012Validator(_anchored(configuration()))
    target = {"$ref": f"#/components/schemas/{name}", "components": openapi()["components"]}
    return Draft202012Validator(_anchored(target))


def _anchored(part: Any) -> Any:  # noqa: ANN401 - any part of a schema
    """The schema with patterns for Python, whose `$` lets a line break follow; that of a schema does not."""
    if isinstance(part, list):
        return [_anchored(item) for item in part]
    if not isinstance(part, dict):
        return part
    return {
        name: re.sub(r"\$$", r"\\Z", item) if name == "pattern" and isinstance(item, str) else _anchored(item)
        for name, item in part.items()
    }


def _problems(validator: "Draft202012Validator", document: object) -> list[Problem]:
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
    """The most that is allowed, where that is exceeded and the description leaves it out."""
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
