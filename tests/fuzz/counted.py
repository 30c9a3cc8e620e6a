"""The command `fakeserver`, which tells how many pieces of memory live in it: `python -m tests.fuzz.counted`.

At SIGUSR2 it writes the number into the file that COUNTED names.
"""

import os
import signal
import sys
from pathlib import Path

from fakeserver.cli import main


def _tell(*_: object) -> None:
    file = Path(os.environ["COUNTED"])
    beside = file.with_suffix(".new")
    beside.write_text(str(sys.getallocatedblocks()), "ascii")
    beside.replace(file)


if __name__ == "__main__":
    signal.signal(signal.SIGUSR2, _tell)
    sys.exit(main())
