"""`mydnspanel-contracts verify`: wrong arguments, unusable servers, and the secrecy of the key."""

import json
import socket
import time
from html import escape
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from mydnspanel_contracts.commands import main
from mydnspanel_contracts.commands.redaction import Secret

from fakeserver.testing import Panel, PanelServer
from tests.command import started
from tests.contracts.commands import KEY, VerifyCommand
from tests.contracts.misbehaving_server import ReceivedRequest, ServerResponse, misbehaving_server

# The key


@pytest.mark.parametrize("place", ["body", "location", "content type"])
def test_a_key_that_the_server_returns_is_redacted(panel: Panel, verify: VerifyCommand, place: str) -> None:
    def change(request: ReceivedRequest, response: ServerResponse) -> ServerResponse:
        key = request.headers.get("Authorization", "nothing")
        if place == "body":
            return response._replace(body=json.dumps({"result": key, "key": key}).encode())
        if place == "location":
            return ServerResponse(302, {"Location": f"http://127.0.0.1:1/?key={key}"}, b"")
        return response._replace(
            headers={"Content-Type": f"application/json; key={key}"}, body=b'{"result": "-1x"}'
        )

    with misbehaving_server(panel.url, change) as url:
        assert verify(url, "--key", KEY).status in {1, 2}


@pytest.mark.parametrize("key", ["a+b/c", 'q"uote', "<&>"])
def test_a_key_is_redacted_in_every_notation(key: str) -> None:
    secret = Secret(key)
    for written in (key, quote(key), quote(key, safe=""), quote_plus(key), escape(key), json.dumps(key)):
        redacted = secret.redact(f"before {written} after")
        assert key not in redacted
        assert "[key]" in redacted
    assert key not in repr(secret)


def test_a_key_given_without_its_option_is_not_printed(panel: Panel, verify: VerifyCommand) -> None:
    for arguments in ([panel.url, KEY], [panel.url, "--kye", KEY], [panel.url, f"--kye={KEY}"]):
        verify.error(*arguments)


