"""One send to ten thousand receivers and its report, over HTTP."""

import http.client
import json
import statistics
import time
from urllib.parse import urlencode

from tests.bench.figures import Figure
from tests.bench.servers import fake

RECEIVERS = 10_000
ROUNDS = 15
GOAL_MS = 15.0
HEADERS = {"Authorization": "test-key", "Content-Type": "application/x-www-form-urlencoded"}


def figures() -> list[Figure]:
    numbers = ",".join(f"912{number:07}" for number in range(1_000_000, 1_000_000 + RECEIVERS))
    send = urlencode({"action": "send", "from": "30001403", "text": "سلام", "receivers": numbers})
    sends, reports = [], []
    with fake() as port:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        for _ in range(ROUNDS):
            milliseconds, reply = _ask(connection, send)
            sends.append(milliseconds)
            milliseconds, _ = _ask(connection, urlencode({"action": "reportSend", "sendID": reply["sendID"]}))
            reports.append(milliseconds)
        connection.close()
    note = f"median of {ROUNDS}, over HTTP"
    return [
        Figure(f"send to {RECEIVERS:,} receivers", statistics.median(sends), GOAL_MS, "ms", note=note),
        Figure("its reportSend", statistics.median(reports), GOAL_MS, "ms", note=note),
    ]


def _ask(connection: http.client.HTTPConnection, body: str) -> tuple[float, dict[str, str]]:
    began = time.perf_counter()
    connection.request("POST", "/webservice/server", body, HEADERS)
    text = connection.getresponse().read()
    milliseconds = (time.perf_counter() - began) * 1000
    reply: dict[str, str] = json.loads(text)
    if reply["result"] != "1":
        raise RuntimeError(f"the fake answered {reply}")
    return milliseconds, reply
