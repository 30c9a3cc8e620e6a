"""The names of the actions, which are case-sensitive (W11), and the checks that a name is one of them."""

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


def require_action(action: str) -> str:
    """Return `action`. Raises ValueError, which suggests the nearest name, if it is not one of `ACTIONS`."""
    return _require(action, ACTIONS)


def require_action_or_unknown(action: str) -> str:
    """Return `action`. Raises ValueError if it is neither one of `ACTIONS` nor `UNKNOWN_ACTION`."""
    return _require(action, (*ACTIONS, UNKNOWN_ACTION))


def _require(name: str, known_names: tuple[str, ...]) -> str:
    if name in known_names:
        return name
    nearest = max(known_names, key=lambda known: _similarity(known, str(name)))
    raise ValueError(
        f"unknown action {name!r}; did you mean {nearest!r}? Expected one of {', '.join(known_names)}"
    )


def _similarity(known: str, name: str) -> float:
    return SequenceMatcher(None, known.lower(), name.lower(), autojunk=False).ratio()
