"""The programs that judge what is packaged. They come with the extras `dev` and `release`."""

import os
from importlib.metadata import PackageNotFoundError, version

import pytest


def needs_tool(distribution: str) -> None:
    """Skip the test where this distribution is not installed, or fail it if REQUIRE_TOOLS=1."""
    try:
        version(distribution)
    except PackageNotFoundError:
        missing = f"{distribution} is not installed: pip install -e '.[dev,release]'"
        if os.environ.get("REQUIRE_TOOLS") == "1":
            pytest.fail(missing, pytrace=False)
        pytest.skip(missing)
