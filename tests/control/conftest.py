"""A server for each test, and an account of its own on it."""

from collections.abc import AsyncIterator

import pytest

from tests.control.desk import Box, Desk, opened


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with opened() as running:
        yield running


@pytest.fixture
async def box(desk: Desk) -> Box:
    return await desk.create(key="mine")
