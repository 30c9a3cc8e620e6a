"""contracts/openapi.json: it is OpenAPI, it agrees with what it refers to, and it leaves nothing out."""

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

HOME = Path(contracts.__file__).parent
FILE = HOME / "openapi.json"
TEXT = FILE.read_text("utf-8")
DOCUMENT: dict[str, Any] = json.loads(TEXT)
BASE = "https://mydnspanel.com/contracts/"
PATH = DOCUMENT["paths"]["/webservice/server"]
ENCODINGS = ("application/x-www-form-urlencoded", "multipart/form-data", "application/json")
REPLIES = DOCUMENT["components"]["responses"]["Reply"]["content"]["application/json"]["examples"]
CODES = DOCUMENT["x-codes"]
TABLES = ("gate", "results", "phonebook", "fields")


def files() -> SchemaRegistry:
    """The document and the schemas beside it, each under the address at which a file of its name would be."""
    empty: SchemaRegistry = Registry()
    # The document itself is no schema, but parts of it are.
    document: Resource[bool | Mapping[str, Any]] = Resource.opaque(DOCUMENT)
    schemas = {
        BASE + path.relative_to(HOME).as_posix(): Resource.from_contents(json.loads(path.read_text("utf-8")))
        for path in HOME.glob("schemas/**/*.json")
    }
    return empty.with_resources([(f"{BASE}openapi.json", document), *schemas.items()])


FILES = files()


def validator(pointer: str) -> Draft202012Validator:
    """Of the schema at this place of the document."""
    return Draft202012Validator({"$ref": f"{BASE}openapi.json#{pointer}"}, registry=FILES)


