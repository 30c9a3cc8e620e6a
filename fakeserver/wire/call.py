"""A request to the service as the panel sees it: decoded, and independent of the web server."""

from typing import NamedTuple

from fakeserver.notation.params import Params


class Call(NamedTuple):
    """`key` is the API key in the place where the method carries it; `stray_keys` are those elsewhere (A1).
    `undecodable` says why the parameters could not be read (W12); then `params` is empty. `ip` is the
    caller's address.
    """

    method: str
    key: str | None
    params: Params
    ip: str
    content_type: str = ""
    stray_keys: tuple[str, ...] = ()
    undecodable: str | None = None


def short_key(key: str) -> str:
    """An API key shortened for logs: enough to recognise a known key, too little to use it."""
    return f"{key[:4]}...{key[-2:]}" if len(key) > 8 else f"{key[: len(key) // 2]}..."
