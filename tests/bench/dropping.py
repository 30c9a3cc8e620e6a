"""`send` to an account that keeps as many sends as it may, so that each new one drops an old one.

Measured on the panel, without a server, and in processor time, so that other programs do not count as a
pause.
"""

import statistics
import time

from fakeserver.notation.params import Params
from fakeserver.panel.panel import SimulatedPanel
from fakeserver.settings.account_settings import Settings
from fakeserver.spec.units import RealMs
from fakeserver.wire.call import Call
from tests.bench.figures import Figure

KEPT = 20_000
SENDS = 200_000
SPIKE_MS = 1.0


def figures(kept: int = KEPT, sends: int = SENDS) -> list[Figure]:
    document = {"key": "k", "credit": 9_000_000_000_000, "keep_sends": kept}
    now_ms = RealMs(1_700_000_000_000)
    panel = SimulatedPanel([Settings.build(document)], now_ms)
    times: list[float] = []
    for number in range(kept + sends):
        params = {
            "action": "send",
            "from": "30001403",
            "text": f"سفارش شماره {number}",
            "receivers": f"912{number % 9_000_000 + 1_000_000:07}",
        }
        call = Call("POST", "k", Params(params), "127.0.0.1")
        now_ms = RealMs(now_ms + (number % 5 == 0))
        began = time.thread_time_ns()
        panel.handle(call, now_ms)
        times.append((time.thread_time_ns() - began) / 1e6)
    before, after = times[kept // 2 : kept], times[kept:]
    ratio = statistics.median(after) / statistics.median(before)
    note = f"{kept:,} kept, {sends:,} dropped"
    return [
        Figure("send that drops another, beside one that does not", ratio, 1.2, "x", note=note),
        Figure("the longest of these", max(after), SPIKE_MS, "ms", note="of the processor's time"),
    ]
