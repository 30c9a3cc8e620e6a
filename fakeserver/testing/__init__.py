"""The fake in other projects' tests, without pytest or beneath its plugin.

`FakePanel` is what most need: a context manager that gives an account of its own on a server of its own.
`PanelServer` serves many accounts; `Panel`, the handle of one, is the same wherever the server runs.
"""

from fakeserver.testing.errors import FakeserverError, ServerBug, Unreachable, UsageError
from fakeserver.testing.fake_panel import FakePanel
from fakeserver.testing.panel import Fault, Panel, Snapshot
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
