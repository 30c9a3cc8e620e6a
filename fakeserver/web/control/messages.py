"""Messages: what was accepted, what the monitoring team does, what arrives."""

from collections.abc import Callable

from aiohttp import web

from fakeserver.account.account import Account
from fakeserver.account.outbox import Send
from fakeserver.notation.phone_numbers import mobile_number, normalised
from fakeserver.spec.lifecycle import TRANSITIONS, ProcessingStatus, SendStatus, StatusPair
from fakeserver.web import views
from fakeserver.web.control.context import (
    Control,
    newest,
    no_body,
    read_body,
    reply,
)
from fakeserver.web.control.problem import control_error
from fakeserver.web.control.query import Query


async def list_all(control: Control, request: web.Request) -> web.Response:
    key, query = control.account(request, checked=False).settings.key, Query(request)
    fits = _filter(query)
    since, limit = query.whole("since") or 0, query.whole("limit", least=1)
    wait, count = query.seconds("wait"), query.whole("count", least=1)
    query.end()

    def matches() -> list[Send]:
        account = control.account_of(key)
        now_ms = control.now_ms(account)
        return [send for send in account.outbox.after(since) if fits(send, now_ms)]

    found = newest(await control.waited(key, matches, wait, count), limit)
    account = control.account_of(key)
    now_ms = control.now_ms(account)
    shown = [views.message(send, now_ms) for send in found]
    return reply({"messages": shown, "dropped": account.outbox.dropped})


def _filter(query: Query) -> Callable[[Send, int], bool]:
    """Whether a message is asked for; the two statuses are those of one receiver, and of `to` if given."""
    to, text, action = query.text("to"), query.text("text"), query.text("action")
    processing, sending = query.number("processingStatus"), query.number("sendStatus")
    number = None if to is None else mobile_number(to.strip())
    if to is not None and number is None:
        raise control_error(400, f"should be a mobile number such as 9121234567; it is {to[:40]!r}", "to")

    def fits(send: Send, now_ms: int) -> bool:
        message = send.message
        return (
            (action is None or message.action == action)
            and (text is None or text in message.text)
            and any(
                (number is None or number == receiver)
                and (processing is None or life.pair_at(now_ms).processing == processing)
                and (sending is None or life.pair_at(now_ms).send == sending)
                for receiver, life in send.lives.items()
            )
        )

    return fits


async def read(control: Control, request: web.Request) -> web.Response:
    account = control.account(request)
    return reply(views.message(control.send(account, request), control.now_ms(account)))


async def approve(control: Control, request: web.Request) -> web.Response:
    await no_body(request)
    account = control.account(request)
    send = control.send(account, request)
    moved = account.approve(send, control.now_ms(account))
    return _commanded(control, account, send, moved or "no receiver of this message waits for approval")


async def cancel(control: Control, request: web.Request) -> web.Response:
    await no_body(request)
    account = control.account(request)
    send = control.send(account, request)
    moved = account.cancel(send, control.now_ms(account))
    return _commanded(
        control, account, send, moved or "no receiver of this message can be cancelled any more"
    )


async def force(control: Control, request: web.Request) -> web.Response:
    document = await read_body(request, "Status")
    account = control.account(request)
    send = control.send(account, request)
    number = _receiver(send, document.get("number"))
    pair = StatusPair(ProcessingStatus(document["processingStatus"]), SendStatus(document["sendStatus"]))
    if pair not in TRANSITIONS:
        raise control_error(400, f"({pair[0]},{pair[1]}) is no pair that a receiver can have", "sendStatus")
    now_ms = control.now_ms(account)
    moved = account.force(send, pair, now_ms, number)
    return _commanded(control, account, send, moved or _unreachable(pair, send, number, now_ms))


def _unreachable(pair: StatusPair, send: Send, number: str | None, now_ms: int) -> str:
    """Why no receiver, or not that one, can be moved to the pair: where they are."""
    present = {life.pair_at(now_ms) for receiver, life in send.lives.items() if number in (None, receiver)}
    listed = ", ".join(f"({processing},{sending})" for processing, sending in sorted(present))
    return f"({pair[0]},{pair[1]}) cannot be reached any more from {listed}"


def _receiver(send: Send, written: str | None) -> str | None:
    if written is None:
        return None
    number = normalised(written.strip())
    if number not in send.lives:
        raise control_error(400, f"{written[:40]!r} is no receiver of this message", "number")
    return number


def _commanded(control: Control, account: Account, send: Send, moved: int | str) -> web.Response:
    """The message after a command that has moved receivers; text says why none was."""
    if isinstance(moved, str):
        raise control_error(409, moved)
    control.hub.changed(account)
    changed = account.outbox.find(send.id) or send
    return reply(views.message(changed, control.now_ms(account)))


async def list_inbound(control: Control, request: web.Request) -> web.Response:
    """What has arrived; looking here hands nothing out (I4)."""
    inbox = control.account(request).inbox
    return reply({"inbound": [views.received(one) for one in inbox.messages], "dropped": inbox.dropped})


async def deliver(control: Control, request: web.Request) -> web.Response:
    document = await read_body(request, "Inbound")
    account = control.account(request)
    sender, text, line = document["from"], document["text"], document.get("to")
    try:
        message = account.deliver(sender, text, control.now_ms(account), line)
    except ValueError as error:
        raise control_error(400, str(error), "to") from None
    control.hub.arrived(account, message)
    return reply(views.received(message), status=201)
