"""Bodies of control requests, read, parsed, and checked against the schemas of the OpenAPI document."""

import json
from typing import Any, cast

from aiohttp import web

from fakeserver.web.control.openapi import problems_of
from fakeserver.web.control.problem import ControlError, control_error


async def read_body(request: web.Request, name: str) -> dict[str, Any]:
    """The JSON object of a request, which fits the schema `name`. A missing body is an empty object."""
    return parse_body(await read_bytes(request), name)


async def refuse_body(request: web.Request) -> None:
    """Refuse a body that has members, where there is nothing to say."""
    if _loads(await read_bytes(request)) != {}:
        raise control_error(400, "this request takes no members")


def parse_body(body: bytes, name: str) -> dict[str, Any]:
    """The JSON object in `body`, which fits the schema `name`. Raises ControlError."""
    document = _loads(body)
    if problems := problems_of(name, document):
        raise ControlError(400, problems)
    return cast("dict[str, Any]", document)


async def read_bytes(request: web.Request) -> bytes:
    """The body as it came. Raises ControlError."""
    encoding = request.headers.get("Content-Encoding", "identity").lower()
    if encoding != "identity":
        raise control_error(
            415, f"the body is compressed with {encoding[:40]!r}; it should not be compressed"
        )
    try:
        return await request.read()
    except web.HTTPRequestEntityTooLarge as error:
        raise control_error(413, error.text or "the body is too large") from None
    except web.RequestPayloadError as error:
        raise control_error(400, f"the transfer of the body is broken: {error}") from None


def _loads(body: bytes) -> object:
    """The body as JSON, whatever its content type, so that a plain `curl -d` works."""
    if not body.strip():
        return {}
    try:
        document: object = json.loads(body.decode(), parse_constant=_refuse_constant)
        json.dumps(document, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise control_error(400, f"the body is not JSON: {error}") from None
    return document


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON value")
