"""Every test of this package runs twice, against either kind of server: they must not be told apart."""

from collections.abc import Iterator

import pytest

from fakeserver.testing import PanelServer
from tests.command import started


@pytest.fixture(scope="session", params=["in this process", "over HTTP"])
def panel_server(request: pytest.FixtureRequest) -> Iterator[PanelServer]:
    if request.param == "in this process":
        with PanelServer.start() as server:
            yield server
    else:
        with started() as running, PanelServer.at(running.url) as server:
            yield server
