"""`PanelServer`: what becomes of bugs, of forks, and of the accounts that it made."""

import os
import threading
from collections.abc import Iterator
from typing import NoReturn

import pytest
from aiohttp import web

from fakeserver.actions import ACTIONS
from fakeserver.testing import (
    FakeserverError,
    Panel,
    PanelServer,
    ServerBug,
    Unreachable,
    UsageError,
)
from fakeserver.testing.server import _LocalServer
from fakeserver.testing.server_thread import ServerThread
from fakeserver.web.events.broker import EventBroker
from fakeserver.web.http.runner import Runner
from tests.testing.application import post, send


def broken(*_: object) -> NoReturn:
    raise LookupError("the roof leaks")


@pytest.fixture
def server() -> Iterator[PanelServer]:
    with PanelServer.start() as server:
        yield server


@pytest.fixture
def remote(server: PanelServer) -> Iterator[PanelServer]:
    """The same server, driven as one that runs elsewhere."""
    with PanelServer.at(server.url) as remote:
        yield remote


def meet_the_bug(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setitem(ACTIONS, "credit", broken)
        assert post(panel, "credit").status == 500


def test_a_bug_is_raised_when_the_account_is_removed(
    server: PanelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = server.new_account()
    meet_the_bug(panel, monkeypatch)
    (entry,) = panel.journal
    assert (entry.http, entry.rule, entry.result) == (500, "", None)
    assert entry["bug"] == "LookupError: the roof leaks"
    assert "a bug in fakeserver, please report it" in entry.reason
    with pytest.raises(ServerBug, match="LookupError: the roof leaks") as raised:
        panel.remove()
    assert isinstance(raised.value.__cause__, LookupError)
    server.new_account().remove()


def test_a_bug_is_raised_over_http_too(
    server: PanelServer, remote: PanelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = remote.new_account()
    meet_the_bug(panel, monkeypatch)
    meet_the_bug(panel, monkeypatch)
    with pytest.raises(ServerBug, match=r"LookupError: the roof leaks \(and 1 more\)"):
        panel.remove()
    with pytest.raises(ServerBug, match=r"the roof leaks \(and 1 more\)"):
        server.close()  # which has met them as well


def test_a_bug_after_the_answer_was_found_is_raised_too(
    server: PanelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = server.new_account()
    with monkeypatch.context() as patch:
        patch.setattr(EventBroker, "request_handled", broken)
        assert post(panel, "credit").status == 500
    with pytest.raises(ServerBug, match="LookupError: the roof leaks"):
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


def test_a_bug_that_belongs_to_no_account_is_raised_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    server = PanelServer.start()
    panel = server.new_account()
    monkeypatch.setattr("fakeserver.web.service.endpoint.decode", broken)
    assert post(panel, "credit", key="nobody").status == 500
    with pytest.raises(ServerBug, match="the roof leaks"):
        server.close()


def test_a_server_that_cannot_start_says_why_to_whoever_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aiohttp.web.TCPSite.start", broken)
    with pytest.raises(LookupError, match="the roof leaks"):
        PanelServer.start()


def test_a_server_that_fails_at_its_end_says_so_there(monkeypatch: pytest.MonkeyPatch) -> None:
    async def cleanup(runner: Runner) -> None:
        await web.AppRunner.cleanup(runner)
        broken()

    server = PanelServer.start()
    monkeypatch.setattr(Runner, "cleanup", cleanup)
    with pytest.raises(ServerBug, match="LookupError: the roof leaks"):
        server.close()


def test_a_bug_in_a_task_that_nobody_waits_for_is_raised_too() -> None:
    server = PanelServer.start()
    panel = server.new_account()
    loop = thread_of(server)._loop
    loop.call_soon_threadsafe(loop.call_exception_handler, {"message": "no exception at all"})
    loop.call_soon_threadsafe(reset_by_peer)
    panel.remove()  # neither is a bug of ours
    loop.call_soon_threadsafe(broken)
    with pytest.raises(ServerBug, match="LookupError: the roof leaks"):
        server.close()


def reset_by_peer() -> NoReturn:
    raise ConnectionResetError("Connection reset by peer")


def thread_of(server: PanelServer) -> ServerThread:
    assert isinstance(server, _LocalServer)
    return server._thread


def test_a_server_that_has_ended_by_itself_says_why() -> None:
    server = PanelServer.start()
    panel = server.new_account()
    thread_of(server)._loop.call_soon_threadsafe(leave)
    thread_of(server)._thread.join()
    with pytest.raises(ServerBug, match="SystemExit: the house burns"):
        panel.remove()
    server.close()


def leave() -> NoReturn:
    raise SystemExit("the house burns")


def test_a_server_that_does_not_end_is_told_and_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    server = PanelServer.start()
    release = threading.Event()
    thread_of(server)._loop.call_soon_threadsafe(release.wait)
    monkeypatch.setattr("fakeserver.testing.thread.PATIENCE_SECONDS", 0.01)
    with pytest.raises(FakeserverError, match="the server's thread has not ended"):
        server.close()
    release.set()
    thread_of(server)._thread.join()


def test_closing_removes_every_account_that_it_made(server: PanelServer) -> None:
    watching = server.new_account()
    with PanelServer.at(server.url) as remote:
        panels = [remote.new_account(), remote.new_account()]
        panels[0].remove()
    known = {account["key"] for account in watching.plane.ask("GET", "/accounts")["accounts"]}
    assert known == {watching.api_key}
    for panel in panels:
        with pytest.raises(UsageError, match="no account has the key"):
            _ = panel.credit


def test_an_account_that_somebody_else_has_removed_is_no_error(
    server: PanelServer, remote: PanelServer
) -> None:
    for made_by in (server, remote):
        panel = made_by.new_account()
        panel.control("DELETE", "")
        panel.remove()
        panel.remove()


def test_a_forked_child_speaks_to_the_server_of_its_parent(server: PanelServer) -> None:
    panel = server.new_account()
    assert panel.credit == 1_000_000  # from here there is an idle connection, which the child leaves alone
    child = os.fork()
    if child == 0:
        os._exit(0 if send(panel) == panel.messages[0].send_id else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert len(panel.messages) == 1


@pytest.mark.parametrize(
    "url", ["", "ftp://127.0.0.1", "http://", "http://a b", "http://[::1", "http://127.0.0.1:99999"]
)
def test_what_is_no_url_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="should be a fake's base URL such as"):
        PanelServer.at(url)


@pytest.mark.parametrize("host", ["mydnspanel.com", "WWW.MyDNSpanel.com.", "sms.example.org"])
def test_a_real_panel_is_refused_before_any_connection(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fakeserver.testing.server.ControlPlane", broken)
    with pytest.raises(Unreachable, match="is a real SMS panel; nothing was sent there"):
        PanelServer.at(f"https://{host}/webservice/server", None, ("mydnspanel.com", "sms.example.org"))
