"""The README's curl recipes, run as they are under `fakeserver exec -- sh script.sh`."""

import json
from pathlib import Path

from tests.languages.readme import blocks
from tests.languages.tools import shell

RESET, CREDIT, CLOCK, FAULTS, WAIT = BLOCKS = blocks("### curl", "bash")


def run_script(text: str, folder: Path, environment: dict[str, str]) -> str:
    (folder / "script.sh").write_text(text)
    status, out, errors = shell("fakeserver exec -- sh -e script.sh", folder, environment)
    assert status == 0, errors
    return out


def answers(text: str) -> str:
    """The comments below the commands, as curl prints them: without line ends."""
    return "".join(line[2:] for line in text.splitlines() if line.startswith("# "))


def test_credit_clock_and_faults_answer_what_they_show(tmp_path: Path, on_path: dict[str, str]) -> None:
    for recipe in (CREDIT, CLOCK, FAULTS):
        assert answers(recipe)
        assert run_script(recipe, tmp_path, on_path) == answers(recipe)


def test_a_reset_undoes_the_others(tmp_path: Path, on_path: dict[str, str]) -> None:
    read = CREDIT.splitlines()[1]
    out = run_script(f"{CREDIT}{RESET}{read}\n", tmp_path, on_path)
    assert out == answers(CREDIT) + '{"result":"1","credit":"1000000"}'


def test_waiting_sees_the_messages_that_are_yet_to_come(tmp_path: Path, on_path: dict[str, str]) -> None:
    found = json.loads(run_script(WAIT, tmp_path, on_path))["messages"]
    assert sorted(message["codes"][0] for message in found) == ["4711", "4712"]


def test_a_fault_is_over_after_one_request(tmp_path: Path, on_path: dict[str, str]) -> None:
    setting, _, asking, *_ = FAULTS.splitlines()
    out = run_script(f"{setting}\n{asking}\n{asking}\n", tmp_path, on_path)
    assert out.endswith("502200")


def test_all_of_them_are_one_script(tmp_path: Path, on_path: dict[str, str]) -> None:
    out = run_script("".join(BLOCKS), tmp_path, on_path)
    assert out.startswith("".join(map(answers, (CREDIT, CLOCK, FAULTS))))
