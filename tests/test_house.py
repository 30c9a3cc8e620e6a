"""How the house is built: what the rooms may not do, and that every rule has its test."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from fakeserver.spec.rules import RULES
from tests.source import ROOT, Module, imports, modules, rules_named_by_tests

CORE = ("fakeserver/spec", "fakeserver/panel", "fakeserver/actions")

# What the core may import of the standard library: nothing that touches the world.
PURE = {
    "array",
    "bisect",
    "collections",
    "dataclasses",
    "datetime",
    "difflib",
    "enum",
    "functools",
    "heapq",
    "ipaddress",
    "itertools",
    "json",
    "marshal",
    "pickle",
    "random",
    "re",
    "typing",
}


@pytest.mark.parametrize("module", modules(*CORE), ids=str)
def test_the_core_imports_nothing_that_does_io(module: Module) -> None:
    outside = {name for name in imports(module.tree) if not name.startswith("fakeserver.")}
    assert {name.partition(".")[0] for name in outside} <= PURE
    assert not any(name.startswith("fakeserver.web") for name in imports(module.tree))


FORBIDDEN_CALLS = (
    "open",
    "print",
    "input",
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
)


@pytest.mark.parametrize("module", modules(*CORE), ids=str)
def test_the_core_reads_no_clock_no_file_and_no_global_chance(module: Module) -> None:
    called = {ast.unparse(node.func) for node in ast.walk(module.tree) if isinstance(node, ast.Call)}
    assert not called & set(FORBIDDEN_CALLS)
    assert not {name for name in imports(module.tree) if name.startswith("random.")} - {"random.Random"}


@pytest.mark.parametrize("module", modules(*CORE), ids=str)
def test_no_state_lives_at_module_level(module: Module) -> None:
    for node in module.tree.body:
        assert not isinstance(node, ast.For | ast.While | ast.AugAssign | ast.Global)
    assert not [node for node in ast.walk(module.tree) if isinstance(node, ast.Global)]


@pytest.mark.parametrize("module", modules("fakeserver/actions"), ids=str)
def test_no_action_imports_another(module: Module) -> None:
    if module.path.name != "__init__.py":
        assert not [name for name in imports(module.tree) if name.startswith("fakeserver.actions")]


@pytest.mark.parametrize("package", ["fakeserver", "mydnspanel_client", "mydnspanel_contracts"])
def test_none_of_the_three_statements_imports_another(package: str) -> None:
    others = {"fakeserver", "mydnspanel_client", "mydnspanel_contracts", "tests"} - {package}
    folder = {"mydnspanel_client": "client", "mydnspanel_contracts": "contracts"}.get(package, package)
    for module in modules(folder):
        assert not {name.partition(".")[0] for name in imports(module.tree)} & others, module


def test_the_server_runs_beside_packages_named_client_and_contracts(tmp_path: Path) -> None:
    for name in ("client", "contracts"):
        (tmp_path / f"{name}.py").write_text("raise RuntimeError('the wrong package')\n")
    code = "import fakeserver.cli, fakeserver.configuration as c; c.parse_account({'key': 'k'})"
    environment = {"PYTHONPATH": f"{tmp_path}:{ROOT}"}
    result = subprocess.run([sys.executable, "-c", code], env=environment, cwd=tmp_path, check=False)
    assert result.returncode == 0


def test_every_rule_is_named_by_a_test() -> None:
    assert sorted(set(RULES) - set(rules_named_by_tests())) == []


def test_no_test_names_a_rule_that_does_not_exist() -> None:
    assert sorted(set(rules_named_by_tests()) - set(RULES)) == []


def test_no_function_outgrows_a_screen() -> None:
    long = {
        f"{module}:{node.name}": node.end_lineno - node.lineno + 1
        for module in modules("fakeserver", "client", "contracts")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
    }
    allowed = {"fakeserver/settings.py:build"}  # one line for each setting
    assert {name: lines for name, lines in long.items() if lines > 60 and name not in allowed} == {}


def test_what_others_call_is_described() -> None:
    import mydnspanel_client as client
    import mydnspanel_contracts as contracts

    import fakeserver.testing

    for package in (client, contracts, fakeserver.testing):
        for name in package.__all__:
            thing = getattr(package, name)
            if callable(thing):
                assert thing.__doc__, f"{package.__name__}.{name}"
