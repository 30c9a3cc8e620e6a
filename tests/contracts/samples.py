"""Replies that the panel can give, written by hand with strings as scalars, and their native forms."""

from typing import Any

from mydnspanel_contracts import UNKNOWN_ACTION, catalogue

Reply = dict[str, Any]

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

GATE_CODES = (-1, -2, -3, -4, -5, 0)

# The refusals of each action, those of the gate and a 0 aside.
REFUSALS: dict[str, tuple[int, ...]] = {
    action: tuple(
        row["code"]
        for row in catalogue()["results"]
        if row["action"] == action and row["code"] not in (*GATE_CODES, 1)
    )
    for action in (*ACTIONS, UNKNOWN_ACTION)
}

LEGAL_PAIRS = (
    (0, -1),
    (1, -1),
    (3, -1),
    (2, -1),
    (2, 0),
    (2, 1),
    (2, 2),
    (2, 3),
    (2, 4),
    (2, 5),
    (2, 6),
    (2, 7),
    (4, 2),
    (5, -2),
)

GUIDE_SAMPLE: Reply = {
    "result": "1",
    "data": {
        "count": "1",
        "archive": "false",
        "receivers": [{"number": "9120000000", "processingStatus": "2", "sendStatus": "3"}],
    },
}

MESSAGE: Reply = {
    "id": "12",
    "number": "9120000000",
    "to": "30001403",
    "text": "an error, خطا",
    "date": "2024-11-05 09:30:00",
}


def refusal(code: int) -> Reply:
    return {"result": str(code), "description": "no answer"} if code == 112 else {"result": str(code)}


def report(processing_status: int, send_status: int) -> Reply:
    receiver = {
        "number": "9120000000",
        "processingStatus": str(processing_status),
        "sendStatus": str(send_status),
    }
    return {"result": "1", "data": {"count": "1", "archive": "false", "receivers": [receiver]}}


def archived(**receivers: object) -> Reply:
    return {"result": "1", "data": {"count": "3", "archive": "true", **receivers}}


SUCCESSES: dict[str, list[Reply]] = {
    "send": [
        {"result": "1", "sendID": "1000000001"},
        *({"result": "1", "sendID": "0", "phoneBook": code} for code in ("-4", "-3", "-2", "-1", "1")),
    ],
    "sendServices": [{"result": "1", "sendID": "1000000001"}],
    "sendOTP": [{"result": "1", "sendID": "1000000001"}],
    "reportSend": [
        GUIDE_SAMPLE,
        *(report(*pair) for pair in LEGAL_PAIRS),
        archived(),
        archived(receivers=[]),
        archived(receivers=None),
    ],
    "credit": [{"result": "1", "credit": "0"}, {"result": "1", "credit": "1000000"}],
    "receivedMessages": [
        {"result": "1", "data": [MESSAGE]},
        {"result": "1", "data": [MESSAGE] * 100},
        *({"result": "1", "data": [MESSAGE | {"number": sender}]} for sender in ("2000", "BANK")),
    ],
    "status": [{"result": "1"}],
    "newContact": [
        {"result": "1"},
        {"result": "1", "fields": {}},
        {"result": "1", "fields": {"FYa12346": "1", "FMjUyMjUz": "-1", "FMTAwMQ": "-2", "FMTAwMg": "-3"}},
        *({"result": "1", "fields": code} for code in ("-3", "-2", "-1", "1")),
    ],
    "unknownAction": [],
}

REPLIES = [
    (action, reply)
    for action in (*ACTIONS, "unknownAction")
    for reply in (*SUCCESSES[action], *(refusal(code) for code in (*GATE_CODES, *REFUSALS[action])))
]

NUMBER_MEMBERS = {
    "result",
    "sendID",
    "credit",
    "count",
    "phoneBook",
    "fields",
    "id",
    "processingStatus",
    "sendStatus",
}


def native(value: Any, name: str = "") -> Any:
    """The native form of a reply whose scalars are strings. `name` is the member that has `value`."""
    if isinstance(value, dict):
        return {key: native(item, "fields" if name == "fields" else key) for key, item in value.items()}
    if isinstance(value, list):
        return [native(item) for item in value]
    if name == "archive":
        return value == "true"
    return int(value) if name in NUMBER_MEMBERS else value
