"""The control plane's own description (CONTROL.md, Control plane: OpenAPI 3.1)."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.control.desk import Desk

METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
ACCOUNT = "/_fake/accounts/{key}"
TABLE = [
    ("/_fake/health", {"get"}),
    ("/_fake/reset", {"post"}),
    ("/_fake/accounts", {"get", "post"}),
    (ACCOUNT, {"get", "patch", "delete"}),
    (f"{ACCOUNT}/reset", {"post"}),
    (f"{ACCOUNT}/messages", {"get"}),
    (f"{ACCOUNT}/messages/{{sendID}}", {"get"}),
    (f"{ACCOUNT}/messages/{{sendID}}/approve", {"post"}),
    (f"{ACCOUNT}/messages/{{sendID}}/cancel", {"post"}),
    (f"{ACCOUNT}/messages/{{sendID}}/status", {"post"}),
    (f"{ACCOUNT}/inbound", {"post"}),
    (f"{ACCOUNT}/phonebooks", {"get"}),
    (f"{ACCOUNT}/clock", {"get", "post"}),
    (f"{ACCOUNT}/faults", {"get", "post", "delete"}),
    (f"{ACCOUNT}/faults/{{id}}", {"delete"}),
    (f"{ACCOUNT}/journal", {"get", "delete"}),
    ("/_fake/journal", {"get"}),
    (f"{ACCOUNT}/explain", {"post"}),
    (f"{ACCOUNT}/snapshots/{{name}}", {"get", "put", "delete"}),
    (f"{ACCOUNT}/snapshots/{{name}}/restore", {"post"}),
    ("/_fake/events", {"get"}),
]
QUERIES = {
    f"{ACCOUNT}/messages": {
        "to", "text", "action", "processingStatus", "sendStatus", "since", "limit", "wait", "count",
    },
    f"{ACCOUNT}/journal": {"action", "result", "since", "limit", "wait"},
    "/_fake/journal": {"action", "result", "since", "limit", "wait"},
    "/_fake/events": {"key"},
}  # fmt: skip


@pytest.fixture
async def document(desk: Desk) -> Any:
    return await desk.read("/_fake/openapi.json")


def operations(document: Any) -> Iterator[tuple[str, str, Any, list[Any]]]:
    """Path, method, operation and the parameters of both."""
    for path, item in document["paths"].items():
        for method in METHODS & item.keys():
            operation = item[method]
            given = [*item.get("parameters", []), *operation.get("parameters", [])]
            yield path, method, operation, [followed(document, one) for one in given]


def followed(document: Any, value: Any) -> Any:
    """The value, or what its `$ref` points at."""
    while "$ref" in value:
        assert value["$ref"].startswith("#/")
        target = document
        for step in value["$ref"][2:].split("/"):
            target = target[step.replace("~1", "/").replace("~0", "~")]
        value = target
    return value


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """All objects in it."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from nodes(inner)


def test_it_says_which_version_it_is_and_of_what(document: Any) -> None:
    assert re.fullmatch(r"3\.1\.\d+", document["openapi"])
    assert isinstance(document["info"]["title"], str)
    assert isinstance(document["info"]["version"], str)


async def test_its_version_is_that_of_health(desk: Desk, document: Any) -> None:
    assert document["info"]["version"] == (await desk.read("/_fake/health"))["version"]


@pytest.mark.parametrize(("path", "methods"), TABLE)
def test_every_path_and_method_of_the_table_is_in_it(document: Any, path: str, methods: set[str]) -> None:
    templates = {re.sub(r"\{\w+}", "{}", one): item for one, item in document["paths"].items()}
    assert methods <= templates[re.sub(r"\{\w+}", "{}", path)].keys()


@pytest.mark.parametrize("path", QUERIES)
def test_every_query_parameter_of_the_table_is_in_it(document: Any, path: str) -> None:
    (given,) = [given for at, method, _, given in operations(document) if (at, method) == (path, "get")]
    assert {one["name"] for one in given if one["in"] == "query"} >= QUERIES[path]


def test_every_operation_says_what_it_does_and_answers(document: Any) -> None:
    for path, method, operation, _ in operations(document):
        assert operation.get("summary") or operation.get("description"), (path, method)
        for status, response in operation["responses"].items():
            assert re.fullmatch(r"[1-5](\d\d|XX)|default", status)
            assert isinstance(followed(document, response)["description"], str)


def test_the_members_of_a_path_are_openapis(document: Any) -> None:
    known = METHODS | {"parameters", "summary", "description", "servers", "$ref"}
    for path, item in document["paths"].items():
        assert path.startswith("/")
        assert {name for name in item if not name.startswith("x-")} <= known


def test_every_name_in_a_path_is_a_required_parameter_and_no_other(document: Any) -> None:
    for path, _, _, given in operations(document):
        named = {one["name"] for one in given if one["in"] == "path"}
        assert named == set(re.findall(r"\{(\w+)}", path))
        assert all(one["required"] is True for one in given if one["in"] == "path")


def test_every_parameter_has_its_place_and_its_shape(document: Any) -> None:
    for path, _, _, given in operations(document):
        assert len({(one["name"], one["in"]) for one in given}) == len(given), path
        for one in given:
            assert one["in"] in ("path", "query", "header", "cookie")
            assert ("schema" in one) != ("content" in one)


def test_no_operation_id_is_used_twice(document: Any) -> None:
    ids = [
        operation["operationId"] for _, _, operation, _ in operations(document) if "operationId" in operation
    ]
    assert len(ids) == len(set(ids))


def test_every_reference_points_at_something(document: Any) -> None:
    for node in nodes(document):
        if isinstance(node.get("$ref"), str):
            assert followed(document, node) is not None


def test_every_schema_is_json_schema_2020_12(document: Any) -> None:
    for node in nodes(document):
        if isinstance(node.get("schema"), dict):
            Draft202012Validator.check_schema(node["schema"])
    for schema in document.get("components", {}).get("schemas", {}).values():
        Draft202012Validator.check_schema(schema)


def test_a_body_has_a_content(document: Any) -> None:
    for _, _, operation, _ in operations(document):
        if "requestBody" in operation:
            assert "application/json" in followed(document, operation["requestBody"])["content"]


async def test_every_path_that_it_names_is_there(desk: Desk, document: Any) -> None:
    for path, method, _, _ in operations(document):
        if method != "get" or path == "/_fake/events":
            continue
        answer = await desk.call("GET", re.sub(r"\{\w+\}", "1", path.replace("{key}", "_")))
        assert answer.status == 200 or "no such control path" not in answer.body.decode()
