"""Tries mutants in one pytest session: the tests are collected once, and each mutant gets a fork.

`tests.mutation.run` starts `python -m tests.mutation.session FILE` in the copy with the mutants. FILE is a
JSON object with `arguments` of pytest, `mutants` (their ids, in order), `killers` (the test that killed a
mutant before) and `results`, the file to which a line of JSON is added for each mutant.
"""

import functools
import gc
import json
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state

from tests.mutation.fork import failure, first_failing, in_fork

SECONDS = 600  # of processor time, for all tests
NO_MUTANT = ""


class Session:
    """A plugin that replaces pytest's loop over the tests."""

    def __init__(self, order: dict[str, Any]) -> None:
        self._order = order
        self._results = Path(order["results"])
        self._items: dict[str, pytest.Item] = {}
        self._seconds: dict[str, float] = {}
        self._tests_of: dict[str, list[str]] = {}
        self._killers_of: dict[str, dict[str, None]] = defaultdict(dict)
        self._caches: list[Any] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            raise session.Failed("the tests could not be collected")
        self._items = {item.nodeid: item for item in session.items}
        self._caches = _caches()
        self._clear_caches()
        gc.freeze()
        self._measure(session)
        for count, mutant in enumerate(self._order["mutants"], start=1):
            status, killer = self._try(mutant)
            with self._results.open("a", encoding="utf-8") as results:
                results.write(json.dumps({"mutant": mutant, "status": status, "by": killer}) + "\n")
            if status == "survived" or count % 100 == 0:
                print(f"{count}/{len(self._order['mutants'])} {status} {mutant}", flush=True)
        return True

    def _measure(self, session: pytest.Session) -> None:
        """Run every test on the unchanged program: which functions it calls, and how long it takes."""
        file = self._results.with_suffix(".measured")
        text = file.read_text("utf-8") if file.exists() else in_fork(self._run_all, SECONDS)[1]
        measured = json.loads(text or "{}")
        if measured.get("failed", True):
            raise session.Failed(f"without any mutant: {measured.get('failed', 'the tests did not end')}")
        file.write_text(text, "utf-8")
        self._seconds = measured["seconds"]
        print(f"{len(self._seconds)} tests pass in {sum(self._seconds.values()):.1f} s", flush=True)
        self._tests_of = measured["tests_of"]

    def _run_all(self) -> str:
        set_mutant_under_test("stats")
        tests_of: dict[str, list[str]] = defaultdict(list)
        seconds, failed = {}, []
        for name, item in self._items.items():
            self._clear_caches()
            state()._stats.clear()
            began = process_time()
            if message := failure(item):
                failed.append(f"{name}\n{message}")
            seconds[name] = process_time() - began
            for function in state()._stats:
                tests_of[function].append(name)
        return json.dumps({"seconds": seconds, "tests_of": tests_of, "failed": failed[:3]})

    def _try(self, mutant: str) -> tuple[str, str]:
        """The status of a mutant and the test that killed it. The tests that killed it before, or another
        mutant of its function, run first, then the others from the quickest to the slowest.
        """
        function = mutant.partition("__mutmut_")[0]
        tests = sorted(self._tests_of.get(function, ()), key=self._seconds.__getitem__)
        likely = [self._order["killers"].get(mutant, ""), *reversed(self._killers_of[function])]
        tests = [*(test for test in likely if test in tests), *tests]
        code, by = in_fork(lambda: self._killed_by(mutant, tests), SECONDS)
        if code:
            return "timeout", ""
        if by:
            self._killers_of[function].pop(by, None)
            self._killers_of[function][by] = None
        return ("killed", by) if by else ("survived", "")

    def _clear_caches(self) -> None:
        for cache in self._caches:
            cache.cache_clear()

    def _killed_by(self, mutant: str, tests: Iterable[str]) -> str:
        set_mutant_under_test(mutant)
        return first_failing(self._items[name] for name in dict.fromkeys(tests))


def _caches() -> list[Any]:
    """The program's caches; a cached value would hide a mutant of the function that computes it."""
    return [
        thing
        for thing in gc.get_objects()
        if isinstance(thing, functools._lru_cache_wrapper) and thing.__module__.startswith("fakeserver")
    ]


def main() -> int:
    order = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    set_mutant_under_test(NO_MUTANT)
    return int(pytest.main([*order["arguments"], "-q", "-s", "--assert=plain"], plugins=[Session(order)]))


if __name__ == "__main__":
    sys.exit(main())
