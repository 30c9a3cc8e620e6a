"""The actions' names (W11: their case matters), and which one a wrong name may have meant."""

from difflib import SequenceMatcher

ACTIONS = (
    "send",
    "sendServices",
    "sendOTP",
    "reportSend",
    "credit",
    "receivedMessages",
    "status",
    "newContact",
)

UNKNOWN_ACTION = "unknownAction"


def known_action(action: str) -> str:
    """`action`, if it is one of the eight; else a ValueError that names the nearest."""
    return _one_of(ACTIONS, action)


def answered_action(action: str) -> str:
    """`action`, if it is one of the eight or `UNKNOWN_ACTION`; else a ValueError that names the nearest."""
    return _one_of((*ACTIONS, UNKNOWN_ACTION), action)


def _one_of(names: tuple[str, ...], name: str) -> str:
    if name in names:
        return name
    nearest = max(names, key=lambda known: _likeness(known, str(name)))
    raise ValueError(f"there is no action {name!r}; the nearest is {nearest!r}, of {', '.join(names)}")


def _likeness(known: str, name: str) -> float:
    return SequenceMatcher(None, known.lower(), name.lower(), autojunk=False).ratio()
