"""The schemas at work. The only module that imports jsonschema; it is imported at the first validation.

A schema's `title` completes the sentence "this value is not …": that is where the messages come from, so
that what a schema says of a value and what a user reads cannot drift apart.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple, cast

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from referencing import Registry, Resource
from referencing.jsonschema import SchemaRegistry

from mydnspanel_contracts._files import SCHEMA_FILES, load_schema
from mydnspanel_contracts._problems import Problem, in_words, shown

Path = tuple[str | int, ...]


class Finding(NamedTuple):
    """A problem whose path is still in steps; `about_presence` if a member is missing, or one too many."""

    path: Path
    message: str
    value: object
    about_presence: bool = False


@cache
def registry() -> SchemaRegistry:
    """Every schema of this package under its `$id`; it fetches nothing from anywhere."""
    return _registered(map(load_schema, SCHEMA_FILES))


def _registered(schemas: Iterable[dict[str, Any]]) -> SchemaRegistry:
    empty: SchemaRegistry = Registry()
    return empty.with_resources((schema["$id"], Resource.from_contents(schema)) for schema in schemas)


def problems(schema_file: str, value: object) -> list[Problem]:
    """What is wrong with `value`: one problem for each place, in an order that its members do not change."""
    found: dict[Path, Finding] = {}
    for finding in sorted(_findings(schema_file, value), key=_order):
        found.setdefault(finding.path, finding)
    return [Problem(in_words(each.path), each.message, each.value) for each in found.values()]


def _order(finding: Finding) -> tuple[object, ...]:
    """Nearest to the top first, there the result, since it explains the others; then by path."""
    path = finding.path
    steps = [(isinstance(key, str), key) for key in path]
    return len(path), path != ("result",), steps, not finding.about_presence, finding.message


def _findings(schema_file: str, value: object) -> Iterator[Finding]:
    for error in _validator(schema_file).iter_errors(cast("Any", value)):
        path = tuple(error.absolute_path)
        match error.validator:
            case "required":
                yield from _missing(path, error)
            case "additionalProperties":
                yield from _superfluous(path, error)
            case _:
                yield Finding(path, _message(error), error.instance)


def _missing(path: Path, error: ValidationError) -> Iterator[Finding]:
    there = cast("dict[str, object]", error.instance)
    for name in cast("list[str]", error.validator_value):
        if name not in there:
            yield Finding((*path, name), "is missing", None, about_presence=True)


def _superfluous(path: Path, error: ValidationError) -> Iterator[Finding]:
    there = cast("dict[str, object]", error.instance)
    schema = cast("dict[str, Any]", error.schema)
    for name in there.keys() - schema["properties"].keys():
        message = f"has no place in {schema['title']}"
        yield Finding((*path, name), message, there[name], about_presence=True)


def _message(error: ValidationError) -> str:
    title = cast("dict[str, str]", error.schema)["title"]
    return f"{shown(error.instance)} is not {title}"


@cache
def _validator(schema_file: str) -> Validator:
    schema = load_schema(schema_file)
    return Draft202012Validator({"$ref": schema["$id"]}, registry=_registry_for_python())


@cache
def _registry_for_python() -> SchemaRegistry:
    return _registered(_for_python(load_schema(name)) for name in SCHEMA_FILES)


def _for_python(schema: Any) -> Any:  # noqa: ANN401 - any part of a schema
    r"""The same schema with `\Z` for the `$` of ECMAScript; Python's `$` lets a final line break pass."""
    if isinstance(schema, list):
        return [_for_python(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    parts = {key: _for_python(part) for key, part in schema.items()}
    if isinstance(pattern := parts.get("pattern"), str):
        parts["pattern"] = pattern.replace("$", r"\Z")
    return parts
