"""Paths, methods and query parameters: whatever is wrong with them is refused, and nothing changes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.web.control.routes import (
    ACCOUNT_ROUTES,
    CONTROL_ROUTES,
    account_with_everything,
)
from tests.web.control_client import ACCOUNTS, AccountClient, ControlClient, assert_problem

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")

UNKNOWN_PATHS = [
    "/_fake",
    "/_fake/",
    "/_fake/nothing",
    "/_fake/Accounts",
    "/_fake/accounts/",
    "/_fake/accounts/_/nothing",
    "/_fake/accounts/_/messages/1/nothing",
    "/_fake/accounts/_/clock/now",
    "/_fake/accounts/_/faults/1/2",
    "/_fake/%00",
    "/_fake/%FF",
    "/_fake/" + "x" * 5000,
    "/_fake" + "/a" * 2000,
]
UNKNOWN_KEYS = [
    "%2F",
    "a%2Fb",
    "..%2F_",
    "%2E%2E",
    "%2e",
    "%00",
    "test-key%00",
    "%ff",
    "%C3%28",
    "%ED%A0%80",
    "%",
    "%zz",
    "%25",
    "%0d%0aX:%20y",
    "%F0%9F%98%80",
    "test-key%20",
    "TEST-KEY",
    "x" * 129,
    "x" * 5000,
    "__",
    "_%5F",
    "$",
    "{key}",
    "%7Bkey%7D",
]


@asynccontextmanager
async def unchanged(account: AccountClient) -> AsyncIterator[None]:
    """Check that the block changes nothing in the account, nor the number of accounts."""

    async def state() -> object:
        return await account.state(), await account.control.get("/_fake/health")

    before = await state()
    yield
    assert await state() == before


async def test_an_unknown_query_parameter_is_refused_before_anything_changes(control: ControlClient) -> None:
    account, send_id = await account_with_everything(control)
    async with unchanged(account):
        for route in CONTROL_ROUTES:
            path = route.path(account.key, send_id)
            body = () if route.body is None else (route.body,)
            for query in ("unknown=1", "unknown", "Limit=1", "%00=1", "unknown=%FF", "=1"):
                response = await control.request(route.method, f"{path}?{query}", *body)
                assert response.status == 400, (route, query)


async def test_a_command_without_members_is_refused_when_it_has_some(control: ControlClient) -> None:
    bodies: list[Any] = [{"advance": 1}, [], "x"]
    account, send_id = await account_with_everything(control)
    async with unchanged(account):
        for route in CONTROL_ROUTES:
            if route.is_command and route.body is None:
                path = route.path(account.key, send_id)
                for body in bodies:
                    response = await control.request(route.method, path, body)
                    assert_problem(response, 400, "this request takes no members")


async def test_an_account_that_does_not_exist_is_404(control: ControlClient) -> None:
    for route in ACCOUNT_ROUTES:
        body = () if route.body is None else (route.body,)
        response = await control.request(route.method, route.path("nobody"), *body)
        assert_problem(response, 404, "no account has the key", member="key")


async def test_a_method_that_a_path_does_not_take_is_405_and_the_others_are_listed(
    control: ControlClient,
) -> None:
    account, send_id = await account_with_everything(control)
    async with unchanged(account):
        for template in {route.template for route in CONTROL_ROUTES}:
            (path,) = {
                route.path(account.key, send_id) for route in CONTROL_ROUTES if route.template == template
            }
            allowed = {route.method for route in CONTROL_ROUTES if route.template == template}
            listed = ", ".join(sorted(allowed))
            for method in set(METHODS) - allowed:
                response = await control.request(method, path)
                assert_problem(response, 405, f"does not take {method}; it takes {listed}")
                assert response.headers["Allow"] == listed


async def test_an_unknown_path_is_404(control: ControlClient) -> None:
    for path in UNKNOWN_PATHS:
        for method in ("GET", "POST", "OPTIONS"):
            response = await control.request(method, path)
            assert_problem(response, 404, "no such control path; /_fake/openapi.json lists them all")


async def test_no_spelling_of_an_unknown_key_reaches_another_account(
    control: ControlClient, account: AccountClient
) -> None:
    async with unchanged(account):
        for key in UNKNOWN_KEYS:
            for method, sub in (("GET", ""), ("GET", "/messages"), ("DELETE", ""), ("POST", "/reset")):
                response = await control.request_raw(method, f"{ACCOUNTS}/{key}{sub}", "Host: localhost")
                assert response.status in {400, 404, 405}, key
                assert response.content_type == "application/problem+json"
