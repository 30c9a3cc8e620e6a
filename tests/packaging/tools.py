"""The programs that judge what is packaged. They come with the extras `dev` and `release`."""

import os
from importlib.util import find_spec

import pytest


def needs_tool(module: str) -> None:
    """Skip the test where this module is not installed, or fail it if REQUIRE_TOOLS=1."""
    if find_spec(module) is None:
        missing = f"{module} is not installed: pip install -e '.[dev,release]'"
        if os.environ.get("REQUIRE_TOOLS") == "1":
            pytest.fail(missing, pytrace=False)
        pytest.skip(missing)
