"""Writes what is generated in README.md and docs/: `python -m tests.docs.generate`.

A page marks the place of a generated text with two comments, of which the first names it:

    <!-- generated: codes of send -->
    <!-- end of generated text -->

The outputs of the commands in `console` blocks are written too. A test compares the pages with the result.
"""

import asyncio
import re
from collections.abc import Iterable, Iterator
from typing import Any

from tests.docs import facts, sessions
from tests.docs.markdown import PAGES, read
from tests.docs.mistakes import mistakes
from tests.source import ROOT

PROTOCOL = "docs/protocol.md"
PLACE = re.compile(r"(<!-- generated: (.+?) -->\n).*?(<!-- end of generated text -->\n)", re.DOTALL)

Rows = Iterable[Iterable[object]]


def generated(page: str) -> str:
    """The page with its generated texts made anew."""
    text = with_new_rules(read(page)) if page == PROTOCOL else read(page)
    return PLACE.sub(lambda match: f"{match[1]}\n{text_of(match[2])}\n{match[3]}", text)


def text_of(name: str) -> str:
    """The generated text of that name, such as `codes of send`."""
    kind, _, subject = name.partition(" of ")
    return "".join(f"{line}\n" for line in TEXTS[kind](subject))


def table(head: Iterable[str], rows: Rows) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'|'.join('---' for _ in head)}|"
    for row in rows:
        yield f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in row)} |"


def code(value: object) -> str:
    return f"`{value}`"


# protocol.md


def with_new_rules(text: str) -> str:
    """The page with a first version of the row of each rule that has none. It is then improved by hand."""
    for rule in facts.RULES.values():
        if not re.search(rf"^\| {rule.id} \|", text, re.MULTILINE):
            before = re.search(rf"^\| {facts.rule_before(rule.id)} \|.*\n", text, re.MULTILINE)
            if before is None:
                raise LookupError(f"{PROTOCOL} has no row for {rule.id}, nor for the rule before it")
            codes = ", ".join(map(str, sorted(facts.RULE_CODES.get(rule.id, ()))))
            column = [codes] if before[0].count("|") > len("||||") else []
            cells = [rule.id, str(rule.evidence), *column, rule.text]
            text = text[: before.end()] + f"| {' | '.join(cells)} |\n" + text[before.end() :]
    return text


def rule_counts(_: str) -> Iterator[str]:
    counts = facts.evidence_counts()
    labels = ", ".join(f"{counts[label]} {label}" for label in ("stated", "observed", "assumed"))
    yield f"{len(facts.RULES)} rules: {labels}."


def parameters(_: str) -> Iterator[str]:
    yield from table(("action", "parameter", "required", "value"), _parameters())


def _parameters() -> Iterator[tuple[str, str, str, str]]:
    for action, names in facts.PARAMETERS.items():
        schema = facts.request_schema(action)
        for name in names:
            required = "yes" if name in schema["required"] else "no"
            title = facts.parameter_title(action, name)
            yield code(action), code(name), required, title.removesuffix(" or an absent value")
        if not names:
            yield code(action), "none", "", ""


def timelines(_: str) -> Iterator[str]:
    pairs = ("(0,-1)", "(1,-1)", "(2,-1)", "(2,0)", "(2,1)", "(2,3)")
    rows = []
    for name, timeline in facts.TIMELINES.items():
        for kind, offsets in (("ordinary", timeline.ordinary), ("pattern", timeline.pattern)):
            seconds = [f"{offset / 1000:g}" for offset in offsets]
            rows.append([code(name), kind, *[""] * (len(pairs) - len(seconds)), *seconds])
    yield from table(("timeline", "messages", *pairs), rows)


# codes.md


def codes(subject: str) -> Iterator[str]:
    """The codes of the gate, of an action, or of an operation within one, in the order of the checks."""
    catalogue = facts.catalogue()
    if subject in ("gate", "phonebook", "fields"):
        rows = catalogue[subject]
    else:
        action = "unknownAction" if subject == "an unknown action" else subject
        rows = [row for row in catalogue["results"] if row["action"] == action]
    yield from table(("code", "meaning", "when", "rule", "evidence"), map(_code_row, rows))


def _code_row(row: dict[str, Any]) -> tuple[object, ...]:
    known = [str(row[label]) for label in ("stated", "observed", "assumed") if row.get(label)]
    meaning, *conditions = known
    return code(row["code"]), meaning, "; ".join(conditions), row["rule"], row["evidence"]


def processing_statuses(_: str) -> Iterator[str]:
    yield from _statuses("processing_statuses")


def send_statuses(_: str) -> Iterator[str]:
    yield from _statuses("send_statuses")


def _statuses(name: str) -> Iterator[str]:
    rows = facts.catalogue()[name]
    yield from table(("status", "meaning"), ((code(row["code"]), row["stated"]) for row in rows))


def pairs_of_statuses(_: str) -> Iterator[str]:
    rows = (
        (pair_text(pair), word, ", ".join(map(pair_text, facts.TRANSITIONS[pair])) or "final")
        for pair, word in facts.STATUS_WORDS.items()
    )
    yield from table(("pair", "`status`", "can be followed by"), rows)


