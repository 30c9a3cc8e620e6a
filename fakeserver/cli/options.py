"""The options of `serve`, as one table. `resolve.py` reads their values.

Each option is an argument of the command line, an environment variable and a member of `[server]` in the
configuration file. The schema of `[server]` says what a value must look like; the defaults and the help are
here.
"""

from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from typing import Any, NamedTuple

from fakeserver.settings import schema

DEFAULT_PORT = 1403


def _metadata(help_text: str, metavar: str, short: str = "") -> Mapping[str, str]:
    return {"help": help_text, "metavar": metavar, "short": short}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeOptions:
    """The values of the options."""

    host: str = field(default="127.0.0.1", metadata=_metadata("address or name to listen on", "HOST", "-H"))
    port: int = field(
        default=DEFAULT_PORT, metadata=_metadata("port to listen on; 0 takes a free one", "PORT", "-p")
    )
    port_file: str | None = field(
        default=None, metadata=_metadata("file that holds the port while the server listens", "FILE")
    )
    control_token: str | None = field(
        default=None, metadata=_metadata("token that requests to the control plane must carry", "TOKEN")
    )
    open_control: bool = field(
        default=False, metadata=_metadata("listen beyond this machine without a control token", "BOOL")
    )
    allowed_host: tuple[str, ...] = field(
        default=(),
        metadata=_metadata(
            "further host name under which the control plane is served; may be repeated", "NAME"
        ),
    )
    trust_proxy: bool = field(
        default=False,
        metadata=_metadata("take the caller's address from the last entry of `X-Forwarded-For`", "BOOL"),
    )
    max_body: int = field(default=1 << 20, metadata=_metadata("largest body of a request, in bytes", "BYTES"))
    journal_max: int = field(
        default=10_000, metadata=_metadata("journal entries that are kept for each account", "N")
    )
    max_accounts: int = field(default=1_000, metadata=_metadata("largest number of accounts", "N"))
    tls_cert: str | None = field(
        default=None, metadata=_metadata("certificate chain (PEM) to serve HTTPS with", "FILE")
    )
    tls_key: str | None = field(
        default=None, metadata=_metadata("private key of the certificate (PEM)", "FILE")
    )
    clock: str = field(
        default="real",
        metadata=_metadata("clock of accounts that do not set their own: real or frozen", "CLOCK"),
    )
    log_level: str = field(
        default="warning",
        metadata=_metadata("lowest level that is logged: debug, info, warning or error", "LEVEL"),
    )
    log_format: str = field(
        default="text",
        metadata=_metadata("format of the log: text, or json with one object a line", "FORMAT"),
    )
    no_ui: bool = field(default=False, metadata=_metadata("do not serve the inbox page", "BOOL"))


class Option(NamedTuple):
    """An option. `rule` is the JSON Schema of its value, whose description completes `should be …`."""

    name: str
    help: str
    default: Any
    metavar: str
    short: str
    rule: Mapping[str, Any]

    @property
    def flag(self) -> str:
        """The argument of the command line."""
        return "--" + self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        """The environment variable."""
        return "FAKESERVER_" + self.name.upper()


# The only option that cannot be in the configuration file.
_PATH = {"type": "string", "minLength": 1, "description": "the path of a file"}
CONFIG = Option("config", "configuration file (TOML)", None, "FILE", "-c", _PATH)


def options() -> tuple[Option, ...]:
    """Every option except `--config`, in the order of the help."""
    rules = schema.configuration()["$defs"]["server"]["properties"]
    return tuple(_option(member, rules[member.name]) for member in fields(ServeOptions))


def _option(member: "Field[Any]", rule: Mapping[str, Any]) -> Option:
    default = None if member.default is MISSING else member.default
    metadata = member.metadata
    return Option(member.name, metadata["help"], default, metadata["metavar"], metadata["short"], rule)


def add_arguments(parser: ArgumentParser) -> None:
    """Add every option to the parser. The parsed values are still texts."""
    for option in (CONFIG, *options()):
        names = [name for name in (option.short, option.flag) if name]
        keywords: dict[str, Any] = {"dest": option.name, "metavar": option.metavar, "help": _help(option)}
        if option.rule.get("type") == "array":
            keywords["action"] = "append"
        elif option.rule.get("type") == "boolean":
            keywords |= {"nargs": "?", "const": "true"}
        parser.add_argument(*names, **keywords)


def _help(option: Option) -> str:
    unset = option.default is None or option.default is False or option.default == ()
    return option.help if unset else f"{option.help} (default: {option.default})"
