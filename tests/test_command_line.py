"""The command `fakeserver`, as a process of its own: serving, and what a start is refused for."""

import asyncio
import json
import logging
import re
import resource
import signal
import socket
import ssl
import subprocess
import sys
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from fakeserver import __version__
from fakeserver.cli.logs import OneObject
from fakeserver.cli.options import CommandError, choose
from fakeserver.cli.serving import serving
from tests.command import ask, environment, one_line, process, request, run, started, until


def test_version_is_that_of_the_package() -> None:
    assert run("--version").stdout == f"fakeserver {__version__}\n"


@pytest.mark.rule("K1")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("command", ["", "serve"])
def test_it_serves_says_where_and_stops_cleanly(command: str, number: signal.Signals) -> None:
    with started(command=command) as server:
        assert ask(server.url, "test-key", "action=credit") == {"result": "1", "credit": "1000000"}
        assert f"{server.url}/webservice/server" in server.said
        assert f" {server.url}/\n" in server.said
        assert "test-key-no-phonebook" in server.said
        assert server.stop(number) == (0, "")


@pytest.mark.parametrize("path", ["accounts/test-key/messages", "accounts/test-key/journal", "journal"])
def test_who_waits_is_answered_when_it_stops(path: str) -> None:
    with started() as server, closing(HTTPConnection(server.url.removeprefix("http://"))) as waiting:
        waiting.request("GET", f"/_fake/{path}?wait=60")
        assert request(f"{server.url}/_fake/health")["status"] == "ok"
        assert server.stop() == (0, "")
        told = json.load(waiting.getresponse())
    assert set(told) & {"messages", "entries"}


@pytest.mark.rule("A5")
def test_it_serves_ipv6_too() -> None:
    with started("--host", "::1") as server:
        assert server.url.startswith("http://[::1]:")
        assert ask(server.url, "test-key", "action=status") == {"result": "1"}
        assert ask(server.url, "test-key-ip", "action=status") == {"result": "-5"}


def test_a_configuration_brings_its_own_accounts_and_options(tmp_path: Path) -> None:
    config = tmp_path / "fake.toml"
    config.write_text(
        '[server]\nhost = "localhost"\nmax_body = 1024\n'
        '[[accounts]]\nkey = "my-own-secret-key"\ncredit = 5\n[[accounts]]\nkey = "b"\nbilling_ok = false\n'
    )
    with started("--config", str(config)) as server:
        assert server.url.startswith("http://localhost:")
        assert ask(server.url, "my-own-secret-key", "action=credit")["credit"] == "5"
        assert ask(server.url, "test-key", "action=credit") == {"result": "-1"}
        assert "my-own-secret-key" not in server.said
        assert "my-o...ey" in server.said


def test_the_configuration_can_be_named_by_the_environment(tmp_path: Path) -> None:
    config = tmp_path / "fake.toml"
    config.write_text('[[accounts]]\nkey = "mine"\n')
    with started(FAKESERVER_CONFIG=str(config)) as server:
        assert ask(server.url, "mine", "action=status") == {"result": "1"}


def test_a_taken_port_is_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = run("--port", port)
    told = f"cannot listen on 127.0.0.1 port {port}: Address already in use"
    assert one_line(result) == f"{told}; --port gives another, 0 a free one"


def test_for_a_host_that_is_none_no_port_is_recommended() -> None:
    said = one_line(run("--port", "1403", "--host", "nowhere.invalid", "--open-control"))
    assert re.fullmatch(r"cannot listen on nowhere\.invalid port 1403: [A-Z][a-z ]+", said)


