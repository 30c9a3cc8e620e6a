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

HOME = Path(contracts.__file__).parent
FILES = sorted((HOME / "schemas").rglob("*.json"))
BASE = "https://mydnspanel.com/contracts/"
# What a value can fail by; the others lead to other schemas, or only tell.
BOUNDS = {"minimum", "maximum", "minLength", "minItems", "maxItems"}
ASSERTIONS = {"type", "enum", "const", "pattern", "not", "anyOf"} | BOUNDS
# Schemas of this package's own documents: no request or reply is judged by them, and no message made.
DOCUMENTS = {"catalogue", "cases", "rules"}
# Its examples are the files in cases/, and the paths of its pattern are open at their end.
CASES = "cases"


def each(files: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("file", files, ids=lambda file: f"{file.parent.name}/{file.stem}")


every_file = each(FILES)
every_file_but_cases = each([file for file in FILES if file.stem != CASES])
every_file_of_the_wire = each([file for file in FILES if file.stem not in DOCUMENTS])


def load(file: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return value


def below(schema: object, pointer: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object in a schema that is no example, with its JSON pointer."""
    if isinstance(schema, dict):
        yield pointer, schema
        for key, value in schema.items():
            if key not in {"examples", "enum", "const"}:
                yield from below(value, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}")
    if isinstance(schema, list):
        for at, value in enumerate(schema):
            yield from below(value, f"{pointer}/{at}")


def is_map_of_schemas(pointer: str) -> bool:
    return pointer.endswith(("/properties", "/patternProperties", "/$defs"))


def schemas_of(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    return ((pointer, schema) for pointer, schema in below(load(file)) if not is_map_of_schemas(pointer))


@every_file
def test_a_schema_is_valid_2020_12_and_says_so(file: Path) -> None:
    schema = load(file)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@every_file
def test_an_id_mirrors_the_file_so_that_references_resolve_either_way(file: Path) -> None:
    inside = file.relative_to(HOME / "schemas").as_posix()
    assert load(file)["$id"] == BASE + inside


@every_file_but_cases
def test_a_schema_has_a_title_a_description_and_examples(file: Path) -> None:
    schema = load(file)
    assert schema["title"]
    assert schema["description"]
    assert any("examples" in each for _, each in below(schema))


@every_file_but_cases
def test_a_definition_has_a_title_and_examples(file: Path) -> None:
    for name, schema in load(file).get("$defs", {}).items():
        assert schema.get("title"), name
        assert schema.get("examples"), name


@every_file
def test_examples_validate(file: Path) -> None:
    base = load(file)["$id"]
    for pointer, schema in schemas_of(file):
        validator = Draft202012Validator({"$ref": f"{base}#{pointer}"}, registry=contracts.registry())
        for example in schema.get("examples", []):
            validator.validate(example)


@every_file
def test_every_reference_leads_to_a_schema_of_this_package(file: Path) -> None:
    resolver = contracts.registry().resolver(load(file)["$id"])
    for _, schema in below(load(file)):
        if "$ref" in schema:
            assert isinstance(resolver.lookup(schema["$ref"]).contents, dict)


@every_file_of_the_wire
def test_nothing_but_words_stands_beside_a_reference(file: Path) -> None:
    # Stock tools, Prism among them, merge or drop what else stands there; inside allOf it is safe.
    for pointer, schema in schemas_of(file):
        if "$ref" in schema:
            assert not schema.keys() - {"$ref", "title", "description", "examples"}, pointer


@every_file_of_the_wire
def test_whatever_a_value_can_fail_by_has_a_title_for_the_message(file: Path) -> None:
    for pointer, schema in schemas_of(file):
        if re.search(r"/(if|not|anyOf/\d+|\$defs/success)(/|$)", pointer):
            continue
        assert not (schema.keys() & ASSERTIONS) or schema.get("title"), pointer
        assert schema.get("additionalProperties") is not False or "properties" in schema, pointer
        assert schema.get("additionalProperties") is not False or schema.get("title"), pointer


@every_file_of_the_wire
def test_an_enumeration_of_codes_has_each_in_both_notations(file: Path) -> None:
    for pointer, schema in schemas_of(file):
        texts = [value for value in schema.get("enum", []) if isinstance(value, str)]
        others = [value for value in schema.get("enum", []) if not isinstance(value, str)]
        assert texts == [json.dumps(value) for value in others], pointer


@every_file_but_cases
def test_patterns_are_anchored_and_mean_the_same_in_every_dialect(file: Path) -> None:
    for pointer, schema in schemas_of(file):
        pattern = schema.get("pattern", r"\S")
        assert pattern == r"\S" or (pattern.startswith("^") and pattern.endswith("$")), pointer
        assert "$" not in pattern[:-1], pointer
        assert not re.search(r"\\[dwDW]|\(\?", pattern), pointer


def test_there_is_a_schema_for_each_action_and_for_none() -> None:
    requests = {file.stem for file in FILES if file.parent.name == "requests"}
    replies = {file.stem for file in FILES if file.parent.name == "replies"}
    assert requests == set(contracts.ACTIONS)
    assert replies == {*contracts.ACTIONS, contracts.UNKNOWN_ACTION}


def test_the_registry_holds_every_file_and_fetches_nothing() -> None:
    registry = contracts.registry()
    assert set(registry) == {load(file)["$id"] for file in FILES}
    with pytest.raises(Unresolvable):
        registry.resolver().lookup(BASE + "replies/nothing.json")
    assert isinstance(registry, Registry)
