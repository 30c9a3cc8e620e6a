"""The shell scripts of README.md and docs/languages.md, run as they are. A comment shows what is printed."""

import json
from pathlib import Path

import pytest

from tests.docs.markdown import snippets
from tests.docs.tools import needs_node, needs_php, shell

pytestmark = pytest.mark.slow

RESET, CREDIT, CLOCK, FAULT, WAIT = (
    block.text for block in snippets("docs/languages.md", "bash", "Shell and curl")
)


def run_script(text: str, folder: Path, environment: dict[str, str]) -> str:
    (folder / "script.sh").write_text(text)
    result = shell("fakeserver exec -- sh -e script.sh", folder, environment)
    assert result.status == 0, result.errors
    return result.output


def answers(text: str) -> str:
    """The comments below the commands, as curl prints them: without line ends."""
    return "".join(line[2:] for line in text.splitlines() if line.startswith("# "))


@pytest.mark.parametrize("script", [CREDIT, CLOCK, FAULT], ids=["credit", "clock", "fault"])
def test_a_script_prints_what_it_shows(script: str, folder: Path, on_path: dict[str, str]) -> None:
    assert answers(script)
    assert run_script(script, folder, on_path) == answers(script)


def test_a_reset_undoes_the_others(folder: Path, on_path: dict[str, str]) -> None:
    read = CREDIT.splitlines()[1]
    output = run_script(f"{CREDIT}{RESET}{read}\n", folder, on_path)
    assert output == answers(CREDIT) + '{"result":"1","credit":"1000000"}'


def test_waiting_sees_the_messages_that_are_yet_to_come(folder: Path, on_path: dict[str, str]) -> None:
    found = json.loads(run_script(WAIT, folder, on_path))["messages"]
    assert sorted(message["codes"][0] for message in found) == ["4711", "4712"]


def test_a_fault_is_over_after_one_request(folder: Path, on_path: dict[str, str]) -> None:
    add, _, ask, *_ = FAULT.splitlines()
    output = run_script(f"{add}\n{ask}\n{ask}\n", folder, on_path)
    assert output.endswith("502200")


def test_all_of_them_are_one_script(folder: Path, on_path: dict[str, str]) -> None:
    output = run_script(f"{RESET}{CREDIT}{CLOCK}{FAULT}{WAIT}", folder, on_path)
    assert output.startswith("".join(map(answers, (CREDIT, CLOCK, FAULT))))


def test_the_readmes_commands_in_three_languages_print_what_they_show(
    folder: Path, on_path: dict[str, str]
) -> None:
    needs_node()
    needs_php()
    (block,) = snippets("README.md", "bash", "Test in other languages")
    result = shell(block.text, folder, on_path)
    assert result.status == 0, result.errors
    assert result.output.replace("}{", "}\n{").splitlines() == ['{"result":"1","credit":"1000000"}'] * 3
    assert block.text.count('\n# {"result":"1","credit":"1000000"}\n') == 3
