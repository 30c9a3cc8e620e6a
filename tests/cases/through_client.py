"""The replies of the cases as the reference client reads them: a result, or the exception that is named."""

import json
from typing import Any

import mydnspanel_client as client
from mydnspanel_client.replies import WireReply, read
from mydnspanel_contracts import ACTIONS

from tests.cases.case import Case, Document, filled


def readable(step: Document) -> str | None:
    """The action whose reply the step shows; None where the reference client would never see it."""
    action = step["request"].get("params", {}).get("action")
    return action if action in ACTIONS and ("reply" in step["expect"] or "text" in step["expect"]) else None


def read_all(case: Case) -> None:
    """Raises AssertionError where the client makes something else of a reply than the case says."""
    for number, step in enumerate(case.exchanges, 1):
        if (action := readable(step)) is not None:
            error, expected = _error(case, action, step["expect"]), step["expect"]
            raised = None if error is None else type(error).__name__
            assert raised == expected.get("error"), f"{case} exchange {number}: {error!r}"
            # The client does not know of reserved receivers: it names the rule that the code belongs to.
            if isinstance(error, client.Refused) and expected.get("rule") not in (None, "Z10"):
                assert error.rule == expected["rule"], f"{case} exchange {number}: {error!r}"


def _error(case: Case, action: str, expected: Document) -> client.PanelError | None:
    """What the client raises when it reads the reply; None when it returns a result."""
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
    """A reply with an id, in the notation of its result, in each place that the case leaves open."""
    native = isinstance(reply, dict) and isinstance(reply.get("result"), int)
    return _example(reply, 1_000_000_001 if native else "1000000001")


def _example(value: Any, some_id: int | str) -> Any:
    if isinstance(value, dict):
        if set(value) == {"$matches"}:
            return some_id if "[0-9]" in value["$matches"] else str(some_id)
        return {name: _example(item, some_id) for name, item in value.items()}
    if isinstance(value, list):
        return [_example(item, some_id) for item in value]
    return filled(value, _AnyId())


class _AnyId(dict[str, str]):
    def __missing__(self, _name: str) -> str:
        return "1000000001"
