"""contracts/README.md agrees with the files and the commands that it describes."""

import json
import re

import pytest
from mydnspanel_contracts import ACTIONS
from mydnspanel_contracts.commands import main

from tests.cases.case import CASES
from tests.source import ROOT

FOLDER = ROOT / "contracts"
README = (FOLDER / "README.md").read_text("utf-8")
PATHS = re.findall(r"`((?:\.\./|mydnspanel_contracts/)[\w./*<>-]+)`", README)


def test_the_example_case_is_a_real_one() -> None:
    (example,) = re.findall(r"```json\n(.*?)```", README, re.DOTALL)
    assert json.loads(example) in [case.document for case in CASES]


def test_the_python_example_runs() -> None:
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    exec(example, {})  # noqa: S102 - an example from this repository


@pytest.mark.parametrize("command", ["verify", "check-log"])
def test_every_option_of_a_command_is_described(capsys: pytest.CaptureFixture[str], command: str) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])
    options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help", "--key"}
    assert {option for option in options if f"`{option}" not in README} == set()


@pytest.mark.parametrize("path", sorted(set(PATHS)))
def test_every_path_exists_relative_to_the_readme(path: str) -> None:
    if "<action>" in path:
        for action in ACTIONS:
            assert (FOLDER / path.replace("<action>", action)).is_file()
    else:
        assert list(FOLDER.glob(path)) or (FOLDER / path).exists()


def test_every_data_file_is_in_the_table_of_paths() -> None:
    package = FOLDER / "mydnspanel_contracts"
    data = {path.relative_to(FOLDER).as_posix() for path in package.rglob("*.json")}
    described = {re.sub(r"<action>|\*", "*", path) for path in PATHS}
    found = {
        file.relative_to(FOLDER).as_posix()
        for path in described
        for file in FOLDER.glob(path)
        if ".." not in path
    }
    assert data - found == set()