BAD_OPTIONS = {
    "a port that is no number": (["--port", "x"], "--port: should be a port"),
    "a port too high": (["--port", "65536"], "it is '65536'"),
    "a negative port": (["--port", "-1"], "--port: should be a port"),
    "digits that are not ASCII": (["--port", "۱۴۰۳"], "--port: should be a port"),
    "no value": (["--port"], "--port: expected one argument"),
    "an unknown option": (["--prot", "1"], "--prot"),
    "a command behind": (["--port", "0", "serve"], "comes first: fakeserver serve [OPTIONS] (see"),
    "a command far behind": (["--no-ui", "exec", "--", "a"], "comes first: fakeserver exec [OPTIONS] (see"),
    "an abbreviated option": (["--por", "1"], "--por"),
    "an unknown command": (["sevre"], "sevre"),
    "an unknown host": (["--host", "no such host", "-p", "0", "--open-control"], "no such host"),
    "an empty host": (["--host", ""], "--host: should be an address or name"),
    "a missing file": (["--config", "missing.toml"], "--config: missing.toml: No such file"),
    "a directory": (["--config", "."], ".: Is a directory"),
    "a small body": (["--max-body", "10"], "--max-body: should be bytes"),
    "an empty token": (["--control-token", ""], "--control-token: should be a token"),
    "an unknown clock": (["--clock", "stopped"], '--clock: should be "real" or "frozen"'),
    "an unknown level": (["--log-level", "loud"], "--log-level: should be"),
    "an unknown format": (["--log-format", "xml"], "--log-format: should be"),
    "a flag that is neither": (["--no-ui=perhaps"], "--no-ui: should be true or false"),
    "a URL as a host": (["--allowed-host", "http://x"], "--allowed-host: should be names"),
    "beyond loopback": (["--host", "0.0.0.0"], "--control-token TOKEN, or --open-control"),
    "beyond loopback by name": (["--host", "example.org"], "--host: listening on example.org"),
    "half of TLS": (["--tls-cert", "x"], "--tls-cert: needs --tls-key"),
    "the other half": (["--tls-key", "x"], "--tls-key: needs --tls-cert"),
    "no certificate": (
        ["--tls-cert", "missing.pem", "--tls-key", "k"],
        "--tls-cert: missing.pem: No such file",
    ),
    "a port file nowhere": (
        ["-p", "0", "--port-file", "/no/such/file"],
        "--port-file: cannot write /no/such",
    ),
    "a directory as port file": (["-p", "0", "--port-file", "/"], "--port-file: cannot write /"),
}


@pytest.mark.parametrize(("arguments", "words"), BAD_OPTIONS.values(), ids=BAD_OPTIONS.keys())
def test_a_bad_option_is_one_line_and_status_2(tmp_path: Path, arguments: list[str], words: str) -> None:
    assert words in one_line(run(*arguments, cwd=tmp_path))


@pytest.mark.parametrize(
    ("variable", "value"),
    [("PORT", "tcp://10.0.0.1:1403"), ("NO_UI", "perhaps"), ("HOST", "0.0.0.0"), ("CONFIG", "missing.toml")],
)
def test_a_bad_value_of_the_environment_names_its_variable(tmp_path: Path, variable: str, value: str) -> None:
    said = one_line(run(cwd=tmp_path, **{f"FAKESERVER_{variable}": value}))
    assert said.startswith(f"FAKESERVER_{variable}: ")


@pytest.mark.parametrize("token", ["a b", "x\n", "é", "\x7f"])
def test_a_bad_token_is_refused_and_not_shown(token: str) -> None:
    said = one_line(run(FAKESERVER_CONTROL_TOKEN=token))
    assert said.startswith("FAKESERVER_CONTROL_TOKEN: should be a token of visible ASCII")
    assert token.strip() not in said.split()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("port = 1", "port: unknown"),
        ("[server]\nport = 'x'", "server.port: should be a port"),
        ("[server]\ncontrol_token = ''", "server.control_token: should be a token"),
        ("[server]\nportfile = 'x'", "server.portfile: unknown; did you mean `port_file`?"),
        ("[server]\nhost = '0.0.0.0'", "server.host: listening on 0.0.0.0"),
        ("[server]\ntls_cert = 'x'", "server.tls_cert: needs"),
        ("[[accounts]]\nkey = 'a'\ncredits = 1", "accounts[0].credits: unknown"),
        ("= =", "not TOML"),
        (f"a = {'1' * 5000}", "not TOML"),
        (f"a = {'[' * 5000}", "not TOML"),
    ],
)
def test_a_bad_configuration_names_the_file_in_one_line(tmp_path: Path, text: str, words: str) -> None:
    config = tmp_path / "bad.toml"
    config.write_text(text)
    assert one_line(run("--config", str(config))).startswith(f"{config}: {words}")


def test_importing_the_command_imports_neither_jsonschema_nor_aiohttp() -> None:
    code = "import sys, fakeserver.cli; sys.exit(bool({'jsonschema', 'aiohttp'} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], env=environment(), check=False)
    assert result.returncode == 0


def test_a_start_without_a_configuration_does_not_import_jsonschema() -> None:
    code = "import sys, fakeserver.cli.serving, fakeserver.cli as c; s = c._start([], '', '');"
    code += "sys.exit('jsonschema' in sys.modules or s.options.port != 1403)"
    result = subprocess.run([sys.executable, "-c", code], env=environment(), check=False)
    assert result.returncode == 0


