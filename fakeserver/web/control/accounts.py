"""Accounts: create, read, change, reset and remove."""

from aiohttp import web

from fakeserver.account.account import Account
from fakeserver.panel.panel import TooManyAccounts
from fakeserver.settings import configuration
from fakeserver.settings.account_settings import Settings
from fakeserver.settings.configuration import ConfigurationError
from fakeserver.settings.defaults import Document
from fakeserver.web import views
from fakeserver.web.control.bodies import parse_body, read_body, read_bytes, refuse_body
from fakeserver.web.control.context import Control, json_reply, no_content
from fakeserver.web.control.problem import ControlError, control_error
from fakeserver.web.control.query import Query


async def list_all(control: Control, request: web.Request) -> web.Response:
    Query(request).refuse_rest()
    return json_reply({"accounts": [_view(control, account) for account in control.panel.accounts.values()]})


async def create(control: Control, request: web.Request) -> web.Response:
    Query(request).refuse_rest()
    account = open_account(control, await read_bytes(request))
    return json_reply(_view(control, account), status=201)


def open_account(control: Control, body: bytes) -> Account:
    """Create an account with the settings in `body`, JSON. Raises ControlError."""
    document = parse_body(body, "Account")
    settings = _settings({"key": control.panel.free_key(), **control.account_defaults, **document})
    try:
        return control.panel.add(settings, control.real_clock())
    except KeyError:
        raise control_error(409, "another account has this key", "key") from None
    except TooManyAccounts as error:
        raise control_error(429, str(error)) from None


async def read(control: Control, request: web.Request) -> web.Response:
    return json_reply(_view(control, control.account(request)))


async def change(control: Control, request: web.Request) -> web.Response:
    document = await read_body(request, "Account")
    account = control.account(request)
    if document.get("key", account.settings.key) != account.settings.key:
        raise control_error(400, "the key of an account cannot be changed", "key")
    current = {"phonebooks": views.phonebooks(account), "blacklist": sorted(account.blacklist)}
    settings = _settings({**account.settings.document, **current, **document})
    account.change(settings, document, control.real_clock())
    control.broker.account_changed(account)
    return json_reply(_view(control, account))


async def remove(control: Control, request: web.Request) -> web.Response:
    await refuse_body(request)
    close_account(control, control.account(request).settings.key)
    return no_content()


def close_account(control: Control, key: str) -> None:
    """Remove an account and everything that belongs to it."""
    control.panel.remove(key)
    control.broker.account_reset(key)


async def reset(control: Control, request: web.Request) -> web.Response:
    await refuse_body(request)
    account = control.panel.reset_account(control.account(request), control.real_clock())
    control.broker.account_reset(account.settings.key)
    return json_reply(_view(control, account))


async def list_phonebooks(control: Control, request: web.Request) -> web.Response:
    return json_reply({"phonebooks": views.phonebooks(control.account(request))})


def _view(control: Control, account: Account) -> views.View:
    return views.account(account, control.now_ms(account))


def _settings(document: Document) -> Settings:
    try:
        return configuration.parse_account(document)
    except ConfigurationError as error:
        raise ControlError(400, error.problems) from None
