"""The options of `serve`: one table, read from the command line, the environment and the configuration file.

What a value must look like says the schema of `[server]`; here stand the defaults, the help and the way in
which one source goes before another: option, environment, configuration file, default.
"""

import re
from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from typing import Any, NamedTuple

from fakeserver.settings import configuration, schema
from fakeserver.settings.configuration import Configuration, ConfigurationError

PORT = 1403
TRUE = ("1", "true", "yes", "on")
FALSE = ("0", "false", "no", "off")
DIGITS = re.compile(r"-?[0-9]{1,18}")
SECRET = "control_token"  # noqa: S105 - the option's name; its value is never shown

Given = Mapping[str, str | list[str] | None]


class CommandError(Exception):
    """The command cannot do what it is asked for; the text is one line for the user (exit status 2)."""


def _told(text: str, metavar: str, short: str = "") -> Mapping[str, str]:
    return {"help": text, "metavar": metavar, "short": short}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeOptions:
    """How to serve. Each member is an option, an environment variable and a member of `[server]`."""

    host: str = field(default="127.0.0.1", metadata=_told("address or name to listen on", "HOST", "-H"))
    port: int = field(default=PORT, metadata=_told("port to listen on; 0 takes a free one", "PORT", "-p"))
    port_file: str | None = field(
        default=None, metadata=_told("file that holds the port for as long as the server listens", "FILE")
    )
    control_token: str | None = field(
        default=None, metadata=_told("what requests to the control plane must carry", "TOKEN")
    )
    open_control: bool = field(
        default=False, metadata=_told("listen beyond loopback without a control token", "BOOL")
    )
    allowed_host: tuple[str, ...] = field(
        default=(), metadata=_told("further name under which the control plane is served; repeatable", "NAME")
    )
    trust_proxy: bool = field(
        default=False,
        metadata=_told("take the caller's address from the rightmost of `X-Forwarded-For`", "BOOL"),
    )
    max_body: int = field(default=1 << 20, metadata=_told("largest body of a request, in bytes", "BYTES"))
    journal_max: int = field(default=10_000, metadata=_told("journal entries kept for an account", "N"))
    max_accounts: int = field(
        default=1_000, metadata=_told("accounts beyond which the control plane creates none", "N")
    )
    tls_cert: str | None = field(default=None, metadata=_told("certificate chain (PEM): serve HTTPS", "FILE"))
    tls_key: str | None = field(default=None, metadata=_told("the certificate's private key (PEM)", "FILE"))
    clock: str = field(
        default="real", metadata=_told("clock of accounts that do not name theirs: real, frozen", "CLOCK")
    )
    log_level: str = field(
        default="warning", metadata=_told("least level of a log line: debug, info, warning, error", "LEVEL")
    )
    log_format: str = field(
        default="text", metadata=_told("log lines as text, or as json: one object a line", "FORMAT")
    )
    no_ui: bool = field(default=False, metadata=_told("serve no inbox page", "BOOL"))


class Option(NamedTuple):
    """One option; `rule` is its JSON Schema, whose description says what would be right."""

    name: str
    help: str
    default: Any
    metavar: str
    short: str
    rule: Mapping[str, Any]

    @property
    def flag(self) -> str:
        return "--" + self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        """The environment twin; empty counts as not set."""
        return "FAKESERVER_" + self.name.upper()


# The one option that cannot stand in the file that it names.
_PATH = {"type": "string", "minLength": 1, "description": "the path of a file"}
CONFIG = Option("config", "the configuration file", None, "FILE", "-c", _PATH)


def options() -> tuple[Option, ...]:
    """Every option of serve but `--config`, in the order of the help."""
    rules = schema.configuration()["$defs"]["server"]["properties"]
    return tuple(_option(member, rules[member.name]) for member in fields(ServeOptions))


def _option(member: "Field[Any]", rule: Mapping[str, Any]) -> Option:
    default = None if member.default is MISSING else member.default
    told = member.metadata
    return Option(member.name, told["help"], default, told["metavar"], told["short"], rule)


