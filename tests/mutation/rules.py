"""Does a test fail that names the rule, when the rule's line is removed? `python -m tests.mutation.rules`.

Every `if … : return answer(ROW, …)` of the gate and of the actions is taken out, one at a time, and the
tests marked with the rule of that row are run; one of them should fail. Takes some seconds.
"""

import ast
import importlib
import inspect
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import CodeType, FunctionType
from typing import NamedTuple

import pytest

from fakeserver import actions
from fakeserver.panel import gate
from fakeserver.spec import codes
from tests.mutation.fork import first_failing, in_fork

ROOT = Path(__file__).parents[2]
SUITE = ("tests/rules", "tests/cases", "tests/panel", "tests/web/test_decode.py")
OPTIONS = ("-q", "-s", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:xdist", "-m", "not hypothesis")
SECONDS = 120
RESERVED = "Z10"


class Line(NamedTuple):
    """A rule's line: `statement` of `function`, which answers with a row of `rule`."""

    rule: str
    module: str
    function: str
    first: int
    text: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.module}.{self.function}, line {self.first}: {self.text}"


def lines() -> Iterator[Line]:
    """Every line of a rule in the gate and in the actions."""
    names = [gate.__name__, *(action.__module__ for action in actions.ACTIONS.values())]
    for name in names:
        source = inspect.getsource(importlib.import_module(name))
        for function in ast.parse(source).body:
            if isinstance(function, ast.FunctionDef):
                for statement in function.body:
                    rule = _rule(statement)
                    if rule:
                        text = source.splitlines()[statement.lineno - 1].strip()
                        yield Line(rule, name, function.name, statement.lineno, text)


def _rule(statement: ast.stmt) -> str:
    """The rule that a statement refuses by; empty when it is no refusal."""
    if not isinstance(statement, ast.If) or not isinstance(last := statement.body[-1], ast.Return):
        return ""
    if isinstance(last.value, ast.Name):
        return RESERVED if last.value.id == "reserved" else ""
    call = last.value
    if (
        isinstance(call, ast.Call)
        and ast.unparse(call.func) == "answer"
        and isinstance(call.args[0], ast.Name)
    ):
        return str(getattr(codes, call.args[0].id).rule)
    return ""


def remove(line: Line) -> None:
    """Take the line out of the running program, wherever its function is held."""
    module = importlib.import_module(line.module)
    tree = ast.parse(inspect.getsource(module))
    (function,) = [one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == line.function]
    function.body = [one for one in function.body if one.lineno != line.first]
    compiled = compile(tree, str(module.__file__), "exec")
    (code,) = [
        one for one in compiled.co_consts if isinstance(one, CodeType) and one.co_name == line.function
    ]
    changed = getattr(module, line.function)
    assert isinstance(changed, FunctionType)
    changed.__code__ = code


class Session:
    """A plugin that takes pytest's loop over the tests for its own."""

    def __init__(self) -> None:
        self.unproved: list[Line] = []
        self.tried = 0

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            raise session.Failed("the tests could not be collected")
        for line in lines():
            tests = [item for item in session.items if _names(item, line.rule)]
            self.tried += 1
            code, by = in_fork(partial(_try, line, tests), SECONDS)
            print(f"{line}\n    {by or 'NO TEST FAILS'}", flush=True)
            if code or not by:
                self.unproved.append(line)
        return True


def _names(item: pytest.Item, rule: str) -> bool:
    return any(rule in mark.args for mark in item.iter_markers("rule"))


def _try(line: Line, tests: list[pytest.Item]) -> str:
    remove(line)
    return first_failing(tests)


def main() -> int:
    session = Session()
    ended = pytest.main([*(str(ROOT / name) for name in SUITE), *OPTIONS], plugins=[session])
    print(f"{session.tried} lines of rules were removed; {len(session.unproved)} of them go unnoticed")
    return int(bool(ended or session.unproved or not session.tried))


if __name__ == "__main__":
    sys.exit(main())
