"""The JSON files of this package. Each is read when it is first needed and then kept.

importlib.resources finds them, so they can be read from a checkout, an installed package or a zip file.
"""

import copy
import json
from functools import cache
from importlib.resources import files
from typing import Any

from mydnspanel_contracts._actions import (
    ACTIONS,
    UNKNOWN_ACTION,
    require_action,
    require_action_or_unknown,
)

SCHEMA_FILES = (
    "catalogue",
    "cases",
    "rules",
    *(f"shared/{name}" for name in ("parameters", "notation", "reply", "delivery")),
    *(f"requests/{action}" for action in ACTIONS),
    *(f"replies/{action}" for action in (*ACTIONS, UNKNOWN_ACTION)),
)


def request_schema(action: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a well-formed request for `action`.

    It describes the decoded parameters, name to value: strings from a form or a query string, strings or
    numbers from a JSON body (W8). Its `$ref`s lead to other files, so give `registry()` to your own
    validator. Each call returns a new copy. Raises ValueError if `action` is not one of `ACTIONS`.
    """
    return copy.deepcopy(load_schema(f"requests/{require_action(action)}"))


def reply_schema(action: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of every reply that `action` may get.

    `UNKNOWN_ACTION` stands for any action that does not exist (A7). The schema's `$ref`s lead to other files,
    so give `registry()` to your own validator. Each call returns a new copy. Raises ValueError for any other
    name.
    """
    return copy.deepcopy(load_schema(f"replies/{require_action_or_unknown(action)}"))


@cache
def load_schema(name: str) -> dict[str, Any]:
    """The schema in `schemas/<name>.json`. It is shared: do not change it."""
    return _read(f"schemas/{name}.json")


@cache
def load_catalogue() -> dict[str, Any]:
    """The content of codes.json. It is shared: do not change it."""
    return _read("codes.json")


@cache
def load_rules() -> dict[str, Any]:
    """The content of rules.json. It is shared: do not change it."""
    return _read("rules.json")


def _read(path: str) -> dict[str, Any]:
    text = files("mydnspanel_contracts").joinpath(*path.split("/")).read_text(encoding="utf-8")
    value: dict[str, Any] = json.loads(text)
    return value
