"""When a run keeps the results of an earlier one."""

from pathlib import Path

import pytest

pytest.importorskip("mutmut")

from tests.mutation.run import _digest


def test_a_result_is_valid_for_the_same_program_and_tests_in_any_folder(tmp_path: Path) -> None:
    tree = tmp_path / "mutation" / "tree"  # a clone's folder may have that name
    (tree / "tests" / "mutation").mkdir(parents=True)
    program, tool = tree / "program.py", tree / "tests" / "mutation" / "tool.py"
    program.write_text("1", "utf-8")
    tool.write_text("1", "utf-8")
    before = _digest(tree)
    tool.write_text("2", "utf-8")
    assert _digest(tree) == before
    program.write_text("2", "utf-8")
    assert _digest(tree) != before
