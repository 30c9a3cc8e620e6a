"""`python -m fakeserver` is the command `fakeserver`."""

import sys

from fakeserver.cli import main

sys.exit(main())
