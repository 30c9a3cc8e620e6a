"""Reset: one account, or the whole server, goes back to the start."""

from typing import Any

import pytest

from tests.web.control_client import ACCOUNTS, AccountClient, ControlClient

CHANCE = {"outcomes": {"delivered": 1, "undelivered": 1}, "timeline": "instant", "seed": 7}
RECEIVERS = ",".join(f"91211111{n}" for n in range(10, 40))


async def use(account: AccountClient) -> list[Any]:
    """Change everything that an account has, and return what ids and chance have decided."""
    send_id = await account.send(RECEIVERS, phoneBook="1403")
    inbound = await account.command("POST", "/inbound", {"from": "9121111111", "text": "لغو11"})
    rule_id = await account.add_fault({"result": "113"}, when={"action": "send"}, times=0)
    await account.change(max_parts=2, lines=[], monitoring="manual")
    await account.command("POST", "/clock", {"advance": 3600, "speed": 60})
    return [send_id, inbound["id"], rule_id, await account.pairs(send_id)]


@pytest.mark.parametrize("settings", [{}, {"credit": 90_000, "lines": [{"number": "30001403"}], **CHANCE}])
async def test_a_reset_account_is_as_it_was_created(control: ControlClient, settings: dict[str, Any]) -> None:
    account, other = await control.create_account(**settings), await control.create_account(**settings)
    before = await account.state()
    first = await use(account)
    await use(other)
    others = await other.state()
    reset = await account.command("POST", "/reset")
    assert reset == await account.get()
    assert await account.state() == before
    assert await use(account) == first
    assert await other.state() == others


async def test_a_reset_brings_a_running_clock_back_to_the_real_time(control: ControlClient) -> None:
    account = await control.create_account(clock="real")
    start = await account.get("/clock")
    await account.command("POST", "/clock", {"advance": 3600, "freeze": True, "speed": 5})
    await account.command("POST", "/reset")
    assert await account.get("/clock") == start
    control.server.pass_time(1000)
    assert await account.now() > start["now"]


async def test_a_reset_of_the_server_brings_its_start_back(control: ControlClient) -> None:
    first, added = control.account("test-key"), await control.create_account(key="added")
    before = (await control.get(ACCOUNTS))["accounts"][:-1]
    state = await first.state()
    decided, others = await use(first), await use(added)
    await control.account("test-key-poor").command("DELETE", "")
    await control.post({"action": "status"}, "unknown")
    assert (await control.request("POST", "/_fake/reset")).status == 204
    assert (await control.get(ACCOUNTS))["accounts"] == before
    assert await control.get("/_fake/journal") == {"entries": [], "dropped": 0}
    assert await first.state() == state
    assert await use(first) == decided
    assert await use(await control.create_account(key="added")) == others