# What the options do


def test_listening_beyond_loopback_is_allowed_with_a_token_and_when_it_is_said() -> None:
    with started("--host", "0.0.0.0", "--control-token", "t") as server:
        local = server.url.replace("0.0.0.0", "127.0.0.1")
        with pytest.raises(HTTPError) as refused:
            request(f"{local}/_fake/accounts")
        refused.value.close()
        assert refused.value.code == 401
        assert request(f"{local}/_fake/accounts", headers={"Authorization": "Bearer t"})["accounts"]
    with started("--open-control", FAKESERVER_HOST="::") as server:
        assert request(f"{server.url.replace('[::]', '[::1]')}/_fake/accounts")["accounts"]


def test_an_allowed_host_may_drive_the_control_plane() -> None:
    with started("--allowed-host", "Fake.Example.org", "--allowed-host", "b.example.org.") as server:
        for host in ("fake.example.org", "b.example.org:1403"):
            assert request(f"{server.url}/_fake/health", headers={"Host": host})["status"] == "ok"
        with pytest.raises(HTTPError) as refused:
            request(f"{server.url}/_fake/health", headers={"Host": "c.example.org"})
        refused.value.close()
        assert refused.value.code == 403


@pytest.mark.rule("A5")
def test_a_trusted_proxy_names_the_caller() -> None:
    forwarded = {"X-Forwarded-For": "10.0.0.1, 192.0.2.1"}
    with started(FAKESERVER_TRUST_PROXY="1") as server:
        assert ask(server.url, "test-key-ip", "action=status", forwarded) == {"result": "1"}
    with started("--trust-proxy=0", FAKESERVER_TRUST_PROXY="1") as server:
        assert ask(server.url, "test-key-ip", "action=status", forwarded) == {"result": "-5"}


@pytest.mark.rule("W13")
def test_limits_are_those_that_were_asked_for() -> None:
    limits = ("--max-body", "1024", "--journal-max", "2", "--max-accounts", "10")
    with started(*limits) as server:
        with pytest.raises(HTTPError) as refused:
            ask(server.url, "test-key", "x" * 2000)
        refused.value.close()
        assert refused.value.code == 413
        for _ in range(3):
            ask(server.url, "test-key", "action=status")
        journal = request(f"{server.url}/_fake/accounts/test-key/journal")
        assert (len(journal["entries"]), journal["dropped"]) == (2, 1)
        assert request(f"{server.url}/_fake/accounts", b"{}")["key"]
        with pytest.raises(HTTPError) as refused:
            request(f"{server.url}/_fake/accounts", b"{}")
        refused.value.close()
        assert refused.value.code == 429


@pytest.mark.parametrize("configured", ["", '[[accounts]]\nkey = "test-key"\n'])
def test_the_clock_is_that_of_accounts_that_do_not_name_theirs(tmp_path: Path, configured: str) -> None:
    config = tmp_path / "c.toml"
    config.write_text('[server]\nclock = "frozen"\n' + configured)
    with started("--config", str(config)) as server:
        accounts = f"{server.url}/_fake/accounts"
        request(accounts, b'{"key": "new"}')
        request(accounts, b'{"key": "own", "clock": "real"}')
        frozen = {key: request(f"{accounts}/{key}/clock")["frozen"] for key in ("test-key", "new", "own")}
    assert frozen == {"test-key": True, "new": True, "own": False}


def test_without_the_page_there_is_none() -> None:
    with started("--no-ui") as server:
        assert "  page " not in server.said
        with pytest.raises(HTTPError) as refused:
            urlopen(f"{server.url}/", timeout=10)  # noqa: S310
        refused.value.close()
        assert refused.value.code == 404


def test_the_port_file_holds_the_port_and_goes_with_the_server(tmp_path: Path) -> None:
    file = tmp_path / "port"
    file.write_text("99999\n")
    with started("--port-file", str(file)) as server:
        assert file.read_text() == server.url.rpartition(":")[2] + "\n"
        assert list(tmp_path.iterdir()) == [file]
        assert server.stop() == (0, "")
    assert list(tmp_path.iterdir()) == []


