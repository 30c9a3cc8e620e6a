"""`fakeserver [serve]` in a process of its own: starting, stopping, and what its options do."""

import json
import re
import signal
import socket
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.cli.conftest import RunMain
from tests.command import ask, error_line, process, request, started, wait_until


@pytest.mark.rule("K1")
@pytest.mark.parametrize(
    ("command", "number"), [("", signal.SIGINT), ("serve", signal.SIGTERM)], ids=["default", "serve"]
)
def test_it_prints_its_addresses_serves_and_stops_on_a_signal(command: str, number: signal.Signals) -> None:
    with started(command=command) as server:
        assert ask(server.url, "test-key", "action=credit") == {"result": "1", "credit": "1000000"}
        assert f"{server.url}/webservice/server" in server.banner
        assert f" {server.url}/\n" in server.banner
        assert "test-key-no-phonebook" in server.banner
        assert server.stop(number) == (0, "")


@pytest.mark.parametrize("path", ["accounts/test-key/messages", "accounts/test-key/journal", "journal"])
def test_long_polls_are_answered_when_it_stops(path: str) -> None:
    with started() as server, closing(HTTPConnection(server.url.removeprefix("http://"))) as waiting:
        waiting.request("GET", f"/_fake/{path}?wait=60")
        assert request(f"{server.url}/_fake/health")["status"] == "ok"
        assert server.stop() == (0, "")
        reply = json.load(waiting.getresponse())
    assert set(reply) & {"messages", "entries"}


@pytest.mark.rule("A5")
def test_it_can_listen_on_ipv6() -> None:
    with started("--host", "::1") as server:
        assert server.url.startswith("http://[::1]:")
        assert ask(server.url, "test-key", "action=status") == {"result": "1"}
        assert ask(server.url, "test-key-ip", "action=status") == {"result": "-5"}


def test_a_taken_port_is_an_error_with_a_hint(run_main: RunMain) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        line = error_line(run_main("--port", port))
    problem = f"cannot listen on 127.0.0.1 port {port}: Address already in use"
    assert line == f"{problem}; --port sets another port, 0 a free one"


def test_an_error_of_the_host_has_no_hint_about_the_port(run_main: RunMain) -> None:
    line = error_line(run_main("--port", "1403", "--host", "nowhere.invalid", "--open-control"))
    assert re.fullmatch(r"cannot listen on nowhere\.invalid port 1403: [A-Z][a-z ]+", line)


def test_it_goes_on_if_nobody_reads_its_output(tmp_path: Path) -> None:
    file = tmp_path / "port"
    with process("-p", "0", "--port-file", str(file)) as server:
        assert server.stdout is not None
        server.stdout.close()
        server.stdout = None
        wait_until(file.exists)
        url = f"http://127.0.0.1:{file.read_text().strip()}"
        assert ask(url, "test-key", "action=status") == {"result": "1"}
        server.terminate()
        assert server.communicate(timeout=10)[1] == ""
        assert server.returncode == 0


# The configuration file


def test_a_configuration_file_has_accounts_and_options(tmp_path: Path) -> None:
    config = tmp_path / "fake.toml"
    config.write_text(
        '[server]\nhost = "localhost"\nmax_body = 1024\n'
        '[[accounts]]\nkey = "my-own-secret-key"\ncredit = 5\n[[accounts]]\nkey = "b"\nbilling_ok = false\n'
    )
    with started("--config", str(config)) as server:
        assert server.url.startswith("http://localhost:")
        assert ask(server.url, "my-own-secret-key", "action=credit")["credit"] == "5"
        assert ask(server.url, "test-key", "action=credit") == {"result": "-1"}
        assert "my-own-secret-key" not in server.banner
        assert "my-o...ey" in server.banner


