"""The throughput of the service compared with the yardstick: `python -m tests.bench.throughput`.

Both are measured in turn, because the figures of one machine differ from run to run, but their ratio hardly
does.
"""

import argparse
import statistics

from tests.bench.figures import Figure, table
from tests.bench.load import CREDIT, FORM, JSON, MULTIPART, Load, has_wrk, requests_per_second
from tests.bench.servers import bare, fake

# The load of the service, the load of the yardstick, and the least ratio.
PAIRS: dict[str, tuple[Load, Load, float]] = {
    "send, a form": (FORM, FORM, 0.8),
    "credit, GET with key": (CREDIT, CREDIT, 0.8),
    "send, as JSON": (JSON, FORM, 0.7),
    "send, as multipart": (MULTIPART, FORM, 0.6),
}


def figures(rounds: int = 5, seconds: float = 2.0) -> list[Figure]:
    if not has_wrk():
        note = "wrk is not installed"
        return [
            Figure(name, None, goal, "x bare", at_least=True, note=note) for name, (*_, goal) in PAIRS.items()
        ]
    with bare() as yardstick, fake() as port:
        for load in (FORM, CREDIT):
            requests_per_second(yardstick, load, 1)
            requests_per_second(port, load, 1)
        return [_compare(name, yardstick, port, rounds, seconds, pair) for name, pair in PAIRS.items()]


def _compare(
    name: str, yardstick: int, port: int, rounds: int, seconds: float, pair: tuple[Load, Load, float]
) -> Figure:
    load, yardstick_load, goal = pair
    both = [
        (requests_per_second(yardstick, yardstick_load, seconds), requests_per_second(port, load, seconds))
        for _ in range(rounds)
    ]
    ratio = statistics.median(ours / theirs for theirs, ours in both)
    theirs, ours = (statistics.median(column) for column in zip(*both, strict=True))
    note = f"{ours:,.0f}/s beside {theirs:,.0f}/s, median of {rounds} rounds"
    return Figure(name, ratio, goal, "x bare", at_least=True, note=note)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.throughput", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0, help="of load for each server in each round")
    options = parser.parse_args()
    print(table(figures(options.rounds, options.seconds)))


if __name__ == "__main__":
    main()
