"""The options of serve: one table, four sources."""

from pathlib import Path
from typing import Any

import pytest

from fakeserver.account.journal import ENTRIES_MAX
from fakeserver.cli.options import (
    CommandError,
    Option,
    ServeOptions,
    choose,
    options,
)
from fakeserver.cli.serving import is_loopback
from fakeserver.settings import schema
from fakeserver.web.app import Options

# For each option a value, as a text and as it is kept, that is not the default.
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


def chosen(
    name: str, *, given: str | None = None, variable: str | None = None, file: Path | None = None
) -> Any:
    environment = {} if variable is None else {f"FAKESERVER_{name.upper()}": variable}
    start = choose({name: given, "config": str(file) if file else None}, environment)
    return getattr(start.options, name)


def test_the_schema_of_the_file_knows_exactly_the_options() -> None:
    members = schema.configuration()["$defs"]["server"]["properties"]
    assert [option.name for option in options()] == list(members) == list(VALUES)


@pytest.mark.parametrize("option", options(), ids=lambda option: option.name)
def test_an_option_goes_before_the_environment_that_before_the_file(option: Option, tmp_path: Path) -> None:
    text, value = VALUES[option.name]
    file = tmp_path / "c.toml"
    default = getattr(ServeOptions(), option.name)
    assert chosen(option.name) == default != value
    file.write_text(f"[server]\n{option.name} = {in_toml(value)}\n")
    assert chosen(option.name, file=file) == value
    assert chosen(option.name, variable=text) == value
    assert chosen(option.name, variable="", file=file) == value
    assert chosen(option.name, given=text) == value
    assert chosen(option.name, given=text, variable="rubbish of any kind \0", file=file) == value
    if default not in (None, ()):
        assert chosen(option.name, variable=str(default), file=file) == default


def in_toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(list(value)) if isinstance(value, tuple) else repr(value)


def test_a_repeated_option_is_a_list_as_is_a_comma() -> None:
    start = choose({"allowed_host": ["a.example", "b.example,c.example"]}, {})
    assert start.options.allowed_host == ("a.example", "b.example", "c.example")


def test_every_source_is_named_as_it_is_written(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text('[server]\nhost = "0.0.0.0"\nport = 8000.0\n')
    start = choose({"tls_cert": "x"}, {"FAKESERVER_CONFIG": str(file), "FAKESERVER_TLS_KEY": "y"})
    assert start.source("tls_cert") == "--tls-cert"
    assert start.source("tls_key") == "FAKESERVER_TLS_KEY"
    assert start.source("host") == f"{file}: server.host"
    assert (start.options.port, type(start.options.port)) == (8000, int)


@pytest.mark.parametrize("text", ["", "-1", "65536", "1.0", " 1", "1 ", "0x10", "1_000", "۱", "9" * 5000])
def test_a_port_is_digits(text: str) -> None:
    with pytest.raises(CommandError, match=r"^--port: should be a port"):
        chosen("port", given=text)


@pytest.mark.parametrize("text", ["", "a,,b", "a b", "http://a", "a:1403", "-a", "a\nb", "é"])
def test_a_host_that_is_allowed_is_a_name(text: str) -> None:
    with pytest.raises(CommandError, match=r"^--allowed-host: should be names"):
        chosen("allowed_host", given=text)


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
def test_loopback_is_an_address_of_it_or_localhost(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


def test_the_defaults_are_those_of_the_application() -> None:
    assert ServeOptions().max_body == Options().max_body
    assert ServeOptions().journal_max == ENTRIES_MAX
