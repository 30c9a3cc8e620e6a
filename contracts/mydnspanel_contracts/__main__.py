"""`python -m mydnspanel_contracts` runs the command `mydnspanel-contracts`."""

import sys

from mydnspanel_contracts.commands import main

sys.exit(main())
