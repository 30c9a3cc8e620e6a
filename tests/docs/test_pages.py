"""README.md and every page of docs/: their links lead somewhere, and a test runs each of their blocks."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from itertools import chain

import pytest

from tests.docs.markdown import (
    PAGES,
    README,
    Block,
    anchors,
    blocks,
    code_spans,
    file_of,
    lines,
    links,
    prose,
    snippets,
    tables,
)
from tests.docs.sessions import LANGUAGE as SESSION
from tests.source import ROOT, modules

INDEX = "docs/README.md"
NEXT_PAGES = [page for page in PAGES if page not in (README, INDEX)]
FOLDERS = ("fakeserver", "client", "contracts", "tests", "docs", r"\.ci")


def test_the_readme_is_read_in_two_minutes() -> None:
    assert len(lines(README)) <= 300


def test_the_readme_has_two_commands_and_the_one_that_runs_the_server_is_first() -> None:
    serve, test = (block.text for block in snippets("README.md", "sh"))
    assert serve == "python3 -m venv .venv && .venv/bin/pip install --quiet . && .venv/bin/fakeserver\n"
    assert test.count("\n") == 1
    assert test.startswith("python3 -m venv .venv && .venv/bin/pip install --quiet -e '.[test]' && ")
    assert test.endswith(".venv/bin/python -m pytest -q -n 2 -m 'not slow'\n")


def test_ci_takes_its_test_command_from_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    awk = re.search(r"awk '(.*?)' README.md \| head -n 1", script)
    assert awk
    found = subprocess.run(["awk", awk[1], "README.md"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.splitlines()[0] + "\n" == snippets("README.md", "sh")[1].text


@pytest.mark.parametrize("index", [README, INDEX])
def test_every_page_is_listed(index: str) -> None:
    (table,) = (table for table in tables(index, "Documentation") if table.head[0] == "page")
    (targets,) = zip(*(re.findall(r"\]\((.*)\)", cell) for cell in table.column("page")), strict=True)
    pages = [str(file_of(index, target).relative_to(ROOT)) for target in targets]
    assert sorted(pages) == NEXT_PAGES


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    for target in links(page):
        if "://" in target:
            continue
        file, anchor = file_of(page, target), target.partition("#")[2]
        if not target.partition("#")[0]:
            file = ROOT / page
        assert file.exists(), target
        if anchor:
            assert anchor in anchors(str(file.relative_to(ROOT))), target


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_is_named_exists(page: str) -> None:
    for span in code_spans(prose(page)):
        if re.fullmatch(rf"({'|'.join(FOLDERS)})/[\w./]*", span):
            assert (ROOT / span).exists(), span


@pytest.mark.parametrize("page", PAGES)
def test_every_module_that_is_run_exists(page: str) -> None:
    for name in re.findall(r"python -m (tests[\w.]+)", prose(page)):
        path = ROOT / name.replace(".", "/")
        assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), name


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_one_title_and_no_heading_twice(page: str) -> None:
    headings = [line.headings for line in lines(page) if line.text.startswith("#") and not line.is_code]
    assert [len(path) for path in headings].count(1) == 1
    assert len(headings) == len(set(headings))


@pytest.mark.parametrize("page", PAGES)
def test_every_block_is_run_or_compared_by_a_test(page: str) -> None:
    tested = all_snippets()
    sessions = "".join(block.text for block in blocks(page, SESSION))
    left = [
        f"{block} ({block.language})"
        for block in blocks(page)
        if block.language != SESSION
        and block not in tested
        and not (block.file_name and block.file_name in sessions)  # a command of the page's session reads it
    ]
    assert left == []


@cache
def all_snippets() -> frozenset[Block]:
    """The blocks of every call of `snippets` in these tests."""
    return frozenset(chain(*_calls_of_snippets()))


def _calls_of_snippets() -> Iterator[list[Block]]:
    for _, tree in modules("tests/docs"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "snippets":
                yield blocks(*(ast.literal_eval(argument) for argument in node.args))
