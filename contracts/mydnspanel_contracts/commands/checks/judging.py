"""How a response is judged."""

from collections.abc import Iterator, Mapping
from typing import Any

from mydnspanel_contracts import iter_reply_problems
from mydnspanel_contracts.commands.checks.check import CheckResult
from mydnspanel_contracts.commands.connection import Response

MAX_BODY_LENGTH = 120


def summarize(response: Response) -> str:
    if response.is_html_page:
        return f"HTTP {response.status}, an HTML page"
    body = " ".join(response.body.split()) or "an empty body"
    return ("" if response.status == 200 else f"HTTP {response.status}, ") + body[:MAX_BODY_LENGTH]


def undecided(reason: str) -> CheckResult:
    return CheckResult(reason, as_expected=None)


def judge_code(response: Response, *codes: str, setting: str = "") -> CheckResult:
    """As expected if the result is one of `codes`. A web server's HTML page settles nothing."""
    if response.is_html_page:
        return undecided(summarize(response))
    as_expected = response.code in codes
    return CheckResult(summarize(response), as_expected, "" if as_expected else setting)


def judge_reply(response: Response, action: str, code: str) -> CheckResult:
    """As expected if the result is `code` and the reply satisfies the schema of the action's replies."""
    result = judge_code(response, code)
    problem = next(iter_reply_problems(action, response.document), None) if result.as_expected else None
    return result if problem is None else CheckResult(f"{result.got}: {problem}", as_expected=False)


def reply_name_setting(member: str, document: Mapping[str, Any]) -> tuple[str, Any]:
    """The setting that names the only number of a reply besides its result, and that number.

    Both are empty if the reply has no such number or several.
    """
    numbers = [(path, number) for path, number in _numbers("", document) if path != "result"]
    if len(numbers) != 1:
        return "", ""
    ((path, number),) = numbers
    return f'reply_names.{member} = "{path}"', number


def _numbers(path: str, value: Any) -> Iterator[tuple[str, int | str]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _numbers(f"{path}.{name}".lstrip("."), item)
    elif isinstance(value, int | str) and str(value).isdecimal():
        yield path, value