def pair_text(pair: tuple[int, int]) -> str:
    return f"({int(pair[0])},{int(pair[1])})"


def reserved_codes(_: str) -> Iterator[str]:
    rows = (
        (code(action), ", ".join(code(f"{facts.PREFIX}{number}") for number in numbers))
        for action, numbers in facts.RESERVED_CODES.items()
    )
    yield from table(
        ("action", "receivers that are answered with the error code in their last three digits"), rows
    )


# configuration.md


def serve_options(_: str) -> Iterator[str]:
    rows = []
    for option in facts.serve_options():
        value = "" if option.rule.get("type") == "boolean" else f" {option.metavar}"
        names = [f"{name}{value}" for name in (option.short, option.flag) if name]
        default = {True: "on", False: "off", None: "", (): ""}.get(option.default, option.default)
        rows.append(
            (
                ", ".join(map(code, names)),
                code(option.variable),
                code(default) if default else "",
                option.help,
            )
        )
    yield from table(("option", "variable", "default", "meaning"), rows)


def settings(group: str) -> Iterator[str]:
    rows = [
        (
            code(one.name),
            code(one.default) if len(one.default) <= LONGEST_DEFAULT else LONG_DEFAULT,
            one.meaning,
        )
        for one in facts.settings()
        if one.group == group
    ]
    if not rows:
        raise LookupError(f"the sample configuration has no group of settings {group!r}")
    yield from table(("setting", "default", "meaning"), rows)


LONGEST_DEFAULT = 60
LONG_DEFAULT = "[see below](#what-every-account-begins-with)"


def switches(_: str) -> Iterator[str]:
    """The settings that change a rule, with the rules that name them."""
    rules: dict[str, list[str]] = {}
    for rule in facts.RULES.values():
        if rule.switch:
            rules.setdefault(rule.switch, []).append(rule.id)
    yield from table(("setting", "rules"), ((code(name), ", ".join(ids)) for name, ids in rules.items()))


# control-api.md


def routes(subject: str) -> Iterator[str]:
    """The routes of the server as a whole, or of an account, with their summaries."""
    prefix = "/_fake/accounts/{key}"
    rows = [
        (code(f"{method.upper()} {path}"), methods[method]["summary"])
        for path, methods in facts.served().openapi["paths"].items()
        if path.startswith(prefix) is (subject == "an account")
        for method in ("get", "post", "put", "patch", "delete")
        if method in methods
    ]
    yield from table(("request", "what it does"), rows)


def query_parameters(subject: str) -> Iterator[str]:
    method = facts.served().openapi["paths"][f"/_fake/{subject}"]["get"]
    rows = ((code(one["name"]), one["description"]) for one in method["parameters"])
    yield from table(("parameter", "meaning"), rows)


# pytest.md


def status_words(_: str) -> Iterator[str]:
    yield ", ".join(map(code, facts.STATUS_WORDS.values()))


# inbox.md


def presets(_: str) -> Iterator[str]:
    yield from (f"* {name}" for name in facts.presets())


# deployment.md


def speed(_: str) -> Iterator[str]:
    """The last whole run of the benchmark."""
    run = facts.benchmark()
    figures = {figure["name"]: figure for figure in run["figures"]}
    yield f"Measured with Python {run['python']} on one core, the clients on others:"
    yield ""
    rows = []
    for name, what in FIGURES.items():
        figure = figures[name]
        note = f" ({figure['note']})" if figure["note"] else ""
        rows.append((what, f"{figure['value']:.3g} {UNITS.get(figure['unit'], figure['unit'])}{note}"))
    yield from table(("what", "figure"), rows)


# Of the benchmark's figures those that users ask for, in their words.
FIGURES = {
    "send, a form": "rate of `send`, beside an aiohttp handler that answers a constant",
    "credit, GET with key": "rate of `credit`, beside the same",
    "from process start to the first reply": "time from the start to the first reply, beside the same",
    "a fresh panel, one send, one read": "a fresh `panel` in a test, with a send and a report",
    "memory of a send that is kept": "memory of a message that is kept",
    "send at the end beside the start": "duration of the last of a million sends, beside the first",
}
UNITS = {"x bare": "times", "x": "times"}


# troubleshooting.md


def common_mistakes(_: str) -> Iterator[str]:
    rows = [(one.title, f"{code(one.result)} ({one.rule})", one.reason, one.correction) for one in mistakes()]
    yield from table(("mistake", "result (rule)", "reason", "correction"), rows)


TEXTS = {
    "rule-counts": rule_counts,
    "parameters": parameters,
    "timelines": timelines,
    "codes": codes,
    "processing-statuses": processing_statuses,
    "send-statuses": send_statuses,
    "pairs": pairs_of_statuses,
    "reserved-codes": reserved_codes,
    "options": serve_options,
    "settings": settings,
    "switches": switches,
    "status-words": status_words,
    "presets": presets,
    "speed": speed,
    "routes": routes,
    "query-parameters": query_parameters,
    "mistakes": common_mistakes,
}


def main() -> None:
    for page in PAGES:
        (ROOT / page).write_text(generated(page), "utf-8")
        (ROOT / page).write_text(asyncio.run(sessions.written(page)), "utf-8")


if __name__ == "__main__":
    main()
