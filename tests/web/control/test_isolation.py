"""Nothing that one account does can be seen from another."""

from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from tests.examples import examples
from tests.web.control_client import ControlClient, control_client
from tests.web.strategies import ACCOUNT_REQUESTS, AccountRequest, comparable

KEYS = ("one", "other")
CHANCE = {"outcomes": {"delivered": 1, "undelivered": 1}, "timeline": "instant"}
MORE_REQUESTS = st.sampled_from(
    [
        AccountRequest({}, "/reset"),
        AccountRequest({"freeze": False, "speed": 60}, "/clock"),
        AccountRequest({"webservice_enabled": False, "credit": 1, "lines": []}, "", "PATCH"),
        AccountRequest({"then": {"result": "0"}, "times": 0}, "/faults"),
        AccountRequest({}, "/journal", "DELETE"),
        AccountRequest({}, "/snapshots/a", "PUT"),
        AccountRequest({}, "/snapshots/a/restore"),
    ]
)
SCRIPTS = st.lists(
    st.tuples(st.sampled_from(KEYS), ACCOUNT_REQUESTS | ACCOUNT_REQUESTS | MORE_REQUESTS), max_size=8
)


async def run(script: list[tuple[str, AccountRequest]], chance: dict[str, Any]) -> dict[str, list[Any]]:
    """What each account saw: the replies to its requests, and its state at the end."""
    async with control_client() as control:
        accounts = {key: await control.create_account(key=key, **chance) for key in KEYS}
        seen: dict[str, list[Any]] = {key: [] for key in KEYS}
        for key, request in script:
            seen[key].append(await request.make(accounts[key]))
        for key, account in accounts.items():
            seen[key].append(comparable(await account.state()))
        return seen


@settings(examples(20))
@given(SCRIPTS, st.sampled_from([{}, CHANCE]))
async def test_two_accounts_in_any_interleaving_behave_as_each_alone(
    script: list[tuple[str, AccountRequest]], chance: dict[str, Any]
) -> None:
    together = await run(script, chance)
    for key in KEYS:
        alone = await run([step for step in script if step[0] == key], chance)
        assert together[key] == alone[key]


async def test_accounts_with_the_same_seed_draw_the_same_chance_in_any_order(control: ControlClient) -> None:
    receivers = ",".join(str(9_121_000_000 + n) for n in range(20))
    one, other = await control.create_account(**CHANCE), await control.create_account(**CHANCE)
    ones = [await one.pairs(await one.send(receivers)) for _ in range(2)]
    others = [await other.pairs(await other.send(receivers)) for _ in range(2)]
    assert ones == others


@pytest.mark.rule("R1", "S12")
async def test_send_ids_differ_between_accounts_and_only_the_own_ones_are_known(
    control: ControlClient,
) -> None:
    accounts = [await control.create_account() for _ in range(4)]
    send_ids = [[await account.send() for _ in range(3)] for account in accounts]
    assert len({send_id for ids in send_ids for send_id in ids}) == 12
    assert [len({send_id // 10**9 for send_id in ids}) for ids in send_ids] == [1] * 4
    assert (await accounts[1].ask("reportSend", sendID=send_ids[0][0])).json == {"result": "-6"}


async def test_many_accounts_share_one_server(control: ControlClient) -> None:
    accounts = [await control.create_account(key=f"worker-{n}", credit=n * 1000) for n in range(30)]
    assert [await account.credit() for account in accounts] == [n * 1000 for n in range(30)]
