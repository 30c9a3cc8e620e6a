"""Every route of the control plane with a request that it accepts."""

from typing import Any, NamedTuple

from fakeserver.web.control.routes import ROUTES
from tests.web.control_client import NUMBER, AccountClient, ControlClient

# The bodies of the requests that need one.
BODIES: dict[tuple[str, str], Any] = {
    ("POST", "/_fake/accounts"): {},
    ("PATCH", "/_fake/accounts/{key}"): {"credit": 5},
    ("POST", "/_fake/accounts/{key}/messages/{sendID}/status"): {"processingStatus": 2, "sendStatus": 3},
    ("POST", "/_fake/accounts/{key}/inbound"): {"from": NUMBER, "text": "a"},
    ("POST", "/_fake/accounts/{key}/clock"): {"advance": 1},
    ("POST", "/_fake/accounts/{key}/faults"): {"then": {"result": "113"}},
    ("POST", "/_fake/accounts/{key}/explain"): {"action": "status"},
}


class ControlRoute(NamedTuple):
    """`template` is a path of the OpenAPI document; `body` is None where the request has none."""

    method: str
    template: str
    body: Any = None

    def path(self, key: str = "_", send_id: int = 1) -> str:
        values = {"key": key, "sendID": send_id, "id": 1, "name": "kept"}
        return self.template.format_map(values)

    @property
    def is_command(self) -> bool:
        return self.method not in ("GET", "HEAD")


def _all_routes() -> list[ControlRoute]:
    paths = ((method, path.replace(":[^/]+", "")) for method, path, _ in ROUTES)
    return [ControlRoute(method, path, BODIES.get((method, path))) for method, path in paths]


CONTROL_ROUTES = _all_routes()
ACCOUNT_ROUTES = [route for route in CONTROL_ROUTES if "{key}" in route.template]


async def account_with_everything(control: ControlClient) -> tuple[AccountClient, int]:
    """An account that every route can read and change, and the id of its held message: the ids of its fault
    rule and its snapshot are those of `ControlRoute.path`.
    """
    account = await control.create_account(key="full", monitoring="manual")
    send_id = await account.send()
    await account.add_fault({"http": 502}, when={"action": "credit"})
    await account.command("PUT", "/snapshots/kept")
    return account, send_id
