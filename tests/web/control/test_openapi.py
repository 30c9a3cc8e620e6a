"""The OpenAPI document of the control plane says what the server does."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from fakeserver.web.control import openapi
from tests.web.control.routes import CONTROL_ROUTES, ControlRoute, account_with_everything
from tests.web.control_client import ControlClient, assert_problem

DOCUMENT = openapi.document()
ROUTES = [route for route in CONTROL_ROUTES if route.method != "HEAD"]


def operations() -> Iterator[tuple[str, str, Any]]:
    for path, item in DOCUMENT["paths"].items():
        for method in item.keys() - {"parameters"}:
            yield method.upper(), path, item[method]


def resolve(value: Any) -> Any:
    """The value, or what its `$ref` refers to."""
    while "$ref" in value:
        target: Any = DOCUMENT
        for step in value["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        value = target
    return value


def validator(schema: Any) -> Draft202012Validator:
    return Draft202012Validator({**schema, "components": DOCUMENT["components"]})


async def test_the_server_gives_the_document_with_its_own_version(control: ControlClient) -> None:
    given = await control.get("/_fake/openapi.json")
    version = (await control.get("/_fake/health"))["version"]
    assert given == {**DOCUMENT, "info": {**DOCUMENT["info"], "version": version}}


def test_the_document_is_valid_openapi_3_1() -> None:
    assert DOCUMENT["openapi"].startswith("3.1.")
    validate(DOCUMENT, cls=OpenAPIV31SpecValidator)


def test_it_describes_exactly_the_routes_of_the_server() -> None:
    assert {(method, path) for method, path, _ in operations()} == {route[:2] for route in ROUTES}


def test_every_operation_has_a_summary() -> None:
    assert [(method, path) for method, path, operation in operations() if not operation["summary"]] == []


async def test_it_describes_exactly_the_query_parameters_that_are_read(control: ControlClient) -> None:
    account, send_id = await account_with_everything(control)
    for route in ROUTES:
        body = () if route.body is None else (route.body,)
        refused = await control.request(route.method, route.path(account.key, send_id), *body, zzzz="1")
        assert_problem(refused, 400, member="zzzz")
        known = refused.json["detail"].partition("known are: ")[2]
        operation = DOCUMENT["paths"][route.template][route.method.lower()]
        parameters = [resolve(parameter) for parameter in operation.get("parameters", ())]
        described = [parameter["name"] for parameter in parameters if parameter["in"] == "query"]
        assert sorted(re.findall(r"\w+", known)) == sorted(described or ["none"]), route


@pytest.mark.parametrize(
    "route", [one for one in ROUTES if one.template != "/_fake/events"], ids=lambda one: " ".join(one[:2])
)
async def test_a_response_fits_the_schema_of_its_status(control: ControlClient, route: ControlRoute) -> None:
    account, send_id = await account_with_everything(control)
    if route.template.endswith("/status"):
        await account.command("POST", f"/messages/{send_id}/approve")
    await account.advance(3)
    await account.command("POST", "/inbound", {"from": "9121111111", "text": "a"})
    await account.ask("send", receivers="9121111111,9120000002", unread="1", recievers="1")
    await account.ask("credit")
    body = () if route.body is None else (route.body,)
    response = await control.request(route.method, route.path(account.key, send_id), *body)
    assert response.status < 300, response
    documented = DOCUMENT["paths"][route.template][route.method.lower()]["responses"]
    content = resolve(documented[str(response.status)]).get("content")
    if content is None:
        assert response.body == b""
    else:
        errors = validator(content[response.content_type]["schema"]).iter_errors(response.json)
        assert [error.message for error in errors] == []


async def test_a_problem_fits_its_schema(control: ControlClient) -> None:
    schema = resolve({"$ref": "#/components/responses/Problem"})["content"]["application/problem+json"][
        "schema"
    ]
    for method, path in (
        ("GET", "/_fake/nothing"),
        ("GET", "/_fake/accounts/nobody"),
        ("PUT", "/_fake/reset"),
    ):
        response = await control.request(method, path)
        assert [error.message for error in validator(schema).iter_errors(response.json)] == []
