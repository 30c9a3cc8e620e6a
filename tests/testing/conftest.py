"""Tests that use `panel_server` run with a server in a thread, and again with one in another process."""

from collections.abc import Iterator

import pytest

from fakeserver.testing import PanelServer
from tests.command import started


@pytest.fixture(scope="session", params=["in a thread", "in another process"])
def panel_server(request: pytest.FixtureRequest) -> Iterator[PanelServer]:
    if request.param == "in a thread":
        with PanelServer.start() as server:
            yield server
    else:
        with started() as running, PanelServer.at(running.url) as server:
            yield server
