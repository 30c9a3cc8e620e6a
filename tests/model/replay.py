"""Replays events of an account, given as plain JSON, on a fresh panel and returns every answer.

`python -m tests.model.replay` replays the events on its standard input, so that another process can replay
them, with another hash seed.
"""

import json
import sys
from collections.abc import Sequence
from typing import Any, TypeAlias

from fakeserver.notation.params import Params
from fakeserver.wire.call import Call
from tests.driver import REAL_MS, AccountDriver
from tests.model.strategies import fault_document

Event: TypeAlias = Sequence[Any]  # its name and its data

FIRST_ID = 1_000_000_001
READS: list[Event] = [
    ["ask", {"action": "reportSend", "sendID": str(FIRST_ID)}],
    ["ask", {"action": "reportSend", "sendID": str(FIRST_ID + 1)}],
    ["ask", {"action": "credit"}],
    ["ask", {"action": "receivedMessages"}],
    ["ask", {"action": "status"}],
]


class Replay:
    """An account on which events are replayed."""

    def __init__(self) -> None:
        self.driver = AccountDriver()

    def run(self, events: Sequence[Event]) -> list[bytes]:
        """The answer of each event: a reply's bytes with its reason, or the result of a command."""
        return [getattr(self, f"_{name}")(data) for name, data in events]

    def _ask(self, request: dict[str, Any]) -> bytes:
        params = {name: str(value) if isinstance(value, int) else value for name, value in request.items()}
        # The panel keeps the parameters, so each replay has its own.
        call = Call("POST", self.driver.key, Params(json.loads(json.dumps(params))), "127.0.0.1")
        handled = self.driver.panel.handle(call, REAL_MS)
        assert handled.reply is not None
        return handled.reply.body + handled.answer.reason.encode()

    def _wait(self, milliseconds: int) -> bytes:
        self.driver.advance(milliseconds / 1000)
        return b""

    def _change(self, settings: dict[str, Any]) -> bytes:
        self.driver.change(**settings)
        return b""

    def _fault(self, fault: dict[str, Any]) -> bytes:
        self.driver.add_fault(**fault_document(fault))
        return b""

    def _deliver(self, message: Sequence[str]) -> bytes:
        self.driver.deliver(message[0], message[1])
        return b""

    def _command(self, command: Sequence[Any]) -> bytes:
        number, wanted = command
        send_id = str(FIRST_ID + number)
        if isinstance(wanted, str):
            return str(getattr(self.driver, wanted)(send_id)).encode()
        return str(self.driver.force(send_id, (wanted[0], wanted[1]))).encode()


def replay(events: Sequence[Event]) -> list[bytes]:
    """Every answer of a fresh account."""
    return Replay().run(events)


if __name__ == "__main__":
    for answer in replay(json.load(sys.stdin)):
        sys.stdout.write(answer.hex() + "\n")
