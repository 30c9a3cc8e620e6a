"""openapi.json is valid OpenAPI, agrees with the schemas, and is complete."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import mydnspanel_contracts as contracts
import pytest
from jsonschema import Draft202012Validator
from mydnspanel_contracts import (
    ACTIONS,
    UNKNOWN_ACTION,
    catalogue,
    request_schema,
    validate_reply,
    validate_request,
)
from openapi_spec_validator import OpenAPIV31SpecValidator, validate
from openapi_spec_validator.validation.exceptions import OpenAPIValidationError
from referencing import Registry, Resource
from referencing.exceptions import Unresolvable
from referencing.jsonschema import SchemaRegistry

from tests.contracts.samples import LEGAL_PAIRS

PACKAGE = Path(contracts.__file__).parent
FILE = PACKAGE / "openapi.json"
TEXT = FILE.read_text("utf-8")
DOCUMENT: dict[str, Any] = json.loads(TEXT)
BASE = "https://mydnspanel.com/contracts/"
PATH = DOCUMENT["paths"]["/webservice/server"]
ENCODINGS = ("application/x-www-form-urlencoded", "multipart/form-data", "application/json")
REPLIES = DOCUMENT["components"]["responses"]["Reply"]["content"]["application/json"]["examples"]
CODES = DOCUMENT["x-codes"]
TABLES = ("gate", "results", "phonebook", "fields")


def files() -> SchemaRegistry:
    """The document and the schemas, each under a URL that matches its path."""
    empty: SchemaRegistry = Registry()
    # The document itself is not a schema, but parts of it are.
    document: Resource[bool | Mapping[str, Any]] = Resource.opaque(DOCUMENT)
    schemas = {
        BASE + path.relative_to(PACKAGE).as_posix(): Resource.from_contents(
            json.loads(path.read_text("utf-8"))
        )
        for path in PACKAGE.glob("schemas/**/*.json")
    }
    return empty.with_resources([(f"{BASE}openapi.json", document), *schemas.items()])


FILES = files()


def validator(pointer: str) -> Draft202012Validator:
    """A validator for the schema at this place of the document."""
    return Draft202012Validator({"$ref": f"{BASE}openapi.json#{pointer}"}, registry=FILES)


def objects(value: Any, pointer: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object of the document with its JSON Pointer."""
    if isinstance(value, dict):
        yield pointer, value
        for key, inner in value.items():
            yield from objects(inner, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}")
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield from objects(inner, f"{pointer}/{index}")


