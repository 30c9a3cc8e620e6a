"""A runner in another language, Node.js, which follows the description in contracts/README.md."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from shutil import which

import pytest

from tests.cases.case import CASES, FOLDER
from tests.command import Running, started

RUNNER = Path(__file__).with_name("runner.mjs")
NODE = which("node")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(NODE is None, reason="Node.js 20 or newer is required: `apt-get install nodejs`"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with started() as server:
        yield server


def run_cases(server: Running, folder: Path) -> tuple[int, list[str]]:
    """The exit status of the runner and the lines of its output."""
    command = [str(NODE), str(RUNNER), server.url, str(folder)]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert result.stderr == ""
    return result.returncode, result.stdout.splitlines()


def test_node_runs_every_case_except_those_that_fetch_does_not_support(server: Running) -> None:
    status, lines = run_cases(server, FOLDER)
    *unsupported, summary = lines
    assert status == 0, lines
    assert unsupported == [
        "unsupported a4-every-method-that-http-knows: fetch does not have the method",
        "unsupported get-with-a-body: fetch cannot send a body with GET",
    ]
    assert summary.endswith(" passed, 0 failed")
    assert int(summary.split()[0]) >= len(CASES) - len(unsupported)


def test_a_case_with_a_wrong_expectation_fails(server: Running, tmp_path: Path) -> None:
    document = json.loads((FOLDER / "credit.json").read_text("utf-8"))
    document["cases"][0]["steps"][0]["expect"]["reply"]["credit"] = "4999"
    (tmp_path / "credit.json").write_text(json.dumps(document), "utf-8")
    status, lines = run_cases(server, tmp_path)
    assert status == 1
    failed = {line.split()[1] for line in lines if line.startswith("FAILED")}
    assert failed == {document["cases"][0]["id"]}
