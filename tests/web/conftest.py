"""A server for each test, and an account of its own on it."""

from collections.abc import AsyncIterator

import pytest

from tests.web.control_client import AccountClient, ControlClient, control_client


@pytest.fixture
async def control() -> AsyncIterator[ControlClient]:
    """A server with the test keys. It must have logged no traceback when the test ends."""
    async with control_client() as client:
        yield client
        assert client.server.tracebacks == []


@pytest.fixture
async def account(control: ControlClient) -> AccountClient:
    return await control.create_account(key="mine")


@pytest.fixture
def short_shutdown(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server of the test does not wait for replies that it still owes when it stops."""
    monkeypatch.setattr("fakeserver.web.http.runner.SHUTDOWN_SECONDS", 0.01)
