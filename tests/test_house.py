"""How the code is arranged: what each room may import, what the core may not do, which rules have tests."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

from fakeserver.spec.rules import RULES
from tests.source import ROOT, Module, imports, modules, packages, rules_named_by_tests

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
# The rooms of `fakeserver/web`, lowest first.
WEB_ROOMS = ("system_clock", "views", "events", "service", "control", "inbox", "app", "http")

CORE_FOLDERS = tuple(f"fakeserver/{room}" for room in ROOMS[: ROOMS.index("web")])

# The three statements of the protocol by their folders. None of them may import another.
STATEMENTS = {
    "fakeserver": "fakeserver",
    "mydnspanel_client": "client",
    "mydnspanel_contracts": "contracts",
}

# The modules of other packages that the core may import: none of them does input or output.
PURE_MODULES = {
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
# The only names that the core may import from these modules.
PURE_NAMES = {
    "http": {"http.HTTPStatus"},
    "random": {"random.Random"},
    "urllib": {"urllib.parse.urlsplit"},
}
READS_PACKAGE_DATA = Path("fakeserver/settings/schema.py")

IMPURE_CALLS = {
    "open",
    "print",
    "input",
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
}
FUNCTION_LINES_MAX = 60
LONG_FUNCTIONS = {"fakeserver/settings/account_settings.py:build"}  # has one line for each setting


def import_name(path: Path) -> str:
    """The name by which a file of `fakeserver` is imported."""
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


FILES = {import_name(module.path): module for module in modules("fakeserver")}


def imported_files(module: Module) -> set[str]:
    """The files of `fakeserver` that a file imports, by their import names."""
    names = imports(module.tree)
    return {
        name if name in FILES else name.rpartition(".")[0]
        for name in names
        if name in FILES or name.rpartition(".")[0] in FILES
    }


def room(name: str, depth: int = 1) -> str:
    """The room of a file; empty for the package itself."""
    return (*name.split("."), *[""] * depth)[depth]


def imports_between_files() -> Iterator[tuple[str, str]]:
    for name, module in FILES.items():
        for other in imported_files(module):
            yield name, other


# Rooms


def test_every_room_has_a_place_in_the_order() -> None:
    assert {room(name) for name in FILES} == {*ROOMS, "", "__main__"}
    assert {room(name, 2) for name in FILES if room(name) == "web"} == {*WEB_ROOMS, ""}


def test_an_import_goes_down_or_stays_in_its_room() -> None:
    between_rooms = [
        f"{name} imports {other}"
        for name, other in imports_between_files()
        if room(name) in ROOMS and room(other) and ROOMS.index(room(other)) > ROOMS.index(room(name))
    ]
    assert between_rooms == []
    within_web = [
        f"{name} imports {other}"
        for name, other in imports_between_files()
        if room(name) == room(other) == "web" and room(name, 2) and room(other, 2)
        if WEB_ROOMS.index(room(other, 2)) > WEB_ROOMS.index(room(name, 2))
    ]
    assert within_web == []


def test_no_files_import_each_other_in_a_circle() -> None:
    graph = {name: imported_files(module) - {name} for name, module in FILES.items()}
    assert set(TopologicalSorter(graph).static_order()) == set(graph)


def test_no_action_imports_another() -> None:
    shared = {"fakeserver.actions.answer", "fakeserver.actions.checks", "fakeserver.actions.effects"}
    actions = {name for name in FILES if room(name) == "actions" and room(name, 2)} - shared
    assert len(actions) == 8
    assert [pair for pair in imports_between_files() if set(pair) <= actions] == []


# The core


def test_the_core_imports_no_module_that_does_io() -> None:
    for module in modules(*CORE_FOLDERS):
        names = {name for name in imports(module.tree) if not name.startswith("fakeserver")}
        if module.path == READS_PACKAGE_DATA:
            names.remove("importlib.resources.files")
        assert {name.partition(".")[0] for name in names} <= PURE_MODULES, module
        for package, allowed in PURE_NAMES.items():
            assert {name for name in names if name.startswith(f"{package}.")} <= allowed, module


def test_the_core_reads_no_clock_and_no_file() -> None:
    for module in modules(*CORE_FOLDERS):
        calls = {ast.unparse(node.func) for node in ast.walk(module.tree) if isinstance(node, ast.Call)}
        assert calls & IMPURE_CALLS == set(), module


def test_the_core_has_no_state_at_module_level() -> None:
    for module in modules(*CORE_FOLDERS):
        statements = {type(node) for node in module.tree.body}
        assert statements & {ast.For, ast.While, ast.AugAssign} == set(), module
        assert not any(isinstance(node, ast.Global) for node in ast.walk(module.tree)), module


# The three statements of the protocol


def test_none_of_the_three_statements_imports_another() -> None:
    for package, folder in STATEMENTS.items():
        for module in modules(folder):
            assert packages(module.tree) & ({*STATEMENTS, "tests"} - {package}) == set(), module


def test_nothing_imports_a_package_named_client_or_contracts() -> None:
    for module in modules(*STATEMENTS.values(), "tests"):
        assert packages(module.tree) & {"client", "contracts"} == set(), module


def test_fakeserver_runs_beside_other_packages_named_client_and_contracts(tmp_path: Path) -> None:
    for name in ("client", "contracts"):
        (tmp_path / f"{name}.py").write_text("raise RuntimeError('the wrong package')\n")
    code = "import fakeserver.cli, fakeserver.settings.configuration as c; c.parse_account({'key': 'k'})"
    variables = {"PYTHONPATH": f"{tmp_path}:{ROOT}"}
    result = subprocess.run([sys.executable, "-c", code], env=variables, cwd=tmp_path, check=False)
    assert result.returncode == 0


# Rules, functions, docstrings


def test_every_rule_has_a_test_that_names_it_and_no_test_names_another() -> None:
    named, rules = rules_named_by_tests(), set(RULES)
    assert not rules - named
    assert not named - rules


def test_no_function_is_longer_than_a_screen() -> None:
    lengths = {
        f"{module}:{node.name}": node.end_lineno - node.lineno + 1
        for module in modules(*STATEMENTS.values())
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
    }
    long = {name for name, lines in lengths.items() if lines > FUNCTION_LINES_MAX}
    assert long - LONG_FUNCTIONS == set()


def test_everything_that_users_call_has_a_docstring() -> None:
    import mydnspanel_client
    import mydnspanel_contracts

    import fakeserver.testing

    for package in (mydnspanel_client, mydnspanel_contracts, fakeserver.testing):
        exported = {name: getattr(package, name) for name in package.__all__}
        assert [name for name, thing in exported.items() if callable(thing) and not thing.__doc__] == []
