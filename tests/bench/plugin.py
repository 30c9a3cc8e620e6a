"""The time that the pytest plugin takes: `python -m tests.bench.plugin`.

Measured are its import, in new processes that have imported pytest already, and a new `panel` with one send
and one report through `http.client`, including its removal.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

from fakeserver.testing import Panel, PanelServer
from tests.bench.figures import Figure, table

IMPORT = """
import pytest, time
began = time.perf_counter()
import fakeserver.pytest_plugin
print((time.perf_counter() - began) * 1000)
"""
IMPORTS, WARM_UP, PANELS = 15, 100, 1_000
IMPORT_GOAL_MS, PANEL_GOAL_MS = 20.0, 2.0


def import_ms() -> Iterator[float]:
    """The milliseconds of importing the plugin, in one process each."""
    for _ in range(IMPORTS):
        output = subprocess.run([sys.executable, "-c", IMPORT], capture_output=True, text=True, check=True)
        yield float(output.stdout)


def panel_ms() -> Iterator[float]:
    """The milliseconds of a panel from its creation to its removal, after a warm-up."""
    with PanelServer.start() as server:
        connection = HTTPConnection(urlsplit(server.url).netloc)
        for number in range(WARM_UP + PANELS):
            began = time.perf_counter()
            with server.new_account() as panel:
                _send_and_read(panel, connection)
            if number >= WARM_UP:
                yield (time.perf_counter() - began) * 1000
        connection.close()


def _send_and_read(panel: Panel, connection: HTTPConnection) -> None:
    send = {"action": "send", "from": "30001403", "text": "سلام", "receivers": "9121234567"}
    sent = _ask(panel, connection, send)
    report = _ask(panel, connection, {"action": "reportSend", "sendID": sent["sendID"]})
    if report["result"] != "1":
        raise RuntimeError(f"the panel answered {report}")


def _ask(panel: Panel, connection: HTTPConnection, params: dict[str, str]) -> dict[str, str]:
    headers = {"Authorization": panel.api_key, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", urlsplit(panel.endpoint).path, urlencode(params), headers)
    reply: dict[str, str] = json.loads(connection.getresponse().read())
    return reply


def figures() -> list[Figure]:
    imports, panels = list(import_ms()), list(panel_ms())
    return [
        Figure("importing the plugin", statistics.median(imports), IMPORT_GOAL_MS, "ms"),
        Figure("a fresh panel, one send, one read", statistics.median(panels), PANEL_GOAL_MS, "ms"),
    ]


def main() -> None:
    print(table(figures()))


if __name__ == "__main__":
    main()
