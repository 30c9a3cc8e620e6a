"""Other test doubles, compared with the same yardstick.

Each is installed once into an environment of its own under `.bench/`, and answers a constant or its simplest
request.
"""

import shutil
import statistics
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests import wheel
from tests.bench.figures import Figure
from tests.bench.load import FORM, Load, has_wrk, requests_per_second
from tests.bench.servers import bare, free_port, serving
from tests.source import ROOT

HOME = ROOT / ".bench"

HTTPSERVER = """
import sys, time
from pytest_httpserver import HTTPServer
server = HTTPServer(host="127.0.0.1", port=int(sys.argv[1]))
reply = {"result": "1", "sendID": "1000000001"}
server.expect_request("/webservice/server").respond_with_json(reply)
server.start()
while True:
    time.sleep(1)
    server.clear_log()
"""

_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_KEY = {"Authorization": "Bearer sk_test_12345"}
_SCOPE = "x/20240101/us-east-1/sns/aws4_request"
_AWS = {"Authorization": f"AWS4-HMAC-SHA256 Credential={_SCOPE}, SignedHeaders=host, Signature=x"}


class Peer(NamedTuple):
    """`command` is called with the folder of the environment and a port."""

    packages: tuple[str, ...]
    command: Callable[[Path, int], list[str | Path]]
    load: Load


PEERS = {
    "pytest-httpserver": Peer(
        ("pytest-httpserver",),
        lambda home, port: [home / "bin/python", "-c", HTTPSERVER, str(port)],
        FORM,
    ),
    "moto": Peer(
        ("moto[server]", "moto[sns]"),
        lambda home, port: [home / "bin/moto_server", "-H", "127.0.0.1", "-p", str(port)],
        Load("POST", "/", {**_FORM, **_AWS}, "Action=ListTopics&Version=2010-03-31"),
    ),
    "localstripe": Peer(
        ("localstripe", "setuptools<81"),
        lambda home, port: [home / "bin/localstripe", "--port", str(port), "--from-scratch"],
        Load("POST", "/v1/customers", {**_FORM, **_KEY}, "name=x"),
    ),
}


def figures(rounds: int = 3, seconds: float = 2.0) -> list[Figure]:
    if not has_wrk():
        return [Figure(f"peer: {name}", None, note="wrk is not installed") for name in (*PEERS, "Prism")]
    found = [_measure(name, peer, rounds, seconds) for name, peer in PEERS.items()]
    return [*found, _measure_prism(rounds, seconds)]


def _measure(name: str, peer: Peer, rounds: int, seconds: float) -> Figure:
    home = HOME / name
    try:
        if not (home / "bin" / "python").exists():
            wheel.environment(home, *peer.packages)
        port = free_port()
        with serving(peer.command(home, port), port), bare() as yardstick:
            return _compare(name, yardstick, port, peer.load, rounds, seconds)
    except (RuntimeError, OSError, subprocess.CalledProcessError) as error:
        return Figure(f"peer: {name}", None, unit="x bare", note=_last_line(error))


def _measure_prism(rounds: int, seconds: float) -> Figure:
    """Prism serves this project's OpenAPI document and validates each request."""
    name, home = "Prism", HOME / "prism"
    program = home / "node_modules" / ".bin" / "prism"
    if shutil.which("npm") is None:
        return Figure(f"peer: {name}", None, unit="x bare", note="npm is not installed")
    try:
        if not program.exists():
            home.mkdir(parents=True, exist_ok=True)
            install = ["npm", "install", "--silent", "--no-audit", "@stoplight/prism-cli"]
            subprocess.run(install, check=True, capture_output=True, cwd=home)
        port = free_port()
        document = ROOT / "contracts" / "mydnspanel_contracts" / "openapi.json"
        command: list[str | Path] = [
            program,
            "mock",
            "-h",
            "127.0.0.1",
            "-p",
            str(port),
            "-v",
            "silent",
            document,
        ]
        with serving(command, port), bare() as yardstick:
            return _compare(name, yardstick, port, FORM, rounds, seconds)
    except (RuntimeError, OSError, subprocess.CalledProcessError) as error:
        return Figure(f"peer: {name}", None, unit="x bare", note=_last_line(error))


def _compare(name: str, yardstick: int, port: int, load: Load, rounds: int, seconds: float) -> Figure:
    requests_per_second(port, load, 1)
    both = [
        (requests_per_second(yardstick, FORM, seconds), requests_per_second(port, load, seconds))
        for _ in range(rounds)
    ]
    ratio = statistics.median(ours / theirs for theirs, ours in both)
    served = statistics.median(ours for _, ours in both)
    return Figure(f"peer: {name}", ratio, unit="x bare", note=f"{served:,.0f}/s")


def _last_line(error: Exception) -> str:
    message = error.stderr if isinstance(error, subprocess.CalledProcessError) else str(error)
    text = message.decode("utf-8", "replace") if isinstance(message, bytes) else str(message)
    return (text.strip().splitlines() or [repr(error)])[-1][:100]
