"""Accepted messages, and the commands of the monitoring team."""

from collections.abc import Callable

from aiohttp import web

from fakeserver.account.account import Account
from fakeserver.account.sends import Send
from fakeserver.notation.phone_numbers import mobile_number, normalised
from fakeserver.spec.lifecycle import TRANSITIONS, ProcessingStatus, SendStatus, StatusPair
from fakeserver.spec.units import AccountMs
from fakeserver.web import views
from fakeserver.web.control.bodies import read_body, refuse_body
from fakeserver.web.control.context import Control, json_reply, newest
from fakeserver.web.control.problem import control_error
from fakeserver.web.control.query import Query


async def list_all(control: Control, request: web.Request) -> web.Response:
    key, query = control.account_of(request.match_info["key"]).settings.key, Query(request)
    fits = _filter(query)
    since, limit = query.whole("since") or 0, query.whole("limit", least=1)
    wait, count = query.seconds("wait"), query.whole("count", least=1)
    query.refuse_rest()

    def find() -> list[Send]:
        account = control.account_of(key)
        now_ms = control.now_ms(account)
        return [send for send in account.sends.after(since) if fits(send, now_ms)]

    found = newest(await control.matches(key, find, wait, count), limit)
    account = control.account_of(key)
    now_ms = control.now_ms(account)
    shown = [views.message(send, now_ms) for send in found]
    return json_reply({"messages": shown, "dropped": account.sends.dropped})


def _filter(query: Query) -> Callable[[Send, AccountMs], bool]:
    """A test of whether a message matches the query. One receiver, `to` if given, must have both statuses."""
    to, text, action = query.text("to"), query.text("text"), query.text("action")
    processing, sending = query.number("processingStatus"), query.number("sendStatus")
    number = None if to is None else mobile_number(to.strip())
    if to is not None and number is None:
        raise control_error(400, f"should be a mobile number such as 9121234567; it is {to[:40]!r}", "to")

    def fits(send: Send, now_ms: AccountMs) -> bool:
        message = send.message
        return (
            (action is None or message.action == action)
            and (text is None or text in message.text)
            and any(
                (number is None or number == receiver)
                and (processing is None or delivery.pair_at(now_ms).processing == processing)
                and (sending is None or delivery.pair_at(now_ms).send == sending)
                for receiver, delivery in send.deliveries.items()
            )
        )

    return fits


async def read(control: Control, request: web.Request) -> web.Response:
    account = control.account(request)
    return json_reply(views.message(control.send(account, request), control.now_ms(account)))


async def approve(control: Control, request: web.Request) -> web.Response:
    await refuse_body(request)
    account = control.account(request)
    send_id = control.send(account, request).id
    if not account.approve(send_id, control.now_ms(account)):
        raise control_error(409, "no receiver of this message waits for approval")
    return _moved(control, account, send_id)


async def cancel(control: Control, request: web.Request) -> web.Response:
    await refuse_body(request)
    account = control.account(request)
    send_id = control.send(account, request).id
    if not account.cancel(send_id, control.now_ms(account)):
        raise control_error(409, "no receiver of this message can be cancelled any more")
    return _moved(control, account, send_id)


async def force(control: Control, request: web.Request) -> web.Response:
    document = await read_body(request, "Status")
    account = control.account(request)
    send = control.send(account, request)
    number = _receiver(send, document.get("number"))
    pair = StatusPair(ProcessingStatus(document["processingStatus"]), SendStatus(document["sendStatus"]))
    if pair not in TRANSITIONS:
        raise control_error(
            400, f"({pair[0]},{pair[1]}) is not a pair that a receiver can have", "sendStatus"
        )
    now_ms = control.now_ms(account)
    if not account.force(send.id, pair, now_ms, number):
        raise control_error(409, _unreachable(pair, send, number, now_ms))
    return _moved(control, account, send.id)


def _unreachable(pair: StatusPair, send: Send, number: str | None, now_ms: AccountMs) -> str:
    """Why no receiver, or not `number`, can be moved to `pair`: the status pairs that they have."""
    chosen = (one for receiver, one in send.deliveries.items() if number in (None, receiver))
    present = sorted({delivery.pair_at(now_ms) for delivery in chosen})
    listed = ", ".join(f"({processing},{sending})" for processing, sending in present)
    return f"({pair[0]},{pair[1]}) cannot be reached any more from {listed}"


def _receiver(send: Send, written: str | None) -> str | None:
    if written is None:
        return None
    number = normalised(written.strip())
    if number not in send.deliveries:
        raise control_error(400, f"{written[:40]!r} is not a receiver of this message", "number")
    return number


def _moved(control: Control, account: Account, send_id: int) -> web.Response:
    """The message after a command that has moved receivers."""
    control.broker.account_changed(account)
    send = account.sends.find(send_id)
    assert send is not None  # noqa: S101 - a command never drops a send
    return json_reply(views.message(send, control.now_ms(account)))
