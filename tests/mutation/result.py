"""What a run of the mutants found, as it is kept, and the mutants that are no different from the program.

A mutant that survives is listed in `equivalent.toml` with the reason why no user can tell it from the
program. It is named by its file, its function and what its line was and becomes, because mutmut's
numbers move with every change of a function.
"""

import json
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
RESULT = HERE / "result.json"
EQUIVALENT = HERE / "equivalent.toml"
ENOUGH = 0.95


class Mutant(NamedTuple):
    """`id` is mutmut's name for it; `was` and `becomes` are the lines that differ, without indentation."""

    id: str
    file: str
    function: str
    number: int
    was: str
    becomes: str

    @property
    def place(self) -> tuple[str, str, str, str]:
        return self.file, self.function, self.was, self.becomes

    def __str__(self) -> str:
        return f"{self.file} {self.function}\n    - {self.was}\n    + {self.becomes}"


def reasons() -> dict[tuple[str, str, str, str], str]:
    """Why each listed mutant is equivalent, by its place."""
    listed = tomllib.loads(EQUIVALENT.read_text("utf-8"))["mutant"]
    return {(one["file"], one["function"], one["was"], one["becomes"]): one["reason"] for one in listed}


def kept() -> Any:
    return json.loads(RESULT.read_text("utf-8"))
