"""What the pages are generated from and compared with: the data of the three packages and a server's answers.

The one place of these tests that knows where the data is.
"""

import json
import re
import tomllib
from collections import Counter
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple
from urllib.request import Request, urlopen

import mydnspanel_contracts as contracts

from fakeserver.account import account, fault_rules, inbound, journal
from fakeserver.cli.options import CONFIG, Option, ServeOptions, options
from fakeserver.notation import strict_json
from fakeserver.spec import codes
from fakeserver.spec.lifecycle import STATUS_WORDS, TRANSITIONS
from fakeserver.spec.outcomes import Outcome
from fakeserver.spec.parameters import PARAMETERS
from fakeserver.spec.reserved import CODES as RESERVED_CODES, OUTCOMES, PREFIX
from fakeserver.spec.rules import RULES, Rule
from fakeserver.spec.timelines import TIMELINES
from fakeserver.web.control import query
from fakeserver.web.events import limits as events
from fakeserver.web.http import protocol
from fakeserver.wire import decode, multipart
from tests.command import request, run, started
from tests.source import ROOT

__all__ = [
    "ACTIONS",
    "OUTCOMES",
    "PARAMETERS",
    "PREFIX",
    "RESERVED_CODES",
    "RULES",
    "STATUS_WORDS",
    "TIMELINES",
    "TRANSITIONS",
    "Rule",
]

ACTIONS = codes.RESULT_CODES
_ROWS = [*codes.GATE, *codes.PHONE_BOOK, *codes.FIELDS, codes.X7, *chain(*codes.RESULT_CODES.values())]
RULE_CODES = {
    rule: {row.code for row in _ROWS if row.rule == rule} for rule in dict.fromkeys(row.rule for row in _ROWS)
}


def rule_before(rule: str) -> str:
    """The rule that is checked or listed before this one."""
    checked = next((rows for rows in ACTIONS.values() if rule in {row.rule for row in rows}), None)
    order = list(dict.fromkeys(row.rule for row in checked)) if checked else list(RULES)
    return order[order.index(rule) - 1]


# Outcome → the pair in which it ends or stays. Two have another word than that pair, and a scheduled message
# goes on from its pair.
_WORD_OF = {"unreached": "returned", "held": "awaiting"}
END_OF = {
    str(outcome): next(
        f"{int(pair[0])},{int(pair[1])}"
        for pair, word in STATUS_WORDS.items()
        if word == _WORD_OF.get(outcome, outcome)
    )
    for outcome in Outcome
}


def evidence_counts() -> Counter[str]:
    return Counter(str(rule.evidence) for rule in RULES.values())


def catalogue() -> dict[str, Any]:
    """Every code and status with its meaning, as the contracts have them."""
    return contracts.catalogue()


def request_schema(action: str) -> dict[str, Any]:
    return _schema("requests", action)


def parameter_title(action: str, name: str) -> str:
    """What a parameter's value should be, in the words that complete "this value is not …"."""
    member = request_schema(action)["properties"][name]
    shared = _schema("shared", "parameters")["$defs"].get(member.get("$ref", "").rpartition("/")[2], {})
    title: str = member.get("title") or shared.get("title", "anything; it is ignored")
    return title


@cache
def _schema(folder: str, name: str) -> dict[str, Any]:
    path = Path(contracts.__file__).parent / "schemas" / folder / f"{name}.json"
    document: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return document


def serve_options() -> tuple[Option, ...]:
    """Every option of serve."""
    return (*options(), CONFIG)


class Setting(NamedTuple):
    """A setting of an account, as the sample configuration describes it."""

    group: str
    name: str
    default: str
    meaning: str


@cache
def sample() -> str:
    """What `fakeserver init` writes."""
    return run("init", "-").stdout


def settings() -> list[Setting]:
    """Every setting of an account but its key, in the order of the sample configuration."""
    found: list[Setting] = []
    group = ""
    text = sample().partition("[[accounts]]")[2]
    for comment, name, value in re.findall(
        r"((?:^#.*\n)+)\n?(?:(\w+) = ((?:.*\n)(?:^[ \]].*\n)*))?", text, re.MULTILINE
    ):
        words = " ".join(line.removeprefix("#").strip() for line in comment.splitlines())
        if not name:
            group = words.rstrip(".")
        elif name != "key":
            default = " ".join(line.strip() for line in value.splitlines())
            found.append(Setting(group, name, default, words))
    return found


