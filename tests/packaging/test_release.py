"""A release is one command, and the workflow that it starts builds what it released."""

import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from fakeserver import __version__
from tests.command import environment
from tests.packaging.distributions import sdist_files, wheel_contents
from tests.packaging.test_workflows import RELEASE, commands
from tests.packaging.tools import needs_tool
from tests.source import ROOT

CHANGELOG = (ROOT / "CHANGELOG.md").read_text("utf-8")
REPOSITORY = "https://github.com/mydnspanel/fakeserver"
HEADING = re.compile(r"^## \[(.+)\](?: - (\d{4}-\d\d-\d\d))?$", re.MULTILINE)
SMALL_CHANGELOG = f"""# Changelog

## [Unreleased]

### Added

- A sandbox.

[Unreleased]: {REPOSITORY}/commits/main
"""
IDENTITY = ("AUTHOR_NAME", "COMMITTER_NAME", "AUTHOR_EMAIL", "COMMITTER_EMAIL")
# Nothing of the developer's own configuration, such as commits that are signed.
GIT = {"GIT_CONFIG_GLOBAL": os.devnull, **{f"GIT_{name}": "somebody" for name in IDENTITY}}
KINDS_OF_CHANGES = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


# The changelog


def test_the_changelog_begins_with_what_is_not_released() -> None:
    headings = HEADING.findall(CHANGELOG)
    assert len(headings) == CHANGELOG.count("\n## ")
    assert headings[0] == ("Unreleased", "")
    assert all(date for _, date in headings[1:])


def test_the_changelog_sorts_changes_as_keep_a_changelog_does() -> None:
    kinds = re.findall(r"^### (.+)$", CHANGELOG, re.MULTILINE)
    assert kinds
    assert set(kinds) <= KINDS_OF_CHANGES


def test_every_version_in_the_changelog_has_a_link() -> None:
    linked = re.findall(rf"^\[(.+)\]: {REPOSITORY}/", CHANGELOG, re.MULTILINE)
    assert linked == [name for name, _ in HEADING.findall(CHANGELOG)]


# The command


