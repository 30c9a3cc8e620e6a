"""The programs that judge what is packaged. Those in Python come with the extras `dev` and `release`."""

import os
import shutil
from importlib.metadata import PackageNotFoundError, version

import pytest


def needs_tool(distribution: str) -> None:
    """Skip the test if this distribution is not installed, or fail it if REQUIRE_TOOLS=1."""
    try:
        version(distribution)
    except PackageNotFoundError:
        _missing(f"{distribution} is not installed: pip install -e '.[dev,release]'")


def needs_node() -> None:
    """The same for Node.js."""
    if shutil.which("node") is None:
        _missing("the command node is missing: in Debian apt-get install nodejs")


def _missing(message: str) -> None:
    if os.environ.get("REQUIRE_TOOLS") == "1":
        pytest.fail(message, pytrace=False)
    pytest.skip(message)
