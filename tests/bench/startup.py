"""From the start of the process to the first reply, beside the yardstick."""

import statistics
import subprocess
import sys
import time

from tests.bench.figures import Figure
from tests.bench.servers import free_port, wait_for

ROUNDS = 15
GOAL = 1.3


def figures() -> list[Figure]:
    both = [(_seconds("tests.bench.bare", ""), _seconds("fakeserver", "-p")) for _ in range(ROUNDS)]
    ratio = statistics.median(ours / theirs for theirs, ours in both)
    theirs, ours = (statistics.median(column) for column in zip(*both, strict=True))
    note = f"{ours * 1000:.0f} ms beside {theirs * 1000:.0f} ms, median of {ROUNDS} rounds"
    return [Figure("from process start to the first reply", ratio, GOAL, "x bare", note=note)]


def _seconds(module: str, option: str) -> float:
    port = free_port()
    began = time.perf_counter()
    command = [sys.executable, "-m", module, *filter(None, [option]), str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(port, process)
            return time.perf_counter() - began
        finally:
            process.terminate()
