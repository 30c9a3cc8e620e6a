"""The command `wait`: until a server is healthy. Standard library only, so that it is quick to start."""

import json
import math
import ssl
import time
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit
from urllib.request import HTTPSHandler, OpenerDirector, ProxyHandler, build_opener

from fakeserver.cli.options import Unable

URL = "http://127.0.0.1:1403"
TIMEOUT_SECONDS = 30.0
PAUSE_SECONDS = 0.05
ONE_TRY_SECONDS = 2.0
HEALTH_MAX = 65_536  # bytes of a reply that are read


def base_url(text: str) -> str:
    """The base URL without a final slash. Raises Unable for what is none."""
    try:
        parts = urlsplit(text)
        right = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        right = False
    if not right or not text.isascii() or not text.isprintable() or " " in text:
        raise Unable(f"--url: should be a base URL such as {URL}; it is {text[:60]!r}")
    return text.rstrip("/")


def seconds(text: str) -> float:
    """A span of seconds from 0. Raises Unable for what is none."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise Unable(f"--timeout: should be a number of seconds from 0; it is {text[:60]!r}")
    return value


def wait(url: str, timeout_seconds: float) -> str | None:
    """Ask until the server is healthy; returns None then, and why not when the time is over."""
    opener = _opener()
    deadline = time.monotonic() + timeout_seconds
    while True:
        left = deadline - time.monotonic()
        fault = _fault(opener, url, min(max(left, PAUSE_SECONDS), ONE_TRY_SECONDS))
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
    is_this = (
        isinstance(told, dict) and told.get("status") == "ok" and "version" in told and "accounts" in told
    )
    return None if is_this else "what answers there is no fakeserver"
