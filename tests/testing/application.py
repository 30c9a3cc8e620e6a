"""An application under test, in as few lines as it takes: it posts a form to the endpoint with the key."""

import json
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from fakeserver.testing import Panel


def ask(panel: Panel, **params: Any) -> Any:
    """The panel's reply; the final underscore of `from_` is dropped."""
    return ask_at(panel.endpoint, panel.api_key, **params)


def ask_at(endpoint: str, key: str, **params: Any) -> Any:
    body = urlencode({name.rstrip("_"): value for name, value in params.items()}).encode()
    with urlopen(Request(endpoint, body, {"Authorization": key}), timeout=10) as reply:  # noqa: S310
        return json.load(reply)


def send(panel: Panel, to: str = "9121234567", text: str = "hello", **more: Any) -> Any:
    return ask(panel, action="send", from_="30001403", text=text, receivers=to, **more)
