"""`FakePanel`, the handle without pytest."""

import asyncio
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from fakeserver.testing import FakePanel, Unreachable, UsageError
from tests.command import environment, started
from tests.testing.application import send


def is_listening(url: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(url.rpartition(":")[2]))) == 0


def server_threads() -> int:
    return sum(thread.name == "fakeserver" for thread in threading.enumerate())


def test_it_returns_a_handle_and_leaves_nothing_behind() -> None:
    before = server_threads()
    with FakePanel(credit=5_000) as panel:
        send(panel)
        assert panel.credit == 3_000
        assert server_threads() == before + 1
    assert server_threads() == before
    assert not is_listening(panel.url)
    with pytest.raises(Unreachable, match="no reply from"):
        _ = panel.credit


async def test_it_is_an_asynchronous_context_manager() -> None:
    async with FakePanel() as panel:
        sending = asyncio.create_task(asyncio.to_thread(send, panel, "9121234567"))
        assert len(await panel.wait_for_async(to="9121234567")) == 1
        await sending
    assert not is_listening(panel.url)


def test_two_share_nothing() -> None:
    with FakePanel() as one, FakePanel() as other:
        send(one)
        assert one.url != other.url
        assert (len(one.messages), other.messages) == (1, [])


def test_it_can_use_a_server_that_runs_already() -> None:
    with started("--control-token", "secret") as server:
        with FakePanel(url=server.url, token="secret", credit=7) as panel:
            assert (panel.url, panel.credit) == (server.url, 7)
        with FakePanel(url=server.url, token="secret") as other:
            assert other.api_key != panel.api_key
        assert is_listening(server.url)
        with pytest.raises(UsageError, match="asks for its control token"), FakePanel(url=server.url):
            pass


def test_a_refused_setting_leaves_nothing_behind() -> None:
    before = server_threads()
    with pytest.raises(UsageError, match="did you mean `timeline`"), FakePanel(time_line="instant"):
        pass
    assert server_threads() == before


def test_using_it_like_a_panel_names_the_with_statement() -> None:
    with pytest.raises(
        AttributeError, match=r"no attribute 'messages'; use the panel of `with FakePanel\(\) as panel:`"
    ):
        getattr(FakePanel(), "messages")  # noqa: B009 - a type checker would report the attribute


def test_it_can_be_used_again_but_not_twice_at_once() -> None:
    fake = FakePanel()
    with fake, pytest.raises(RuntimeError, match="in use already"), fake:
        pass
    with fake as again:
        assert again.credit == 1_000_000


def test_leaving_it_twice_or_before_entering_it_does_nothing() -> None:
    fake = FakePanel()
    fake.__exit__(None, None, None)
    with fake as panel:
        assert panel.credit == 1_000_000
    fake.__exit__(None, None, None)
    assert not is_listening(panel.url)


UNITTEST = """
import unittest
from fakeserver.testing import FakePanel
from tests.testing.application import send

class SendingTest(unittest.TestCase):
    def setUp(self):
        self.panel = self.enterContext(FakePanel())

    def test_one(self):
        send(self.panel)
        self.panel.assert_sent(count=1)

    def test_another(self):
        self.panel.assert_nothing_sent()

unittest.main()
"""


def test_unittest_can_use_it(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", "-c", UNITTEST]
    result = subprocess.run(
        command, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False
    )
    assert result.stderr.rstrip().endswith("OK"), result.stderr
    assert "Ran 2 tests" in result.stderr
