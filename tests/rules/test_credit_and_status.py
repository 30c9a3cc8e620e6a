"""`credit` (C) and `status` (T)."""

from typing import Any

import pytest

from tests.driver import World


@pytest.mark.rule("C1", "C2")
def test_the_credit_is_read_as_a_decimal_string() -> None:
    world = World()
    assert world.ask("credit") == {"result": "1", "credit": "1000000"}
    assert world.rule == "C1"


@pytest.mark.rule("C1", "M2", "M6")
@pytest.mark.parametrize(
    ("text", "cost"), [("hello", 2000), ("سلام", 1000), ("s" * 161, 4000), ("س" * 71, 2000)]
)
def test_the_credit_is_less_by_what_was_accepted(text: str, cost: int) -> None:
    world = World()
    world.send("9121111111,9122222222", text=text)
    assert world.ask("credit") == {"result": "1", "credit": str(1_000_000 - 2 * cost)}


@pytest.mark.rule("C1")
@pytest.mark.parametrize("rials", [0, 1, 10**15])
def test_any_credit_can_be_read(rials: int) -> None:
    assert World(credit=rials).ask("credit") == {"result": "1", "credit": str(rials)}


@pytest.mark.rule("C1", "M7")
def test_the_credit_is_read_even_when_billing_is_out_of_order() -> None:
    world = World(billing_ok=False)
    assert world.ask("credit") == {"result": "1", "credit": "1000000"}


@pytest.mark.rule("C1", "T1", "L6")
def test_reading_credit_and_status_changes_nothing() -> None:
    world = World()
    first = [world.ask("credit"), world.ask("status")]
    assert all([world.ask("credit"), world.ask("status")] == first for _ in range(3))
    assert world.send()["sendID"] == World().send()["sendID"]


@pytest.mark.rule("C2")
@pytest.mark.parametrize(
    ("path", "reply"),
    [
        ("credit", {"result": "1", "credit": "1000000"}),
        ("remaining", {"result": "1", "remaining": "1000000"}),
        ("data.credit", {"result": "1", "data": {"credit": "1000000"}}),
        ("data.account.credit", {"result": "1", "data": {"account": {"credit": "1000000"}}}),
    ],
)
def test_the_credit_stands_where_the_setting_says(path: str, reply: dict[str, Any]) -> None:
    world = World(reply_names={"send_id": "sendID", "credit": path})
    assert world.ask("credit") == reply


@pytest.mark.rule("C2", "S12", "P9", "O9")
@pytest.mark.parametrize("call", [World.send, World.send_services, World.send_otp])
@pytest.mark.parametrize(
    ("path", "wrap"),
    [
        ("id", lambda one: {"id": one}),
        ("data.sendID", lambda one: {"data": {"sendID": one}}),
        ("data.message.id", lambda one: {"data": {"message": {"id": one}}}),
    ],
    ids=["id", "data.sendID", "data.message.id"],
)
def test_the_send_id_stands_where_the_setting_says(call: Any, path: str, wrap: Any) -> None:
    plain, world = World(), World(reply_names={"send_id": path, "credit": "credit"})
    assert call(world) == {"result": "1", **wrap(call(plain)["sendID"])}


@pytest.mark.rule("C2", "B6")
def test_a_path_into_the_reply_leaves_the_phone_book_code_in_its_place() -> None:
    world = World(reply_names={"send_id": "data.sendID", "credit": "credit"})
    reply = world.send(phoneBook=1403)
    assert (reply["result"], reply["phoneBook"], set(reply["data"])) == ("1", "1", {"sendID"})


@pytest.mark.rule("C2", "S12")
def test_refusals_have_neither_send_id_nor_credit() -> None:
    world = World()
    assert set(world.send("abc")) <= {"result", "description"}
    world.change(webservice_enabled=False)
    assert set(world.ask("credit")) <= {"result", "description"}


@pytest.mark.rule("T1")
def test_status_answers_one_and_no_more() -> None:
    world = World()
    assert world.ask("status") == {"result": "1"}
    assert world.rule == "T1"


GATE: dict[str, tuple[dict[str, Any], dict[str, Any], str, str]] = {
    "wrong key": ({}, {"key": "nobody"}, "-1", "A1"),
    "no key": ({}, {"key": None}, "-1", "A1"),
    "access off": ({"webservice_enabled": False}, {}, "-2", "A2"),
    "not verified": ({"identity_verified": False}, {}, "-3", "A3"),
    "wrong method": ({}, {"method": "PUT"}, "-4", "A4"),
    "wrong address": ({"allowed_ips": ["192.0.2.1"]}, {}, "-5", "A5"),
}


@pytest.mark.rule("T1", "C1", "R1", "I1", "N1", "A1", "A2", "A3", "A4", "A5")
@pytest.mark.parametrize("action", ["status", "credit", "reportSend", "receivedMessages", "newContact"])
@pytest.mark.parametrize(("settings", "call", "result", "rule"), GATE.values(), ids=GATE)
def test_otherwise_the_gate_has_answered(
    action: str, settings: dict[str, Any], call: dict[str, Any], result: str, rule: str
) -> None:
    world = World(**settings)
    reply = world.call(params={"action": action}, **call)
    assert (reply["result"], world.rule) == (result, rule)


@pytest.mark.rule("T1")
@pytest.mark.parametrize(
    "settings", [{"credit": 0}, {"billing_ok": False}, {"sending_verified": False}, {"monitoring": "manual"}]
)
def test_what_shuts_sending_alone_leaves_the_access_active(settings: dict[str, Any]) -> None:
    assert World(**settings).ask("status") == {"result": "1"}
