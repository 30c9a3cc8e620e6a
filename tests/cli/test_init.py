"""`fakeserver init`: a sample configuration file with every setting in it."""

import re
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from fakeserver.cli.init import sample
from fakeserver.cli.options import ServeOptions
from fakeserver.settings import configuration, schema
from fakeserver.settings.defaults import DEFAULTS
from fakeserver.spec.rules import RULES
from tests.cli.conftest import RunMain
from tests.command import ask, error_line, run, run_in_shell, started

TEXT = sample()
DOCUMENT: dict[str, Any] = tomllib.loads(TEXT)
COMMENTED_OUT = re.compile(r"^# (\w+) = ", re.MULTILINE)
RULE_ID = re.compile(r"\b([A-Z]\d+)\b")


def test_the_server_has_every_option_with_its_default_or_commented_out() -> None:
    set_, unset = DOCUMENT["server"], COMMENTED_OUT.findall(TEXT)
    assert sorted([*set_, *unset]) == sorted(schema.configuration()["$defs"]["server"]["properties"])
    assert set_ == {name: getattr(ServeOptions(), name) for name in set_}
    assert {getattr(ServeOptions(), name) for name in unset} == {None, ()}


def test_what_is_commented_out_is_a_valid_configuration() -> None:
    server = configuration.parse(tomllib.loads(COMMENTED_OUT.sub(r"\1 = ", TEXT))).server
    assert set(server) == set(schema.configuration()["$defs"]["server"]["properties"])


def test_the_account_has_every_setting_with_its_default() -> None:
    (account,) = DOCUMENT["accounts"]
    assert account == {"key": "test-key", **DEFAULTS}
    assert set(account) == set(schema.configuration()["$defs"]["account"]["properties"])


def test_every_setting_has_a_comment_above_it() -> None:
    lines = TEXT.splitlines()
    bare = [
        line
        for before, line in pairwise(lines)
        if re.match(r"(# )?\w+ = ", line) and not before.startswith("# ")
    ]
    assert bare == []


def test_the_comment_of_every_setting_of_an_account_names_a_rule() -> None:
    accounts = TEXT.partition("[[accounts]]")[2]
    comments = re.findall(r"((?:^#.*\n)+)(\w+) = ", accounts, re.MULTILINE)
    assert [name for _, name in comments] == list(DOCUMENT["accounts"][0])
    assert [name for comment, name in comments if not RULE_ID.search(comment)] == []
    assert set(RULE_ID.findall(accounts)) - {"FF"} <= set(RULES)


def test_a_server_starts_with_the_sample(run_main: RunMain, tmp_path: Path) -> None:
    result = run_main("init")
    file = tmp_path / "fakeserver.toml"
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("wrote fakeserver.toml")
    assert file.read_text("utf-8") == TEXT
    with started("--config", str(file)) as server:
        assert ask(server.url, "test-key", "action=credit") == {"result": "1", "credit": "1000000"}


def test_the_sample_is_printed_in_utf8_whatever_the_locale() -> None:
    assert run("init", "-", PYTHONIOENCODING="ascii").stdout == TEXT


def test_an_existing_file_is_not_changed(run_main: RunMain, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("mine")
    assert error_line(run_main("init", str(file))) == f"{file} exists already, and was not changed"
    assert file.read_text() == "mine"


@pytest.mark.parametrize("path", ["/no/such/folder/x.toml", "/dev/null/x"])
def test_a_path_that_cannot_be_written_is_an_error(run_main: RunMain, path: str) -> None:
    assert error_line(run_main("init", path)).startswith(f"cannot write {path}: ")


def test_a_closed_standard_output_is_an_error() -> None:
    result = run_in_shell("init - >&-")
    assert (result.returncode, result.stderr) == (2, "fakeserver: standard output is closed\n")


def test_the_file_is_written_even_if_its_name_cannot_be_printed(tmp_path: Path) -> None:
    file = tmp_path / "sample.toml"
    result = run_in_shell(f"init {file} >/dev/full")
    assert (result.returncode, result.stderr) == (0, "")
    assert file.read_text("utf-8") == TEXT


def test_a_full_standard_output_is_an_error() -> None:
    result = run_in_shell("init - >/dev/full")
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)
    assert result.stderr.startswith("fakeserver: cannot write to standard output: No space")
