"""The CI jobs of docs/languages.md: their own lines run beside a checkout of this repository."""

import filecmp
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.command import environment
from tests.docs.markdown import snippets
from tests.docs.tools import needs_node, passed, shell, write_node_project
from tests.source import ROOT

pytestmark = pytest.mark.slow

GITHUB, GITLAB = (
    yaml.safe_load(block.text) for block in snippets("docs/languages.md", "yaml", "Continuous integration")
)


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


def test_the_jobs_check_out_submodules() -> None:
    assert github_steps()[0]["with"] == {"submodules": True}
    assert GITLAB["test"]["variables"] == {"GIT_SUBMODULE_STRATEGY": "recursive"}


@pytest.mark.parametrize("job", ["GitHub", "GitLab"])
def test_the_lines_of_a_job_install_it_and_test_with_it(job: str, folder: Path) -> None:
    needs_node()
    project, venv = folder / "project", folder / "venv"
    project.mkdir()
    (project / "mydnspanel-fakeserver").symlink_to(ROOT)
    write_node_project(project, *snippets("docs/languages.md", "js", "Node.js"))
    # Without PYTHONPATH: only what is installed counts.
    given = {name: value for name, value in environment().items() if name != "PYTHONPATH"}
    given["PATH"] = f"{venv / 'bin'}:{given['PATH']}"
    assert shell(f"{sys.executable} -m venv {venv}", project, given).status == 0
    result = shell("\n".join(lines(job)), project, given)
    assert result.status == 0, result.errors
    assert passed(result.output) == 2
    (installed,) = venv.glob("lib/python*/site-packages/fakeserver")
    assert filecmp.cmp(installed / "__init__.py", ROOT / "fakeserver" / "__init__.py")
