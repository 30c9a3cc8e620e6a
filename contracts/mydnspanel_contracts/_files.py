"""The JSON files of this package, read when they are first asked for and then kept.

They are found through importlib.resources, so that a wheel, a zip and a checkout are the same.
"""

import copy
import json
from functools import cache
from importlib.resources import files
from typing import Any

from mydnspanel_contracts._names import ACTIONS, UNKNOWN_ACTION, answered_action, known_action

SHARED = ("parameters", "notation", "reply", "delivery")

SCHEMA_FILES = (
    "catalogue",
    "cases",
    "rules",
    *(f"shared/{name}" for name in SHARED),
    *(f"requests/{action}" for action in ACTIONS),
    *(f"replies/{action}" for action in (*ACTIONS, UNKNOWN_ACTION)),
)


def request_schema(action: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a well-formed request for `action`, as a copy of your own.

    It speaks of the decoded parameters, name to value: strings out of a form or a query string, strings
    or numbers out of a JSON body (W8). Its `$ref`s lead to the other files: give `registry()` to a
    validator of your own. ValueError when `action` is none of `ACTIONS`.
    """
    return copy.deepcopy(load_schema(f"requests/{known_action(action)}"))


def reply_schema(action: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of every reply that `action` may be answered with, as a copy of your own.

    `UNKNOWN_ACTION` stands for any action that does not exist (A7). Its `$ref`s lead to the other files:
    give `registry()` to a validator of your own. ValueError for any other name.
    """
    return copy.deepcopy(load_schema(f"replies/{answered_action(action)}"))


@cache
def load_schema(name: str) -> dict[str, Any]:
    """The schema in `schemas/<name>.json`; shared, so not to be changed."""
    return _read(f"schemas/{name}.json")


@cache
def load_catalogue() -> dict[str, Any]:
    """What codes.json holds; shared, so not to be changed."""
    return _read("codes.json")


@cache
def load_rules() -> dict[str, Any]:
    """What rules.json holds; shared, so not to be changed."""
    return _read("rules.json")


def _read(path: str) -> dict[str, Any]:
    text = files("mydnspanel_contracts").joinpath(*path.split("/")).read_text(encoding="utf-8")
    value: dict[str, Any] = json.loads(text)
    return value
