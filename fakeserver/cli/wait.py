"""The command `wait`: until a server is healthy. Without the web framework, so that it is quick to start."""

import json
import math
import ssl
import time
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.request import HTTPSHandler, OpenerDirector, ProxyHandler, build_opener

from fakeserver.cli import options
from fakeserver.cli.options import PORT, CommandError
from fakeserver.notation import addresses

URL = f"http://127.0.0.1:{PORT}"
TIMEOUT_SECONDS = 30.0
PAUSE_SECONDS = 0.05
ONE_TRY_SECONDS = 0.5, 2.0  # at least, so that one of a busy machine is not too short; at most
HEALTH_MAX = 65_536  # bytes of a reply that are read


def url_of(environment: Mapping[str, str]) -> str:
    """PANEL_URL, else where on this machine a server that has this environment listens. Raises CommandError."""
    if url := environment.get("PANEL_URL"):
        return base_url(url, "PANEL_URL")
    start = options.choose({}, environment)
    if not start.options.port:
        raise CommandError(
            f"{start.source('port')}: 0 is some free port; --url says which server is waited for"
        )
    scheme = "https" if start.options.tls_cert else "http"
    return addresses.url_of(scheme, addresses.reachable(start.options.host), start.options.port)


def base_url(text: str, source: str = "--url") -> str:
    """The base URL without a final slash. Raises CommandError for what is none."""
    url = addresses.base_url(text)
    if url is None:
        raise CommandError(f"{source}: should be a base URL such as {addresses.EXAMPLE}; it is {text[:60]!r}")
    return url


def seconds(text: str) -> float:
    """A span of seconds from 0. Raises CommandError for what is none."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise CommandError(f"--timeout: should be a number of seconds from 0; it is {text[:60]!r}")
    return value


def wait(url: str, timeout_seconds: float) -> str | None:
    """Ask until the server is healthy; returns None then, and why not when the time is over."""
    opener = _opener()
    deadline = time.monotonic() + timeout_seconds
    shortest, longest = ONE_TRY_SECONDS
    while True:
        left = deadline - time.monotonic()
        fault = _fault(opener, url, min(max(left, shortest), longest))
        if fault is None:
            return None
        if time.monotonic() + PAUSE_SECONDS >= deadline:
            return f"{url} is not healthy after {timeout_seconds:g} s: {fault}"
        time.sleep(PAUSE_SECONDS)


def _opener() -> OpenerDirector:
    """No proxy, for the server is near; any certificate, for a fake has its own and is told nothing."""
    anyone = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    anyone.check_hostname = False
    anyone.verify_mode = ssl.CERT_NONE
    return build_opener(ProxyHandler({}), HTTPSHandler(context=anyone))


def _fault(opener: OpenerDirector, url: str, timeout_seconds: float) -> str | None:
    """Why the server is not healthy; None when it is."""
    try:
        with opener.open(f"{url}/_fake/health", timeout=timeout_seconds) as reply:
            told: Any = json.loads(reply.read(HEALTH_MAX))
    except OSError as error:
        reason = getattr(error, "reason", error)
        return str(getattr(reason, "strerror", None) or reason)
    except (HTTPException, ValueError, RecursionError):
        return "what answers there is no fakeserver"
    return None if addresses.is_health_of_a_fake(told) else "what answers there is no fakeserver"
