"""A key is a world: nothing that one account does can be seen from another (CONTROL.md, The idea)."""

from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from tests.control.deeds import DEEDS, Deed, do, timeless
from tests.control.desk import ACCOUNTS, Box, Desk, opened

KEYS = ("one", "other")
OWN = [
    Deed({}, "/reset"),
    Deed({"freeze": False, "speed": 60}, "/clock"),
    Deed({}, "/journal", "DELETE"),
    Deed({}, "/snapshots/a", "PUT"),
    Deed({}, "/snapshots/a/restore"),
]
SCRIPT = st.lists(st.tuples(st.sampled_from(KEYS), st.one_of(DEEDS, DEEDS, st.sampled_from(OWN))), max_size=8)
CHANCE = {"outcomes": {"delivered": 1, "undelivered": 1}, "timeline": "instant"}


async def played(script: list[tuple[str, Deed]], chance: dict[str, Any]) -> dict[str, list[Any]]:
    """What each account saw of it: its replies byte for byte, and its world at the end."""
    async with opened() as desk:
        boxes = {key: await desk.create(key=key, **chance) for key in KEYS}
        seen: dict[str, list[Any]] = {key: [] for key in KEYS}
        for key, deed in script:
            seen[key].append(await do(boxes[key], deed))
        for key, box in boxes.items():
            seen[key].append(timeless(await box.world()))
        return seen


@settings(max_examples=30)
@given(SCRIPT, st.sampled_from([{}, CHANCE]))
async def test_two_accounts_in_any_interleaving_behave_as_each_alone(
    script: list[tuple[str, Deed]], chance: dict[str, Any]
) -> None:
    together = await played(script, chance)
    for key in KEYS:
        alone = await played([step for step in script if step[0] == key], chance)
        assert together[key] == alone[key]


@pytest.fixture
async def other(desk: Desk) -> Box:
    return await desk.create(key="other")


SEND = {"action": "send", "from": "30001403", "text": "a", "receivers": "9121111111"}


@pytest.mark.parametrize(
    "deed",
    [
        Deed(SEND),
        Deed({**SEND, "phoneBook": "1403"}),
        Deed({"action": "newContact", "phoneId": "1403", "cNumber": "9121111111"}),
        Deed({"webservice_enabled": False, "credit": 1, "lines": []}, "", "PATCH"),
        Deed({"from": "9121111111", "text": "لغو11"}, "/inbound"),
        Deed({"advance": 3600}, "/clock"),
        Deed({"when": {}, "times": 0, "then": {"result": "0"}}, "/faults"),
        Deed({}, "/snapshots/a", "PUT"),
        Deed({}, "/reset"),
    ],
    ids=lambda deed: deed.path or deed.body.get("action", deed.method),
)
async def test_what_one_account_does_changes_nothing_in_another(box: Box, other: Box, deed: Deed) -> None:
    await other.send()
    before = await other.world()
    assert (await do(box, deed))[0] in (200, 201, 204)
    assert await other.world() == before
    assert (await other.reply(SEND))["result"] == "1"


@pytest.mark.rule("R1")
async def test_another_accounts_message_cannot_be_reported(box: Box, other: Box) -> None:
    send_id = await box.send()
    assert await other.reply({"action": "reportSend", "sendID": send_id}) == {"result": "-6"}


@pytest.mark.rule("S12")
async def test_no_two_accounts_share_a_send_id(desk: Desk) -> None:
    boxes = [await desk.create() for _ in range(4)]
    ids = [await box.send() for box in boxes for _ in range(3)]
    assert len(set(ids)) == len(ids)
    assert {send_id // 10**9 for send_id in ids[:3]} == {ids[0] // 10**9}


async def test_two_accounts_with_one_seed_have_the_same_chance_however_they_take_turns(desk: Desk) -> None:
    numbers = ",".join(str(9_121_000_000 + n) for n in range(20))
    one, other = await desk.create(**CHANCE), await desk.create(**CHANCE)
    ones = [await one.pairs(await one.send(numbers)) for _ in range(2)]
    others = [await other.pairs(await other.send(numbers)) for _ in range(2)]
    assert ones == others


async def test_any_number_of_accounts_share_one_server(desk: Desk) -> None:
    boxes = [await desk.create(key=f"worker-{n}", credit=n * 1000) for n in range(30)]
    assert [await box.credit() for box in boxes] == [n * 1000 for n in range(30)]
    assert len((await desk.read(ACCOUNTS))["accounts"]) == 39
