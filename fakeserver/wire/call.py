"""A request to the service as the panel sees it: decoded, without any of the web in it."""

from typing import NamedTuple

from fakeserver.notation.params import Params


class Call(NamedTuple):
    """`key` is the API key where the method carries it, `stray_keys` are those found elsewhere (A1).
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
    """An API key as logs show it: who knows the key recognises it, nobody else can use it."""
    return f"{key[:4]}...{key[-2:]}" if len(key) > 8 else f"{key[: len(key) // 2]}..."
