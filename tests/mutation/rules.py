"""Does a test fail that names the rule, when the line of a rule is removed? `python -m tests.mutation.rules`.

A line of a rule is an `if …: return Answer(ROW, …)` of the gate or of an action. Each is removed in turn, and
the tests marked with the rule of its row are run; one of them should fail. Takes some seconds.
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
SUITE = ("tests/account", "tests/actions", "tests/panel")
OPTIONS = (
    *("-q", "-s", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:xdist"),
    *("-m", "not hypothesis and not slow"),
)
SECONDS = 120
LINES_MIN = 30  # fewer mean that this tool no longer recognises the lines of the rules
RESERVED = "Z10"


class Line(NamedTuple):
    """The line `first` of a function, which answers with a row of `rule`."""

    rule: str
    module: str
    function: str
    first: int
    text: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.module}.{self.function}, line {self.first}: {self.text}"


def lines() -> Iterator[Line]:
    """Every line of a rule in the gate and in the actions."""
    for name in (gate.__name__, *(action.__module__ for action in actions.ACTIONS.values())):
        source = inspect.getsource(importlib.import_module(name))
        for function in ast.parse(source).body:
            if isinstance(function, ast.FunctionDef):
                for statement in function.body:
                    if rule := _rule(statement):
                        text = source.splitlines()[statement.lineno - 1].strip()
                        yield Line(rule, name, function.name, statement.lineno, text)


def _rule(statement: ast.stmt) -> str:
    """The rule by which a statement refuses; empty if it is not a line of a rule."""
    if not isinstance(statement, ast.If) or not isinstance(last := statement.body[-1], ast.Return):
        return ""
    match last.value:
        case ast.Name(id="reserved"):
            return RESERVED
        case ast.Call(func=ast.Name(id="Answer"), args=[ast.Name(id=row), *_]):
            return str(getattr(codes, row).rule)
    return ""


def remove(line: Line) -> None:
    """Remove the line from the running program, wherever its function is referenced."""
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
    """A plugin that replaces pytest's loop over the tests."""

    def __init__(self) -> None:
        self.unnoticed: list[Line] = []
        self.tried = 0

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            raise session.Failed("the tests could not be collected")
        for line in lines():
            tests = [item for item in session.items if _names(item, line.rule)]
            self.tried += 1
            status, failed = in_fork(partial(_try, line, tests), SECONDS)
            print(f"{line}\n    {failed or 'NO TEST FAILS'}", flush=True)
            if status or not failed:
                self.unnoticed.append(line)
        return True


def _names(item: pytest.Item, rule: str) -> bool:
    return any(rule in mark.args for mark in item.iter_markers("rule"))


def _try(line: Line, tests: list[pytest.Item]) -> str:
    remove(line)
    return first_failing(tests)


def main() -> int:
    session = Session()
    status = pytest.main([*(str(ROOT / name) for name in SUITE), *OPTIONS], plugins=[session])
    print(f"{session.tried} lines of rules were removed; {len(session.unnoticed)} of them go unnoticed")
    return int(bool(status or session.unnoticed or session.tried < LINES_MIN))


if __name__ == "__main__":
    sys.exit(main())
