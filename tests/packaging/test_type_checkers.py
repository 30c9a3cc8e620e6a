"""Type checkers follow the three packages into a user's code, from an editable install and from the wheel."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import wheel
from tests.packaging.tools import needs_node, needs_tool

pytestmark = pytest.mark.slow

# A user's file. Each line marked as wrong has one mistake, which only our annotations reveal.
USER_FILE = """
from fakeserver.testing import FakePanel, Panel
from mydnspanel_client import PanelClient
from mydnspanel_contracts import ContractViolation, validate_reply


def sent_texts(panel: Panel) -> list[str]:
    return [message.text for message in panel.assert_sent(to="09121234567", count=1)]


def endpoint_of_a_fresh_account() -> str:
    with FakePanel(credit=4711) as panel:
        return panel.endpoint


async def credit(url: str, key: str) -> int:
    async with PanelClient(url, key) as client:
        return await client.credit()


def is_valid(body: object) -> bool:
    try:
        validate_reply("credit", body)
    except ContractViolation:
        return False
    return True


def mistakes(panel: Panel, client: PanelClient) -> None:
    number: int = panel.url  # wrong
    panel.assert_sent(count="1")  # wrong
    client.credit(1)  # wrong
    valid: bool = validate_reply("credit", {})  # wrong
    print(number, valid)
"""
WRONG = {number for number, line in enumerate(USER_FILE.splitlines(), 1) if line.endswith("# wrong")}


@pytest.fixture(scope="module", params=["wheel", "editable"])
def python(
    request: pytest.FixtureRequest,
    built_wheel: Path,
    unpacked_sdist: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """The Python of an environment in which our distribution is installed."""
    ours = [str(built_wheel)] if request.param == "wheel" else ["--editable", str(unpacked_sdist)]
    return wheel.environment(tmp_path_factory.mktemp("environment"), "pytest", *ours)


@pytest.fixture
def user_file(tmp_path: Path) -> Path:
    path = tmp_path / "shop.py"
    path.write_text(USER_FILE, "utf-8")
    return path


def test_mypy_follows_the_packages(python: Path, user_file: Path) -> None:
    needs_tool("mypy")
    options = ["--strict", "--python-executable", str(python), "--cache-dir", "cache"]
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", *options, user_file.name],
        cwd=user_file.parent,
        check=False,
        capture_output=True,
        text=True,
    )
    found = {int(number) for number in re.findall(r"^shop\.py:(\d+): error: ", checked.stdout, re.MULTILINE)}
    assert (checked.returncode, found) == (1, WRONG), checked.stdout + checked.stderr


def test_pyright_follows_the_packages(python: Path, user_file: Path) -> None:
    needs_tool("pyright")
    needs_node()
    (user_file.parent / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict"}')
    checked = subprocess.run(
        [sys.executable, "-m", "pyright", "--pythonpath", python, "--outputjson", user_file.name],
        cwd=user_file.parent,
        check=False,
        capture_output=True,
        text=True,
    )
    diagnostics = json.loads(checked.stdout)["generalDiagnostics"]
    found = {diagnostic["range"]["start"]["line"] + 1 for diagnostic in diagnostics}
    assert (checked.returncode, found) == (1, WRONG), checked.stdout + checked.stderr