def add_to(parser: ArgumentParser) -> None:
    """Every option of serve, as an argument whose text is looked at later (`choose`)."""
    for option in (CONFIG, *options()):
        names = [name for name in (option.short, option.flag) if name]
        how: dict[str, Any] = {"dest": option.name, "metavar": option.metavar, "help": _help(option)}
        if option.rule.get("type") == "array":
            how["action"] = "append"
        elif option.rule.get("type") == "boolean":
            how |= {"nargs": "?", "const": "true"}
        parser.add_argument(*names, **how)


def _help(option: Option) -> str:
    unset = option.default is None or option.default is False or option.default == ()
    return option.help if unset else f"{option.help} ({option.default})"


class Chosen(NamedTuple):
    """A value and the source that it comes from, as a message names it: `--port`, `FAKESERVER_PORT`."""

    value: Any
    source: str


@dataclass(frozen=True, slots=True)
class Start:
    """What a start was asked for. `sources` names where each option's value comes from; those that have
    their default are not in it.
    """

    options: ServeOptions
    sources: Mapping[str, str]
    configuration: Configuration

    def source(self, name: str) -> str:
        """The source of that option's value, as a message names it."""
        return self.sources.get(name, "--" + name.replace("_", "-"))


def choose(given: Given, environment: Mapping[str, str], *, free_port: bool = False) -> Start:
    """Everything that a start needs, from all sources. With `free_port` a port that neither an option nor
    the environment names is a free one, whatever the file says. Raises CommandError.
    """
    file = _from_texts(CONFIG, given, environment)
    configured = _load(file) if file else Configuration()
    chosen: dict[str, Chosen] = {}
    for option in options():
        found = _from_texts(option, given, environment)
        if found is None and option.name == "port" and free_port:
            found = Chosen(0, option.flag)
        if found is None and file and option.name in configured.server:
            value = _as_kept(configured.server[option.name])
            found = Chosen(value, f"{file.value}: server.{option.name}")
        if found is not None:
            chosen[option.name] = found
    values = {name: found.value for name, found in chosen.items()}
    return Start(ServeOptions(**values), {name: found.source for name, found in chosen.items()}, configured)


def _from_texts(option: Option, given: Given, environment: Mapping[str, str]) -> Chosen | None:
    """The option's value from the command line, else from the environment."""
    text = given.get(option.name)
    if text is not None:
        return Chosen(
            _read(option, text if isinstance(text, str) else ",".join(text), option.flag), option.flag
        )
    if text := environment.get(option.variable):
        return Chosen(_read(option, text, option.variable), option.variable)
    return None


def _read(option: Option, text: str, source: str) -> Any:  # noqa: ANN401 - of the option's own type
    """The value that `text` stands for. Raises CommandError."""
    value = _value(option.rule, text)
    if value is None:
        shown = "" if option.name == SECRET else f"; it is {text[:60]!r}"
        raise CommandError(f"{source}: should be {option.rule['description']}{shown}")
    return value


def _value(rule: Mapping[str, Any], text: str) -> Any:  # noqa: ANN401 - of the rule's own type
    """The value of a text that fits the rule, else None: as the schema's validator has it, without it."""
    kind = rule.get("type", "string")
    if kind == "boolean":
        word = text.casefold()
        return word in TRUE if word in TRUE + FALSE else None
    if kind == "integer":
        number = int(text) if DIGITS.fullmatch(text) else None
        return number if number is not None and rule["minimum"] <= number <= rule["maximum"] else None
    if kind == "array":
        items = tuple(_value(rule["items"], item.strip()) for item in text.split(","))
        return None if None in items else items
    if "enum" in rule:
        word = text.casefold()
        return word if word in rule["enum"] else None
    fits = rule.get("minLength", 0) <= len(text) <= rule.get("maxLength", len(text))
    return text if fits and re.search(rule.get("pattern", ""), text) else None


def _as_kept(value: Any) -> Any:  # noqa: ANN401 - a TOML value that the schema let pass
    """A list becomes a tuple, and 1403.0, which JSON Schema takes for an integer, becomes one."""
    if isinstance(value, list):
        return tuple(value)
    return int(value) if isinstance(value, float) else value


def _load(file: Chosen) -> Configuration:
    try:
        return configuration.parse_toml(Path(file.value).read_bytes())
    except OSError as error:
        raise CommandError(f"{file.source}: {file.value}: {error.strerror or error}") from None
    except ConfigurationError as error:
        raise CommandError(f"{file.value}: {error}") from None
