"""Every property with thousands of random examples: `python -m tests.deep [WORDS FOR PYTEST]`.

It takes long, and no two runs are alike. What fails is printed with what repeats it.
"""

import os
import subprocess
import sys

from tests.source import ROOT


def main() -> int:
    words = ["-q", "-n", "auto", "-m", "hypothesis", "-o", "faulthandler_timeout=0", *sys.argv[1:]]
    environment = {**os.environ, "HYPOTHESIS_PROFILE": "deep"}
    return subprocess.run(
        [sys.executable, "-m", "pytest", *words], cwd=ROOT, env=environment, check=False
    ).returncode


if __name__ == "__main__":
    raise SystemExit(main())
