"""The rules of the house: what each room may import, what the core may not do, and that every rule has a
test.
"""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from fakeserver.spec.rules import RULES
from tests.source import ROOT, Module, imports, modules, rules_named_by_tests

# The rooms of `fakeserver`, lowest first. An import goes down this list or stays in its room.
ROOMS = (
    "spec",
    "notation",
    "settings",
    "account",
    "actions",
    "wire",
    "panel",
    "web",
    "testing",
    "pytest_plugin",
    "cli",
)
# The rooms within `fakeserver/web`, likewise.
WEB_ROOMS = ("system_clock", "views", "events", "service", "control", "inbox", "app", "http")

CORE = tuple(f"fakeserver/{room}" for room in ROOMS[: ROOMS.index("web")])

# The folders of the three statements of the protocol, none of which may import another.
STATEMENTS = {
    "fakeserver": "fakeserver",
    "mydnspanel_client": "client",
    "mydnspanel_contracts": "contracts",
}

# What the core may import from the standard library: nothing that touches the world. The one file below reads
# the JSON files of this project.
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
    "http",
    "ipaddress",
    "itertools",
    "json",
    "jsonschema",
    "marshal",
    "math",
    "pickle",
    "random",
    "re",
    "tomllib",
    "typing",
    "urllib",
}
READS_OWN_FILES = Path("fakeserver/settings/schema.py")


def dotted(path: Path) -> str:
    """The import name of a file of `fakeserver`."""
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


FILES = {dotted(module.path): module for module in modules("fakeserver")}


def imported_files(module: Module) -> set[str]:
    """The files of `fakeserver` that a file imports, by their import names."""
    names = imports(module.tree)
    return {
        name if name in FILES else name.rpartition(".")[0]
        for name in names
        if name in FILES or name.rpartition(".")[0] in FILES
    }


def room(name: str, depth: int = 1) -> str:
    """The room that a file is in; empty for the package itself."""
    return (*name.split("."), *[""] * depth)[depth]


def test_every_room_has_its_place() -> None:
    assert {room(name) for name in FILES} == {*ROOMS, "", "__main__"}
    assert {room(name, 2) for name in FILES if room(name) == "web"} == {*WEB_ROOMS, ""}


@pytest.mark.parametrize("name", [name for name in FILES if room(name) in ROOMS])
def test_an_import_goes_down_or_stays_in_its_room(name: str) -> None:
    for other in imported_files(FILES[name]):
        if room(other):
            assert ROOMS.index(room(other)) <= ROOMS.index(room(name)), f"{name} imports {other}"
        if room(name) == room(other) == "web" and room(name, 2) and room(other, 2):
            places = WEB_ROOMS.index(room(other, 2)), WEB_ROOMS.index(room(name, 2))
            assert places[0] <= places[1], f"{name} imports {other}"


def test_no_files_import_each_other_in_a_circle() -> None:
    graph = {name: imported_files(module) - {name} for name, module in FILES.items()}
    assert set(TopologicalSorter(graph).static_order()) == set(graph)


@pytest.mark.parametrize("module", modules(*CORE), ids=str)
def test_the_core_imports_nothing_that_does_io(module: Module) -> None:
    outside = {name for name in imports(module.tree) if not name.startswith("fakeserver")}
    if module.path == READS_OWN_FILES:
        outside.remove("importlib.resources.files")
    assert {name.partition(".")[0] for name in outside} <= PURE
    assert {name for name in outside if name.startswith("http.")} <= {"http.HTTPStatus"}
    assert {name for name in outside if name.startswith("urllib.")} <= {"urllib.parse.urlsplit"}


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
def test_the_core_reads_no_clock_no_file_and_no_global_random(module: Module) -> None:
    called = {ast.unparse(node.func) for node in ast.walk(module.tree) if isinstance(node, ast.Call)}
    assert not called & set(FORBIDDEN_CALLS)
    assert not {name for name in imports(module.tree) if name.startswith("random.")} - {"random.Random"}


@pytest.mark.parametrize("module", modules(*CORE), ids=str)
def test_no_state_lives_at_module_level(module: Module) -> None:
    for node in module.tree.body:
        assert not isinstance(node, ast.For | ast.While | ast.AugAssign | ast.Global)
    assert not [node for node in ast.walk(module.tree) if isinstance(node, ast.Global)]


def test_no_action_imports_another() -> None:
    shared = {"fakeserver.actions.answer", "fakeserver.actions.checks", "fakeserver.actions.effects"}
    actions = {name for name in FILES if room(name) == "actions" and room(name, 2)} - shared
    assert len(actions) == 8
    for name in actions:
        assert not imported_files(FILES[name]) & actions, name


@pytest.mark.parametrize("package", STATEMENTS)
def test_none_of_the_three_statements_imports_another(package: str) -> None:
    others = {*STATEMENTS, "tests"} - {package}
    for module in modules(STATEMENTS[package]):
        assert not {name.partition(".")[0] for name in imports(module.tree)} & others, module


def test_nothing_imports_a_package_called_client_or_contracts() -> None:
    for module in modules("fakeserver", "client", "contracts", "tests"):
        assert not {name.partition(".")[0] for name in imports(module.tree)} & {"client", "contracts"}, module


def test_the_server_runs_beside_packages_named_client_and_contracts(tmp_path: Path) -> None:
    for name in ("client", "contracts"):
        (tmp_path / f"{name}.py").write_text("raise RuntimeError('the wrong package')\n")
    code = "import fakeserver.cli, fakeserver.settings.configuration as c; c.parse_account({'key': 'k'})"
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
        for module in modules(*STATEMENTS.values())
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
    }
    allowed = {"fakeserver/settings/account_settings.py:build"}  # one line for each setting
    assert {name: lines for name, lines in long.items() if lines > 60 and name not in allowed} == {}


def test_what_others_call_is_described() -> None:
    import mydnspanel_client
    import mydnspanel_contracts

    import fakeserver.testing

    for package in (mydnspanel_client, mydnspanel_contracts, fakeserver.testing):
        for name in package.__all__:
            thing = getattr(package, name)
            if callable(thing):
                assert thing.__doc__, f"{package.__name__}.{name}"
