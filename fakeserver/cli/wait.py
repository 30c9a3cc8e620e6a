"""The command `wait`: waits until a server is healthy. It starts quickly, without the web framework."""

import json
import math
import ssl
import time
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.request import HTTPSHandler, OpenerDirector, ProxyHandler, build_opener

from fakeserver.cli.errors import CommandError
from fakeserver.cli.options import DEFAULT_PORT
from fakeserver.cli.resolve import SHOWN_VALUE_MAX, resolve
from fakeserver.notation import addresses

DEFAULT_URL = f"http://127.0.0.1:{DEFAULT_PORT}"
DEFAULT_TIMEOUT_SECONDS = 30.0
POLL_SECONDS = 0.05
# The timeout of one request: long enough for a busy machine, short enough to notice a restart.
REQUEST_MIN_SECONDS, REQUEST_MAX_SECONDS = 0.5, 2.0
REPLY_MAX_BYTES = 65_536


def url_from_environment(environment: Mapping[str, str]) -> str:
    """PANEL_URL, else the URL at which `serve` would listen with this environment. Raises CommandError."""
    if url := environment.get("PANEL_URL"):
        return parse_base_url(url, "PANEL_URL")
    resolved = resolve({}, environment)
    options = resolved.options
    if not options.port:
        raise CommandError(f"{resolved.source('port')}: 0 stands for any free port; give --url URL")
    scheme = "https" if options.tls_cert else "http"
    return addresses.url_of(scheme, addresses.reachable(options.host), options.port)


def parse_base_url(text: str, source: str = "--url") -> str:
    """The base URL without a final slash. Raises CommandError."""
    url = addresses.base_url(text)
    if url is None:
        shown = repr(text[:SHOWN_VALUE_MAX])
        raise CommandError(f"{source}: should be a base URL such as {addresses.EXAMPLE}; it is {shown}")
    return url


def parse_timeout(text: str) -> float:
    """The seconds of `--timeout`. Raises CommandError."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        shown = repr(text[:SHOWN_VALUE_MAX])
        raise CommandError(f"--timeout: should be a number of seconds from 0; it is {shown}")
    return seconds


def wait(url: str, timeout_seconds: float) -> str | None:
    """Wait until the server is healthy. Returns what is wrong with it if it is not within that time."""
    opener = _opener()
    deadline = time.monotonic() + timeout_seconds
    while True:
        left = deadline - time.monotonic()
        problem = _problem(opener, url, min(max(left, REQUEST_MIN_SECONDS), REQUEST_MAX_SECONDS))
        if problem is None:
            return None
        if time.monotonic() + POLL_SECONDS >= deadline:
            return f"{problem}; gave up after {timeout_seconds:g} s"
        time.sleep(POLL_SECONDS)


def _opener() -> OpenerDirector:
    """Uses no proxy, and accepts any certificate: the request has no secret in it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return build_opener(ProxyHandler({}), HTTPSHandler(context=context))


def _problem(opener: OpenerDirector, url: str, timeout_seconds: float) -> str | None:
    """What is wrong with the server, or None if it is healthy."""
    other = f"the server at {url} is not a fakeserver"
    try:
        with opener.open(f"{url}/_fake/health", timeout=timeout_seconds) as reply:
            document: Any = json.loads(reply.read(REPLY_MAX_BYTES))
    except OSError as error:
        reason = getattr(error, "reason", error)
        return f"no healthy server at {url}: {getattr(reason, 'strerror', None) or reason}"
    except (HTTPException, ValueError, RecursionError):
        return other
    return None if addresses.is_health_of_a_fake(document) else other
