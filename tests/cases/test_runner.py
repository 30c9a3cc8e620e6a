"""The cases in another language: a runner for Node.js, written from `contracts/README.md` alone."""

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

pytestmark = pytest.mark.skipif(NODE is None, reason="needs Node.js 20 or newer: `apt-get install nodejs`")


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with started() as server:
        yield server


def tell(server: Running, folder: Path) -> tuple[int, list[str]]:
    """The runner's exit status and what it printed."""
    command = [str(NODE), str(RUNNER), server.url, str(folder)]
    told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert told.stderr == ""
    return told.returncode, told.stdout.splitlines()


def test_node_tells_every_case_but_those_that_its_fetch_cannot_express(server: Running) -> None:
    status, lines = tell(server, FOLDER)
    *cannot, summary = lines
    assert status == 0, lines
    assert cannot == [
        "cannot express a4-every-method-that-http-knows: fetch has no such method",
        "cannot express get-with-a-body: fetch sends no body with a GET",
    ]
    assert summary.endswith(" told, 0 failed")
    assert int(summary.split()[0]) >= len(CASES) - len(cannot)


def test_a_case_that_is_told_otherwise_fails(server: Running, tmp_path: Path) -> None:
    document = json.loads((FOLDER / "credit.json").read_text("utf-8"))
    document["cases"][0]["steps"][0]["expect"]["reply"]["credit"] = "4999"
    (tmp_path / "credit.json").write_text(json.dumps(document), "utf-8")
    status, lines = tell(server, tmp_path)
    assert status == 1
    wrong = document["cases"][0]["id"]
    assert {line.split()[1] for line in lines if line.startswith("FAILED")} == {wrong}
