"""The gate: who may use the service at all (A). One line per rule, in the order of the guide's tables."""

from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address

from fakeserver.account.account import Account
from fakeserver.actions.answer import Answer
from fakeserver.spec.codes import A1, A2, A3, A4, A5, A6, A7
from fakeserver.wire.call import Call, short_key

METHODS = ("GET", "POST")
# Parameters of the older form of this endpoint, which is not simulated.
OLD_FORM = ("Action", "username", "password")
UNKNOWN_ACTION_CODES = {"100": 100, "0": 0, "-4": -4, "bare-0": 0}


def authenticate(call: Call, accounts: Mapping[str, Account]) -> Account | None:
    """The account that the API key belongs to, or None. The key counts in the place where the method carries
    it; elsewhere it counts only for an account whose `key_placement` is `anywhere` (A1).
    """
    account = accounts.get(call.key) if call.key else None
    if account is not None or not call.stray_keys:
        return account
    strays = (accounts.get(key) for key in call.stray_keys)
    return next((stray for stray in strays if stray and stray.settings.key_anywhere), None)


def unknown_key(call: Call, accounts: Mapping[str, Account]) -> Answer:
    """The answer to a call whose API key belongs to no account (A1)."""
    return Answer(A1, _key_problem(call, accounts))


def _key_problem(call: Call, accounts: Mapping[str, Account]) -> str:
    place = "the query parameter `key`" if call.method == "GET" else "the `Authorization` header, bare"
    if _is_old_form(call):
        return f"this is the older form of the service, which is not simulated; the key goes in {place}"
    if any(key in accounts for key in call.stray_keys):
        return f"the API key is in the wrong place: {call.method} carries it in {place}"
    if not call.key:
        return f"the request has no API key: {call.method} carries it in {place}"
    if " " in call.key and call.key.rpartition(" ")[2] in accounts:
        return "there is a word before the API key; the header carries the key alone"
    return f"no account has the API key {short_key(call.key)}"


def _is_old_form(call: Call) -> bool:
    return any(name in call.params for name in OLD_FORM)


def refusal(call: Call, account: Account) -> Answer | None:
    """The answer of the first rule after A1 that refuses the call; None when the call passes the gate."""
    settings = account.settings
    if not settings.webservice_enabled:
        return Answer(A2, "the account's web-service access is switched off")
    if not settings.identity_verified:
        return Answer(A3, "the account's documents or identity are not verified")
    if call.method not in METHODS:
        return Answer(A4, f"{call.method} is neither GET nor POST")
    if settings.allowed_ips and not _is_allowed(call.ip, account):
        return Answer(A5, f"the caller's address {call.ip} is not in `allowed_ips`")
    if call.undecodable:
        return Answer(A6, f"the parameters cannot be read: {call.undecodable} (W12)")
    if why := call.params.absence(("action",)):
        old = "; this is the older form of the service, which is not simulated" if _is_old_form(call) else ""
        return Answer(A6, why + old)
    return None


def unknown_action(name: str, account: Account) -> Answer:
    """The answer to an unknown action, by the setting `unknown_action` (A7)."""
    setting = account.settings.unknown_action
    reason = f"«{name[:40]}» is not an action of the panel (names are case-sensitive, W11)"
    return Answer(A7._replace(code=UNKNOWN_ACTION_CODES[setting]), reason, bare=setting == "bare-0")


def _is_allowed(caller: str, account: Account) -> bool:
    try:
        address = ip_address(caller.partition("%")[0])
    except ValueError:  # a proxy may name its caller in any way
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return any(address in network for network in account.settings.allowed_ips)
