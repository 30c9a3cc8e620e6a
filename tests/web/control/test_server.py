"""The server as a whole."""

from fakeserver import __version__
from tests.web.control_client import ControlClient


async def test_health_tells_the_version_and_counts_the_accounts(control: ControlClient) -> None:
    await control.create_account()
    health = {"status": "ok", "version": __version__, "accounts": 10}
    assert await control.get("/_fake/health") == health
