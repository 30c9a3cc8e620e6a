"""A million sends that are all kept: their memory, and the time of the last ones and of their reports.

Measured on the panel, without a server, in a process of its own: `python -m tests.bench.million [SENDS]`. The
clock advances by a millisecond with every fifth send, as on a server under full load.
"""

import gc
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

from fakeserver.notation.params import Params
from fakeserver.panel.panel import SimulatedPanel
from fakeserver.settings.account_settings import Settings
from fakeserver.spec.units import RealMs
from fakeserver.wire.call import Call
from tests.bench.figures import Figure

SENDS = 1_000_000
WARM_UP = 20_000  # by then the journal is full
COMPARED = 20_000  # sends and reports at the start and at the end, whose medians are compared
START_MS = RealMs(1_700_000_000_000)
DAY_MS = 86_400_000
TEXT = "سلام، سفارش شماره {:07} شما ارسال شد و به زودی به دست شما خواهد رسید"


def figures(sends: int = SENDS) -> list[Figure]:
    output = subprocess.run(
        [sys.executable, "-m", "tests.bench.million", str(sends)], capture_output=True, text=True, check=True
    )
    found = json.loads(output.stdout)
    note = f"{sends:,} sends of {len(TEXT.format(0))} characters"
    return [
        Figure("memory of a send that is kept", found["bytes"], 800, "bytes", note=note),
        Figure("send at the end beside the start", found["send"], 1.2, "x"),
        Figure("reportSend at the end beside the start", found["report"], 1.2, "x"),
        Figure("advance by a day, all in final states", found["advance_ms"], 1.0, "ms"),
    ]


class MillionSends:
    def __init__(self) -> None:
        document = {"key": "k", "credit": 9_000_000_000_000, "keep_sends": 10_000_000}
        self.real_ms = START_MS
        self.panel = SimulatedPanel([Settings.build(document)], self.real_ms)
        self.account = self.panel.accounts["k"]

    def ask(self, **params: str) -> float:
        """The seconds that a request takes; `sender` stands for `from`."""
        given = {"from" if name == "sender" else name: value for name, value in params.items()}
        call = Call("POST", "k", Params(given), "127.0.0.1")
        began = time.perf_counter()
        handled = self.panel.handle(call, self.real_ms)
        took = time.perf_counter() - began
        if handled.answer.code != 1:
            raise RuntimeError(handled.answer.reason)
        return took

    def send(self, number: int) -> float:
        self.real_ms = RealMs(self.real_ms + (number % 5 == 0))
        receivers = f"912{number % 9_000_000 + 1_000_000:07}"
        return self.ask(action="send", sender="30001403", text=TEXT.format(number), receivers=receivers)

    def report(self, number: int) -> float:
        return self.ask(action="reportSend", sendID=str(self.account.sends.next_id - 1 - number % 1_000))


def _resident() -> int:
    """The resident memory of the process in bytes."""
    return int(Path("/proc/self/statm").read_text("utf-8").split()[1]) * 4096


def main() -> None:
    sends = int(sys.argv[1]) if len(sys.argv) > 1 else SENDS
    run = MillionSends()
    for number in range(WARM_UP):
        run.send(number)
    gc.collect()
    before = _resident()
    first = [run.send(number) for number in range(COMPARED)]
    first_reports = [run.report(number) for number in range(COMPARED)]
    for number in range(COMPARED, sends - COMPARED):
        run.send(number)
    last = [run.send(number) for number in range(sends - COMPARED, sends)]
    gc.collect()
    memory = _resident() - before
    last_reports = [run.report(number) for number in range(COMPARED)]
    account, clock = run.account, run.account.clock
    run.real_ms = RealMs(run.real_ms + 60_000)
    cursor = account.change_cursor(clock.now_ms(run.real_ms))
    began = time.perf_counter()
    run.real_ms = RealMs(run.real_ms + DAY_MS)
    account.changes_since(cursor, clock.now_ms(run.real_ms))
    advance_ms = (time.perf_counter() - began) * 1000
    found = {
        "bytes": memory / sends,
        "send": statistics.median(last) / statistics.median(first),
        "report": statistics.median(last_reports) / statistics.median(first_reports),
        "advance_ms": advance_ms,
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
