"""The value of each option: from the command line, else the environment, else the configuration file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from fakeserver.cli.errors import CommandError
from fakeserver.cli.options import CONFIG, Option, ServeOptions, options
from fakeserver.cli.os_errors import reason
from fakeserver.settings import configuration
from fakeserver.settings.configuration import Configuration, ConfigurationError

TRUE = ("1", "true", "yes", "on")
FALSE = ("0", "false", "no", "off")
INTEGER = re.compile(r"-?[0-9]{1,18}")
SHOWN_VALUE_MAX = 60  # characters
SECRET_OPTION = "control_token"  # noqa: S105 - the name of the option; its value is never shown

# From the names of options to the texts of the command line; several for an option that may be repeated.
Arguments = Mapping[str, str | list[str] | None]


class SourcedValue(NamedTuple):
    """A value, and where it comes from, as an error names it: `--port` or `FAKESERVER_PORT`."""

    value: Any
    source: str


@dataclass(frozen=True, slots=True)
class ResolvedOptions:
    """The options and the configuration file. `sources` has no entry for an option that has its default."""

    options: ServeOptions
    sources: Mapping[str, str]
    configuration: Configuration

    def source(self, name: str) -> str:
        """Where the value of the option comes from, as an error names it."""
        return self.sources.get(name, "--" + name.replace("_", "-"))


def resolve(
    arguments: Arguments, environment: Mapping[str, str], *, free_port: bool = False
) -> ResolvedOptions:
    """The options from all sources. Raises CommandError.

    With `free_port` the port is a free one unless the command line or the environment names one.
    """
    file = _from_text(CONFIG, arguments, environment)
    configured = _load(file) if file else Configuration()
    found: dict[str, SourcedValue] = {}
    for option in options():
        value = _from_text(option, arguments, environment)
        if value is None and option.name == "port" and free_port:
            value = SourcedValue(0, option.flag)
        if value is None and file and option.name in configured.server:
            member = _normalized(configured.server[option.name])
            value = SourcedValue(member, f"{file.value}: server.{option.name}")
        if value is not None:
            found[option.name] = value
    chosen = ServeOptions(**{name: value.value for name, value in found.items()})
    return ResolvedOptions(chosen, {name: value.source for name, value in found.items()}, configured)


def _from_text(option: Option, arguments: Arguments, environment: Mapping[str, str]) -> SourcedValue | None:
    """The value from the command line, else from the environment, where an empty text counts as not set."""
    text, source = arguments.get(option.name), option.flag
    if text is None:
        text, source = environment.get(option.variable) or None, option.variable
    if text is None:
        return None
    return SourcedValue(_parse(option, text if isinstance(text, str) else ",".join(text), source), source)


def _parse(option: Option, text: str, source: str) -> Any:  # noqa: ANN401 - each option has its own type
    """The value that the text stands for. Raises CommandError."""
    value = _value(option.rule, text)
    if value is None:
        shown = "" if option.name == SECRET_OPTION else f"; it is {text[:SHOWN_VALUE_MAX]!r}"
        raise CommandError(f"{source}: should be {option.rule['description']}{shown}")
    return value


def _value(rule: Mapping[str, Any], text: str) -> Any:  # noqa: ANN401 - each rule has its own type
    """The value of the text if it conforms to the rule, else None.

    This reads the rules itself, because importing the validator of JSON Schema takes longer than most starts.
    """
    kind = rule.get("type", "string")
    if kind == "boolean":
        word = text.casefold()
        return word in TRUE if word in TRUE + FALSE else None
    if kind == "integer":
        number = int(text) if INTEGER.fullmatch(text) else None
        return number if number is not None and rule["minimum"] <= number <= rule["maximum"] else None
    if kind == "array":
        items = tuple(_value(rule["items"], item.strip()) for item in text.split(","))
        return None if None in items else items
    if "enum" in rule:
        word = text.casefold()
        return word if word in rule["enum"] else None
    has_length = rule.get("minLength", 0) <= len(text) <= rule.get("maxLength", len(text))
    return text if has_length and re.search(rule.get("pattern", ""), text) else None


def _normalized(value: Any) -> Any:  # noqa: ANN401 - a value of TOML that conforms to the schema
    """A list becomes a tuple, and 1403.0, which JSON Schema accepts as an integer, becomes one."""
    if isinstance(value, list):
        return tuple(value)
    return int(value) if isinstance(value, float) else value


def _load(file: SourcedValue) -> Configuration:
    try:
        return configuration.parse_toml(Path(file.value).read_bytes())
    except OSError as error:
        raise CommandError(f"{file.source}: {file.value}: {reason(error)}") from None
    except ConfigurationError as error:
        raise CommandError(f"{file.value}: {error}") from None
