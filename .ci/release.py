#!/usr/bin/env python3
"""Release this project: `python .ci/release.py VERSION`, on an up-to-date main branch without local changes.

The version is written into `fakeserver/__init__.py`, and the [Unreleased] section of `CHANGELOG.md` becomes
that of the version. Both are committed and tagged, and the branch is pushed together with the tag. The tag
starts `.github/workflows/release.yml`, which tests, builds and publishes.

`python .ci/release.py --check TAG` checks that the tag, the version and `CHANGELOG.md` agree.
"""

import argparse
import re
import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
INIT, CHANGELOG, PROJECT = ROOT / "fakeserver" / "__init__.py", ROOT / "CHANGELOG.md", ROOT / "pyproject.toml"
VERSION = re.compile(r"\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?")
VERSION_LINE = re.compile(r'^__version__ = "(.*)"$', re.MULTILINE)
UNRELEASED = "Unreleased"
BRANCH = "main"


class Refused(Exception):
    """The release cannot be made; the message says what to do."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="release.py", description=__doc__)
    wanted = parser.add_mutually_exclusive_group(required=True)
    wanted.add_argument("version", nargs="?", metavar="VERSION", help="the version to release, such as 0.2.0")
    wanted.add_argument("--check", metavar="TAG", help="check that this tag can be published")
    options = parser.parse_args()
    try:
        check(options.check) if options.check else release(options.version)
    except Refused as refused:
        print(f"release: {refused}", file=sys.stderr)
        return 1
    return 0


def release(version: str) -> None:
    if not VERSION.fullmatch(version):
        raise Refused(f"{version!r} is not a version such as 0.2.0 or 1.0.0rc1")
    tag = f"v{version}"
    if git("status", "--porcelain"):
        raise Refused("there are uncommitted changes: commit or stash them first")
    if git("branch", "--show-current") != BRANCH:
        raise Refused(f"releases are made on the branch {BRANCH}: git switch {BRANCH}")
    git("fetch", "--quiet", "--tags", "origin", BRANCH)
    if git("rev-parse", "HEAD") != git("rev-parse", "FETCH_HEAD"):
        raise Refused(f"{BRANCH} is not the same as origin's: pull, push, and wait for CI first")
    if git("tag", "--list", tag):
        raise Refused(f"{version} is released already: there is a tag {tag}")
    write_changelog(version)
    write_version(version)
    git("commit", "--quiet", "--message", f"Release {version}", str(INIT), str(CHANGELOG))
    git("tag", "--annotate", "--message", f"Release {version}", tag)
    try:
        git("push", "--quiet", "--atomic", "origin", BRANCH, tag)
    except Refused as refused:
        undo = f"git tag --delete {tag} && git reset --hard origin/{BRANCH}"
        raise Refused(f"{refused}\nnothing was pushed; to undo the commit and the tag: {undo}") from None
    print(f"{tag} is pushed; the workflow `Release` tests, builds and publishes it")


def check(tag: str) -> None:
    version = tag.removeprefix("v")
    if tag != f"v{current_version()}":
        raise Refused(f"the tag is {tag}, but the version in {INIT.name} is {current_version()}")
    headings = re.findall(r"^## \[(.+?)\](.*)$", CHANGELOG.read_text("utf-8"), re.MULTILINE)
    if [name for name, _ in headings[:2]] != [UNRELEASED, version]:
        raise Refused(f"the newest release in {CHANGELOG.name} should be [{version}], below [{UNRELEASED}]")
    if not re.fullmatch(r" - \d{4}-\d\d-\d\d", headings[1][1]):
        raise Refused(f"[{version}] in {CHANGELOG.name} has no date: ## [{version}] - YYYY-MM-DD")
    if not changes(version):
        raise Refused(f"[{version}] in {CHANGELOG.name} says nothing")
    print(f"{tag} can be published")


def current_version() -> str:
    found = VERSION_LINE.search(INIT.read_text("utf-8"))
    if found is None:
        raise Refused(f'{INIT.name} has no line such as __version__ = "0.2.0"')
    return found[1]


def write_version(version: str) -> None:
    INIT.write_text(VERSION_LINE.sub(f'__version__ = "{version}"', INIT.read_text("utf-8")), "utf-8")


def changes(section: str) -> str:
    """What this section of CHANGELOG.md says, without its heading."""
    _, _, rest = CHANGELOG.read_text("utf-8").partition(f"\n## [{section}]")
    return re.split(r"^(?:## |\[.+\]: )", rest.partition("\n")[2], maxsplit=1, flags=re.MULTILINE)[0].strip()


def write_changelog(version: str) -> None:
    """Give the changes that are not released yet the version and today's date, in UTC."""
    if not changes(UNRELEASED):
        raise Refused(f"[{UNRELEASED}] in {CHANGELOG.name} says nothing: there is nothing to release")
    repository = tomllib.loads(PROJECT.read_text("utf-8"))["project"]["urls"]["Homepage"]
    links = (
        f"[{UNRELEASED}]: {repository}/compare/v{version}...HEAD\n"
        f"[{version}]: {repository}/releases/tag/v{version}\n"
    )
    text = CHANGELOG.read_text("utf-8")
    heading = f"## [{UNRELEASED}]\n"
    text = text.replace(heading, f"{heading}\n## [{version}] - {datetime.now(UTC).date()}\n", 1)
    CHANGELOG.write_text(re.sub(rf"^\[{UNRELEASED}\]: .*\n", links, text, flags=re.MULTILINE), "utf-8")


def git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refused(f"git {arguments[0]} failed: {done.stderr.strip()}")
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
