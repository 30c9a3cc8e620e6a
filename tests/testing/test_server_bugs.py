"""Bugs of the server, which are raised to the test that met them, and servers that do not start or end."""

import threading
from collections.abc import Iterator
from typing import NoReturn

import pytest
from aiohttp import web

from fakeserver.actions import ACTIONS
from fakeserver.testing import FakeserverError, Panel, PanelServer, ServerBug
from fakeserver.testing.server import _LocalServer
from fakeserver.testing.server_thread import ServerThread
from fakeserver.web.events.broker import EventBroker
from fakeserver.web.http.runner import Runner
from tests.testing.application import post

BUG = "LookupError: a bug for the test"


def broken(*_: object) -> NoReturn:
    raise LookupError("a bug for the test")


@pytest.fixture
def server() -> Iterator[PanelServer]:
    with PanelServer.start() as server:
        yield server


def meet_bug(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a request to the account that fails inside the server."""
    with monkeypatch.context() as patch:
        patch.setitem(ACTIONS, "credit", broken)
        assert post(panel, "credit").status == 500


def server_thread(server: PanelServer) -> ServerThread:
    assert isinstance(server, _LocalServer)
    return server._thread


def test_removing_an_account_raises_the_bug_of_its_request(
    server: PanelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = server.new_account()
    meet_bug(panel, monkeypatch)
    (entry,) = panel.journal
    assert (entry.http, entry.rule, entry.result) == (500, "", None)
    assert entry["bug"] == BUG
    assert "a bug in fakeserver, please report it" in entry.reason
    with pytest.raises(ServerBug, match=BUG) as raised:
        panel.remove()
    assert isinstance(raised.value.__cause__, LookupError)
    server.new_account().remove()


def test_removing_an_account_of_a_running_server_raises_its_bugs(monkeypatch: pytest.MonkeyPatch) -> None:
    server = PanelServer.start()
    with PanelServer.at(server.url) as remote:
        panel = remote.new_account()
        meet_bug(panel, monkeypatch)
        meet_bug(panel, monkeypatch)
        with pytest.raises(ServerBug, match=rf"{BUG} \(and 1 more\)"):
            panel.remove()
    with pytest.raises(ServerBug, match=rf"{BUG} \(and 1 more\)"):
        server.close()


def test_a_bug_after_the_decision_of_a_reply_is_raised_too(
    server: PanelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = server.new_account()
    with monkeypatch.context() as patch:
        patch.setattr(EventBroker, "request_handled", broken)
        assert post(panel, "credit").status == 500
    with pytest.raises(ServerBug, match=BUG):
        panel.remove()


def test_a_bug_of_the_control_plane_is_raised_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    server = PanelServer.start()
    panel = server.new_account()
    with monkeypatch.context() as patch:
        patch.setattr(EventBroker, "account_changed", broken)
        with pytest.raises(ServerBug, match=r"a bug in fakeserver, at http://.*/clock"):
            panel.advance(1)
    with pytest.raises(ServerBug) as raised:
        server.close()
    assert isinstance(raised.value.__cause__, LookupError)


def test_closing_a_server_raises_a_bug_outside_any_account(monkeypatch: pytest.MonkeyPatch) -> None:
    server = PanelServer.start()
    panel = server.new_account()
    monkeypatch.setattr("fakeserver.web.service.endpoint.decode", broken)
    assert post(panel, "credit", key="unknown").status == 500
    with pytest.raises(ServerBug, match=BUG):
        server.close()


def test_closing_a_server_raises_a_bug_of_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    async def cleanup(runner: Runner) -> None:
        await web.AppRunner.cleanup(runner)
        broken()

    server = PanelServer.start()
    monkeypatch.setattr(Runner, "cleanup", cleanup)
    with pytest.raises(ServerBug, match=BUG):
        server.close()


def test_closing_a_server_raises_a_bug_in_a_task_but_not_a_broken_connection() -> None:
    server = PanelServer.start()
    panel = server.new_account()
    loop = server_thread(server)._loop
    loop.call_soon_threadsafe(loop.call_exception_handler, {"message": "without an exception"})
    loop.call_soon_threadsafe(reset_connection)
    panel.remove()
    loop.call_soon_threadsafe(broken)
    with pytest.raises(ServerBug, match=BUG):
        server.close()


def reset_connection() -> NoReturn:
    raise ConnectionResetError("Connection reset by peer")


def test_a_server_that_cannot_start_raises_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aiohttp.web.TCPSite.start", broken)
    with pytest.raises(LookupError, match="a bug for the test"):
        PanelServer.start()


def test_a_server_whose_thread_has_ended_raises_the_reason() -> None:
    server = PanelServer.start()
    panel = server.new_account()
    server_thread(server)._loop.call_soon_threadsafe(exit_thread)
    server_thread(server)._thread.join()
    with pytest.raises(ServerBug, match="SystemExit: the reason"):
        panel.remove()
    server.close()


def exit_thread() -> NoReturn:
    raise SystemExit("the reason")


def test_closing_a_server_that_hangs_raises_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    server = PanelServer.start()
    release = threading.Event()
    server_thread(server)._loop.call_soon_threadsafe(release.wait)
    monkeypatch.setattr("fakeserver.testing.server_thread.THREAD_TIMEOUT_SECONDS", 0.01)
    with pytest.raises(FakeserverError, match="the thread of the server has not ended"):
        server.close()
    release.set()
    server_thread(server)._thread.join()
