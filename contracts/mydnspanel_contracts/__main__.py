"""`python -m mydnspanel_contracts` is the command `mydnspanel-contracts`."""

import sys

from mydnspanel_contracts.commands import main

sys.exit(main())