def default_settings() -> dict[str, Any]:
    account: dict[str, Any] = tomllib.loads(sample())["accounts"][0]
    return account


class Served(NamedTuple):
    """What a server without a configuration has: its OpenAPI document, its accounts, the first one first, and
    what is special in the headers of a reply that a fault has changed.
    """

    openapi: dict[str, Any]
    accounts: list[dict[str, Any]]
    headers: set[str]


@cache
def served() -> Served:
    with started() as server:
        request(f"{server.url}/_fake/accounts/test-key/faults", b'{"then": {"body": "empty"}}')
        url, key = f"{server.url}/webservice/server", {"Authorization": "test-key"}
        with urlopen(Request(url, b"action=credit", key), timeout=10) as reply:  # noqa: S310 - it is ours
            headers = {name for name in reply.headers if name.startswith("X-Fake-")}
        return Served(
            request(f"{server.url}/_fake/openapi.json"),
            request(f"{server.url}/_fake/accounts")["accounts"],
            headers,
        )


def service_headers() -> set[str]:
    return served().headers


def schema_of(name: str) -> dict[str, Any]:
    """A schema of the control plane's OpenAPI document."""
    schema: dict[str, Any] = served().openapi["components"]["schemas"][name]
    return schema


def benchmark() -> dict[str, Any]:
    """The last whole run of the benchmark."""
    run: dict[str, Any] = json.loads((ROOT / "tests" / "bench" / "result.json").read_text("utf-8"))
    return run


def limits() -> dict[str, tuple[int, ...]]:
    """What the table of limits says of each thing, by the numbers that are in it."""
    server = ServeOptions()
    return {
        "body of a request": (server.max_body >> 20,),
        "parameters of a request": (decode.PAIRS_MAX,),
        "JSON": (strict_json.DEPTH_MAX, strict_json.DIGITS_MAX),
        "target of a request, percent-encoded": (protocol.LINE_MAX,),
        "boundary of a multipart body": (multipart.BOUNDARY_MAX,),
        "sends kept by an account": (default_settings()["keep_sends"],),
        "received messages kept by an account": (inbound.KEPT_MAX, inbound.SHOWN_MAX),
        "journal entries kept by an account": (server.journal_max,),
        "what a journal entry keeps": (journal.TEXT_MAX, journal.PARAMETERS_MAX, journal.REPLY_MAX),
        "accounts": (server.max_accounts,),
        "fault rules of an account": (fault_rules.RULES_MAX,),
        "snapshots of an account": (account.SNAPSHOTS_MAX,),
        "event streams": (events.STREAMS_MAX, events.QUEUED_MAX, events.QUEUED_BYTES_MAX >> 20),
        "long polls (`wait`)": (events.LONG_POLLS_MAX, query.WAIT_MAX),
    }


@cache
def _page_scripts() -> str:
    """The JavaScript of the inbox page."""
    paths = sorted((ROOT / "fakeserver" / "web" / "inbox").rglob("*.js"))
    return "".join(path.read_text("utf-8") for path in paths)


def presets() -> list[str]:
    """The faults and settings that the inbox page has a button for."""
    return re.findall(r'^  \{ name: "([^"]+)"', _page_scripts(), re.MULTILINE)


def views() -> list[str]:
    """The views of the inbox page."""
    (members,) = re.findall(r"^const VIEWS = \{(.*)\};$", _page_scripts(), re.MULTILINE)
    return re.findall(r': "([^"]+)"', members)


def folders() -> list[str]:
    """The folders of the package that have Python modules in them, nested ones with their path."""
    home = ROOT / "fakeserver"
    folders = {
        path.parent.relative_to(home) for path in home.rglob("*.py") if "__pycache__" not in path.parts
    }
    return sorted(str(folder) for folder in folders if str(folder) != ".")
