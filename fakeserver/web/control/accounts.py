"""Accounts: a world of its own for whoever wants one."""

from aiohttp import web

from fakeserver.account.account import Account
from fakeserver.panel.panel import TooManyAccounts
from fakeserver.settings import configuration
from fakeserver.settings.account_settings import Document, Settings
from fakeserver.settings.configuration import ConfigurationError
from fakeserver.web import views
from fakeserver.web.control.context import (
    Control,
    no_body,
    nothing,
    parse,
    read_body,
    read_bytes,
    reply,
)
from fakeserver.web.control.problem import ControlError, control_error
from fakeserver.web.control.query import Query


async def list_all(control: Control, request: web.Request) -> web.Response:
    Query(request).end()
    accounts = control.panel.accounts.values()
    for account in accounts:
        control.now_ms(account)
    return reply({"accounts": list(map(views.account, accounts))})


async def create(control: Control, request: web.Request) -> web.Response:
    Query(request).end()
    account = open_account(control, await read_bytes(request))
    return reply(views.account(account), status=201)


def open_account(control: Control, body: bytes) -> Account:
    """A new account with the settings in `body`, JSON. Raises ControlError."""
    document = parse(body, "Account")
    settings = _settings({"key": control.panel.free_key(), **control.account_defaults, **document})
    try:
        return control.panel.add(settings, control.system_clock())
    except KeyError:
        raise control_error(409, "an account has this key already", "key") from None
    except TooManyAccounts as error:
        raise control_error(429, str(error)) from None


async def read(control: Control, request: web.Request) -> web.Response:
    account = control.account(request)
    control.now_ms(account)
    return reply(views.account(account))


async def change(control: Control, request: web.Request) -> web.Response:
    document = await read_body(request, "Account")
    account = control.account(request)
    if document.get("key", account.settings.key) != account.settings.key:
        raise control_error(400, "the key of an account does not change", "key")
    present = {"phonebooks": views.phonebooks(account), "blacklist": sorted(account.blacklist)}
    settings = _settings({**account.settings.document, **present, **document})
    account.change(settings, document, control.system_clock())
    control.hub.changed(account)
    return reply(views.account(account))


async def remove(control: Control, request: web.Request) -> web.Response:
    await no_body(request)
    close_account(control, control.account(request).settings.key)
    return nothing()


def close_account(control: Control, key: str) -> None:
    """Remove an account and what belongs to it."""
    control.panel.remove(key)
    control.snapshots.pop(key, None)
    control.hub.was_reset(key)


async def reset(control: Control, request: web.Request) -> web.Response:
    await no_body(request)
    account = control.panel.reset_account(control.account(request), control.system_clock())
    control.snapshots.pop(account.settings.key, None)
    control.hub.was_reset(account.settings.key)
    return reply(views.account(account))


async def list_phonebooks(control: Control, request: web.Request) -> web.Response:
    return reply({"phonebooks": views.phonebooks(control.account(request))})


def _settings(document: Document) -> Settings:
    try:
        return configuration.parse_account(document)
    except ConfigurationError as error:
        raise ControlError(400, error.problems) from None