def below(value: Any, pointer: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object of the document with its JSON pointer."""
    if isinstance(value, dict):
        yield pointer, value
        for key, inner in value.items():
            yield from below(inner, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}")
    if isinstance(value, list):
        for at, inner in enumerate(value):
            yield from below(inner, f"{pointer}/{at}")


def followed(value: dict[str, Any]) -> dict[str, Any]:
    """The value, or what it refers to in the document."""
    while "$ref" in value:
        at: Any = DOCUMENT
        for step in value["$ref"].removeprefix("#/").split("/"):
            at = at[step]
        value = at
    return value


def examples() -> Iterator[tuple[str, str, Any]]:
    """Every example of the document: its place, the place of the schema that it stands at, its value."""
    for pointer, node in below(DOCUMENT):
        if "schema" in node:
            for name, example in node.get("examples", {}).items():
                yield f"{pointer}/{name}", f"{pointer}/schema", followed(example)["value"]
            if "example" in node:
                yield pointer, f"{pointer}/schema", node["example"]


EXAMPLES = list(examples())


# Whether it is OpenAPI


def test_a_validator_that_is_not_ours_calls_it_openapi_3_1() -> None:
    validate(DOCUMENT, base_uri=FILE.as_uri(), cls=OpenAPIV31SpecValidator)


@pytest.mark.parametrize("broken", ["info", "responses", "name", "$ref"])
def test_the_validator_looks_into_it(broken: str) -> None:
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
def test_an_example_validates_where_it_stands(schema: str, value: object) -> None:
    validator(schema).validate(value)


def test_there_are_examples_at_every_body_and_reply() -> None:
    places = {pointer.rpartition("/schema")[0] for _, pointer, _ in EXAMPLES}
    assert len(places) == len(ENCODINGS) + 2
    assert len(EXAMPLES) == 1 + len(ENCODINGS) * len(DOCUMENT["components"]["examples"]) + len(REPLIES)


# Whether it agrees with the schemas


def test_it_refers_to_every_schema_of_a_request_and_of_a_reply() -> None:
    references = {node["$ref"] for _, node in below(DOCUMENT) if "$ref" in node}
    for action in ACTIONS:
        assert f"schemas/requests/{action}.json" in references
    for action in (*ACTIONS, UNKNOWN_ACTION):
        assert f"schemas/replies/{action}.json" in references


def test_every_reference_leads_somewhere() -> None:
    resolver = FILES.resolver(f"{BASE}openapi.json")
    for _, node in below(DOCUMENT):
        if isinstance(node.get("$ref"), str):
            assert resolver.lookup(node["$ref"]).contents


def test_it_repeats_no_schema() -> None:
    own = {"Request", "Reply"}
    for pointer, node in below(DOCUMENT):
        if "schema" in node and not pointer.endswith("/get/parameters/0"):
            assert set(node["schema"]) == {"$ref"}, pointer
    for name, schema in DOCUMENT["components"]["schemas"].items():
        assert name in own or set(schema) == {"$ref"}, name
        assert not schema.keys() & {"properties", "$defs", "pattern", "enum", "const"}


def test_a_request_is_one_of_the_eight_and_names_its_action() -> None:
    request = validator("/components/schemas/Request")
    for action in ACTIONS:
        example = request_schema(action)["examples"][0] | {"action": action}
        assert request.is_valid(example)
        assert not request.is_valid({name: value for name, value in example.items() if name != "action"})
        assert not request.is_valid(example | {"action": action.upper()})
    assert not request.is_valid({"action": "send", "from": "auto", "text": "x"})
    # For who generates classes: the name of the action tells which one it is.
    schema = DOCUMENT["components"]["schemas"]["Request"]
    asked = {action: DOCUMENT["x-actions"][action]["request"]["$ref"] for action in ACTIONS}
    assert schema["discriminator"] == {"propertyName": "action", "mapping": asked}
    assert schema["required"] == ["action"]


def test_a_reply_is_one_that_some_action_may_be_answered_with() -> None:
    reply = validator("/components/schemas/Reply")
    assert reply.is_valid({"result": "609"})
    assert reply.is_valid(0)
    for value in ({"result": "610"}, {"result": "1", "sendID": 5}, {"result": "-1", "credit": "1"}, {}, 1):
        assert not reply.is_valid(value)


def test_every_action_has_its_request_and_its_reply() -> None:
    assert set(DOCUMENT["x-actions"]) == {*ACTIONS, UNKNOWN_ACTION}
    for action, halves in DOCUMENT["x-actions"].items():
        assert set(halves) == ({"request", "reply"} if action in ACTIONS else {"reply"})
        for kind, folder in (("request", "requests"), ("reply", "replies")):
            if kind in halves:
                name = halves[kind]["$ref"].removeprefix("#/components/schemas/")
                schema = DOCUMENT["components"]["schemas"][name]
                assert schema == {"$ref": f"schemas/{folder}/{action}.json"}


# Whether it says all there is to say


@pytest.mark.rule("W1")
def test_there_is_one_endpoint_asked_by_two_methods() -> None:
    assert list(DOCUMENT["paths"]) == ["/webservice/server"]
    assert {"get", "post"} == PATH.keys() - {"description"}
    assert [server["url"] for server in DOCUMENT["servers"]] == [
        "http://127.0.0.1:1403",
        "https://mydnspanel.com",
    ]


@pytest.mark.rule("A1")
def test_the_key_stands_in_the_query_of_a_get_and_in_the_header_of_a_post() -> None:
    schemes = DOCUMENT["components"]["securitySchemes"]
    for method, place, name in (("get", "query", "key"), ("post", "header", "Authorization")):
        ((scheme,),) = PATH[method]["security"]
        assert {"type": "apiKey", "in": place, "name": name}.items() <= schemes[scheme].items()


@pytest.mark.rule("W10")
def test_a_get_has_every_parameter_of_every_action_and_a_post_has_none() -> None:
    names = {name for action in ACTIONS for name in request_schema(action)["properties"]}
    given = [parameter["name"] for parameter in PATH["get"]["parameters"]]
    assert sorted(given) == sorted(names)
    assert all(parameter["in"] == "query" for parameter in PATH["get"]["parameters"])
    assert "parameters" not in PATH["post"]


def test_a_parameter_says_which_actions_want_it() -> None:
    for parameter in PATH["get"]["parameters"][1:]:
        name = parameter["name"]
        for action in ACTIONS:
            schema = request_schema(action)
            asked = "Required" if name in schema.get("required", []) else "Optional"
            told = [part for part in parameter["description"].split(". ") if part.startswith(asked)]
            if name in schema["properties"]:
                assert action in told[0].rstrip(".").partition(": ")[2].split(", "), name


@pytest.mark.rule("W5", "W7")
def test_a_body_comes_in_three_encodings_that_mean_the_same() -> None:
    content = PATH["post"]["requestBody"]["content"]
    assert tuple(content) == ENCODINGS
    for encoding in ENCODINGS:
        assert content[encoding]["schema"] == {"$ref": "#/components/schemas/Request"}
        structured = {"textData", "cFields"} if encoding != "application/json" else set()
        assert content[encoding].get("encoding", {}).keys() == structured


@pytest.mark.rule("W4", "W13")
def test_a_reply_has_status_200_and_only_a_body_can_be_too_large() -> None:
    assert set(PATH["get"]["responses"]) == {"200"}
    assert set(PATH["post"]["responses"]) == {"200", "413"}


def test_every_action_has_an_example_of_a_request() -> None:
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


def test_every_code_of_the_catalogue_is_there_with_all_that_is_known_of_it() -> None:
    for table, rows in catalogue().items():
        if table in TABLES:
            assert [{k: v for k, v in row.items() if k != "example"} for row in CODES[table]] == rows
        elif table not in {"$schema", "title"}:
            assert CODES[table] == rows


def test_every_code_is_an_example_of_a_reply_with_its_meaning_and_its_evidence() -> None:
    shown = [row["example"] for table in TABLES for row in CODES[table]]
    assert len(shown) == len(set(shown))
    for row in (row for table in TABLES for row in CODES[table]):
        summary = REPLIES[row["example"]]["summary"]
        assert summary.endswith(f"{row['code']}: {row[row['evidence']]} ({row['rule']}, {row['evidence']})")
        for how in {"stated", "observed", "assumed"} & row.keys() - {row["evidence"]}:
            assert f"{how.capitalize()}: {row[how]}." in REPLIES[row["example"]]["description"]
    assert REPLIES["send-109"] == {
        "summary": "109: the credit is not enough (S9, stated)",
        "description": "Assumed: the cost of all receivers together is more than the credit:"
        " the whole request is refused (M3).",
        "value": {"result": "109"},
    }


def test_the_example_of_a_code_holds_that_code_and_is_a_reply_to_its_action() -> None:
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
def test_every_pair_of_statuses_is_an_example_with_both_meanings() -> None:
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
def test_the_reply_that_is_no_object_is_an_example_too() -> None:
    assert REPLIES["unknownAction-0-bare"]["value"] == 0


def test_what_a_mock_server_answers_first_is_a_success() -> None:
    successes = [example["value"]["result"] == "1" for example in REPLIES.values() if example["value"] != 0]
    assert successes == sorted(successes, reverse=True)