def test_a_variable_can_name_the_configuration_file(tmp_path: Path) -> None:
    config = tmp_path / "fake.toml"
    config.write_text('[[accounts]]\nkey = "mine"\n')
    with started(FAKESERVER_CONFIG=str(config)) as server:
        assert ask(server.url, "mine", "action=status") == {"result": "1"}


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
def test_an_error_in_a_configuration_file_names_the_file_and_the_member(
    run_main: RunMain, tmp_path: Path, text: str, words: str
) -> None:
    config = tmp_path / "bad.toml"
    config.write_text(text)
    assert error_line(run_main("--config", str(config))).startswith(f"{config}: {words}")


# Options


def status_of(url: str, form: str = "", headers: dict[str, str] | None = None) -> int:
    """The HTTP status of a refused request."""
    with pytest.raises(HTTPError) as refused:
        request(url, form.encode() or None, headers)
    refused.value.close()
    return refused.value.code


def test_listening_beyond_loopback_needs_a_token_or_open_control() -> None:
    with started("--host", "0.0.0.0", "--control-token", "t") as server:
        accounts = f"http://127.0.0.1:{server.port}/_fake/accounts"
        assert status_of(accounts) == 401
        assert request(accounts, headers={"Authorization": "Bearer t"})["accounts"]
    with started("--open-control", FAKESERVER_HOST="::") as server:
        assert request(f"http://[::1]:{server.port}/_fake/accounts")["accounts"]


def test_the_control_plane_is_served_under_an_allowed_host() -> None:
    with started("--allowed-host", "Fake.Example.org", "--allowed-host", "b.example.org.") as server:
        health = f"{server.url}/_fake/health"
        for host in ("fake.example.org", "b.example.org:1403"):
            assert request(health, headers={"Host": host})["status"] == "ok"
        assert status_of(health, headers={"Host": "c.example.org"}) == 403


@pytest.mark.rule("A5")
def test_a_trusted_proxy_names_the_address_of_the_caller() -> None:
    forwarded = {"X-Forwarded-For": "10.0.0.1, 192.0.2.1"}
    with started(FAKESERVER_TRUST_PROXY="1") as server:
        assert ask(server.url, "test-key-ip", "action=status", forwarded) == {"result": "1"}
    with started("--trust-proxy=0", FAKESERVER_TRUST_PROXY="1") as server:
        assert ask(server.url, "test-key-ip", "action=status", forwarded) == {"result": "-5"}


@pytest.mark.rule("W13")
def test_the_limits_are_those_of_the_options() -> None:
    with started("--max-body", "1024", "--journal-max", "2", "--max-accounts", "10") as server:
        assert status_of(f"{server.url}/webservice/server", "x" * 2000) == 413
        for _ in range(3):
            ask(server.url, "test-key", "action=status")
        accounts = f"{server.url}/_fake/accounts"
        journal = request(f"{accounts}/test-key/journal")
        assert (len(journal["entries"]), journal["dropped"]) == (2, 1)
        assert request(accounts, b"{}")["key"]
        assert status_of(accounts, "{}") == 429


@pytest.mark.parametrize("accounts", ["", '[[accounts]]\nkey = "test-key"\n'])
def test_the_clock_is_for_accounts_that_do_not_set_their_own(tmp_path: Path, accounts: str) -> None:
    config = tmp_path / "c.toml"
    config.write_text('[server]\nclock = "frozen"\n' + accounts)
    with started("--config", str(config)) as server:
        url = f"{server.url}/_fake/accounts"
        request(url, b'{"key": "new"}')
        request(url, b'{"key": "own", "clock": "real"}')
        frozen = {key: request(f"{url}/{key}/clock")["frozen"] for key in ("test-key", "new", "own")}
    assert frozen == {"test-key": True, "new": True, "own": False}


def test_without_the_inbox_page_there_is_no_page() -> None:
    with started("--no-ui") as server:
        assert "  page " not in server.banner
        with pytest.raises(HTTPError) as refused:
            urlopen(f"{server.url}/", timeout=10)  # noqa: S310
        refused.value.close()
        assert refused.value.code == 404
