"""A request of the machines as a call of the reference client, and its outcome as the panel's reply."""

from collections.abc import Awaitable, Callable
from typing import Any

from mydnspanel_client import ContactResult, PanelClient, ReceivedMessage, Refused, Report, SendResult

from tests.proof.model import Params, Reply

ACTIONS = {
    "send",
    "sendServices",
    "sendOTP",
    "reportSend",
    "credit",
    "receivedMessages",
    "status",
    "newContact",
}


async def ask(client: PanelClient, params: Params) -> Reply:
    """What is missing in `params` and required by the client goes as an empty text, which is absent (W9)."""
    try:
        outcome = await _call(client, params)
    except Refused as refusal:
        details = {} if refusal.description is None else {"description": refusal.description}
        return {"result": str(refusal.code), **details}
    if outcome == ():
        return {"result": "401"}
    return {"result": "1", **_told(outcome)}


def _call(client: PanelClient, params: Params) -> Awaitable[object]:
    text: Callable[[str], Any] = lambda name: params.get(name, "")  # noqa: E731 - one word for each parameter
    may: Callable[[str], Any] = params.get
    match params["action"]:
        case "send":
            return client.send(
                text("from"),
                text("text"),
                text("receivers"),
                phone_book=may("phoneBook"),
                try_send=may("trySend"),
                type_=may("type"),
            )
        case "sendServices":
            numbers, data = text("receivers"), may("textData")
            return client.send_services(
                text("from"), text("textCode"), numbers, data, try_send=may("trySend")
            )
        case "sendOTP":
            return client.send_otp(text("appID"), text("code"), text("receivers"), type_=may("type"))
        case "reportSend":
            return client.report_send(text("sendID"))
        case "credit":
            return client.credit()
        case "receivedMessages":
            return client.received_messages()
        case "newContact":
            return client.new_contact(text("phoneId"), text("cNumber"), may("cFields"))
        case _:
            return client.status()


def _told(outcome: object) -> Reply:
    match outcome:
        case SendResult():
            stored = {} if outcome.phone_book is None else {"phoneBook": str(int(outcome.phone_book))}
            return {"sendID": str(outcome.send_id), **stored}
        case Report():
            receivers = [
                {
                    "number": one.number,
                    "processingStatus": str(int(one.processing_status)),
                    "sendStatus": str(int(one.send_status)),
                }
                for one in outcome.receivers
            ]
            archived = "true" if outcome.archived else "false"
            return {"data": {"count": str(outcome.count), "archive": archived, "receivers": receivers}}
        case ContactResult(fields=None) | None:
            return {}
        case ContactResult(fields=dict() as fields):
            return {"fields": {name: str(int(code)) for name, code in fields.items()}}
        case tuple():
            return {"data": [_message(message) for message in outcome]}
        case int():
            return {"credit": str(outcome)}
        case _:
            raise AssertionError(outcome)


def _message(message: ReceivedMessage) -> Reply:
    return {
        "id": str(message.id),
        "number": message.number,
        "to": message.to,
        "text": message.text,
        "date": f"{message.date:%Y-%m-%d %H:%M:%S}",
    }
