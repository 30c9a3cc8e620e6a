"""The sandbox in the tests of other projects: without pytest, and what the fixtures of its plugin return.

Most tests need `FakePanel` only, a context manager that gives an account on a server of its own.
`PanelServer` is a server with many accounts, and `Panel` is the handle of one account. docs/pytest.md
describes all of them.
"""

from fakeserver.testing.errors import FakeserverError, ServerBug, Unreachable, UsageError
from fakeserver.testing.fake_panel import FakePanel
from fakeserver.testing.faults import Fault
from fakeserver.testing.panel import Panel
from fakeserver.testing.server import PanelServer
from fakeserver.testing.values import (
    Change,
    Contact,
    Explanation,
    Inbound,
    JournalEntry,
    Message,
    Phonebook,
    Receiver,
    Snapshot,
    Step,
    Unread,
)

__all__ = [
    "Change",
    "Contact",
    "Explanation",
    "FakePanel",
    "FakeserverError",
    "Fault",
    "Inbound",
    "JournalEntry",
    "Message",
    "Panel",
    "PanelServer",
    "Phonebook",
    "Receiver",
    "ServerBug",
    "Snapshot",
    "Step",
    "Unreachable",
    "Unread",
    "UsageError",
]
