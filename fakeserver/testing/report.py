"""What a failed expectation shows: what was sent, why requests were refused, the clock and the seed."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from fakeserver.testing.values import Document, word_for

if TYPE_CHECKING:
    from fakeserver.testing.panel import Panel

MESSAGES_SHOWN = 10
RECEIVERS_SHOWN = 5
REQUESTS_SHOWN = 8
TEXT_SHOWN = 200  # characters


def failure(panel: "Panel", headline: str) -> str:
    """The headline and, below it, the account as it is now."""
    return "\n".join([headline, "", *lines(panel)])


def lines(panel: "Panel") -> Iterator[str]:
    """The account as it is now: what was sent, what was asked, the clock, the seed."""
    account, clock = panel.control("GET", ""), panel.control("GET", "/clock")
    messages, journal = panel.control("GET", "/messages"), panel.control("GET", "/journal")
    yield from _section("sent, newest last", messages["messages"], MESSAGES_SHOWN, _message)
    yield from _section("requests, newest last", journal["entries"], REQUESTS_SHOWN, _request)
    strangers = panel.plane.ask("GET", "/journal", query={"since": panel.strangers_since})["entries"]
    if strangers:
        yield from _section("requests whose key opens no account", strangers, REQUESTS_SHOWN, _request)
    frozen = "frozen" if clock["frozen"] else "running"
    yield f"clock {clock['now']} ({frozen}), seed {account['seed']}, credit {account['credit']} rials"
    yield f"account {panel.api_key} at {panel.url}"


def _section(title: str, documents: list[Document], shown: int, line: Any) -> Iterator[str]:
    """A titled list of the newest documents."""
    more = len(documents) - shown
    yield f"{title}:" if documents else f"{title}: none"
    if more > 0:
        yield f"  ({more} more)"
    yield from (f"  {line(document)}" for document in documents[-shown:])


def _message(document: Document) -> str:
    receivers = document["receivers"]
    told = ", ".join(f"{one['number']} {_status(one)}" for one in receivers[:RECEIVERS_SHOWN])
    more = len(receivers) - RECEIVERS_SHOWN
    told += f" and {more} more" if more > 0 else ""
    return f"{document['sendID']} {document['action']} to {told}: «{_short(document['text'])}»"


def _status(receiver: Document) -> str:
    """`delivered (2,3)`."""
    pair = receiver["processingStatus"], receiver["sendStatus"]
    return f"{word_for(*pair)} ({pair[0]},{pair[1]})"


def _request(document: Document) -> str:
    reply, fault = document["reply"], document.get("fault")
    code = reply["result"] if isinstance(reply, dict) else f"HTTP {document['http'] or 'connection broken'}"
    rule = f" ({document['rule']})" if document["rule"] else ""
    unread = ", ".join(map(_unread, document["unread"]))
    return (
        f"{_short(document['action']) or 'no action'}: {code}{rule}, {document['reason']}"
        + (f"; by fault {fault}" if fault else "")
        + (f"; not read: {unread}" if unread else "")
    )


def _unread(document: Document) -> str:
    near = document.get("didYouMean")
    return str(document["name"]) + (f" (did you mean {near}?)" if near else "")


def _short(text: str) -> str:
    """The beginning of a text, on one line."""
    line = " ⏎ ".join(text[:TEXT_SHOWN].splitlines())
    return line if len(text) <= TEXT_SHOWN else f"{line}…"
