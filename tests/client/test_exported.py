import ast
import inspect
from pathlib import Path

import mydnspanel_client as client
from mydnspanel_client import calls, replies, wire

MODULES = sorted(Path(client.__file__).parent.glob("*.py"))


def test_public_names_are_sorted_and_documented() -> None:
    names = client.__all__
    assert names == sorted(names)
    for name in names:
        assert inspect.getdoc(getattr(client, name)), name


def test_public_functions_are_documented() -> None:
    for owner in (calls, replies, wire, client.PanelClient):
        functions = [
            function
            for name, function in inspect.getmembers(owner, inspect.isfunction)
            if not name.startswith("_") and inspect.getmodule(function) is inspect.getmodule(owner)
        ]
        assert functions
        assert [function.__name__ for function in functions if not function.__doc__] == []


def test_no_module_imports_the_server_or_the_contracts() -> None:
    for path in MODULES:
        assert not imported_packages(path) & {"fakeserver", "mydnspanel_contracts"}, path


def test_only_the_client_module_imports_a_library_that_does_io() -> None:
    for path in MODULES:
        if path.name not in {"_client.py", "__init__.py"}:
            io = {"aiohttp", "asyncio", "socket", "yarl", "os", "time", "random"}
            assert not imported_packages(path) & io, path


def imported_packages(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    modules = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    modules += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return {module.split(".")[0] for module in modules}


def test_the_tree_of_errors_in_the_docstring_matches_the_classes() -> None:
    text = inspect.getdoc(inspect.getmodule(client.PanelError)) or ""
    documented = [line.split()[1] for line in text.splitlines() if line.strip()[:2] in {"* ", "+ ", "- "}]
    classes = [client.PanelError]
    for child in client.PanelError.__subclasses__():
        classes += [child, *child.__subclasses__()]
    assert documented == [kind.__name__ for kind in classes]
