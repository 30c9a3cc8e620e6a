"""Requests of the model as calls of the reference client, and the client's results as the panel's replies."""

from collections.abc import Awaitable, Callable
from typing import Any

from mydnspanel_client import ContactResult, PanelClient, ReceivedMessage, Refused, Report, SendResult

from tests.model.account import Params, Reply

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
    """A required argument that `params` lacks is passed as empty text, which counts as absent (W9)."""
    try:
        result = await _call(client, params)
    except Refused as refusal:
        details = {} if refusal.description is None else {"description": refusal.description}
        return {"result": str(refusal.code), **details}
    if result == ():
        return {"result": "401"}
    return {"result": "1", **_reply(result)}


def _call(client: PanelClient, params: Params) -> Awaitable[object]:
    optional: Callable[[str], Any] = params.get

    def required(name: str) -> Any:
        return params.get(name, "")

    match params["action"]:
        case "send":
            return client.send(
                required("from"),
                required("text"),
                required("receivers"),
                phone_book=optional("phoneBook"),
                try_send=optional("trySend"),
                type_=optional("type"),
            )
        case "sendServices":
            numbers, data = required("receivers"), optional("textData")
            return client.send_services(
                required("from"), required("textCode"), numbers, data, try_send=optional("trySend")
            )
        case "sendOTP":
            return client.send_otp(
                required("appID"), required("code"), required("receivers"), type_=optional("type")
            )
        case "reportSend":
            return client.report_send(required("sendID"))
        case "credit":
            return client.credit()
        case "receivedMessages":
            return client.received_messages()
        case "newContact":
            return client.new_contact(required("phoneId"), required("cNumber"), optional("cFields"))
        case _:
            return client.status()


def _reply(result: object) -> Reply:
    match result:
        case SendResult():
            stored = {} if result.phone_book is None else {"phoneBook": str(int(result.phone_book))}
            return {"sendID": str(result.send_id), **stored}
        case Report():
            receivers = [
                {
                    "number": one.number,
                    "processingStatus": str(int(one.processing_status)),
                    "sendStatus": str(int(one.send_status)),
                }
                for one in result.receivers
            ]
            archived = "true" if result.archived else "false"
            return {"data": {"count": str(result.count), "archive": archived, "receivers": receivers}}
        case ContactResult(fields=None) | None:
            return {}
        case ContactResult(fields=dict() as fields):
            return {"fields": {name: str(int(code)) for name, code in fields.items()}}
        case tuple():
            return {"data": [_message(message) for message in result]}
        case int():
            return {"credit": str(result)}
        case _:
            raise AssertionError(result)


def _message(message: ReceivedMessage) -> Reply:
    return {
        "id": str(message.id),
        "number": message.number,
        "to": message.to,
        "text": message.text,
        "date": f"{message.date:%Y-%m-%d %H:%M:%S}",
    }
