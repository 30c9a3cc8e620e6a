"""A request to the service, as the panel sees it: decoded, without any of the web in it."""

from dataclasses import dataclass

from fakeserver.notation.params import Params


@dataclass(slots=True)
class Call:
    """`key` stands where the method puts it, `stray_keys` anywhere else (A1). `undecodable` says why the
    parameters could not be read (W12); then `params` is empty. `ip` is the caller's address.
    """

    method: str
    key: str | None
    params: Params
    ip: str
    content_type: str = ""
    stray_keys: tuple[str, ...] = ()
    undecodable: str | None = None