# Arguments


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "the following arguments are required: COMMAND; see mydnspanel-contracts --help"),
        (("verify",), "the following arguments are required: URL; see mydnspanel-contracts verify --help"),
        ((KEY,), "argument COMMAND must be one of verify, check-log; see mydnspanel-contracts --help"),
    ],
)
def test_a_missing_or_unknown_argument_is_named(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr() == ("", f"mydnspanel-contracts: {message}\n")


def test_a_key_is_required_and_must_be_visible_ascii(panel: Panel, verify: VerifyCommand) -> None:
    assert "give --key or set PANEL_API_KEY" in verify.error(panel.url)
    assert "1 to 128 visible ASCII" in verify.error(panel.url, "--key", "کلید")


@pytest.mark.parametrize("number", ["abc", "912", "98", "9121234567,9121234568", "+1 912 123 4567", ""])
def test_send_to_must_be_a_mobile_number(panel: Panel, verify: VerifyCommand, number: str) -> None:
    assert "--send-to must be a mobile number" in verify.error(panel.url, "--key", KEY, "--send-to", number)
    assert panel.journal == []


@pytest.mark.parametrize("text", ["0", "-1", "x", "nan", "inf"])
def test_timeout_must_be_a_positive_number(panel: Panel, verify: VerifyCommand, text: str) -> None:
    assert "--timeout must be" in verify.error(panel.url, "--key", KEY, "--timeout", text)


def test_phonebook_requires_send_to(panel: Panel, verify: VerifyCommand) -> None:
    assert "requires --send-to" in verify.error(panel.url, "--key", KEY, "--phonebook", "1403")


@pytest.mark.parametrize(
    "url",
    ["", "127.0.0.1", "ftp://x", "http://", "http://a b", "http://u:p@x/", "http://x/?key=1", "http://[x"],
)
def test_url_must_be_a_base_url_or_an_endpoint(verify: VerifyCommand, url: str) -> None:
    assert "URL must be a" in verify.error(url, "--key", KEY)


# Servers


def test_a_server_that_cannot_be_reached_is_an_error(verify: VerifyCommand) -> None:
    assert "cannot reach http://127.0.0.1:1" in verify.error("http://127.0.0.1:1", "--key", KEY)


@pytest.mark.parametrize(
    ("response", "message"),
    [
        (
            ServerResponse(502, {"Content-Type": "text/html"}, b"<h1>Bad Gateway</h1>"),
            "is not a panel: it answered HTTP 502, an HTML page",
        ),
        (ServerResponse(200, {"Content-Type": "text/plain"}, b"hello"), "is not a panel: it answered hello"),
        (
            ServerResponse(200, {"Content-Type": "application/json"}, b""),
            "is not a panel: it answered an empty body",
        ),
        (
            ServerResponse(301, {"Location": "https://elsewhere.example/"}, b""),
            "redirects to https://elsewhere.example/",
        ),
        (ServerResponse(200, {"Content-Type": "application/json"}, b" " * (5 << 20)), "is longer than"),
    ],
    ids=["page", "text", "empty", "redirect", "too long"],
)
def test_a_server_that_is_not_a_panel_is_an_error(
    panel: Panel, verify: VerifyCommand, response: ServerResponse, message: str
) -> None:
    with misbehaving_server(panel.url, lambda *_: response) as url:
        assert message in verify.error(url, "--key", KEY)


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"webservice_enabled": False}, "-2"),
        ({"identity_verified": False}, "-3"),
        ({"allowed_ips": ["192.0.2.1"]}, "-5"),
    ],
)
def test_an_account_that_the_gate_refuses_is_an_error(
    server: PanelServer, verify: VerifyCommand, settings: dict[str, Any], code: str
) -> None:
    with server.new_account(key=KEY, **settings) as panel:
        assert f"the panel answers {code} to this key" in verify.error(panel.url, "--key", KEY)


def test_an_unknown_key_is_an_error(server: PanelServer, verify: VerifyCommand) -> None:
    assert "the panel answers -1 to this key" in verify.error(server.url, "--key", KEY)


def test_an_untrusted_certificate_is_an_error_and_can_be_trusted(
    certificate: tuple[Path, Path], verify: VerifyCommand, monkeypatch: pytest.MonkeyPatch
) -> None:
    cert, key = map(str, certificate)
    with started("--tls-cert", cert, "--tls-key", key) as server:
        error = verify.error(server.url, "--key", "test-key")
        assert f"cannot reach {server.url}/webservice/server: " in error
        assert "SSL_CERT_FILE" in error
        monkeypatch.setenv("SSL_CERT_FILE", cert)
        assert verify(server.url, "--key", "test-key").status == 0


@pytest.mark.parametrize(
    "beginning",
    [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.0 200 OK\r\n\r\n"],
    ids=["silent", "slow headers", "slow body"],
)
def test_a_response_that_takes_longer_than_the_timeout_is_an_error(
    verify: VerifyCommand, beginning: bytes
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        listener.settimeout(5)
        thread = Thread(target=_respond_slowly, args=(listener, beginning))
        thread.start()
        start = time.monotonic()
        assert "within 0.3 s" in verify.error(url, "--key", KEY, "--timeout", "0.3")
        assert time.monotonic() - start < 3
        thread.join()


def _respond_slowly(listener: socket.socket, beginning: bytes) -> None:
    """Accept one connection, send `beginning` and then one byte at a time until the client closes."""
    connection, _ = listener.accept()
    with connection:
        connection.settimeout(0.05)
        connection.sendall(beginning)
        while True:
            try:
                if connection.recv(1 << 16) == b"":
                    return
            except TimeoutError:
                try:
                    connection.sendall(b"x" if beginning else b"")
                except OSError:
                    return
            except OSError:
                return
