"""The arguments of the commands: help, version, and one line for each error."""

import subprocess
import sys

import pytest

from fakeserver import __version__
from fakeserver.cli import COMMANDS
from fakeserver.cli.options import CONFIG, options
from tests.cli.conftest import RunMain
from tests.command import environment, error_line, run


def test_the_version_is_that_of_the_package(run_main: RunMain) -> None:
    result = run_main("--version")
    assert (result.returncode, result.stdout) == (0, f"fakeserver {__version__}\n")


def test_the_help_has_every_command_and_every_option(run_main: RunMain) -> None:
    text = run_main("--help").stdout
    assert text.startswith("usage: fakeserver [serve] [OPTIONS]\n")
    assert [command for command in COMMANDS if f"\n  {command} " not in text] == []
    assert [option for option in (CONFIG, *options()) if f"{option.flag} " not in text] == []


@pytest.mark.parametrize(
    ("command", "usage"),
    [
        ("serve", "fakeserver [serve] [OPTIONS]"),
        ("exec", "fakeserver exec [OPTIONS] -- CMD ..."),
        ("wait", "fakeserver wait [OPTIONS]"),
        ("init", "fakeserver init [FILE]"),
    ],
)
def test_the_help_of_a_command_begins_with_its_usage(run_main: RunMain, command: str, usage: str) -> None:
    result = run_main(command, "--help")
    assert result.returncode == 0
    assert result.stdout.startswith(f"usage: {usage}\n\n")


def test_an_error_is_one_line_and_the_exit_status_2() -> None:
    assert error_line(run("--port", "x")).startswith("--port: should be a port")


ERRORS = {
    "a port that is not a number": (["--port", "x"], "--port: should be a port"),
    "a port that is too high": (["--port", "65536"], "it is '65536'"),
    "a negative port": (["--port", "-1"], "--port: should be a port"),
    "no value": (["--port"], "--port: expected one argument"),
    "an unknown option": (["--prot", "1"], "--prot"),
    "a command after the options": (
        ["--port", "0", "serve"],
        "comes first: fakeserver serve [OPTIONS] (see",
    ),
    "a command with arguments after the options": (
        ["--no-ui", "exec", "--", "a"],
        "comes first: fakeserver exec [OPTIONS] (see",
    ),
    "an abbreviated option": (["--por", "1"], "--por"),
    "an unknown command": (["sevre"], "sevre"),
    "a host that is not one": (["--host", "no such host", "-p", "0", "--open-control"], "no such host"),
    "an empty host": (["--host", ""], "--host: should be an address or name"),
    "a missing configuration file": (["--config", "missing.toml"], "--config: missing.toml: No such file"),
    "a directory as configuration file": (["--config", "."], ".: Is a directory"),
    "a body limit that is too low": (["--max-body", "10"], "--max-body: should be bytes"),
    "an empty token": (["--control-token", ""], "--control-token: should be a token"),
    "an unknown clock": (["--clock", "stopped"], '--clock: should be "real" or "frozen"'),
    "an unknown level": (["--log-level", "loud"], "--log-level: should be"),
    "an unknown format": (["--log-format", "xml"], "--log-format: should be"),
    "a flag that is neither true nor false": (["--no-ui=perhaps"], "--no-ui: should be true or false"),
    "a URL as allowed host": (["--allowed-host", "http://x"], "--allowed-host: should be names"),
    "an address beyond loopback": (["--host", "0.0.0.0"], "--control-token TOKEN, or --open-control"),
    "a name beyond loopback": (["--host", "example.org"], "--host: listening on example.org"),
    "a certificate without a key": (["--tls-cert", "x"], "--tls-cert: needs --tls-key"),
    "a key without a certificate": (["--tls-key", "x"], "--tls-key: needs --tls-cert"),
    "a missing certificate": (
        ["--tls-cert", "missing.pem", "--tls-key", "k"],
        "--tls-cert: missing.pem: No such file",
    ),
    "a port file in a missing directory": (
        ["-p", "0", "--port-file", "/no/such/file"],
        "--port-file: cannot write /no/such",
    ),
    "a directory as port file": (["-p", "0", "--port-file", "/"], "--port-file: cannot write /"),
}


@pytest.mark.parametrize(("arguments", "words"), ERRORS.values(), ids=ERRORS.keys())
def test_an_error_names_the_option(run_main: RunMain, arguments: list[str], words: str) -> None:
    assert words in error_line(run_main(*arguments))


@pytest.mark.parametrize(
    ("variable", "value"),
    [("PORT", "tcp://10.0.0.1:1403"), ("NO_UI", "perhaps"), ("HOST", "0.0.0.0"), ("CONFIG", "missing.toml")],
)
def test_an_error_names_the_environment_variable(run_main: RunMain, variable: str, value: str) -> None:
    line = error_line(run_main(**{f"FAKESERVER_{variable}": value}))
    assert line.startswith(f"FAKESERVER_{variable}: ")


@pytest.mark.parametrize("token", ["my secret", "secret\n", "secreté", "secret\x7f"])
def test_an_impossible_token_is_not_shown(run_main: RunMain, token: str) -> None:
    line = error_line(run_main(FAKESERVER_CONTROL_TOKEN=token))
    assert line.startswith("FAKESERVER_CONTROL_TOKEN: should be a token of visible ASCII")
    assert "secret" not in line


# Start-up time


def test_importing_the_commands_imports_neither_jsonschema_nor_aiohttp() -> None:
    code = "import sys, fakeserver.cli; sys.exit(bool({'jsonschema', 'aiohttp'} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], env=environment(), check=False)
    assert result.returncode == 0


def test_a_server_without_a_configuration_file_starts_without_jsonschema() -> None:
    code = "import sys, fakeserver.cli.serve, fakeserver.cli.resolve as r; o = r.resolve({}, {}).options;"
    code += "sys.exit('jsonschema' in sys.modules or o.port != 1403)"
    result = subprocess.run([sys.executable, "-c", code], env=environment(), check=False)
    assert result.returncode == 0
