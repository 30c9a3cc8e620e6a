"""Mutation testing: does a test fail for every change of the program? `python -m tests.mutation.run`.

Every mutant of the modules in `[tool.mutmut]` is tried with the tests that are named there. A whole run takes
some minutes. It can be interrupted and then continues where it was; its files are in `.mutation/`. It writes
`result.json`, with the commit to which the result belongs.

`--sample N` tries N mutants, chosen by the commit's id or by `--seed`; `--only WORD` tries those with WORD in
their ids. Neither writes a result.

Exits with 1 if a mutant survives that is not listed in `equivalent.toml`, if a listed one is killed, or if
less than 95 % are killed.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

try:
    from tests.mutation.mutants import sources, write_tree
except ModuleNotFoundError as missing:
    raise SystemExit(f"{missing.name} is not installed: pip install -e '.[dev]'") from None
from tests.mutation.result import KILLED_MIN, RESULT, Mutant, reasons

ROOT = Path(__file__).parents[2]
WORK = ROOT / ".mutation"


def main() -> int:
    options = _arguments()
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mutmut"]
    tree = WORK / "tree"
    mutants = write_tree(ROOT, tree, settings, WORK / "mutated")
    chosen = sorted(mutant for mutant in mutants if options.only in mutant)
    if options.sample:
        chosen = Random(options.seed).sample(chosen, min(options.sample, len(chosen)))
        print(f"{len(chosen)} of {len(mutants)} mutants, chosen by the seed {options.seed}")
    results = WORK / "results" / f"{_digest(tree)}.jsonl"
    untried, done = _try(chosen, tree, settings, results)
    if untried:
        print(f"{len(untried)} mutants were not tried; the next run continues with them")
        return 1
    survivors = [mutants[mutant] for mutant in chosen if done[mutant] == "survived"]
    counts = Counter(done[mutant] for mutant in chosen)
    print(f"{len(chosen)} mutants: " + ", ".join(f"{count} {status}" for status, count in counts.items()))
    listed = reasons()
    new = [mutant for mutant in survivors if mutant.key not in listed]
    for mutant in new:
        print(f"survived, and is not listed as equivalent: {mutant.id}\n  {mutant}")
    if options.sample or options.only:
        return bool(new)
    killed = set(listed) - {mutant.key for mutant in survivors}
    for key in sorted(killed):
        print("listed as equivalent, but killed: " + " | ".join(key))
    _write_result(settings, [mutants[mutant] for mutant in chosen], done)
    return bool(new or killed or 1 - len(survivors) / len(chosen) < KILLED_MIN)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation.run", description=__doc__)
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="try N mutants only")
    parser.add_argument("--seed", default=_git("rev-parse", "HEAD") or "1", help="chooses the sample")
    parser.add_argument("--only", default="", metavar="WORD", help="try mutants with WORD in their ids only")
    return parser.parse_args()


def _digest(tree: Path) -> str:
    """A digest of everything on which the result of a mutant depends."""
    digest = sha256()
    for path in sorted(path for path in tree.rglob("*") if path.suffix in {".py", ".json", ".toml", ".md"}):
        if "mutation" not in path.relative_to(tree).parts:  # the tree itself may lie anywhere
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _try(
    chosen: list[str], tree: Path, settings: dict[str, Any], results: Path
) -> tuple[list[str], dict[str, str]]:
    """Try the mutants without a result. Returns those that still have none, and the results of the others."""
    results.parent.mkdir(parents=True, exist_ok=True)
    done = {line["mutant"]: line["status"] for line in _lines([results])}
    left = [mutant for mutant in chosen if mutant not in done]
    if left:
        order = tree / "order.json"
        arguments = [*settings["pytest_add_cli_args_test_selection"], *settings["pytest_add_cli_args"]]
        before = sorted(results.parent.glob("*.jsonl"), key=lambda path: path.stat().st_mtime)
        killers = {line["mutant"]: line["by"] for line in _lines(before) if line["by"]}
        document = {"arguments": arguments, "mutants": left, "killers": killers, "results": str(results)}
        order.write_text(json.dumps(document), "utf-8")
        # In the `ci` profile the tests are deterministic.
        environment = {**os.environ, "HYPOTHESIS_PROFILE": "ci", "PYTHONHASHSEED": "0"}
        command = [sys.executable, "-m", "tests.mutation.session", order.name]
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
        session = subprocess.Popen(command, cwd=tree, env=environment)
        try:
            session.wait()
        except KeyboardInterrupt:
            print("interrupted")
        finally:
            session.kill()
        done = {line["mutant"]: line["status"] for line in _lines([results])}
    return [mutant for mutant in chosen if mutant not in done], done


def _lines(files: Iterable[Path]) -> list[dict[str, str]]:
    return [
        json.loads(line) for file in files if file.exists() for line in file.read_text("utf-8").splitlines()
    ]


def _write_result(settings: dict[str, Any], mutants: list[Mutant], done: dict[str, str]) -> None:
    """Write how many mutants of each module there are and how many survive, and list the survivors."""
    paths = [path.relative_to(ROOT).as_posix() for path in sources(ROOT, settings)]
    survivors = [mutant for mutant in mutants if done[mutant.id] == "survived"]
    total, alive = Counter(m.file for m in mutants), Counter(m.file for m in survivors)
    changed = _git("status", "--porcelain", "--", *paths, *settings["pytest_add_cli_args_test_selection"])
    result = {
        "commit": _git("rev-parse", "HEAD"),
        "date": _git("show", "-s", "--format=%cI", "HEAD"),
        # Files that were changed but not committed when this ran.
        "changed": sorted(line[3:] for line in changed.splitlines()),
        "mutants": len(mutants),
        "killed": len(mutants) - len(survivors),
        "of_those_by_timeout": sum(done[mutant.id] == "timeout" for mutant in mutants),
        "survived": len(survivors),
        "modules": {file: {"mutants": total[file], "survived": alive[file]} for file in paths if total[file]},
        "survivors": [
            {"id": m.id, "file": m.file, "function": m.function, "was": m.was, "becomes": m.becomes}
            for m in survivors
        ],
    }
    RESULT.write_text(json.dumps(result, ensure_ascii=False, indent=2) + "\n", "utf-8")
    print(f"written to {RESULT.relative_to(ROOT)}: {result['killed']} of {len(mutants)} killed")


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return done.stdout.rstrip("\n")


if __name__ == "__main__":
    sys.exit(main())
