"""The workflows of GitHub Actions: they are valid, run .ci/run, and have only the rights that they need."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.packaging.tools import needs_tool
from tests.source import ROOT

FOLDER = ROOT / ".github" / "workflows"
FILES = sorted(FOLDER.glob("*.yml"))


def workflow(name: str) -> dict[str, Any]:
    # BaseLoader reads every scalar as text, so that `on` is not a boolean and 3.10 not a number.
    document: dict[str, Any] = yaml.load((FOLDER / f"{name}.yml").read_text("utf-8"), yaml.BaseLoader)  # noqa: S506
    return document


CI, RELEASE = workflow("ci"), workflow("release")


def commands(job: dict[str, Any]) -> list[str]:
    return [step["run"] for step in job["steps"] if "run" in step]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_actions_are_pinned_to_a_commit_whose_version_is_named(path: Path) -> None:
    used = re.findall(r"uses: (.+)$", path.read_text("utf-8"), re.MULTILINE)
    assert used
    for action in used:
        assert action.startswith("./") or re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action)


def test_every_workflow_may_only_read() -> None:
    assert {path.stem for path in FILES} == {"ci", "release"}
    for document in (CI, RELEASE):
        assert document["permissions"] == {"contents": "read"}


def test_ci_runs_on_every_push_to_main_and_every_pull_request() -> None:
    assert CI["on"] == {"push": {"branches": ["main"]}, "pull_request": "", "workflow_call": ""}
    assert commands(CI["jobs"]["all"]) == [".ci/run"]
    assert commands(CI["jobs"]["quick"]) == [".ci/run quick"]
    assert not [job for job in CI["jobs"].values() if "permissions" in job]


def test_ci_covers_every_python_version_that_the_project_names() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    prefix = "Programming Language :: Python :: "
    named = {line.removeprefix(prefix) for line in project["classifiers"] if line.startswith(prefix)}
    oldest = project["requires-python"].removeprefix(">=")
    assert CI["jobs"]["all"]["container"]["image"].startswith(f"python:{oldest}-")
    assert {oldest, *CI["jobs"]["quick"]["strategy"]["matrix"]["python"]} == named


def test_a_release_is_published_only_after_the_checks() -> None:
    assert RELEASE["on"] == {"push": {"tags": ["v*"]}}
    jobs = RELEASE["jobs"]
    assert jobs["test"]["uses"] == "./.github/workflows/ci.yml"
    assert jobs["publish"]["needs"] == ["test", "build"]
    build = "\n".join(commands(jobs["build"]))
    assert build.index("release.py --check") < build.index("-m build") < build.index("twine check --strict")


def test_only_the_job_that_publishes_has_a_token_for_it() -> None:
    jobs = RELEASE["jobs"]
    assert {name for name, job in jobs.items() if "permissions" in job} == {"publish"}
    assert jobs["publish"]["permissions"] == {"id-token": "write"}
    assert jobs["publish"]["environment"] == "pypi"
    used = [step["uses"].partition("@")[0] for step in jobs["publish"]["steps"]]
    assert used == ["actions/download-artifact", "pypa/gh-action-pypi-publish"]


def judge(tool: str, *arguments: str | Path) -> None:
    needs_tool(tool)
    command = [Path(sys.executable).parent / tool, *arguments]
    judged = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert judged.returncode == 0, judged.stdout + judged.stderr


@pytest.mark.slow
def test_the_workflows_keep_the_schema_of_github() -> None:
    judge("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *FILES)


@pytest.mark.slow
def test_the_workflows_give_an_attacker_no_way_in() -> None:
    judge("zizmor", "--offline", "--no-progress", "--min-severity", "medium", FOLDER)
