"""What is wrong with a request or a reply, as values and in words. Nothing here knows JSON Schema."""

import json
from typing import NamedTuple

SHOWN_PROBLEMS = 10
SHOWN_CHARACTERS = 80


class Problem(NamedTuple):
    """One thing that is wrong.

    `path` names the place, as in `$.data.receivers[0].sendStatus`; a member that is missing is named as if
    it were there. `message` says what is wrong there, and `value` is what was found (None for a member
    that is missing).
    """

    path: str
    message: str
    value: object

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class ContractViolation(ValueError):
    """A request or a reply that the protocol does not allow.

    `subject` names what was looked at ("reply to send"), `problems` holds at least one problem. Their order
    does not depend on the order of the members: the ones nearest to the top come first (a wrong `result`
    before all), then by path.
    """

    def __init__(self, subject: str, problems: tuple[Problem, ...]) -> None:
        super().__init__(subject, problems)
        self.subject = subject
        self.problems = problems

    def __str__(self) -> str:
        lines = [str(problem) for problem in self.problems[:SHOWN_PROBLEMS]]
        if hidden := len(self.problems) - len(lines):
            lines.append(f"… and {hidden} more")
        return "\n  ".join([f"{self.subject}:", *lines]) if len(lines) > 1 else f"{self.subject}: {lines[0]}"


def in_words(path: tuple[str | int, ...]) -> str:
    """The path of a value as it is written in JavaScript: `$.data[0].text`, `$["a b"]`."""
    return "$" + "".join(_step(key) for key in path)


def _step(key: str | int) -> str:
    if isinstance(key, int):
        return f"[{key}]"
    if key.isascii() and key.isidentifier():
        return f".{key}"
    return f"[{json.dumps(key, ensure_ascii=False)}]"


def shown(value: object) -> str:
    """`value` as JSON, so that "1" and 1 look different; a long one is cut short."""
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[: SHOWN_CHARACTERS - 1]}…"
