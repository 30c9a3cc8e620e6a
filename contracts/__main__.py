"""`python -m contracts verify URL …` and `python -m contracts check-log FILE …`."""

import sys

from contracts.commands import main

sys.exit(main(sys.argv[1:]))
