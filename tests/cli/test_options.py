"""The options of `serve`: their sources, and the values that they take."""

from pathlib import Path
from typing import Any

import pytest

from fakeserver.account.journal import ENTRIES_MAX
from fakeserver.cli.errors import CommandError
from fakeserver.cli.options import Option, ServeOptions, options
from fakeserver.cli.resolve import resolve
from fakeserver.cli.running_server import is_loopback
from fakeserver.settings import schema
from fakeserver.web.app import Options

# A value of each option that is not its default: the text, and the value that it stands for.
VALUES: dict[str, tuple[str, Any]] = {
    "host": ("::1", "::1"),
    "port": ("8000", 8000),
    "port_file": ("p", "p"),
    "control_token": ("t", "t"),
    "open_control": ("true", True),
    "allowed_host": ("a.example, b.example", ("a.example", "b.example")),
    "trust_proxy": ("1", True),
    "max_body": ("2048", 2048),
    "journal_max": ("5", 5),
    "max_accounts": ("6", 6),
    "tls_cert": ("c.pem", "c.pem"),
    "tls_key": ("k.pem", "k.pem"),
    "clock": ("frozen", "frozen"),
    "log_level": ("Debug", "debug"),
    "log_format": ("json", "json"),
    "no_ui": ("YES", True),
}


def value_of(
    name: str, *, argument: str | None = None, variable: str | None = None, file: Path | None = None
) -> Any:
    """The value of the option from these sources."""
    environment = {} if variable is None else {f"FAKESERVER_{name.upper()}": variable}
    arguments = {name: argument, "config": str(file) if file else None}
    return getattr(resolve(arguments, environment).options, name)


def test_the_schema_of_the_configuration_file_has_the_same_options() -> None:
    members = schema.configuration()["$defs"]["server"]["properties"]
    assert [option.name for option in options()] == list(members) == list(VALUES)


@pytest.mark.parametrize("option", options(), ids=lambda option: option.name)
def test_options_override_variables_which_override_the_file(option: Option, tmp_path: Path) -> None:
    text, value = VALUES[option.name]
    file = tmp_path / "c.toml"
    default = getattr(ServeOptions(), option.name)
    assert value_of(option.name) == default != value
    file.write_text(f"[server]\n{option.name} = {toml_value(value)}\n")
    assert value_of(option.name, file=file) == value
    assert value_of(option.name, variable=text) == value
    assert value_of(option.name, variable="", file=file) == value
    assert value_of(option.name, argument=text) == value
    assert value_of(option.name, argument=text, variable="not a value \0", file=file) == value
    if default not in (None, ()):
        assert value_of(option.name, variable=str(default), file=file) == default


def toml_value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(list(value)) if isinstance(value, tuple) else repr(value)


def test_a_list_is_a_repeated_option_or_has_commas() -> None:
    options = resolve({"allowed_host": ["a.example", "b.example,c.example"]}, {}).options
    assert options.allowed_host == ("a.example", "b.example", "c.example")


def test_the_source_of_a_value_is_named_as_the_user_wrote_it(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text('[server]\nhost = "0.0.0.0"\nport = 8000.0\n')
    resolved = resolve({"tls_cert": "x"}, {"FAKESERVER_CONFIG": str(file), "FAKESERVER_TLS_KEY": "y"})
    assert resolved.source("tls_cert") == "--tls-cert"
    assert resolved.source("tls_key") == "FAKESERVER_TLS_KEY"
    assert resolved.source("host") == f"{file}: server.host"
    assert (resolved.options.port, type(resolved.options.port)) == (8000, int)


@pytest.mark.parametrize("text", ["", "-1", "65536", "1.0", " 1", "1 ", "0x10", "1_000", "۱", "9" * 5000])
def test_a_port_has_only_digits(text: str) -> None:
    with pytest.raises(CommandError, match=r"^--port: should be a port"):
        value_of("port", argument=text)


@pytest.mark.parametrize("text", ["", "a,,b", "a b", "http://a", "a:1403", "-a", "a\nb", "é"])
def test_an_allowed_host_is_a_name(text: str) -> None:
    with pytest.raises(CommandError, match=r"^--allowed-host: should be names"):
        value_of("allowed_host", argument=text)


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("10.0.0.1", False),
        ("localhost.example.org", False),
        ("127.0.0.1.example.org", False),
    ],
)
def test_loopback_is_an_address_or_localhost(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


def test_the_defaults_are_those_of_the_server() -> None:
    assert ServeOptions().max_body == Options().max_body
    assert ServeOptions().journal_max == ENTRIES_MAX
