"""The time from the start of the process to the first reply, compared with the yardstick.

Both start with compiled modules, as pip installs them. The first start of each compiles the modules and does
not count.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

from tests.bench.figures import Figure
from tests.bench.servers import free_port, wait_for

ROUNDS = 15
GOAL = 1.3


def figures() -> list[Figure]:
    with tempfile.TemporaryDirectory() as compiled:
        both = [
            (_seconds(compiled, "tests.bench.bare"), _seconds(compiled, "fakeserver", "-p"))
            for _ in range(1 + ROUNDS)
        ][1:]
    ratio = statistics.median(ours / theirs for theirs, ours in both)
    theirs, ours = (statistics.median(column) for column in zip(*both, strict=True))
    note = f"{ours * 1000:.0f} ms beside {theirs * 1000:.0f} ms, median of {ROUNDS} rounds"
    return [Figure("from process start to the first reply", ratio, GOAL, "x bare", note=note)]


def _seconds(compiled: str, module: str, *options: str) -> float:
    """The seconds until the first reply; `compiled` is the folder of compiled modules."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    port = free_port()
    command = [sys.executable, "-m", module, *options, str(port)]
    quiet = subprocess.DEVNULL
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=quiet, stderr=quiet, env=environment) as process:
        try:
            wait_for(port, process)
            return time.perf_counter() - began
        finally:
            process.terminate()
