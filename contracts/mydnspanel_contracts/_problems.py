"""Problems found in a request or a reply, as values and as text. Nothing here depends on JSON Schema."""

import json
from typing import NamedTuple

MAX_LISTED_PROBLEMS = 10
MAX_VALUE_LENGTH = 80


class Problem(NamedTuple):
    """One problem in a request or a reply.

    `path` is the place, for example `$.data.receivers[0].sendStatus`. The path of a missing member is the one
    it would have. `message` says what is wrong there. `value` is the value found, or None if the member is
    missing.
    """

    path: str
    message: str
    value: object

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class ContractViolation(ValueError):
    """A request or a reply that the protocol does not allow.

    `subject` names what was validated ("reply to send"). `problems` holds at least one problem. Problems
    nearest to the top come first (a wrong `result` before all others), then they are sorted by path, so their
    order does not depend on the order of the members.
    """

    def __init__(self, subject: str, problems: tuple[Problem, ...]) -> None:
        super().__init__(subject, problems)
        self.subject = subject
        self.problems = problems

    def __str__(self) -> str:
        lines = [str(problem) for problem in self.problems[:MAX_LISTED_PROBLEMS]]
        if omitted := len(self.problems) - len(lines):
            lines.append(f"… and {omitted} more")
        return "\n  ".join([f"{self.subject}:", *lines]) if len(lines) > 1 else f"{self.subject}: {lines[0]}"


def format_path(path: tuple[str | int, ...]) -> str:
    """Write the path of a value as JavaScript does: `$.data[0].text`, `$["a b"]`."""
    return "$" + "".join(_format_step(key) for key in path)


def _format_step(key: str | int) -> str:
    if isinstance(key, int):
        return f"[{key}]"
    if key.isascii() and key.isidentifier():
        return f".{key}"
    return f"[{json.dumps(key, ensure_ascii=False)}]"


def format_value(value: object) -> str:
    """Write `value` as JSON, so that "1" and 1 look different. Long values are shortened."""
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= MAX_VALUE_LENGTH else f"{text[: MAX_VALUE_LENGTH - 1]}…"
