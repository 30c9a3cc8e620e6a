"""What the tests of other languages need of this machine."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from tests.languages.readme import blocks

SMS, SMS_TEST = blocks("### Node.js", "js")
NODE_AT_LEAST = 18  # has fetch and `node --test`
SECONDS = 120  # before a script counts as hanging


def needs(command: str, how: str) -> None:
    """Skip the test where this command is missing; `how` says where to get it."""
    if shutil.which(command) is None:
        pytest.skip(f"there is no {command}: {how}")


def needs_node() -> None:
    needs("npm", "Node.js is at nodejs.org, and in Debian apt-get install nodejs npm")
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    if int(version.strip("v").partition(".")[0]) < NODE_AT_LEAST:
        pytest.skip(f"Node.js {version.strip()} is too old: {NODE_AT_LEAST} or newer is at nodejs.org")


def write_node_project(folder: Path, **files: str) -> None:
    """The README's Node.js project, or with `files` (name without .mjs → text) another, with `npm test`."""
    (folder / "package.json").write_text('{"scripts": {"test": "node --test"}}')
    for name, text in (files or {"sms": SMS, "sms.test": SMS_TEST}).items():
        (folder / f"{name}.mjs").write_text(text, "utf-8")


def passed(output: str) -> int:
    """How many tests passed, as `node --test` has it at its end, and that none failed."""
    counts = dict(re.findall(r"^\S+ (pass|fail) (\d+)$", output, re.MULTILINE))
    assert counts.get("fail") == "0", output
    return int(counts["pass"])


def shell(script: str, cwd: Path, environment: Mapping[str, str], *within: str) -> tuple[int, str, str]:
    """Run a script, inside a `within` such as unshare; returns its status and what it said. Nothing of it
    stays.
    """
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
            out, errors = running.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            # `fakeserver exec` ends its command, which is in a group of its own.
            os.killpg(running.pid, signal.SIGTERM)
            running.communicate(timeout=SECONDS)
            raise
        finally:
            with suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGKILL)
    return running.returncode, out, errors
