"""`fakeserver init`: a sample with every setting in it, which a server starts with."""

import re
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from fakeserver.cli import init as sample
from fakeserver.cli.options import ServeOptions
from fakeserver.settings import configuration, schema
from fakeserver.settings.defaults import DEFAULTS
from fakeserver.spec.rules import RULES
from tests.command import ask, one_line, run, run_in_shell, started

TEXT = sample.text()
DOCUMENT: dict[str, Any] = tomllib.loads(TEXT)
UNSET = re.compile(r"^# (\w+) = ", re.MULTILINE)


def test_the_server_has_every_option_with_its_default_unset_ones_commented_out() -> None:
    given, unset = DOCUMENT["server"], UNSET.findall(TEXT)
    assert [*given, *unset] == sorted([*given, *unset], key=[*given, *unset].index)
    assert {*given, *unset} == set(schema.configuration()["$defs"]["server"]["properties"])
    assert given == {name: getattr(ServeOptions(), name) for name in given}
    assert {getattr(ServeOptions(), name) for name in unset} == {None, ()}


def test_what_is_commented_out_is_right_when_it_is_not() -> None:
    server = configuration.parse(tomllib.loads(UNSET.sub(r"\1 = ", TEXT))).server
    assert set(server) == set(schema.configuration()["$defs"]["server"]["properties"])


def test_the_account_has_every_setting_with_its_default() -> None:
    (account,) = DOCUMENT["accounts"]
    assert account == {"key": "test-key", **DEFAULTS}
    assert set(account) == set(schema.configuration()["$defs"]["account"]["properties"])


def test_every_setting_stands_below_a_comment() -> None:
    lines = TEXT.splitlines()
    bare = [
        line
        for before, line in pairwise(lines)
        if re.match(r"(# )?\w+ = ", line) and not before.startswith("# ")
    ]
    assert bare == []


def test_every_setting_of_an_account_names_the_rule_that_it_leads_to() -> None:
    accounts = TEXT.partition("[[accounts]]")[2]
    comments = re.findall(r"((?:^#.*\n)+)(\w+) = ", accounts, re.MULTILINE)
    assert [name for _, name in comments] == list(DOCUMENT["accounts"][0])
    assert [name for comment, name in comments if not RULE.search(comment)] == []
    assert set(RULE.findall(accounts)) - {"FF"} <= set(RULES)


RULE = re.compile(r"\b([A-Z]\d+)\b")


def test_a_server_starts_with_what_init_writes(tmp_path: Path) -> None:
    result = run("init", cwd=tmp_path)
    file = tmp_path / "fakeserver.toml"
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("wrote fakeserver.toml")
    assert file.read_text("utf-8") == TEXT
    with started("--config", str(file)) as server:
        assert ask(server.url, "test-key", "action=credit") == {"result": "1", "credit": "1000000"}


def test_init_prints_the_sample_whatever_the_locale() -> None:
    assert run("init", "-", PYTHONIOENCODING="ascii").stdout == TEXT


def test_a_file_that_exists_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("mine")
    assert one_line(run("init", str(file))) == f"{file} is there already, and is left as it is"
    assert file.read_text() == "mine"


@pytest.mark.parametrize("path", ["/no/such/folder/x.toml", "/dev/null/x"])
def test_a_place_that_cannot_be_written_is_one_line(path: str) -> None:
    assert one_line(run("init", path)).startswith(f"cannot write {path}: ")


def test_no_output_at_all_is_one_line() -> None:
    result = run_in_shell("init - >&-")
    assert (result.returncode, result.stderr) == (2, "fakeserver: there is no standard output\n")


def test_an_output_that_takes_nothing_is_one_line() -> None:
    result = run_in_shell("init - >/dev/full")
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)
    assert result.stderr.startswith("fakeserver: cannot write to standard output: No space")
