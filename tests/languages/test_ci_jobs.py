"""The README's CI jobs: their own lines run where pip finds this checkout's wheel."""

import filecmp
import os
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import wheel
from tests.command import environment
from tests.languages.readme import blocks
from tests.languages.tools import needs_node, passed, shell, write_node_project
from tests.source import ROOT

GITHUB, GITLAB = (yaml.safe_load(text) for text in blocks("### In CI", "yaml"))


def lines(job: str) -> list[str]:
    """What a job runs, without what brings a language and the code to the machine."""
    if job == "GitLab":
        script: list[str] = GITLAB["test"]["script"]
        return script
    return [step["run"] for step in github_steps() if "run" in step]


def github_steps() -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = GITHUB["jobs"]["test"]["steps"]
    return steps


def test_the_jobs_have_python_and_node_before_they_run() -> None:
    used = [step["uses"].partition("@")[0] for step in github_steps() if "uses" in step]
    assert used == ["actions/checkout", "actions/setup-node", "actions/setup-python"]
    assert [("run" in step) for step in github_steps()] == [False, False, False, True, True]
    assert GITLAB["test"]["image"].startswith("python:3.")
    (prepare,) = GITLAB["test"]["before_script"]
    assert prepare.endswith("apt-get install --yes nodejs npm")


@pytest.mark.parametrize("job", ["GitHub", "GitLab"])
def test_the_lines_of_a_job_install_it_and_test_with_it(job: str, tmp_path: Path) -> None:
    needs_node()
    dist, project, venv = (tmp_path / name for name in ("dist", "project", "venv"))
    dist.mkdir()
    project.mkdir()
    wheel.build(dist)
    write_node_project(project)
    # Without PYTHONPATH: only what is installed counts.
    told = {name: value for name, value in environment().items() if name != "PYTHONPATH"}
    told["PATH"] = f"{venv / 'bin'}:{told['PATH']}"
    told["PIP_FIND_LINKS"] = f"{dist} {os.environ.get('PIP_FIND_LINKS', '')}"
    assert shell(f"{sys.executable} -m venv {venv}", project, told)[0] == 0
    status, out, errors = shell("\n".join(lines(job)), project, told)
    assert status == 0, errors
    assert passed(out) == 2
    (installed,) = venv.glob("lib/python*/site-packages/fakeserver")
    assert filecmp.cmp(installed / "cli" / "waiting.py", ROOT / "fakeserver" / "cli" / "waiting.py")
