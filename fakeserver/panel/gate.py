"""The gate: who may speak at all (section A). One line a rule, in the order of the guide's tables."""

from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address

from fakeserver.account.account import Account
from fakeserver.actions.answer import Answer, answer
from fakeserver.spec.codes import (
    A1,
    A2,
    A3,
    A4,
    A5,
    A6,
    A7,
)
from fakeserver.wire.call import Call

METHODS = ("GET", "POST")
# What the older form of this endpoint calls its parameters; it is not simulated.
OLD_FORM = ("Action", "username", "password")
UNKNOWN_ACTION = {"100": 100, "0": 0, "-4": -4, "bare-0": 0}


def authenticate(call: Call, accounts: Mapping[str, Account]) -> Account | None:
    """The account that the key opens, looked for where the method carries it, and elsewhere in an account
    whose `key_placement` is `anywhere` (A1).
    """
    account = accounts.get(call.key) if call.key else None
    if account is not None or not call.stray_keys:
        return account
    strays = (accounts.get(key) for key in call.stray_keys)
    return next((stray for stray in strays if stray and stray.settings.key_anywhere), None)


def no_account(call: Call, accounts: Mapping[str, Account]) -> Answer:
    """The answer to a call whose key opens nothing (A1)."""
    return answer(A1, _fault_of_key(call, accounts))


def _fault_of_key(call: Call, accounts: Mapping[str, Account]) -> str:
    place = "the query parameter `key`" if call.method == "GET" else "the `Authorization` header, bare"
    if _is_old_form(call):
        return f"this is the older form of the service, which is not simulated; the key goes in {place}"
    if any(key in accounts for key in call.stray_keys):
        return f"the API key is in the wrong place: {call.method} carries it in {place}"
    if not call.key:
        return f"there is no API key: {call.method} carries it in {place}"
    if " " in call.key and call.key.rpartition(" ")[2] in accounts:
        return "a word before the API key makes it another key: the header carries the key alone"
    return f"no account has the API key {short_key(call.key)}"


def _is_old_form(call: Call) -> bool:
    return any(name in call.params for name in OLD_FORM)


def short_key(key: str) -> str:
    """An API key as it may stand in a log: recognised by who knows it, useless to who does not."""
    return f"{key[:4]}...{key[-2:]}" if len(key) > 8 else f"{key[: len(key) // 2]}..."


def refusal(call: Call, account: Account) -> Answer | None:
    """The first rule of the gate that `call` breaks, beyond its key; None when it may pass."""
    settings = account.settings
    if not settings.webservice_enabled:
        return answer(A2, "the account's web-service access is switched off")
    if not settings.identity_verified:
        return answer(A3, "the account's documents or identity are not verified")
    if call.method not in METHODS:
        return answer(A4, f"{call.method} is neither GET nor POST")
    if settings.allowed_ips and not _is_allowed(call.ip, account):
        return answer(A5, f"the caller's address {call.ip} is not in `allowed_ips`")
    if call.undecodable:
        return answer(A6, f"the parameters cannot be read: {call.undecodable} (W12)")
    if why := call.params.absence(("action",)):
        old = "; this is the older form of the service, which is not simulated" if _is_old_form(call) else ""
        return answer(A6, why + old)
    return None


def unknown_action(name: str, account: Account) -> Answer:
    """The answer to an action that is none of the eight, as the account's switch says (A7)."""
    switch = account.settings.unknown_action
    result = answer(A7, f"«{name[:40]}» is none of the panel's actions (names are case-sensitive, W11)")
    result.code, result.bare = UNKNOWN_ACTION[switch], switch == "bare-0"
    return result


def _is_allowed(caller: str, account: Account) -> bool:
    try:
        address = ip_address(caller.partition("%")[0])
    except ValueError:  # what a proxy says of its caller need not be an address
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return any(address in network for network in account.settings.allowed_ips)
