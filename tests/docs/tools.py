"""Running the programs that the pages show."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.command import environment
from tests.docs.markdown import Block
from tests.docs.sessions import write_files

NODE_AT_LEAST = 18  # the first with fetch and `node --test`
SECONDS = 120  # after which a script counts as hanging


class Finished(NamedTuple):
    status: int
    output: str
    errors: str


def needs(command: str, how: str, *, required: bool = False) -> None:
    """Skip the test if this command is missing; `how` says how to install it. With REQUIRE_TOOLS=1 the test
    fails if the command is `required`.
    """
    if shutil.which(command) is None:
        missing = pytest.fail if required and os.environ.get("REQUIRE_TOOLS") == "1" else pytest.skip
        missing(f"the command {command} is missing: {how}")


def needs_node() -> None:
    needs("npm", "install Node.js from nodejs.org, or in Debian apt-get install nodejs npm", required=True)
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    if int(version.strip("v").partition(".")[0]) < NODE_AT_LEAST:
        pytest.skip(f"Node.js {version.strip()} is too old: {NODE_AT_LEAST} or newer is at nodejs.org")


def needs_php() -> None:
    needs("php", "in Debian apt-get install php-cli", required=True)


def write_node_project(folder: Path, *blocks: Block, **files: str) -> None:
    """A Node.js project with `npm test`: the blocks of a page, and `files`, name without .mjs to text."""
    (folder / "package.json").write_text('{"scripts": {"test": "node --test"}}')
    write_files(folder, blocks)
    for name, text in files.items():
        (folder / f"{name}.mjs").write_text(text, "utf-8")


def passed(output: str) -> int:
    """How many tests passed, as `node --test` reports at its end. Fails if one did not."""
    counts = dict(re.findall(r"^\S+ (pass|fail) (\d+)$", output, re.MULTILINE))
    assert counts.get("fail") == "0", output
    return int(counts["pass"])


def pytest_outcomes(output: str) -> dict[str, int]:
    """The counts of pytest's last line: `{"passed": 3}`."""
    counts = output.splitlines()[-1].partition(" in ")[0]
    return {outcome: int(count) for count, outcome in re.findall(r"(\d+) (\w+)", counts)}


def run_python(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A Python program in that folder, in the environment of a user who has installed the packages."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment(PYTHONDONTWRITEBYTECODE="1", **variables),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def run_pytest(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return run_python(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments, **variables)


def shell(script: str, cwd: Path, environment: Mapping[str, str], *within: str) -> Finished:
    """Run a script, inside a command `within` such as unshare. Nothing that it started stays."""
    with subprocess.Popen(
        [*within, "sh", "-e", "-c", script],
        cwd=cwd,
        env={**environment, "HOME": str(cwd), "npm_config_update_notifier": "false"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as running:
        try:
            output, errors = running.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            # `fakeserver exec` ends its command, which has a process group of its own.
            os.killpg(running.pid, signal.SIGTERM)
            running.communicate(timeout=SECONDS)
            raise
        finally:
            with suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGKILL)
    return Finished(running.returncode, output, errors)
