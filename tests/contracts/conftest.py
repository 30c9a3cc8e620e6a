"""Fixtures for the tests of the command `mydnspanel-contracts`."""

from collections.abc import Iterator

import pytest

from fakeserver.testing import Panel, PanelServer
from tests.contracts.commands import KEY, VerifyCommand


@pytest.fixture(scope="module")
def server() -> Iterator[PanelServer]:
    with PanelServer.start() as server:
        yield server


@pytest.fixture
def panel(server: PanelServer) -> Iterator[Panel]:
    with server.new_account(key=KEY) as panel:
        yield panel


@pytest.fixture
def verify(capfd: pytest.CaptureFixture[str]) -> VerifyCommand:
    return VerifyCommand(capfd)