def test_a_port_file_for_which_there_is_no_room_leaves_nothing_behind(tmp_path: Path) -> None:
    file = tmp_path / "port"

    async def serve() -> None:
        async with serving(choose({"port": "0", "port_file": str(file)}, {})):
            """It does not come to this."""

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        with pytest.raises(CommandError, match=f"--port-file: cannot write {file}: File too large"):
            asyncio.run(serve())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert list(tmp_path.iterdir()) == []


def test_a_port_file_of_another_server_stays(tmp_path: Path) -> None:
    file = tmp_path / "port"
    with started("--port-file", str(file)) as first, started("--port-file", str(file)) as second:
        assert first.stop() == (0, "")
        assert file.read_text() == second.url.rpartition(":")[2] + "\n"


def test_it_serves_https(certificate: tuple[Path, Path]) -> None:
    cert, key = certificate
    with started("--tls-cert", str(cert), "--tls-key", str(key)) as server:
        assert server.url.startswith("https://127.0.0.1:")
        trusted = ssl.create_default_context(cafile=str(cert))
        assert ask(server.url, "test-key", "action=status", tls=trusted) == {"result": "1"}
        assert run("wait", "--url", server.url).returncode == 0
        port = server.url.rpartition(":")[2]
        assert run("wait", FAKESERVER_PORT=port, FAKESERVER_TLS_CERT=str(cert)).returncode == 0
        assert server.stop() == (0, "")


def test_a_key_that_is_not_the_certificates_is_one_line(certificate: tuple[Path, Path]) -> None:
    cert, _ = certificate
    said = one_line(run("-p", "0", "--tls-cert", str(cert), FAKESERVER_TLS_KEY=str(cert)))
    assert said.startswith("--tls-cert, FAKESERVER_TLS_KEY: ")


def test_an_encrypted_key_asks_nobody_for_its_password(
    certificate: tuple[Path, Path], tmp_path: Path
) -> None:
    cert, key = certificate
    locked = tmp_path / "locked.pem"
    lock = ["openssl", "pkey", "-in", str(key), "-aes256", "-passout", "pass:secret", "-out", str(locked)]
    subprocess.run(lock, check=True, capture_output=True)
    said = one_line(run("-p", "0", "--tls-cert", str(cert), "--tls-key", str(locked)))
    assert said.endswith("the key is encrypted")


def test_requests_are_logged_at_level_info_without_their_keys() -> None:
    key = "&key=test-key-manual"
    with started("--log-level", "info", "--log-format", "json") as server:
        assert request(f"{server.url}/webservice/server?action=status{key}") == {"result": "1"}
        request(f"{server.url}/_fake/health")
        status, errors = server.stop()
    (line,) = map(json.loads, errors.splitlines())
    assert (status, set(line), line["level"]) == (0, {"time", "level", "message"}, "info")
    assert line["message"].startswith("GET /webservice/server 200 account test...al rule T1 ")


def test_a_bug_stands_in_the_json_log_with_its_trace() -> None:
    with pytest.raises(ZeroDivisionError) as bug:
        _ = 1 / 0
    trace = (bug.type, bug.value, bug.tb)
    record = logging.LogRecord("fakeserver", logging.ERROR, "", 0, "a bug in %s", ("us",), trace)
    line = json.loads(OneObject().format(record))
    assert (line["level"], line["message"]) == ("error", "a bug in us")
    assert line["trace"].startswith("Traceback (most recent call last):\n")
    assert line["trace"].endswith("\nZeroDivisionError: division by zero")


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_malformed_request_is_one_log_line_unless_only_errors_are_wanted(form: str) -> None:
    for level, lines in (("warning", 1), ("error", 0)):
        with started("--log-level", level, "--log-format", form) as server:
            port = int(server.url.rpartition(":")[2])
            with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
                connection.sendall(b"NO HTTP AT ALL\r\n\r\n")
                connection.recv(10_000)
            status, errors = server.stop()
        assert (status, errors.count("\n")) == (0, lines)
        assert "Traceback" not in errors


def test_a_reader_that_goes_away_does_not_stop_the_server(tmp_path: Path) -> None:
    file = tmp_path / "port"
    with process("-p", "0", "--port-file", str(file)) as server:
        assert server.stdout is not None
        server.stdout.close()
        server.stdout = None
        until(file.exists)
        url = f"http://127.0.0.1:{file.read_text().strip()}"
        assert ask(url, "test-key", "action=status") == {"result": "1"}
        server.terminate()
        assert server.communicate(timeout=10)[1] == ""
        assert server.returncode == 0
