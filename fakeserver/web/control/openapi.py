"""The control plane's OpenAPI 3.1 document, and the problems of a body that does not fit its schemas."""

from functools import cache
from typing import TYPE_CHECKING, Any

from fakeserver.settings import schema
from fakeserver.settings.schema import Problem

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator


@cache
def document() -> dict[str, Any]:
    """The document. Its schema of an account's settings is the one of the configuration file."""
    document = schema.read_json("fakeserver.web.control", "openapi.json")
    document["components"]["schemas"]["AccountSettings"] = schema.configuration()["$defs"]["account"]
    return document


def problems_of(name: str, body: object) -> list[Problem]:
    """Every member of a request's body that does not fit the schema `name` of the document."""
    return schema.problems(_validator(name), body)


@cache
def _validator(name: str) -> "Draft202012Validator":
    return schema.validator({"$ref": f"#/components/schemas/{name}", "components": document()["components"]})
