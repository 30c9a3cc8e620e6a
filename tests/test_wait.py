"""`fakeserver wait`: 0 once the server is healthy, 1 when the time is over."""

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from fakeserver.cli.options import CommandError
from fakeserver.cli.wait import url_of
from tests.command import one_line, process, run, started, until


@contextmanager
def another_server(body: bytes, status: int = 200) -> Iterator[str]:
    """Something else that answers everything with `body`."""

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


def test_a_healthy_server_is_0_and_nothing_is_said() -> None:
    with started("--control-token", "t") as server:
        for result in (
            run("wait", "--url", server.url),
            run("wait", "--url", server.url + "/", "--timeout", "5", http_proxy="http://127.0.0.1:1"),
            run("wait", "--url", server.url + "/webservice/server"),
            run("wait", PANEL_URL=server.url, FAKESERVER_PORT="1"),
            run("wait", FAKESERVER_PORT=server.url.rpartition(":")[2], PANEL_URL=""),
        ):
            assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


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
def test_without_a_url_it_asks_where_the_environment_has_the_server(
    environment: dict[str, str], url: str
) -> None:
    assert url_of(environment) == url


def test_without_a_url_it_heeds_the_configuration_that_the_environment_names(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text('[server]\nport = 99\ntls_cert = "c.pem"\n')
    assert url_of({"FAKESERVER_CONFIG": str(file)}) == "https://127.0.0.1:99"


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("FAKESERVER_PORT", "0", "FAKESERVER_PORT: 0 is some free port"),
        ("FAKESERVER_PORT", "no port", "FAKESERVER_PORT: should be a port"),
        ("PANEL_URL", "127.0.0.1:1403", "PANEL_URL: should be a base URL"),
    ],
)
def test_an_environment_that_says_no_place_is_named(variable: str, value: str, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        url_of({variable: value})


def test_a_port_that_cannot_be_known_is_one_line() -> None:
    assert "--url says which" in one_line(run("wait", FAKESERVER_PORT="0"))


def test_a_server_that_starts_later_is_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "port"
    with process("-p", "0", "--port-file", str(file)) as server:
        until(file.exists)
        port = file.read_text().strip()
        server.terminate()
        server.communicate(timeout=10)
    with process("wait", "--url", f"http://127.0.0.1:{port}", "--timeout", "20") as waiting:
        with process("-p", port):
            _, errors = waiting.communicate(timeout=30)
        assert (waiting.returncode, errors) == (0, "")


def test_the_time_is_over_with_one_line_and_1() -> None:
    said = one_line(run("wait", "--url", "http://127.0.0.1:1", "--timeout", "0.1"), 1)
    assert said == "http://127.0.0.1:1 is not healthy after 0.1 s: Connection refused"


def test_an_interrupt_ends_it_with_130_and_no_trace() -> None:
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
def test_another_server_is_not_taken_for_this_one(body: bytes) -> None:
    with another_server(body) as url:
        said = one_line(run("wait", "--timeout", "0", PANEL_URL=url), 1)
    assert said.endswith("what answers there is no fakeserver")


def test_an_answer_of_an_error_is_not_healthy() -> None:
    with another_server(b"{}", 503) as url:
        assert url in one_line(run("wait", "--url", url, "--timeout", "0"), 1)


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
def test_a_bad_argument_is_one_line_and_2(arguments: list[str], words: str) -> None:
    assert words in one_line(run("wait", *arguments))
