"""The project's source as syntax trees, for tests that look at it."""

import ast
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent


class Module(NamedTuple):
    """A Python file of the repository; its path is relative to the root."""

    path: Path
    tree: ast.Module

    def __str__(self) -> str:
        return str(self.path)


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """Every Python file below these folders of the repository."""
    paths = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return tuple(Module(path.relative_to(ROOT), ast.parse(path.read_text("utf-8"))) for path in paths)


def imports(tree: ast.Module) -> set[str]:
    """The full names of everything that a module imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def packages(tree: ast.Module) -> set[str]:
    """The top-level packages that a module imports."""
    return {name.partition(".")[0] for name in imports(tree)}


@cache
def rules_named_by_tests() -> frozenset[str]:
    """The rule ids that tests name in a `rule` marker."""
    return frozenset(
        str(argument.value)
        for module in modules("tests")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "rule"
        if ast.unparse(node.func) == "pytest.mark.rule"
        for argument in node.args
        if isinstance(argument, ast.Constant)
    )