def resolve(value: dict[str, Any]) -> dict[str, Any]:
    """The value, or what it refers to in the document."""
    while "$ref" in value:
        target: Any = DOCUMENT
        for step in value["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        value = target
    return value


def examples() -> Iterator[tuple[str, str, Any]]:
    """Every example of the document: its place, the place of its schema and its value."""
    for pointer, node in objects(DOCUMENT):
        if "schema" in node:
            for name, example in node.get("examples", {}).items():
                yield f"{pointer}/{name}", f"{pointer}/schema", resolve(example)["value"]
            if "example" in node:
                yield pointer, f"{pointer}/schema", node["example"]


EXAMPLES = list(examples())


# The document is valid OpenAPI.


def test_the_document_is_valid_openapi_3_1() -> None:
    validate(DOCUMENT, base_uri=FILE.as_uri(), cls=OpenAPIV31SpecValidator)


@pytest.mark.parametrize("broken", ["info", "responses", "name", "$ref"])
def test_the_validator_finds_errors_in_a_broken_document(broken: str) -> None:
    document = json.loads(TEXT)
    match broken:
        case "info":
            del document["info"]["title"]
        case "responses":
            document["paths"]["/webservice/server"]["get"]["responses"] = []
        case "name":
            del document["paths"]["/webservice/server"]["get"]["parameters"][0]["name"]
        case "$ref":
            document["components"]["schemas"]["SendRequest"] = {"$ref": "schemas/requests/nothing.json"}
    with pytest.raises((OpenAPIValidationError, Unresolvable)):
        validate(document, base_uri=FILE.as_uri(), cls=OpenAPIV31SpecValidator)


@pytest.mark.parametrize(("schema", "value"), [row[1:] for row in EXAMPLES], ids=[row[0] for row in EXAMPLES])
def test_an_example_satisfies_its_schema(schema: str, value: object) -> None:
    validator(schema).validate(value)


def test_every_body_and_reply_has_examples() -> None:
    places = {pointer.rpartition("/schema")[0] for _, pointer, _ in EXAMPLES}
    assert len(places) == len(ENCODINGS) + 2
    assert len(EXAMPLES) == 1 + len(ENCODINGS) * len(DOCUMENT["components"]["examples"]) + len(REPLIES)


# The document agrees with the schemas.


def test_the_document_refers_to_every_request_and_reply_schema() -> None:
    references = {node["$ref"] for _, node in objects(DOCUMENT) if "$ref" in node}
    for action in ACTIONS:
        assert f"schemas/requests/{action}.json" in references
    for action in (*ACTIONS, UNKNOWN_ACTION):
        assert f"schemas/replies/{action}.json" in references


def test_every_reference_resolves() -> None:
    resolver = FILES.resolver(f"{BASE}openapi.json")
    for _, node in objects(DOCUMENT):
        if isinstance(node.get("$ref"), str):
            assert resolver.lookup(node["$ref"]).contents


def test_the_document_repeats_no_schema() -> None:
    own = {"Request", "Reply"}
    for pointer, node in objects(DOCUMENT):
        if "schema" in node and not pointer.endswith("/get/parameters/0"):
            assert set(node["schema"]) == {"$ref"}, pointer
    for name, schema in DOCUMENT["components"]["schemas"].items():
        assert name in own or set(schema) == {"$ref"}, name
        assert not schema.keys() & {"properties", "$defs", "pattern", "enum", "const"}


def test_a_request_has_an_action_and_satisfies_its_schema() -> None:
    request = validator("/components/schemas/Request")
    for action in ACTIONS:
        example = request_schema(action)["examples"][0] | {"action": action}
        assert request.is_valid(example)
        assert not request.is_valid({name: value for name, value in example.items() if name != "action"})
        assert not request.is_valid(example | {"action": action.upper()})
    assert not request.is_valid({"action": "send", "from": "auto", "text": "x"})
    # Code generators choose the class of a request by its action.
    schema = DOCUMENT["components"]["schemas"]["Request"]
    mapping = {action: DOCUMENT["x-actions"][action]["request"]["$ref"] for action in ACTIONS}
    assert schema["discriminator"] == {"propertyName": "action", "mapping": mapping}
    assert schema["required"] == ["action"]


def test_a_reply_satisfies_the_schema_of_some_action() -> None:
    reply = validator("/components/schemas/Reply")
    assert reply.is_valid({"result": "609"})
    assert reply.is_valid(0)
    for value in ({"result": "610"}, {"result": "1", "sendID": 5}, {"result": "-1", "credit": "1"}, {}, 1):
        assert not reply.is_valid(value)


def test_every_action_is_listed_with_its_request_and_reply() -> None:
    assert set(DOCUMENT["x-actions"]) == {*ACTIONS, UNKNOWN_ACTION}
    for action, components in DOCUMENT["x-actions"].items():
        assert set(components) == ({"request", "reply"} if action in ACTIONS else {"reply"})
        for kind, folder in (("request", "requests"), ("reply", "replies")):
            if kind in components:
                name = components[kind]["$ref"].removeprefix("#/components/schemas/")
                schema = DOCUMENT["components"]["schemas"][name]
                assert schema == {"$ref": f"schemas/{folder}/{action}.json"}


# The document is complete.


@pytest.mark.rule("W1")
def test_there_is_one_endpoint_with_two_methods() -> None:
    assert list(DOCUMENT["paths"]) == ["/webservice/server"]
    assert {"get", "post"} == PATH.keys() - {"description"}
    assert [server["url"] for server in DOCUMENT["servers"]] == [
        "http://127.0.0.1:1403",
        "https://mydnspanel.com",
    ]


@pytest.mark.rule("A1")
def test_the_key_is_in_the_query_of_a_get_and_in_a_header_of_a_post() -> None:
    schemes = DOCUMENT["components"]["securitySchemes"]
    for method, place, name in (("get", "query", "key"), ("post", "header", "Authorization")):
        ((scheme,),) = PATH[method]["security"]
        assert {"type": "apiKey", "in": place, "name": name}.items() <= schemes[scheme].items()


@pytest.mark.rule("W10")
def test_a_get_has_every_parameter_of_every_action_in_the_query_and_a_post_has_none() -> None:
    names = {name for action in ACTIONS for name in request_schema(action)["properties"]}
    given = [parameter["name"] for parameter in PATH["get"]["parameters"]]
    assert sorted(given) == sorted(names)
    assert all(parameter["in"] == "query" for parameter in PATH["get"]["parameters"])
    assert "parameters" not in PATH["post"]


def test_the_description_of_a_parameter_names_the_actions_that_have_it() -> None:
    for parameter in PATH["get"]["parameters"][1:]:
        name = parameter["name"]
        for action in ACTIONS:
            schema = request_schema(action)
            heading = "Required" if name in schema.get("required", []) else "Optional"
            lists = [part for part in parameter["description"].split(". ") if part.startswith(heading)]
            if name in schema["properties"]:
                assert action in lists[0].rstrip(".").partition(": ")[2].split(", "), name


@pytest.mark.rule("W5", "W7")
def test_a_body_has_three_equivalent_encodings() -> None:
    content = PATH["post"]["requestBody"]["content"]
    assert tuple(content) == ENCODINGS
    for encoding in ENCODINGS:
        assert content[encoding]["schema"] == {"$ref": "#/components/schemas/Request"}
        structured = {"textData", "cFields"} if encoding != "application/json" else set()
        assert content[encoding].get("encoding", {}).keys() == structured


@pytest.mark.rule("W4", "W13")
def test_a_reply_has_status_200_and_a_post_can_also_get_413() -> None:
    assert set(PATH["get"]["responses"]) == {"200"}
    assert set(PATH["post"]["responses"]) == {"200", "413"}


def test_every_action_has_an_example_request() -> None:
    for action in ACTIONS:
        values = [
            example["value"]
            for name, example in DOCUMENT["components"]["examples"].items()
            if name.rpartition("-")[0] == action
        ]
        assert values
        for value in values:
            assert value["action"] == action
            validate_request(action, value)


def test_the_document_has_the_whole_catalogue_of_codes() -> None:
    for table, rows in catalogue().items():
        if table in TABLES:
            assert [{k: v for k, v in row.items() if k != "example"} for row in CODES[table]] == rows
        elif table not in {"$schema", "title"}:
            assert CODES[table] == rows


def test_every_code_has_an_example_reply_with_its_meaning_and_evidence() -> None:
    shown = [row["example"] for table in TABLES for row in CODES[table]]
    assert len(shown) == len(set(shown))
    for row in (row for table in TABLES for row in CODES[table]):
        summary = REPLIES[row["example"]]["summary"]
        assert summary.endswith(f"{row['code']}: {row[row['evidence']]} ({row['rule']}, {row['evidence']})")
        for how in {"stated", "observed", "assumed"} & row.keys() - {row["evidence"]}:
            assert f"{how.capitalize()}: {row[how]}." in REPLIES[row["example"]]["description"]
    assert REPLIES["send-109"]["summary"] == "109: the credit is not enough (S9, stated)"
    assert REPLIES["send-109"]["value"] == {"result": "109"}


def test_the_example_of_a_code_has_that_code_and_is_a_valid_reply() -> None:
    for row in CODES["results"]:
        reply = REPLIES[row["example"]]["value"]
        assert reply["result"] == str(row["code"])
        validate_reply(row["action"], reply)
    for row in CODES["gate"]:
        for action in (*ACTIONS, UNKNOWN_ACTION):
            validate_reply(action, REPLIES[row["example"]]["value"])
        assert REPLIES[row["example"]]["value"] == {"result": str(row["code"])}
    for row in CODES["phonebook"]:
        reply = REPLIES[row["example"]]["value"]
        validate_reply("send", reply)
        assert reply["phoneBook"] == str(row["code"])
    for row in CODES["fields"]:
        reply = REPLIES[row["example"]]["value"]
        validate_reply("newContact", reply)
        assert reply["fields"] in ({"FYa12346": str(row["code"])}, str(row["code"]))


@pytest.mark.rule("L1")
def test_every_pair_of_statuses_has_an_example_with_both_meanings() -> None:
    meanings = [
        {row["code"]: row["stated"] for row in CODES[table]}
        for table in ("processing_statuses", "send_statuses")
    ]
    shown = {name for name in REPLIES if "-status-" in name}
    assert shown == {f"reportSend-1-status-{first}-{second}" for first, second in LEGAL_PAIRS}
    for first, second in LEGAL_PAIRS:
        example = REPLIES[f"reportSend-1-status-{first}-{second}"]
        (receiver,) = example["value"]["data"]["receivers"]
        assert (receiver["processingStatus"], receiver["sendStatus"]) == (str(first), str(second))
        assert meanings[0][first] in example["summary"]
        assert meanings[1][second] in example["summary"]
        validate_reply("reportSend", example["value"])


@pytest.mark.rule("A7")
def test_the_reply_that_is_not_an_object_has_an_example() -> None:
    assert REPLIES["unknownAction-0-bare"]["value"] == 0


def test_successes_come_before_refusals_because_mock_servers_answer_with_the_first_example() -> None:
    successes = [example["value"]["result"] == "1" for example in REPLIES.values() if example["value"] != 0]
    assert successes == sorted(successes, reverse=True)
