"""A copy of the project with every mutant in it, as mutmut makes them.

mutmut writes every mutant of a function beside it, and a setting selects the one that is called. So one
process, forked for each mutant, can try them all without importing anything again.
"""

import json
import shutil
from collections.abc import Iterator
from difflib import unified_diff
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from mutmut.mutation.file_mutation import mutate_file_contents

from tests.mutation.result import Mutant

IGNORED = shutil.ignore_patterns("__pycache__", "*.pyc", ".hypothesis")


def write_tree(root: Path, tree: Path, settings: dict[str, Any], cache: Path) -> dict[str, Mutant]:
    """Copy the project to `tree` with its mutants in it, and return them by their ids.

    Mutating is slow, so `cache` keeps the mutants of a file by its contents.
    """
    shutil.rmtree(tree, ignore_errors=True)
    tree.mkdir(parents=True)
    for name in settings["also_copy"]:
        if (root / name).is_dir():
            shutil.copytree(root / name, tree / name, ignore=IGNORED)
        else:
            shutil.copy(root / name, tree / name)
    mutants: dict[str, Mutant] = {}
    for path in sources(root, settings):
        file = path.relative_to(root).as_posix()
        code, found = _mutated(file, path.read_text("utf-8"), cache)
        (tree / file).write_text(code, "utf-8")
        mutants |= {mutant.id: mutant for mutant in found}
    return mutants


def sources(root: Path, settings: dict[str, Any]) -> Iterator[Path]:
    """The modules that are mutated."""
    for name in settings["source_paths"]:
        yield from sorted((root / name).rglob("*.py")) if (root / name).is_dir() else [root / name]


def _mutated(file: str, code: str, cache: Path) -> tuple[str, list[Mutant]]:
    digest = sha256(f"{version('mutmut')}\n{file}\n{code}".encode()).hexdigest()
    kept = cache / f"{digest}.json"
    if not kept.exists():
        cache.mkdir(parents=True, exist_ok=True)
        mutated = mutate_file_contents(file, code)
        spans = {name: (s.start, s.end) for name, s in mutated.line_span_by_function_name.items()}
        kept.write_text(json.dumps([mutated.code, list(mutated.mutant_names), spans]), "utf-8")
    text, names, spans = json.loads(kept.read_text("utf-8"))
    lines = text.splitlines()
    return text, [_mutant(file, name, lines, spans) for name in names]


def _mutant(file: str, name: str, lines: list[str], spans: dict[str, list[int]]) -> Mutant:
    mangled, _, number = name.partition("__mutmut_")
    original = f"{mangled}__mutmut_orig"
    was, becomes = [
        [line.replace(one, mangled) for line in lines[spans[one][0] - 1 : spans[one][1]]]
        for one in (original, name)
    ]
    removed: list[str] = []
    added: list[str] = []
    for line in list(unified_diff(was, becomes, n=0, lineterm=""))[2:]:
        if line.startswith(("-", "+")):
            (removed if line[0] == "-" else added).append(line[1:].strip())
    module = file.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
    function = mangled.removeprefix("x_") if mangled.startswith("x_") else mangled[2:].replace("ǁ", ".")
    return Mutant(f"{module}.{name}", file, function, int(number), " ".join(removed), " ".join(added))
