"""Everything that is measured, beside its goal: `python -m tests.bench`.

The whole takes some minutes, and more where the peers are yet to be installed. `--only WORD` measures what
has WORD in its name, and keeps no result. The result stays in `tests/bench/result.json`, with the commit
that it belongs to.
"""

import argparse
from collections.abc import Callable

from tests.bench import dropping, install, million, peers, plugin, receivers, startup, throughput
from tests.bench.figures import RESULT, Figure, keep, table

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
    parser.add_argument("--only", default="", metavar="WORD", help=f"of {', '.join(SECTIONS)}")
    asked = parser.parse_args()
    figures: list[Figure] = []
    for name, measure in SECTIONS.items():
        if asked.only in name:
            print(f"{name} ...", flush=True)
            figures += measure()
    print("\n" + table(figures))
    if not asked.only:
        keep(figures)
        print(f"\nkept in {RESULT.name}")
    return any(figure.verdict == "NOT MET" for figure in figures)


if __name__ == "__main__":
    raise SystemExit(main())
