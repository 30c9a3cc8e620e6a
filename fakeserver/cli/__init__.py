"""The command line: `fakeserver [serve]`, `exec`, `wait` and `init`. docs/configuration.md describes it."""

from fakeserver.cli.commands import COMMANDS, main

__all__ = ["COMMANDS", "main"]
