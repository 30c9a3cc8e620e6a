"""The result of the last whole run: enough mutants are killed, and every survivor has its reason."""

import re
from collections import Counter
from datetime import datetime

from tests.mutation.result import KILLED_MIN, load_result, reasons

RESULT = load_result()
SURVIVORS = [(one["file"], one["function"], one["was"], one["becomes"]) for one in RESULT["survivors"]]


def test_enough_mutants_are_killed() -> None:
    assert RESULT["mutants"] > 3000
    assert RESULT["killed"] / RESULT["mutants"] >= KILLED_MIN


def test_every_survivor_is_listed_with_a_reason() -> None:
    listed = reasons()
    assert [survivor for survivor in SURVIVORS if survivor not in listed] == []
    assert [key for key, reason in listed.items() if len(reason) < 20] == []


def test_no_killed_mutant_is_listed() -> None:
    assert set(reasons()) - set(SURVIVORS) == set()


def test_the_result_names_its_commit() -> None:
    assert re.fullmatch(r"[0-9a-f]{40}", RESULT["commit"])
    assert datetime.fromisoformat(RESULT["date"]).tzinfo


def test_the_counts_add_up() -> None:
    assert RESULT["killed"] + RESULT["survived"] == RESULT["mutants"]
    assert RESULT["survived"] == len(SURVIVORS)
    modules = RESULT["modules"]
    assert sum(module["mutants"] for module in modules.values()) == RESULT["mutants"]
    alive = Counter(file for file, *_ in SURVIVORS)
    assert {file: module["survived"] for file, module in modules.items() if module["survived"]} == alive
