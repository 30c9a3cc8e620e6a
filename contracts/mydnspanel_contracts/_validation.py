"""Validation against the schemas. Only this module imports jsonschema, and only when it is first needed.

The messages are made from the schemas' titles: a `title` completes the sentence "this value is not …".
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
from mydnspanel_contracts._problems import Problem, format_path, format_value

Path = tuple[str | int, ...]


class UnformattedProblem(NamedTuple):
    """A problem whose path is not yet text. `about_presence`: a member is missing or not allowed."""

    path: Path
    message: str
    value: object
    about_presence: bool = False


@cache
def registry() -> SchemaRegistry:
    """Every schema of this package under its `$id`. The registry never fetches anything."""
    return _registry_of(map(load_schema, SCHEMA_FILES))


def _registry_of(schemas: Iterable[dict[str, Any]]) -> SchemaRegistry:
    empty: SchemaRegistry = Registry()
    return empty.with_resources((schema["$id"], Resource.from_contents(schema)) for schema in schemas)


def problems(schema_file: str, value: object) -> list[Problem]:
    """The problems of `value`: the first one of each place, in an order independent of its members' order."""
    first_by_path: dict[Path, UnformattedProblem] = {}
    for problem in sorted(_unformatted_problems(schema_file, value), key=_sort_key):
        first_by_path.setdefault(problem.path, problem)
    return [
        Problem(format_path(path), problem.message, problem.value) for path, problem in first_by_path.items()
    ]


def _sort_key(problem: UnformattedProblem) -> tuple[object, ...]:
    """Nearest to the top first, and there the result first, because it explains the others; then by path."""
    path = problem.path
    steps = [(isinstance(key, str), key) for key in path]
    return len(path), path != ("result",), steps, not problem.about_presence, problem.message


def _unformatted_problems(schema_file: str, value: object) -> Iterator[UnformattedProblem]:
    for error in _validator(schema_file).iter_errors(cast("Any", value)):
        path = tuple(error.absolute_path)
        match error.validator:
            case "required":
                yield from _missing_members(path, error)
            case "additionalProperties":
                yield from _unexpected_members(path, error)
            case _:
                yield UnformattedProblem(path, _message(error), error.instance)


def _missing_members(path: Path, error: ValidationError) -> Iterator[UnformattedProblem]:
    members = cast("dict[str, object]", error.instance)
    for name in cast("list[str]", error.validator_value):
        if name not in members:
            yield UnformattedProblem((*path, name), "is missing", None, about_presence=True)


def _unexpected_members(path: Path, error: ValidationError) -> Iterator[UnformattedProblem]:
    members = cast("dict[str, object]", error.instance)
    schema = cast("dict[str, Any]", error.schema)
    for name in members.keys() - schema["properties"].keys():
        message = f"is not allowed in {schema['title']}"
        yield UnformattedProblem((*path, name), message, members[name], about_presence=True)


def _message(error: ValidationError) -> str:
    title = cast("dict[str, str]", error.schema)["title"]
    return f"{format_value(error.instance)} is not {title}"


@cache
def _validator(schema_file: str) -> Validator:
    schema = load_schema(schema_file)
    return Draft202012Validator({"$ref": schema["$id"]}, registry=_python_registry())


@cache
def _python_registry() -> SchemaRegistry:
    return _registry_of(_with_python_patterns(load_schema(name)) for name in SCHEMA_FILES)


def _with_python_patterns(schema: Any) -> Any:  # noqa: ANN401 - any part of a schema
    r"""The same schema with `\Z` for the `$` of ECMAScript, since Python's `$` allows a final line break."""
    if isinstance(schema, list):
        return [_with_python_patterns(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    parts = {key: _with_python_patterns(part) for key, part in schema.items()}
    if isinstance(pattern := parts.get("pattern"), str):
        parts["pattern"] = pattern.replace("$", r"\Z")
    return parts
