from collections.abc import AsyncIterator

import pytest

from tests.web.serving import LocalServer, serve


@pytest.fixture
async def server() -> AsyncIterator[LocalServer]:
    """A server with the test keys. It must have logged no traceback when the test ends."""
    async with serve() as running:
        yield running
        assert running.tracebacks == []
