import ast
import inspect
from pathlib import Path

import mydnspanel_client as client
from mydnspanel_client import calls, replies, wire


def test_all_public_names_are_listed_in_order_and_described() -> None:
    names = client.__all__
    assert names == sorted(names)
    for name in names:
        assert inspect.getdoc(getattr(client, name)), name


def test_every_public_function_is_described() -> None:
    for room in (calls, replies, wire, client.PanelClient):
        functions = inspect.getmembers(room, inspect.isfunction)
        public = [function for name, function in functions if not name.startswith("_")]
        assert public
        assert all(function.__doc__ for function in public)


def test_the_pure_rooms_import_no_io_and_no_other_statement_of_the_protocol() -> None:
    folder = Path(client.__file__).parent
    for path in folder.glob("*.py"):
        imported = modules_of(ast.parse(path.read_text("utf-8")))
        assert not imported & {"fakeserver", "mydnspanel_contracts"}
        if path.name not in {"_client.py", "__init__.py"}:
            assert not imported & {"aiohttp", "asyncio", "socket", "yarl", "os", "time", "random"}


def modules_of(tree: ast.Module) -> set[str]:
    nodes = list(ast.walk(tree))
    plain = {
        alias.name.split(".")[0] for node in nodes if isinstance(node, ast.Import) for alias in node.names
    }
    return plain | {(node.module or "").split(".")[0] for node in nodes if isinstance(node, ast.ImportFrom)}


def test_the_tree_in_the_docstring_is_the_tree_of_the_classes() -> None:
    text = inspect.getdoc(inspect.getmodule(client.PanelError)) or ""
    drawn = [line.split()[1] for line in text.splitlines() if line.strip()[:2] in {"* ", "+ ", "- "}]
    classes = [client.PanelError]
    for child in client.PanelError.__subclasses__():
        classes += [child, *child.__subclasses__()]
    assert drawn == [kind.__name__ for kind in classes]
