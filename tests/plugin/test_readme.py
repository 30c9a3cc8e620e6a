"""The README's section on tests: its suites run, its tables name what there is."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from fakeserver import pytest_plugin
from fakeserver.testing import Message, Panel, Receiver
from tests.command import environment
from tests.plugin.conftest import Run
from tests.test_readme import blocks, quoted, section

SECTION = section("In your tests")


def test_the_suite_for_pytest_passes(suite: Run) -> None:
    suite(test_shop=blocks("python", SECTION)[0]).assert_outcomes(passed=3)


def test_the_suite_for_unittest_passes(tmp_path: Path) -> None:
    (tmp_path / "test_shop.py").write_text(blocks("python", SECTION)[1], "utf-8")
    command = [sys.executable, "-m", "unittest", "test_shop"]
    told = subprocess.run(
        command, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False
    )
    assert told.stderr.rstrip().endswith("OK"), told.stderr
    assert "Ran 1 test" in told.stderr


def test_a_failed_expectation_looks_as_it_is_shown(suite: Run) -> None:
    shop = blocks("python", SECTION)[0].replace("textData[0]", "textdata[0]")
    result = suite("-k", "reaches", test_shop=shop)
    told = "\n".join(line.removeprefix("E").strip() for line in result.outlines if line.startswith("E  "))
    expected = "\n".join(line.strip() for line in blocks("text", SECTION)[0].strip().splitlines())
    assert re.sub(r":[0-9]+$", "", told) == re.sub(r":[0-9]+$", "", expected)


def test_the_configuration_is_one_that_pytest_takes(suite: Run, pytester: pytest.Pytester) -> None:
    pytester.makepyprojecttoml(blocks("toml", SECTION)[0])
    result = suite(test_it="import socket\ndef test_it(): socket.getaddrinfo('sms.example.org', 443)")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*tried to reach sms.example.org*"])


def named(table: int) -> set[str]:
    """What the first column of a table names, without arguments."""
    tables = re.findall(r"(?:^\|.*\n)+", SECTION, re.MULTILINE)
    cells = "".join(row.split("|")[1] for row in tables[table].splitlines()[2:])
    return {name.partition("(")[0] for name in quoted(cells)}


def test_every_fixture_is_named() -> None:
    fixtures = {
        name
        for name, thing in vars(pytest_plugin).items()
        if type(thing).__name__ == "FixtureFunctionDefinition"
    }
    assert named(0) == fixtures


def test_everything_that_a_panel_has_is_named() -> None:
    methods = {name for name in vars(Panel) if not name.startswith("_")}
    assert named(1) == methods | {"url", "endpoint", "api_key"}


@pytest.mark.parametrize("value", [Message, Receiver])
def test_every_member_of_a_message_is_named(value: type) -> None:
    members = set(value.__dataclass_fields__) - {"document"}  # type: ignore[attr-defined]
    told = set(re.findall(r"`([a-z_]+)`", SECTION.partition("A message has")[2].partition("\n\n")[0]))
    assert members <= told
