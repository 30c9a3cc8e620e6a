import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mydnspanel_contracts as contracts
import pytest
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.exceptions import Unresolvable

PACKAGE = Path(contracts.__file__).parent
FILES = sorted((PACKAGE / "schemas").rglob("*.json"))
BASE = "https://mydnspanel.com/contracts/"
# The keywords by which a value can fail. The others refer to other schemas or are annotations.
BOUNDS = {"minimum", "maximum", "minLength", "minItems", "maxItems"}
ASSERTIONS = {"type", "enum", "const", "pattern", "not", "anyOf"} | BOUNDS
# Schemas of this package's own documents. No request or reply is validated with them.
DOCUMENTS = {"catalogue", "cases", "rules"}
# Its examples are the files in cases/, and its pattern for paths has no end.
CASES = "cases"


def parametrize(files: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("file", files, ids=lambda file: f"{file.parent.name}/{file.stem}")


every_schema = parametrize(FILES)
every_schema_except_cases = parametrize([file for file in FILES if file.stem != CASES])
every_request_or_reply_schema = parametrize([file for file in FILES if file.stem not in DOCUMENTS])


def load(file: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return value


def subschemas(schema: object, pointer: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object in a schema, except in its examples, with its JSON Pointer."""
    if isinstance(schema, dict):
        yield pointer, schema
        for key, value in schema.items():
            if key not in {"examples", "enum", "const"}:
                yield from subschemas(value, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}")
    if isinstance(schema, list):
        for index, value in enumerate(schema):
            yield from subschemas(value, f"{pointer}/{index}")


def is_map_of_schemas(pointer: str) -> bool:
    return pointer.endswith(("/properties", "/patternProperties", "/$defs"))


def schemas_of(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    return ((pointer, schema) for pointer, schema in subschemas(load(file)) if not is_map_of_schemas(pointer))


@every_schema
def test_a_schema_is_valid_and_declares_2020_12(file: Path) -> None:
    schema = load(file)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@every_schema
def test_the_id_mirrors_the_path_so_that_references_also_resolve_as_paths(file: Path) -> None:
    path = file.relative_to(PACKAGE / "schemas").as_posix()
    assert load(file)["$id"] == BASE + path


@every_schema_except_cases
def test_a_schema_has_a_title_a_description_and_examples(file: Path) -> None:
    schema = load(file)
    assert schema["title"]
    assert schema["description"]
    assert any("examples" in subschema for _, subschema in subschemas(schema))


@every_schema_except_cases
def test_a_definition_has_a_title_and_examples(file: Path) -> None:
    for name, schema in load(file).get("$defs", {}).items():
        assert schema.get("title"), name
        assert schema.get("examples"), name


@every_schema
def test_examples_validate(file: Path) -> None:
    base = load(file)["$id"]
    for pointer, schema in schemas_of(file):
        validator = Draft202012Validator({"$ref": f"{base}#{pointer}"}, registry=contracts.registry())
        for example in schema.get("examples", []):
            validator.validate(example)


@every_schema
def test_every_reference_resolves_to_a_schema_of_this_package(file: Path) -> None:
    resolver = contracts.registry().resolver(load(file)["$id"])
    for _, schema in subschemas(load(file)):
        if "$ref" in schema:
            assert isinstance(resolver.lookup(schema["$ref"]).contents, dict)


@every_request_or_reply_schema
def test_a_reference_has_no_other_keywords_except_annotations(file: Path) -> None:
    # Some tools, Prism for example, merge or drop other keywords beside $ref. allOf is safe.
    for pointer, schema in schemas_of(file):
        if "$ref" in schema:
            assert not schema.keys() - {"$ref", "title", "description", "examples"}, pointer


@every_request_or_reply_schema
def test_a_schema_by_which_a_value_can_fail_has_a_title_for_the_message(file: Path) -> None:
    for pointer, schema in schemas_of(file):
        if re.search(r"/(if|not|anyOf/\d+|\$defs/success)(/|$)", pointer):
            continue
        assert not (schema.keys() & ASSERTIONS) or schema.get("title"), pointer
        assert schema.get("additionalProperties") is not False or "properties" in schema, pointer
        assert schema.get("additionalProperties") is not False or schema.get("title"), pointer


@every_request_or_reply_schema
def test_an_enumeration_has_each_code_in_both_notations(file: Path) -> None:
    for pointer, schema in schemas_of(file):
        texts = [value for value in schema.get("enum", []) if isinstance(value, str)]
        others = [value for value in schema.get("enum", []) if not isinstance(value, str)]
        assert texts == [json.dumps(value) for value in others], pointer


@every_schema_except_cases
def test_patterns_are_anchored_and_mean_the_same_in_every_language(file: Path) -> None:
    for pointer, schema in schemas_of(file):
        pattern = schema.get("pattern", r"\S")
        assert pattern == r"\S" or (pattern.startswith("^") and pattern.endswith("$")), pointer
        assert "$" not in pattern[:-1], pointer
        assert not re.search(r"\\[dwDW]|\(\?", pattern), pointer


def test_every_action_has_schemas_and_unknown_actions_have_a_reply_schema() -> None:
    requests = {file.stem for file in FILES if file.parent.name == "requests"}
    replies = {file.stem for file in FILES if file.parent.name == "replies"}
    assert requests == set(contracts.ACTIONS)
    assert replies == {*contracts.ACTIONS, contracts.UNKNOWN_ACTION}


def test_the_registry_has_every_schema_and_fetches_nothing() -> None:
    registry = contracts.registry()
    assert set(registry) == {load(file)["$id"] for file in FILES}
    with pytest.raises(Unresolvable):
        registry.resolver().lookup(BASE + "replies/nothing.json")
    assert isinstance(registry, Registry)
