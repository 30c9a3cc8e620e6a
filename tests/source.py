"""The project's source as text and syntax trees, for the tests that judge it."""

import ast
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent


class Module(NamedTuple):
    """A Python file of the repository; its path is relative to the root."""

    path: Path
    tree: ast.Module

    def __str__(self) -> str:
        return str(self.path)


def modules(*folders: str) -> list[Module]:
    """Every Python file below these folders of the repository."""
    paths = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [Module(path.relative_to(ROOT), ast.parse(path.read_text("utf-8"))) for path in paths]


def imports(tree: ast.Module) -> set[str]:
    """The full names of everything that a module imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def rules_named_by_tests() -> dict[str, set[str]]:
    """Rule id → the test files that name it, in a `rule` marker of a test or of a row of its table."""
    named: dict[str, set[str]] = {}
    for path, tree in modules("tests"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.rule":
                for argument in node.args:
                    if isinstance(argument, ast.Constant):
                        named.setdefault(str(argument.value), set()).add(str(path))
    return named
