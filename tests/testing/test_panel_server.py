"""`PanelServer`: `start`, `at`, which URLs `at` refuses, and `close`."""

import json
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NoReturn

import pytest

from fakeserver.testing import FakeserverError, PanelServer, Unreachable, UsageError
from fakeserver.testing.control_client import ControlClient
from tests.command import started
from tests.testing.application import ask, send


@pytest.mark.parametrize("tail", ["", "/", "/webservice/server", "/webservice/server/"])
def test_at_takes_the_base_url_or_the_endpoint(panel_server: PanelServer, tail: str) -> None:
    with PanelServer.at(panel_server.url + tail) as server:
        assert (server.url, server.endpoint) == (panel_server.url, panel_server.endpoint)
        with server.new_account() as panel:
            assert (panel.url, ask(panel, "status")) == (server.url, {"result": "1"})


def test_at_uses_the_control_token() -> None:
    with started("--control-token", "secret") as running:
        with PanelServer.at(running.url, token="secret") as server:
            send(server.new_account())
        for token, problem in ((None, "asks for its"), ("wrong", "does not accept this")):
            message = f"{problem} control token"
            with PanelServer.at(running.url, token) as server, pytest.raises(UsageError, match=message):
                server.new_account()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        "127.0.0.1:1403",
        "ftp://127.0.0.1",
        "http://",
        "http://a b",
        "http://[::1",
        "http://127.0.0.1:0",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:1403/?key=test-key",
        "http://127.0.0.1:1403/#inbox",
        "http://me:secret@127.0.0.1:1403",
    ],
)
def test_at_refuses_what_is_not_a_base_url(url: str) -> None:
    with pytest.raises(UsageError, match="should be a base URL such as") as refused:
        PanelServer.at(url)
    assert refused.value.argument == "url"


@pytest.mark.parametrize("token", ["secret\n", "a\r\nHost: b", "کلید"])
def test_at_refuses_what_is_not_a_token(panel_server: PanelServer, token: str) -> None:
    with pytest.raises(UsageError, match="token should be visible ASCII") as refused:
        PanelServer.at(panel_server.url, token=token)
    assert refused.value.argument == "token"


@pytest.mark.parametrize("host", ["mydnspanel.com", "WWW.MyDNSpanel.com.", "sms.example.org"])
def test_at_refuses_a_real_panel_without_a_connection(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(*_: object) -> NoReturn:
        pytest.fail("there should be no connection")

    monkeypatch.setattr("fakeserver.testing.server.ControlClient", connect)
    with pytest.raises(Unreachable, match="is a real SMS panel; nothing was sent there"):
        PanelServer.at(f"https://{host}/webservice/server", None, ("mydnspanel.com", "sms.example.org"))


def test_at_needs_a_certificate_that_the_variable_may_name(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    cert, key = map(str, certificate)
    with started("--tls-cert", cert, "--tls-key", key) as running:
        with pytest.raises(Unreachable, match="the variable SSL_CERT_FILE names certificates to trust"):
            PanelServer.at(running.url)
        monkeypatch.setenv("SSL_CERT_FILE", cert)
        with PanelServer.at(running.url) as server, server.new_account(credit=7) as panel:
            assert (panel.url, panel.credit) == (running.url, 7)


def test_at_reports_a_port_on_which_nothing_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Unreachable, match=f"no reply from http://127.0.0.1:{port}: Connection refused"):
        PanelServer.at(f"http://127.0.0.1:{port}")


class OtherHandler(BaseHTTPRequestHandler):
    """Gives every request the same reply, and keeps connections open until the client closes them."""

    protocol_version = "HTTP/1.1"
    status = 200
    body = b""
    closed: threading.Event

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def finish(self) -> None:
        super().finish()
        self.closed.set()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def other_server(**attributes: object) -> Iterator[str]:
    """The URL of a server that is not a fakeserver. The arguments are attributes of its handler."""
    handler = type("Handler", (OtherHandler,), {"closed": threading.Event(), **attributes})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,)).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (json.dumps({"status": "ok"}).encode(), 200),
        (json.dumps(["ok"]).encode(), 200),
        (b"<h1>It works</h1>", 200),
        (b"", 200),
        (b"\xff", 200),
        (b"not found", 404),
        (b"", 502),
        (b'{"detail": "Not Found"}', 404),
        (b'{"errors": {"path": ["not found"]}}', 404),
    ],
)
def test_at_refuses_another_server(body: bytes, status: int) -> None:
    # With HTTP/1.0 the server closes each connection itself.
    with (
        other_server(body=body, status=status, protocol_version="HTTP/1.0") as url,
        pytest.raises(Unreachable, match=f"^the server at {url}.* is not a fakeserver"),
    ):
        PanelServer.at(url)


