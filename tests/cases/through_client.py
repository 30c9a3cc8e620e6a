"""Reads the replies of cases with the reference client, which returns a result or raises an exception."""

import json
from collections import defaultdict
from typing import Any

import mydnspanel_client as client
from mydnspanel_client.replies import WireReply, read
from mydnspanel_contracts import ACTIONS

from tests.cases.case import Case, Document, substitute

EXAMPLE_ID = "1000000001"


def readable_action(step: Document) -> str | None:
    """The action of an exchange, or None if the reference client has nothing to read."""
    action = step["request"].get("params", {}).get("action")
    return action if action in ACTIONS and ("reply" in step["expect"] or "text" in step["expect"]) else None


def read_replies(case: Case) -> None:
    """Raises AssertionError at the first reply that the client reads differently than the case expects."""
    for number, step in enumerate(case.exchanges, 1):
        if (action := readable_action(step)) is not None:
            error, expected = _error(case, action, step["expect"]), step["expect"]
            raised = None if error is None else type(error).__name__
            assert raised == expected.get("error"), f"{case} exchange {number}: {error!r}"
            # The client does not know reserved receivers. It names the rule of the code instead.
            if isinstance(error, client.Refused) and expected.get("rule") not in (None, "Z10"):
                assert error.rule == expected["rule"], f"{case} exchange {number}: {error!r}"


def _error(case: Case, action: str, expected: Document) -> client.PanelError | None:
    """The exception that the client raises for the reply, or None."""
    text = expected["text"] if "text" in expected else json.dumps(example(expected["reply"]))
    reply = WireReply(expected.get("http", 200), text.encode(), "application/json; charset=utf-8")
    names: Document = {"send_id": "sendID", "credit": "credit"}
    for settings in case.accounts.values():
        names = {**names, **settings.get("reply_names", {})}
    try:
        read(action, reply, send_id_name=names["send_id"], credit_name=names["credit"])
    except client.PanelError as error:
        return error
    return None


def example(reply: Any) -> Any:
    """The reply with an example id in place of every pattern and `${name}`, in the notation of its result."""
    native = isinstance(reply, dict) and isinstance(reply.get("result"), int)
    return _example(reply, 1_000_000_001 if native else EXAMPLE_ID)


def _example(value: Any, example_id: int | str) -> Any:
    if isinstance(value, dict):
        if set(value) == {"$matches"}:
            return example_id if "[0-9]" in value["$matches"] else str(example_id)
        return {name: _example(item, example_id) for name, item in value.items()}
    if isinstance(value, list):
        return [_example(item, example_id) for item in value]
    return substitute(value, defaultdict(lambda: EXAMPLE_ID))
