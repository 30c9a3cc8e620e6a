"""What a failed assertion shows: the sent messages, why requests were refused, the clock and the seed."""

from collections.abc import Callable, Iterator

from fakeserver.testing.account_control import AccountControl
from fakeserver.testing.values import Document, status_word

MESSAGES_SHOWN = 10
RECEIVERS_SHOWN = 5
REQUESTS_SHOWN = 8
TEXT_SHOWN = 200  # characters


def failure_message(account: AccountControl, headline: str) -> str:
    """The headline and, below it, the present state of the account."""
    return "\n".join([headline, "", *describe_account(account)])


def describe_account(account: AccountControl) -> list[str]:
    """The present state of the account, as lines of text. The last one names the account."""
    state, clock = account.request("GET", ""), account.request("GET", "/clock")
    messages = account.request("GET", "/messages")["messages"]
    requests = account.request("GET", "/journal")["entries"]
    unknown_key_requests = account.unknown_key_requests()
    lines = [
        *_newest("sent, newest last", messages, MESSAGES_SHOWN, _message),
        *_newest("requests, newest last", requests, REQUESTS_SHOWN, _request),
    ]
    if unknown_key_requests:
        title = "requests without a valid API key, newest last"
        lines += _newest(title, unknown_key_requests, REQUESTS_SHOWN, _request)
    frozen = "frozen" if clock["frozen"] else "running"
    return [
        *lines,
        f"clock {clock['now']} ({frozen}), seed {state['seed']}, credit {state['credit']} rials",
        f"account {account.api_key} at {account.url}",
    ]


def _newest(
    title: str, documents: list[Document], count: int, line: Callable[[Document], str]
) -> Iterator[str]:
    """The title and the newest `count` documents, one on a line."""
    left_out = len(documents) - count
    yield f"{title}:" if documents else f"{title}: none"
    if left_out > 0:
        yield f"  ({left_out} more)"
    yield from (f"  {line(document)}" for document in documents[-count:])


def _message(document: Document) -> str:
    receivers = document["receivers"]
    shown = ", ".join(f"{one['number']} {_status(one)}" for one in receivers[:RECEIVERS_SHOWN])
    left_out = len(receivers) - RECEIVERS_SHOWN
    more = f" and {left_out} more" if left_out > 0 else ""
    return f"{document['sendID']} {document['action']} to {shown}{more}: «{_shorten(document['text'])}»"


def _status(receiver: Document) -> str:
    """For example `delivered (2,3)`."""
    pair = receiver["processingStatus"], receiver["sendStatus"]
    return f"{status_word(*pair)} ({pair[0]},{pair[1]})"


def _request(document: Document) -> str:
    reply, fault = document["reply"], document.get("fault")
    result = reply["result"] if isinstance(reply, dict) else f"HTTP {document['http'] or 'connection broken'}"
    rule = f" ({document['rule']})" if document["rule"] else ""
    unread = ", ".join(map(_unread_parameter, document["unread"]))
    return (
        f"{_shorten(document['action']) or 'no action'}: {result}{rule}, {document['reason']}"
        + (f"; by fault {fault}" if fault else "")
        + (f"; not read: {unread}" if unread else "")
    )


def _unread_parameter(document: Document) -> str:
    suggestion = document.get("didYouMean")
    return str(document["name"]) + (f" (did you mean {suggestion}?)" if suggestion else "")


def _shorten(text: str) -> str:
    """The beginning of the text, on one line."""
    line = " ⏎ ".join(text[:TEXT_SHOWN].splitlines())
    return line if len(text) <= TEXT_SHOWN else f"{line}…"
