"""`fakeserver wait`: exit status 0 once the server is healthy, and 1 when the time is over."""

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from fakeserver.cli.errors import CommandError
from fakeserver.cli.wait import url_from_environment
from tests.cli.conftest import RunMain
from tests.command import error_line, process, started, wait_until


@contextmanager
def other_server(body: bytes, status: int = 200) -> Iterator[str]:
    """The URL of a server that is not a fakeserver and gives every request the same reply."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


# Waiting


def test_a_healthy_server_is_exit_status_0_without_output(run_main: RunMain) -> None:
    with started("--control-token", "t") as server:
        for result in (
            run_main("wait", "--url", server.url),
            run_main("wait", "--url", server.url + "/", "--timeout", "5", http_proxy="http://127.0.0.1:1"),
            run_main("wait", "--url", server.url + "/webservice/server"),
            run_main("wait", PANEL_URL=server.url, FAKESERVER_PORT="1"),
            run_main("wait", FAKESERVER_PORT=server.port, PANEL_URL=""),
        ):
            assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_it_waits_for_a_server_that_starts_later(tmp_path: Path) -> None:
    file = tmp_path / "port"
    with process("-p", "0", "--port-file", str(file)) as server:
        wait_until(file.exists)
        port = file.read_text().strip()
        server.terminate()
        server.communicate(timeout=10)
    with process("wait", "--url", f"http://127.0.0.1:{port}", "--timeout", "20") as waiting:
        with process("-p", port):
            _, errors = waiting.communicate(timeout=30)
        assert (waiting.returncode, errors) == (0, "")


def test_the_end_of_the_time_is_one_line_and_exit_status_1(run_main: RunMain) -> None:
    line = error_line(run_main("wait", "--url", "http://127.0.0.1:1", "--timeout", "0.1"), 1)
    assert line == "no healthy server at http://127.0.0.1:1: Connection refused; gave up after 0.1 s"


def test_an_interrupt_is_exit_status_130_without_output() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with process("wait", "--url", url, "--timeout", "60") as waiting:
            connection, _ = silent.accept()
            with connection:
                waiting.send_signal(signal.SIGINT)
                assert waiting.communicate(timeout=20) == ("", "")
    assert waiting.returncode == 130


@pytest.mark.parametrize(
    "body", [b"ok", b'"ok"', b'{"status": "ok"}', b'{"status":"down","version":"1","accounts":1}', b"\xff"]
)
def test_another_server_is_not_a_fakeserver(run_main: RunMain, body: bytes) -> None:
    with other_server(body) as url:
        line = error_line(run_main("wait", "--timeout", "0", PANEL_URL=url), 1)
    assert line == f"the server at {url} is not a fakeserver; gave up after 0 s"


def test_an_http_error_is_not_healthy(run_main: RunMain) -> None:
    with other_server(b"{}", 503) as url:
        line = error_line(run_main("wait", "--url", url, "--timeout", "0"), 1)
    assert line.startswith(f"no healthy server at {url}: Service Unavailable")


# Where the server is


@pytest.mark.parametrize(
    ("environment", "url"),
    [
        ({}, "http://127.0.0.1:1403"),
        ({"FAKESERVER_PORT": "8080"}, "http://127.0.0.1:8080"),
        ({"FAKESERVER_HOST": "127.0.0.2"}, "http://127.0.0.2:1403"),
        ({"FAKESERVER_HOST": "::1"}, "http://[::1]:1403"),
        ({"FAKESERVER_HOST": "::"}, "http://[::1]:1403"),
        ({"FAKESERVER_TLS_CERT": "cert.pem"}, "https://127.0.0.1:1403"),
        (
            {"FAKESERVER_HOST": "0.0.0.0", "FAKESERVER_PORT": "443", "FAKESERVER_TLS_CERT": "c"},
            "https://127.0.0.1:443",
        ),
        ({"FAKESERVER_PORT": "", "FAKESERVER_TLS_CERT": ""}, "http://127.0.0.1:1403"),
        ({"PANEL_URL": "http://panel:80/", "FAKESERVER_PORT": "no port"}, "http://panel:80"),
    ],
)
def test_without_a_url_it_waits_for_the_server_of_the_environment(
    environment: dict[str, str], url: str
) -> None:
    assert url_from_environment(environment) == url


def test_the_environment_may_name_a_configuration_file(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text('[server]\nport = 99\ntls_cert = "c.pem"\n')
    assert url_from_environment({"FAKESERVER_CONFIG": str(file)}) == "https://127.0.0.1:99"


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("FAKESERVER_PORT", "0", "FAKESERVER_PORT: 0 stands for any free port; give --url URL"),
        ("FAKESERVER_PORT", "no port", "FAKESERVER_PORT: should be a port"),
        ("PANEL_URL", "127.0.0.1:1403", "PANEL_URL: should be a base URL"),
    ],
)
def test_an_error_in_the_environment_names_the_variable(variable: str, value: str, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        url_from_environment({variable: value})


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--url", "127.0.0.1:1403"], "--url: should be a base URL"),
        (["--url", "http://"], "--url: should be a base URL"),
        (["--url", "http://[::1"], "--url: should be a base URL"),
        (["--url", "http://a:x"], "--url: should be a base URL"),
        (["--url", "http://a b"], "--url: should be a base URL"),
        (["--url", ""], "--url: should be a base URL"),
        (["--timeout", "soon"], "--timeout: should be a number"),
        (["--timeout", "nan"], "--timeout: should be a number"),
        (["--timeout", "-1"], "--timeout: should be a number"),
        (["now"], "unrecognized arguments: now"),
    ],
)
def test_an_error_names_the_argument(run_main: RunMain, arguments: list[str], words: str) -> None:
    assert words in error_line(run_main("wait", *arguments))
