"""The control plane of one account, for the handle and for what belongs to it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from fakeserver.testing.control_client import ControlClient
from fakeserver.testing.errors import hide_from_traceback
from fakeserver.testing.problems import SAME_NAMES, ArgumentNames
from fakeserver.testing.values import Document

__tracebackhide__ = hide_from_traceback


class AccountControl:
    """Sends control requests about the account with this API key. `unknown_key_requests_since` is the id of
    the last request with an unknown API key before the account was created.
    """

    def __init__(self, client: ControlClient, api_key: str, unknown_key_requests_since: int) -> None:
        self.url = client.url
        self.api_key = api_key
        self._client = client
        self._unknown_key_requests_since = unknown_key_requests_since

    def request(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        *,
        wait_seconds: float = 0,
        argument_names: ArgumentNames = SAME_NAMES,
    ) -> Any:
        """As `ControlClient.request`, with a path relative to the account."""
        return self._client.request(
            method,
            f"/accounts/{quote(self.api_key, safe='')}{path}",
            body,
            query,
            wait_seconds=wait_seconds,
            argument_names=argument_names,
        )

    def unknown_key_requests(self) -> list[Document]:
        """The requests with an unknown API key since the account was created, from the server's journal."""
        query = {"since": self._unknown_key_requests_since}
        return list(self._client.request("GET", "/journal", query=query)["entries"])
