"""What the run of the mutants remembers, and when it forgets it."""

from pathlib import Path

import pytest

pytest.importorskip("mutmut")

from tests.mutation.run import _digest


def test_a_result_holds_for_the_same_program_and_tests_only_wherever_they_lie(tmp_path: Path) -> None:
    tree = tmp_path / "mutation" / "tree"  # as a clone may be called
    (tree / "tests" / "mutation").mkdir(parents=True)
    program, tool = tree / "program.py", tree / "tests" / "mutation" / "tool.py"
    program.write_text("1", "utf-8")
    tool.write_text("1", "utf-8")
    before = _digest(tree)
    tool.write_text("2", "utf-8")
    assert _digest(tree) == before
    program.write_text("2", "utf-8")
    assert _digest(tree) != before
