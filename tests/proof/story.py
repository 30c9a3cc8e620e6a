"""Stories: deeds to one account as plain JSON, told to a fresh panel, and everything that it answers.

`python -m tests.proof.story` tells the story on its standard input, so that another process can, with
another hash seed.
"""

import json
import sys
from collections.abc import Sequence
from typing import Any, TypeAlias

from fakeserver.notation.params import Params
from fakeserver.wire.call import Call
from tests.driver import REAL_MS, World
from tests.proof.deeds import fault_document

Deed: TypeAlias = Sequence[Any]
FIRST_ID = 1_000_000_001
READS: list[Deed] = [
    ["ask", {"action": "reportSend", "sendID": str(FIRST_ID)}],
    ["ask", {"action": "reportSend", "sendID": str(FIRST_ID + 1)}],
    ["ask", {"action": "credit"}],
    ["ask", {"action": "receivedMessages"}],
    ["ask", {"action": "status"}],
]


class Teller:
    def __init__(self) -> None:
        self.world = World()

    def tell(self, story: Sequence[Deed]) -> list[bytes]:
        """What each deed was answered: a reply's bytes with its reason, or what a command came to."""
        return [getattr(self, f"_{name}")(value) for name, value in story]

    def _ask(self, request: dict[str, Any]) -> bytes:
        params = {name: str(value) if isinstance(value, int) else value for name, value in request.items()}
        # The panel keeps what it is given: each telling has its own.
        call = Call("POST", self.world.key, Params(json.loads(json.dumps(params))), "127.0.0.1")
        handled = self.world.panel.handle(call, REAL_MS)
        assert handled.reply is not None
        return handled.reply.body + handled.answer.reason.encode()

    def _wait(self, milliseconds: int) -> bytes:
        self.world.advance(milliseconds / 1000)
        return b""

    def _change(self, settings: dict[str, Any]) -> bytes:
        self.world.change(**settings)
        return b""

    def _fault(self, fault: dict[str, Any]) -> bytes:
        self.world.account.faults.add(fault_document(fault), self.world.account.settings.line_number)
        return b""

    def _deliver(self, message: Sequence[str]) -> bytes:
        self.world.deliver(message[0], message[1])
        return b""

    def _command(self, command: Sequence[Any]) -> bytes:
        number, wanted = command
        if self.world.account.sends.find(FIRST_ID + number) is None:
            return b"none"
        send_id = str(FIRST_ID + number)
        if isinstance(wanted, str):
            return str(getattr(self.world, wanted)(send_id)).encode()
        return str(self.world.force(send_id, (wanted[0], wanted[1]))).encode()


def tell(story: Sequence[Deed]) -> list[bytes]:
    return Teller().tell(story)


if __name__ == "__main__":
    for answer in tell(json.load(sys.stdin)):
        sys.stdout.write(answer.hex() + "\n")
