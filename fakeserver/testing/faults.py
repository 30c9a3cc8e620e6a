"""Faults: the rule that `Panel.fail` makes of its arguments, and the handle that it returns."""

from typing import Any

from fakeserver.testing.account_control import AccountControl
from fakeserver.testing.control_client import encode_json
from fakeserver.testing.errors import UsageError, hide_from_traceback
from fakeserver.testing.values import Document

__tracebackhide__ = hide_from_traceback

# From the members of a rule's `when` and `then` to the arguments of `Panel.fail`.
CONDITIONS = {"action": "action", "to": "to", "from": "from_", "text": "text"}
EFFECTS = {
    "result": "result",
    "description": "description",
    "http": "http",
    "httpBody": "http_body",
    "disconnect": "disconnect",
    "body": "body",
    "outcome": "outcome",
    "phoneBook": "phone_book",
    "delaySeconds": "delay",
}
CODES = ("result", "phone_book")  # may be numbers
# How errors call the members of a rule. A message may name a member of `then` alone.
ARGUMENT_NAMES = {
    **{f"when.{member}": argument for member, argument in CONDITIONS.items()},
    **{f"then.{member}": argument for member, argument in EFFECTS.items()},
    **EFFECTS,
    "then": "fail()",
}


class Fault:
    """A fault rule of an account. `id` is its id in the journal and in the header `X-Fake-Fault`.

    The properties and methods raise UsageError once the rule is removed or the account is reset.
    """

    def __init__(self, account: AccountControl, document: Document) -> None:
        self.id: int = document["id"]
        self._account = account

    def __repr__(self) -> str:
        return f"<Fault {self.id} of {self._account.api_key}>"

    @property
    def fired(self) -> int:
        """How many times the rule has fired."""
        return int(self._state()["fired"])

    @property
    def seen(self) -> int:
        """How many requests have matched the rule, whether or not it fired."""
        return int(self._state()["seen"])

    def remove(self) -> None:
        """Remove the rule; it does not fire any more."""
        self._account.request("DELETE", f"/faults/{self.id}", argument_names={"id": "fault"})

    def _state(self) -> Document:
        for document in self._account.request("GET", "/faults")["faults"]:
            if document["id"] == self.id:
                return dict(document)
        raise UsageError(f"fault {self.id} was removed, or the account was reset")


def add_fault(account: AccountControl, arguments: dict[str, Any]) -> Fault:
    """Add the rule that these arguments of `Panel.fail` describe; those that are None are left out."""
    given = {
        name: str(value) if name in CODES else value for name, value in arguments.items() if value is not None
    }
    encode_json(given)  # an error names the argument, where the rule would have it within `when` or `then`
    rule = {
        "when": {member: given[argument] for member, argument in CONDITIONS.items() if argument in given},
        "then": {member: given[argument] for member, argument in EFFECTS.items() if argument in given},
        "after": given["after"],
        "times": given["times"],
    }
    return Fault(account, account.request("POST", "/faults", rule, argument_names=ARGUMENT_NAMES))
