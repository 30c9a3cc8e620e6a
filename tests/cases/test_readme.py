"""The page that explains the cases shows a real one, and names what there is."""

import json
import re

import pytest
from mydnspanel_contracts.commands import main

from tests.cases.case import CASES
from tests.source import ROOT

PAGE = (ROOT / "contracts" / "README.md").read_text("utf-8")


def test_the_case_that_is_shown_is_one_of_them() -> None:
    (shown,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    document = json.loads(shown)
    assert document in [case.document for case in CASES]


def test_every_option_of_the_commands_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("verify", "check-log"):
        with pytest.raises(SystemExit):
            main([command, "--help"])
        options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help", "--key"}
        assert {option for option in options if f"`{option}" not in PAGE} == set()


def test_every_file_that_is_named_exists() -> None:
    for path in re.findall(r"`((?:cases|schemas|tests)/[a-zA-Z_/.]+\.\w+)`", PAGE):
        assert (ROOT / path).exists() or (ROOT / "contracts" / "mydnspanel_contracts" / path).exists(), path