class Checkout(NamedTuple):
    """A maintainer's checkout of a repository at `origin`, which is a folder here."""

    folder: Path
    origin: Path

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        variables = environment(**GIT)
        return subprocess.run(
            command, cwd=self.folder, env=variables, check=False, capture_output=True, text=True
        )

    def git(self, *arguments: str | Path) -> str:
        done = self.run("git", *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def release(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run(sys.executable, ".ci/release.py", *arguments)

    def published(self) -> dict[str, str]:
        """Branch or tag of origin → its commit."""
        lines = self.git("ls-remote", self.origin).splitlines()
        return {name: commit for commit, name in map(str.split, lines) if name != "HEAD"}

    def read(self, name: str) -> str:
        return (self.folder / name).read_text("utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        assert old in self.read(name)
        (self.folder / name).write_text(self.read(name).replace(old, new), "utf-8")


@pytest.fixture
def checkout(unpacked_sdist: Path, tmp_path: Path) -> Checkout:
    """Of a repository with the files of this one, and nothing released."""
    checkout = Checkout(tmp_path / "checkout", tmp_path / "origin.git")
    shutil.copytree(unpacked_sdist, checkout.folder, ignore=shutil.ignore_patterns(".editable", "PKG-INFO"))
    (checkout.folder / "CHANGELOG.md").write_text(SMALL_CHANGELOG, "utf-8")
    checkout.git("init", "--quiet", "--initial-branch", "main")
    checkout.git("add", "--all")
    checkout.git("commit", "--quiet", "--message", "Begin")
    checkout.git("clone", "--quiet", "--bare", checkout.folder, checkout.origin)
    checkout.git("remote", "add", "origin", checkout.origin)
    return checkout


def refusal(checkout: Checkout, *arguments: str) -> str:
    """The error message of a release that is refused, and that changes nothing."""
    before = checkout.published(), checkout.git("rev-parse", "HEAD"), checkout.git("status", "--porcelain")
    refused = checkout.release(*arguments)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert before == (
        checkout.published(),
        checkout.git("rev-parse", "HEAD"),
        checkout.git("status", "--porcelain"),
    )
    return refused.stderr


@pytest.mark.slow
def test_one_command_commits_tags_and_pushes(checkout: Checkout) -> None:
    released = checkout.release("7.8.9")
    assert released.returncode == 0, released.stderr
    commit = checkout.git("rev-parse", "HEAD")
    assert checkout.published() == {
        "refs/heads/main": commit,
        "refs/tags/v7.8.9": checkout.git("rev-parse", "v7.8.9"),
        "refs/tags/v7.8.9^{}": commit,
    }
    assert checkout.git("status", "--porcelain") == ""
    assert checkout.git("show", "--format=%s", "--name-only").split("\n") == [
        "Release 7.8.9",
        "",
        "CHANGELOG.md",
        "fakeserver/__init__.py",
    ]
    assert '\n__version__ = "7.8.9"\n' in checkout.read("fakeserver/__init__.py")


@pytest.mark.slow
def test_the_changes_that_were_not_released_become_those_of_the_version(checkout: Checkout) -> None:
    assert checkout.release("7.8.9").returncode == 0
    today = str(datetime.now(UTC).date())
    changelog = checkout.read("CHANGELOG.md")
    assert HEADING.findall(changelog)[:2] == [("Unreleased", ""), ("7.8.9", today)]
    assert f"## [Unreleased]\n\n## [7.8.9] - {today}\n\n### Added\n" in changelog
    assert (
        f"[Unreleased]: {REPOSITORY}/compare/v7.8.9...HEAD\n[7.8.9]: {REPOSITORY}/releases/tag/v7.8.9\n"
        in changelog
    )
    # The next release needs changes of its own, and links to this one.
    assert "says nothing" in refusal(checkout, "7.9.0")
    checkout.change("CHANGELOG.md", "## [Unreleased]\n", "## [Unreleased]\n\n### Fixed\n\n- A bug.\n")
    checkout.git("commit", "--all", "--quiet", "--message", "Fix a bug")
    checkout.git("push", "--quiet", "origin", "main")
    assert checkout.release("7.9.0").returncode == 0
    links = re.findall(r"^\[(.+)\]: (.+)$", checkout.read("CHANGELOG.md"), re.MULTILINE)
    assert links[:3] == [
        ("Unreleased", f"{REPOSITORY}/compare/v7.9.0...HEAD"),
        ("7.9.0", f"{REPOSITORY}/releases/tag/v7.9.0"),
        ("7.8.9", f"{REPOSITORY}/releases/tag/v7.8.9"),
    ]


@pytest.mark.slow
def test_a_release_that_would_be_wrong_is_refused(checkout: Checkout) -> None:
    assert "'1.0' is not a version" in refusal(checkout, "1.0")

    checkout.change("README.md", "a", "b")
    assert "there are uncommitted changes" in refusal(checkout, "7.8.9")

    checkout.git("commit", "--all", "--quiet", "--message", "Not pushed")
    assert "main is not the same as origin's" in refusal(checkout, "7.8.9")

    checkout.git("push", "--quiet", "origin", "main")
    checkout.git("switch", "--quiet", "--create", "topic")
    assert "releases are made on the branch main" in refusal(checkout, "7.8.9")

    checkout.git("switch", "--quiet", "main")
    checkout.git("tag", "v7.8.9")
    assert "7.8.9 is released already" in refusal(checkout, "7.8.9")


@pytest.mark.slow
def test_a_push_that_is_rejected_says_how_to_start_again(checkout: Checkout) -> None:
    (checkout.origin / "hooks" / "update").write_text("#!/bin/sh\nexit 1\n")
    (checkout.origin / "hooks" / "update").chmod(0o755)
    before = checkout.published()
    rejected = checkout.release("7.8.9")
    assert rejected.returncode == 1
    assert checkout.published() == before
    undo = rejected.stderr.strip().rpartition(": ")[2]
    for command in undo.split(" && "):
        checkout.git(*command.split()[1:])
    assert checkout.git("tag", "--list") == ""
    assert f'__version__ = "{__version__}"' in checkout.read("fakeserver/__init__.py")


@pytest.mark.slow
def test_a_tag_that_does_not_agree_with_the_files_cannot_be_published(checkout: Checkout) -> None:
    assert checkout.release("7.8.9").returncode == 0
    assert checkout.release("--check", "v7.8.9").returncode == 0
    assert "the tag is v7.8.8, but the version in __init__.py is 7.8.9" in refusal(
        checkout, "--check", "v7.8.8"
    )
    assert "the tag is 7.8.9, but" in refusal(checkout, "--check", "7.8.9")
    changelog = checkout.read("CHANGELOG.md")
    today = str(datetime.now(UTC).date())
    for old, new, message in (
        ("## [7.8.9]", "## [7.8.8]", "the newest release in CHANGELOG.md should be [7.8.9]"),
        (f"[7.8.9] - {today}", "[7.8.9]", "[7.8.9] in CHANGELOG.md has no date"),
        (f"- {today}\n", f"- {today}\n\n## [0.0.1] - 2020-01-01\n", "[7.8.9] in CHANGELOG.md says nothing"),
    ):
        (checkout.folder / "CHANGELOG.md").write_text(changelog, "utf-8")
        checkout.change("CHANGELOG.md", old, new)
        assert message in refusal(checkout, "--check", "v7.8.9")


# The workflow


@pytest.mark.slow
def test_the_workflow_builds_the_release_from_its_tag(checkout: Checkout, tmp_path: Path) -> None:
    for tool in ("build", "twine"):
        needs_tool(tool)
    assert checkout.release("7.8.9").returncode == 0
    tagged, venv = tmp_path / "tagged", tmp_path / "venv"
    checkout.git("clone", "--quiet", "--branch", "v7.8.9", checkout.origin, tagged)
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    variables = {name: value for name, value in environment().items() if name != "PYTHONPATH"}
    for command in commands(RELEASE["jobs"]["build"]):
        step = subprocess.run(
            ["bash", "-e", "-c", command],
            cwd=tagged,
            env={**variables, "PATH": f"{venv}/bin:{os.environ['PATH']}", "GITHUB_REF_NAME": "v7.8.9"},
            check=False,
            capture_output=True,
            text=True,
        )
        assert step.returncode == 0, step.stdout + step.stderr
    sdist, wheel = sorted((tagged / "dist").iterdir(), key=lambda path: path.suffix)
    assert (sdist.name, wheel.name) == (
        "mydnspanel_fakeserver-7.8.9.tar.gz",
        "mydnspanel_fakeserver-7.8.9-py3-none-any.whl",
    )
    assert "CHANGELOG.md" in sdist_files(sdist)
    metadata = wheel_contents(wheel)["mydnspanel_fakeserver-7.8.9.dist-info/METADATA"].decode()
    assert "\nVersion: 7.8.9\n" in metadata