def test_the_connection_to_another_server_is_closed() -> None:
    closed = threading.Event()
    with other_server(body=b'{"status": "ok"}', closed=closed) as url:
        with pytest.raises(Unreachable):
            PanelServer.at(url)
        assert closed.wait(3)


class Interrupted(BaseException):
    """Like KeyboardInterrupt, not an exception that a request may be expected to raise."""


def test_an_interrupted_request_closes_its_connection() -> None:
    def interrupt(*_: object) -> NoReturn:
        raise Interrupted

    def interrupt_client(_: object) -> None:
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGUSR1)

    closed = threading.Event()
    before = signal.signal(signal.SIGUSR1, interrupt)
    try:
        with other_server(do_GET=interrupt_client, closed=closed) as url:
            with pytest.raises(Interrupted):
                ControlClient(url).request("GET", "/accounts")
            assert closed.wait(3)
    finally:
        signal.signal(signal.SIGUSR1, before)


@pytest.mark.parametrize(("idle_max_seconds", "is_closed"), [(0, True), (600, False)])
def test_a_connection_that_was_idle_for_too_long_is_closed(
    idle_max_seconds: float, is_closed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fakeserver.testing.control_client.IDLE_MAX_SECONDS", idle_max_seconds)
    closed = threading.Event()
    with other_server(body=b"{}", closed=closed) as url:
        client = ControlClient(url)
        assert [client.request("GET", "/health") for _ in range(2)] == [{}, {}]
        assert closed.wait(3 if is_closed else 0) == is_closed
        client.close()


def test_a_forked_child_uses_the_server_of_its_parent() -> None:
    with PanelServer.start() as server:
        panel = server.new_account()
        assert panel.credit == 1_000_000  # leaves an idle connection, which only one of them may use
        child = os.fork()
        if child == 0:
            status = 1
            try:
                send(panel)
                status = int({panel.credit for _ in range(50)} != {998_000})
            finally:
                os._exit(status)
        assert {panel.phonebook(1403).id for _ in range(50)} == {1403}
        assert os.waitpid(child, 0)[1] == 0
        assert len(panel.messages) == 1


# The end

MakeServer = Callable[[], PanelServer]


@pytest.fixture(params=["start", "at"])
def make_server(request: pytest.FixtureRequest, panel_server: PanelServer) -> MakeServer:
    return PanelServer.start if request.param == "start" else lambda: PanelServer.at(panel_server.url)


def test_closing_a_server_removes_the_accounts_that_it_has_created_and_no_others(
    panel_server: PanelServer,
) -> None:
    with panel_server.new_account() as other:
        with PanelServer.at(panel_server.url) as server:
            panels = [server.new_account(), server.new_account(), server.new_account()]
            panels[0].remove()
            assert ask(panels[1], "status") == {"result": "1"}
        assert [ask(panel, "status")["result"] for panel in (*panels, other)] == ["-1", "-1", "-1", "1"]
        with pytest.raises(UsageError, match="no account has the key"):
            _ = panels[1].credit


def test_an_account_that_another_client_has_removed_is_removed_without_an_error() -> None:
    with PanelServer.start() as local, PanelServer.at(local.url) as remote:
        for server in (local, remote):
            panel = server.new_account()
            panel.control("DELETE", "")
            panel.remove()


def test_a_started_server_leaves_no_thread_and_no_port() -> None:
    before = set(threading.enumerate())
    with PanelServer.start() as server:
        panel = server.new_account()
        assert ask(panel, "status") == {"result": "1"}
        assert set(threading.enumerate()) > before
    assert set(threading.enumerate()) <= before
    with pytest.raises(ConnectionError):
        ask(panel, "status")
    with pytest.raises(Unreachable) as unreachable:
        _ = panel.credit
    assert isinstance(unreachable.value, FakeserverError)
    assert isinstance(unreachable.value, ConnectionError)


def test_two_started_servers_share_nothing() -> None:
    with PanelServer.start() as one, PanelServer.start() as other:
        assert one.url != other.url
        first, second = one.new_account(key="same"), other.new_account(key="same")
        send(first)
        assert (len(first.messages), second.messages) == (1, [])


def test_closing_a_server_again_does_nothing(make_server: MakeServer) -> None:
    with make_server() as server:
        server.new_account()
        server.close()
    server.close()


def test_a_closed_server_creates_no_more_accounts(make_server: MakeServer) -> None:
    server = make_server()
    server.close()
    with pytest.raises(UsageError, match="the server is closed"):
        server.new_account()
