"""Where a `PanelServer` is: `start` and `at`, who is refused, and that its end is an end."""

import json
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
from fakeserver.testing.control_client import ControlPlane
from tests.command import started
from tests.testing.application import ask, send


@pytest.mark.parametrize("tail", ["", "/", "/webservice/server", "/webservice/server/"])
def test_at_takes_the_base_or_the_endpoint(panel_server: PanelServer, tail: str) -> None:
    with PanelServer.at(panel_server.url + tail) as server:
        assert (server.url, server.endpoint) == (panel_server.url, panel_server.endpoint)
        with server.new_account() as panel:
            assert (panel.url, ask(panel, "status")) == (server.url, {"result": "1"})


def test_at_drives_a_server_with_its_control_token() -> None:
    with started("--control-token", "secret") as running:
        with PanelServer.at(running.url, token="secret") as server:
            send(server.new_account())
        for token in (None, "wrong"):
            with pytest.raises(UsageError, match="token"), PanelServer.at(running.url, token=token) as server:
                server.new_account()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        "127.0.0.1:1403",
        "ftp://127.0.0.1",
        "http://",
        "http://127.0.0.1:0",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:1403/?key=test-key",
        "http://127.0.0.1:1403/#inbox",
        "http://me:secret@127.0.0.1:1403",
    ],
)
def test_what_is_no_base_url_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="URL"):
        PanelServer.at(url)


@pytest.mark.parametrize("token", ["secret\n", "a\r\nHost: b", "کلید"])
def test_what_is_no_token_is_refused(panel_server: PanelServer, token: str) -> None:
    with pytest.raises(UsageError, match="token"):
        PanelServer.at(panel_server.url, token=token)


def test_a_certificate_that_nobody_trusts_is_told_and_can_be_trusted(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    cert, key = map(str, certificate)
    with started("--tls-cert", cert, "--tls-key", key) as running:
        with pytest.raises(Unreachable, match="the variable SSL_CERT_FILE names certificates to trust"):
            PanelServer.at(running.url)
        monkeypatch.setenv("SSL_CERT_FILE", cert)
        with PanelServer.at(running.url) as server, server.new_account(credit=7) as panel:
            assert (panel.url, panel.credit) == (running.url, 7)


def test_where_nobody_listens_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Unreachable, match=f"127.0.0.1:{port}"):
        PanelServer.at(f"http://127.0.0.1:{port}")


class SomebodyElse(BaseHTTPRequestHandler):
    """Answers every request so, and keeps its connections open until the client ends them."""

    protocol_version = "HTTP/1.1"
    status = 200
    body = b""
    ended: threading.Event

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def finish(self) -> None:
        super().finish()
        self.ended.set()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def somebody_else(**attributes: object) -> Iterator[str]:
    """The URL of a server that is no fake."""
    handler = type("Handler", (SomebodyElse,), {"ended": threading.Event(), **attributes})
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
    ],
)
def test_who_is_no_fake_is_refused(body: bytes, status: int) -> None:
    # Each connection is for one request here; what becomes of one that stays open is a test of its own.
    with (
        somebody_else(body=body, status=status, protocol_version="HTTP/1.0") as url,
        pytest.raises(Unreachable, match="fakeserver"),
    ):
        PanelServer.at(url)


def test_who_was_refused_keeps_no_open_connection() -> None:
    ended = threading.Event()
    with somebody_else(body=b'{"status": "ok"}', ended=ended) as url:
        with pytest.raises(Unreachable):
            PanelServer.at(url)
        assert ended.wait(3)


class Interrupted(BaseException):
    """As KeyboardInterrupt: not one of those that are expected of a request."""


def test_who_is_interrupted_while_waiting_keeps_no_open_connection() -> None:
    def interrupt(*_: object) -> NoReturn:
        raise Interrupted

    def answer(_: object) -> None:
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGUSR1)

    ended = threading.Event()
    before = signal.signal(signal.SIGUSR1, interrupt)
    try:
        with somebody_else(do_GET=answer, ended=ended) as url:
            with pytest.raises(Interrupted):
                ControlPlane(url).ask("GET", "/accounts")
            assert ended.wait(3)
    finally:
        signal.signal(signal.SIGUSR1, before)


def test_a_real_panel_is_refused_without_a_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0)
        with pytest.raises(Unreachable, match="is a real SMS panel"):
            PanelServer.at(f"http://127.0.0.1:{listener.getsockname()[1]}", real_panels=("127.0.0.1",))
        with pytest.raises(BlockingIOError):
            listener.accept()


# The end


Make = Callable[[], PanelServer]


@pytest.fixture(params=["start", "at"])
def make(request: pytest.FixtureRequest, panel_server: PanelServer) -> Make:
    return PanelServer.start if request.param == "start" else lambda: PanelServer.at(panel_server.url)


def test_closing_a_server_removes_the_accounts_that_it_made_and_no_others(panel_server: PanelServer) -> None:
    with panel_server.new_account() as ours:
        with PanelServer.at(panel_server.url) as guest:
            theirs = [guest.new_account(), guest.new_account()]
            assert ask(theirs[1], "status") == {"result": "1"}
        assert [ask(panel, "status")["result"] for panel in (*theirs, ours)] == ["-1", "-1", "1"]


def test_a_server_of_our_own_leaves_no_thread_and_no_port() -> None:
    before = set(threading.enumerate())
    with PanelServer.start() as server:
        panel = server.new_account()
        assert ask(panel, "status") == {"result": "1"}
        assert set(threading.enumerate()) > before
    assert set(threading.enumerate()) <= before
    with pytest.raises(ConnectionError):
        ask(panel, "status")
    with pytest.raises(Unreachable) as gone:
        _ = panel.credit
    assert isinstance(gone.value, FakeserverError)
    assert isinstance(gone.value, ConnectionError)


def test_two_servers_of_our_own_share_nothing() -> None:
    with PanelServer.start() as one, PanelServer.start() as other:
        assert one.url != other.url
        first, second = one.new_account(key="same"), other.new_account(key="same")
        send(first)
        assert (len(first.messages), second.messages) == (1, [])


def test_closing_a_server_again_does_nothing(make: Make) -> None:
    with make() as server:
        server.new_account()
        server.close()
    server.close()


def test_a_closed_server_makes_no_more_accounts(make: Make) -> None:
    server = make()
    server.close()
    with pytest.raises(FakeserverError):
        server.new_account()
