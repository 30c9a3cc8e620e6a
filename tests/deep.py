"""Runs every property with thousands of random examples: `python -m tests.deep [PYTEST ARGUMENTS]`.

It takes long, and no two runs are the same. A failure is printed with what repeats it.
"""

import os
import subprocess
import sys

from tests.source import ROOT


def main() -> int:
    arguments = ["-q", "-n", "auto", "-m", "hypothesis", "-o", "faulthandler_timeout=0", *sys.argv[1:]]
    variables = {**os.environ, "HYPOTHESIS_PROFILE": "deep"}
    return subprocess.run(
        [sys.executable, "-m", "pytest", *arguments], cwd=ROOT, env=variables, check=False
    ).returncode


if __name__ == "__main__":
    raise SystemExit(main())
