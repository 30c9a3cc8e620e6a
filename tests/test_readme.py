"""The README: its snippets run, its tables say what the data says."""

import asyncio
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest
from fakeserver.web.control.states import SNAPSHOTS_MAX
from fakeserver.web.events.hub import LISTENERS_MAX, WAITING_MAX

from fakeserver.account.fault_rules import KEPT as FAULTS_KEPT
from fakeserver.account.inbound import KEPT as INBOX_KEPT, SHOWN_AT_ONCE
from fakeserver.account.journal import ENTRIES_MAX as JOURNAL_KEPT, TEXT_MAX
from fakeserver.settings import configuration, schema
from fakeserver.settings.defaults import DEFAULTS, TEST_KEYS
from fakeserver.spec import codes
from fakeserver.spec.parameters import PARAMETERS
from fakeserver.spec.reserved import OUTCOMES, PREFIX
from fakeserver.spec.rules import RULES
from fakeserver.web.app import MAX_BODY
from fakeserver.web.control.query import WAIT_MAX
from fakeserver.wire.decode import PAIRS_MAX
from tests.source import ROOT
from tests.web.http import served

README = (ROOT / "README.md").read_text("utf-8")
ADDRESS = "http://127.0.0.1:1403"


def section(heading: str) -> str:
    return README.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def blocks(language: str, text: str = README) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def table(heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, without its head."""
    rows = [line for line in section(heading).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]*)`", cell)


class Step(NamedTuple):
    command: str
    output: str


def session(block: str) -> list[Step]:
    steps = [part.partition("\n") for part in block.split("$ ")[1:]]
    return [Step(command, output.strip()) for command, _, output in steps]


def test_there_are_two_commands_each_one_line_in_a_block_of_its_own() -> None:
    serve, test = blocks("sh")
    assert (serve.count("\n"), test.count("\n")) == (1, 1)
    assert serve.startswith("python3 -m venv")
    assert serve.endswith("/fakeserver\n")
    assert ".[test]" in test
    assert "pytest" in test


async def run(command: str) -> str:
    process = await asyncio.create_subprocess_shell(command, stdout=asyncio.subprocess.PIPE)
    output, _ = await process.communicate()
    return output.decode().strip()


async def test_the_curl_session_gives_what_it_shows() -> None:
    steps = session(blocks("console")[0])
    assert len(steps) == 5
    async with served() as server:
        for step in steps:
            assert await run(step.command.replace(ADDRESS, server.url)) == step.output


async def test_the_control_session_gives_what_it_shows() -> None:
    steps = session(blocks("console")[2])
    assert len(steps) == 5
    async with served() as server:
        for step in steps:
            assert await run(step.command.replace(ADDRESS, server.url)) == step.output


async def test_the_python_example_runs(tmp_path: Path) -> None:
    (example,) = blocks("python", section("Ten lines"))
    script = tmp_path / "example.py"
    async with served() as server:
        script.write_text(example.replace(ADDRESS, server.url), "utf-8")
        output = await run(f"PYTHONPATH={ROOT} {sys.executable} {script}")
    first, second = output.splitlines()
    assert first
    assert second.startswith("109 S9 ")


def test_the_configuration_example_is_in_order() -> None:
    (example,) = blocks("toml", section("Configuration"))
    accounts = configuration.parse(tomllib.loads(example)).accounts
    assert [account.key for account in accounts] == ["shop", "as-in-production"]


def test_the_test_keys_are_those_that_exist() -> None:
    assert [quoted(row[0]) for row in table("Test keys")] == [[document["key"]] for document in TEST_KEYS]


def test_the_default_account_is_told_as_it_is() -> None:
    text = section("Test keys")
    named = quoted(text.replace("\n", " "))
    told = [item[member] for name, member in MEMBERS for item in DEFAULTS[name]]
    assert [str(word) for word in told if str(word) not in named and str(word) not in text] == []


MEMBERS = [("lines", "number"), ("patterns", "code"), ("patterns", "text"), ("phonebooks", "id")]
MEMBERS += [("fields", "id"), ("otp_apps", "id")]


def test_the_reserved_receivers_are_those_of_the_data() -> None:
    rows = table("Reserved receivers")
    told = {number: row[1] for row in rows[:-2] for number in quoted(row[0])}
    by_number = {f"{PREFIX}{digits:03}": row.rule for digits, row in OUTCOMES.items()}
    assert told == {number: rule for number, rule in by_number.items() if rule != "Z9"}
    assert quoted(rows[-2][0]) == [f"{PREFIX}021", f"{PREFIX}029"]
    assert [row[1] for row in rows[-2:]] == ["Z9", "Z10"]


def test_the_actions_are_told_as_they_are() -> None:
    for name, parameters, told, _ in table("The actions"):
        (action,) = quoted(name)
        assert tuple(quoted(parameters)) == PARAMETERS[action]
        listed = [] if told == "none" else [int(code) for code in told.split(", ")]
        assert listed == [row.code for row in codes.RESULT_CODES[action] if row.code != 1]
    assert [quoted(row[0])[0] for row in table("The actions")] == list(codes.RESULT_CODES)


def test_the_switches_are_told_with_their_defaults() -> None:
    for setting, default, others, rules in table("Configuration"):
        (name,) = quoted(setting)
        value = DEFAULTS[name]
        (told,) = quoted(default)
        assert (tomllib.loads(f"told = {told}")["told"] if isinstance(value, dict) else told) == value
        members = schema.configuration()["$defs"]["account"]["properties"][name]
        if "enum" in members:
            assert {*quoted(default), *quoted(others)} == set(members["enum"])
        assert set(rules.split(", ")) <= set(RULES)


def test_the_limits_are_those_of_the_code() -> None:
    told = " ".join(cell for row in table("Limits") for cell in row).replace("\u00a0", " ")
    assert MAX_BODY == 1 << 20
    spaced = (PAIRS_MAX, INBOX_KEPT, DEFAULTS["keep_sends"], JOURNAL_KEPT)
    plain = (SHOWN_AT_ONCE, TEXT_MAX, FAULTS_KEPT, SNAPSHOTS_MAX, LISTENERS_MAX, WAITING_MAX, WAIT_MAX)
    for limit in [f"{limit:,}".replace(",", " ") for limit in spaced] + [str(limit) for limit in plain]:
        assert limit in told


@pytest.mark.parametrize("path", re.findall(r"`((?:fakeserver|client|contracts|tests)/[\w./]+)`", README))
def test_every_file_that_is_named_exists(path: str) -> None:
    assert (ROOT / path).exists()


def test_the_test_command_is_the_one_that_ci_runs() -> None:
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    assert "README.md" in script
    assert subprocess.run(["bash", "-n", ROOT / ".ci" / "run"], check=False).returncode == 0
