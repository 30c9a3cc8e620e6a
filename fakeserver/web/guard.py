"""Who may drive the fake: not the web page that a developer happens to visit, nor a name that an attacker
points at the loopback address. Only control requests are guarded; the service itself has any name.
"""

import hmac
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web

from fakeserver.web.problem import Refused, refuse

FOREIGN_SITES = ("cross-site", "same-site")


@dataclass(frozen=True, slots=True)
class Guard:
    """`token`: what control requests must carry, if any. `hosts`: further names of the server."""

    token: str | None = None
    hosts: frozenset[str] = field(default_factory=frozenset)

    def refusal(self, request: web.Request, *, open_to_all: bool = False) -> Refused | None:
        """Why this control request is not served; health needs no token (`open_to_all`)."""
        host = request.headers.get("Host", "")
        if len(request.headers.getall("Host", ())) > 1 or not self._is_own(host):
            return refuse(403, f"the host {host[:80]!r} is not this server; --allowed-host names others")
        origin = request.headers.get("Origin")
        if origin is not None and origin not in {f"http://{host}", f"https://{host}"}:
            return refuse(403, "a page of another origin may not drive the fake")
        if request.headers.get("Sec-Fetch-Site") in FOREIGN_SITES:
            return refuse(403, "a page of another site may not drive the fake")
        if not open_to_all and not self._has_token(request):
            return refuse(401, "the control plane asks for its token: Authorization: Bearer TOKEN")
        return None

    def _is_own(self, host: str) -> bool:
        """An address, localhost, a name without a dot, or one that was allowed."""
        name = _name_of(host)
        if not name:
            return False
        if name in self.hosts or name == "localhost" or ("." not in name and ":" not in name):
            return True
        try:
            ip_address(name.partition("%")[0])
        except ValueError:
            return False
        return True

    def _has_token(self, request: web.Request) -> bool:
        if self.token is None:
            return True
        given = request.headers.getall("Authorization", ())
        scheme, _, token = (given[0] if len(given) == 1 else "").partition(" ")
        told = token.strip().encode("utf-8", "surrogateescape")
        return scheme.lower() == "bearer" and hmac.compare_digest(told, self.token.encode())


def _name_of(host: str) -> str:
    """The name in a Host header, without its port and in lower case; empty for what is no host."""
    try:
        parts = urlsplit(f"//{host}")
        parts.port  # noqa: B018 - raises for a bad one
    except ValueError:
        return ""
    if parts.netloc != host or "@" in host:
        return ""
    return (parts.hostname or "").rstrip(".")
