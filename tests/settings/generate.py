"""Writes the sample configuration from the schema: `python -m tests.settings.generate`.

A test compares the file with what this makes of the schema's comments, headings, defaults and examples.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import wrap
from typing import Any

import fakeserver
from fakeserver.cli.options import ServeOptions
from fakeserver.settings import schema

SAMPLE = Path(fakeserver.__file__).parent / "settings" / "data" / "sample.toml"
WIDTH = 110
HEAD = """\
# A configuration of fakeserver with every setting. All values are the defaults; leaving a line out means the
# same. Ids such as S9 are rules; replies name the rule that decided in X-Fake-Rule.
"""
SERVER = (
    "[server] # the options of `fakeserver serve`; the command line and FAKESERVER_... variables "
    "override them"
)
ACCOUNTS = "[[accounts]] # any number of these; they replace the test keys"


def sample() -> str:
    tables = schema.configuration()["$defs"]
    options = ServeOptions()
    defaults = {name: getattr(options, name) for name in tables["server"]["properties"]}
    return "\n".join(
        [
            HEAD,
            SERVER,
            "",
            *_members(tables["server"]["properties"], defaults),
            "",
            ACCOUNTS,
            "",
            *_members(tables["account"]["properties"], {"key": "test-key"}),
            "",
        ]
    )


def _members(rules: Mapping[str, Mapping[str, Any]], defaults: Mapping[str, Any]) -> Iterator[str]:
    """Every setting below its comment. One without a default is commented out, with its example."""
    for name, rule in rules.items():
        if heading := rule.get("x-heading"):
            yield from ("", f"# {heading}", "")
        yield from wrap(rule["$comment"], WIDTH, initial_indent="# ", subsequent_indent="# ")
        value = defaults.get(name, rule.get("default"))
        if value is None or value == ():
            yield f"# {name} = {_toml(rule['examples'][0])}"
        else:
            yield f"{name} = {_setting(value)}"


def _setting(value: Any) -> str:
    """The value on one line, or a list of tables with a line each."""
    line = _toml(value)
    if isinstance(value, list) and value and isinstance(value[0], dict) and len(value) > 1:
        return "[\n" + "".join(f"    {_toml(item)},\n" for item in value) + "]"
    return line


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return f"{value:_}" if value >= 10_000 else str(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, dict):
        members = ", ".join(f"{name} = {_toml(item)}" for name, item in value.items())
        return f"{{ {members} }}" if members else "{}"
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    SAMPLE.write_text(sample(), "utf-8")
