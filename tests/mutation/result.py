"""The result of the last whole run, and the list of equivalent mutants.

A mutant that survives is listed in `equivalent.toml` with the reason why no user can notice it. It is
identified by its file, its function and the lines that differ, because mutmut's numbers change with the
function.
"""

import json
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
RESULT = HERE / "result.json"
EQUIVALENT = HERE / "equivalent.toml"
KILLED_MIN = 0.95


class Mutant(NamedTuple):
    """`id` is mutmut's name; `was` and `becomes` are the lines that differ, without indentation."""

    id: str
    file: str
    function: str
    number: int
    was: str
    becomes: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.file, self.function, self.was, self.becomes

    def __str__(self) -> str:
        return f"{self.file} {self.function}\n    - {self.was}\n    + {self.becomes}"


def reasons() -> dict[tuple[str, str, str, str], str]:
    """Why each listed mutant is equivalent, by its key."""
    listed = tomllib.loads(EQUIVALENT.read_text("utf-8"))["mutant"]
    return {(one["file"], one["function"], one["was"], one["becomes"]): one["reason"] for one in listed}


def load_result() -> Any:
    return json.loads(RESULT.read_text("utf-8"))
