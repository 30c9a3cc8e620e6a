"""Measures everything and compares it with its goal: `python -m tests.bench`.

It takes some minutes, and longer when the peers have to be installed first. The result is written to
`tests/bench/result.json` with the commit. `--only WORD` measures the sections with WORD in their name and
writes nothing.
"""

import argparse
from collections.abc import Callable

from tests.bench import dropping, install, million, peers, plugin, receivers, startup, throughput
from tests.bench.figures import RESULT, Figure, table, write_result

SECTIONS: dict[str, Callable[[], list[Figure]]] = {
    "throughput": throughput.figures,
    "startup": startup.figures,
    "million": million.figures,
    "dropping": dropping.figures,
    "receivers": receivers.figures,
    "plugin": plugin.figures,
    "install": install.figures,
    "peers": peers.figures,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", default="", metavar="WORD", help=f"one of {', '.join(SECTIONS)}")
    options = parser.parse_args()
    figures: list[Figure] = []
    for name, measure in SECTIONS.items():
        if options.only in name:
            print(f"{name} ...", flush=True)
            figures += measure()
    print("\n" + table(figures))
    if not options.only:
        write_result(figures)
        print(f"\nwritten to {RESULT.name}")
    return any(figure.verdict == "NOT MET" for figure in figures)


if __name__ == "__main__":
    raise SystemExit(main())
