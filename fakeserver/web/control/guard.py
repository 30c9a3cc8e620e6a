"""Who may use the control plane. Requests from web pages that the developer happens to visit are refused, and
so are requests for a host name that an attacker points at the loopback address. The service itself is not
guarded; it answers under any name.
"""

import hmac
import re
from dataclasses import dataclass, field
from ipaddress import ip_address

from aiohttp import web

from fakeserver.web.control.problem import ControlError, control_error

FOREIGN_SITES = ("cross-site", "same-site")
DEFAULT_PORTS = {"http": "80", "https": "443"}

# An IPv6 address in brackets or a name, and a port.
_HOST = re.compile(r"(?:\[([0-9a-f:.%]+)\]|([a-z0-9._-]+))(?::([0-9]{1,5}))?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Guard:
    """`token` is what control requests must carry, if any; `hosts` are further names of the server."""

    token: str | None = None
    hosts: frozenset[str] = field(default_factory=frozenset)

    def refusal(self, request: web.Request, *, open_to_all: bool = False) -> ControlError | None:
        """Why this control request is refused, if it is; with `open_to_all` it needs no token."""
        headers = request.headers
        host = ", ".join(headers.getall("Host", ()))
        if not self._is_own(host):
            return control_error(
                403, f"the host {host[:80]!r} is not this server; --allowed-host names others"
            )
        own = _origin(f"{request.scheme}://{host}")
        if any(_origin(origin) != own for origin in headers.getall("Origin", ())):
            return control_error(403, "a page of another origin may not drive the fake")
        if any(site.strip().lower() in FOREIGN_SITES for site in headers.getall("Sec-Fetch-Site", ())):
            return control_error(403, "a page of another site may not drive the fake")
        if not open_to_all and not self._has_token(request):
            if "Authorization" in headers:
                return control_error(
                    401, "the token in Authorization is not the control plane's; it should be Bearer TOKEN"
                )
            return control_error(401, "the control plane needs its token: Authorization: Bearer TOKEN")
        return None

    def _is_own(self, host: str) -> bool:
        """Whether `host` is an address, localhost, a name without a dot, or an allowed name."""
        name = _name_of(host)
        if not name:
            return False
        if "." not in name and ":" not in name:
            return True
        name = name.rstrip(".")
        if name in self.hosts or name == "localhost":
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
        told = token.strip(" \t").encode("utf-8", "surrogateescape")
        return scheme.lower() == "bearer" and hmac.compare_digest(told, self.token.encode())


def _name_of(host: str) -> str:
    """The name in a Host header, without its port and in lower case; empty when it is malformed."""
    match = _HOST.fullmatch(host)
    return (match[1] or match[2]).lower() if match else ""


def _origin(text: str) -> tuple[str, str, str] | None:
    """Scheme, name and port of an origin; None for anything else, `null` included."""
    scheme, _, host = text.lower().partition("://")
    match = _HOST.fullmatch(host)
    if scheme not in DEFAULT_PORTS or not match:
        return None
    return scheme, match[1] or match[2], match[3] or DEFAULT_PORTS[scheme]
