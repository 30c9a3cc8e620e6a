"""Fuzzes decode → panel → encode: `python -m tests.fuzz.decode --runs N [--seed S] [--engine ENGINE]`.

The engine `atheris` (`pip install atheris`) is guided by coverage. The engine `own` mutates real requests
without looking at what they reach; it is the default where atheris is not installed. A seed repeats a run of
either. `--input FILE` checks the bytes of one file, such as one that a failure has left.
"""

import argparse
import importlib
import importlib.util
import random
import sys
import tempfile
import time
import traceback
from pathlib import Path

ATHERIS_IS_MISSING = "atheris is not installed: pip install atheris"
LONGEST = 4_096  # bytes of an input of libFuzzer


def has_atheris() -> bool:
    return importlib.util.find_spec("atheris") is not None


def describe(data: bytes) -> str:
    """The failing bytes and how to check them again."""
    return f"the bytes: {data!r}\nto repeat: tests.fuzz.target.check({data!r})"


def run_own(runs: int, seed: int) -> int:
    """Print the inputs that fail and return their number."""
    from tests.fuzz.corpus import mutate
    from tests.fuzz.target import SEEDS, check

    failed, began = 0, time.perf_counter()
    for number in range(runs):
        chance = random.Random(f"{seed}/{number}")
        data = chance.choice(SEEDS)
        for _ in range(chance.randint(1, 4)):
            data = mutate(chance, data, SEEDS)
        try:
            check(data)
        except Exception:  # noqa: BLE001 - any exception is a finding
            failed += 1
            traceback.print_exc()
            print(f"seed {seed}, input {number}; {describe(data)}")
    seconds = time.perf_counter() - began
    print(f"own engine, seed {seed}: {runs} inputs, {failed} failed, {runs / seconds:.0f}/s")
    return failed


def run_atheris(runs: int, seed: int) -> None:
    """Does not return: libFuzzer ends the process, with status 77 after a failure."""
    # Imported by name, so that the type checker reports the same with and without atheris.
    atheris = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["fakeserver"]):
        from tests.fuzz.target import SEEDS, check

    def check_one(data: bytes) -> None:
        try:
            check(data)
        except Exception:
            print(describe(data), flush=True)
            raise

    directory = Path(tempfile.mkdtemp(prefix="fuzz-decode-"))
    corpus = directory / "corpus"
    corpus.mkdir()
    for number, seed_input in enumerate(SEEDS):
        (corpus / str(number)).write_bytes(seed_input)
    options = (f"-runs={runs}", f"-seed={seed}", f"-max_len={LONGEST}", f"-artifact_prefix={directory}/")
    atheris.Setup([sys.argv[0], *options, "-timeout=10", str(corpus)], check_one)
    atheris.Fuzz()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.decode", description=__doc__)
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1403)
    parser.add_argument("--engine", choices=("atheris", "own"), default="atheris" if has_atheris() else "own")
    parser.add_argument("--input", type=Path)
    options = parser.parse_args()
    if options.input:
        from tests.fuzz.target import check

        check(options.input.read_bytes())
        return 0
    if options.engine == "own":
        if not has_atheris():
            print(ATHERIS_IS_MISSING)
        return 1 if run_own(options.runs, options.seed) else 0
    if not has_atheris():
        parser.error(ATHERIS_IS_MISSING)
    run_atheris(options.runs, options.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
