"""Running the command `mydnspanel-contracts verify` in the test process."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from mydnspanel_contracts.commands import main

KEY = "a-key+of/a?kind&that%is=awkward"


@dataclass
class VerifyRun:
    """The exit status and the output of a run."""

    status: int
    output: str
    error_output: str

    @property
    def document(self) -> Any:
        return json.loads(self.output)

    def check(self, name: str) -> dict[str, str]:
        """The row of a check in the JSON output."""
        (row,) = [row for row in self.document["checks"] if row["check"] == name]
        return dict(row)

    def verdict(self, check: str) -> str:
        return self.check(check)["verdict"]


class VerifyCommand:
    """Runs the command and asserts that it does not print the key."""

    def __init__(self, capfd: pytest.CaptureFixture[str]) -> None:
        self._capfd = capfd

    def __call__(self, *arguments: str) -> VerifyRun:
        status = main(["verify", *arguments])
        output, error_output = self._capfd.readouterr()
        assert KEY not in output + error_output
        return VerifyRun(status, output, error_output)

    def error(self, *arguments: str) -> str:
        """The one line on standard error of a run that ends with exit status 2."""
        run = self(*arguments)
        assert (run.status, run.output) == (2, "")
        assert run.error_output.startswith("mydnspanel-contracts: ")
        assert run.error_output.count("\n") == 1
        return run.error_output
