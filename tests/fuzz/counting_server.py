"""The command `fakeserver`, which counts its living memory blocks: `python -m tests.fuzz.counting_server`.

On SIGUSR2 it writes their number into the file that the environment variable BLOCKS_FILE names.
"""

import os
import signal
import sys
from pathlib import Path

from fakeserver.cli import main


def _write_count(*_: object) -> None:
    file = Path(os.environ["BLOCKS_FILE"])
    new = file.with_suffix(".new")
    new.write_text(str(sys.getallocatedblocks()), "ascii")
    new.replace(file)


if __name__ == "__main__":
    signal.signal(signal.SIGUSR2, _write_count)
    sys.exit(main())
