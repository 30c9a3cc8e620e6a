"""The looks of a reply: strings or native scalars (W2, W3, section 17), and the words it avoids (W14)."""

import itertools
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.driver import World

FIELDS: dict[str, Any] = {"FYa12346": "1360/06/06", "FNone": "x", "FMTAwMQ": "x"}


def successes(world: World) -> dict[str, dict[str, Any]]:
    """One success reply of every action, and every shape of it."""
    world.deliver("9121234567", "سلام", "30001403")
    sent = world.send("9121111111,9122222222")
    replies = {
        "send": sent,
        "phoneBook": world.send(phoneBook=1403),
        "phoneBook of none": world.send(phoneBook=1),
        "sendServices": world.send_services(),
        "sendOTP": world.send_otp(),
        "reportSend": world.ask("reportSend", sendID=sent["sendID"]),
        "credit": world.ask("credit"),
        "receivedMessages": world.ask("receivedMessages"),
        "status": world.ask("status"),
        "newContact": world.ask("newContact", phoneId=1403, cNumber="9121234567"),
        "fields": world.ask("newContact", phoneId=1403, cNumber="9121234567", cFields=FIELDS),
        "unreadable": world.ask("newContact", phoneId=1403, cNumber="9121234567", cFields="x"),
    }
    world.advance(259_201)
    replies["archived"] = world.ask("reportSend", sendID=sent["sendID"])
    return replies


def refusals(world: World) -> list[dict[str, Any]]:
    return [
        world.send("9120000112"),
        world.send("abc"),
        world.send(text=" "),
        world.send_services(textCode="9"),
        world.send_otp(code="!"),
        world.ask("reportSend", sendID="9"),
        world.ask("receivedMessages"),
        world.ask("newContact"),
        world.ask("nothing"),
        world.ask(),
        world.call(method="PUT"),
        world.call(undecodable="broken"),
    ]


def scalars(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        yield from itertools.chain.from_iterable(map(scalars, value))
    else:
        yield value


def kinds(value: Any) -> Any:
    """The reply with its scalars' types in the place of the scalars."""
    if isinstance(value, dict):
        return {name: kinds(one) for name, one in value.items()}
    if isinstance(value, list):
        return [kinds(one) for one in value]
    return type(value)


@pytest.mark.rule("W2", "W3")
@pytest.mark.parametrize("settings", [{}, {"reply_scalars": "strings"}], ids=["default", "strings"])
def test_every_scalar_of_every_reply_is_a_string(settings: dict[str, str]) -> None:
    replies = [*successes(World(**settings)).values(), *refusals(World(**settings))]
    assert all(isinstance(reply["result"], str) for reply in replies)
    assert {type(one) for reply in replies for one in scalars(reply)} == {str}


@pytest.mark.rule("W3", "A1")
def test_who_has_no_account_is_answered_in_strings() -> None:
    assert World().call(key="nobody")["result"] == "-1"


@pytest.mark.rule("W3")
@pytest.mark.parametrize("scalars", ["strings", "native"])
def test_the_code_stands_at_the_top_of_every_reply(scalars: str) -> None:
    world = World(reply_scalars=scalars)
    assert {str(reply["result"]) for reply in successes(world).values()} == {"1"}
    codes = [str(reply["result"]) for reply in refusals(World(reply_scalars=scalars))]
    assert codes == ["112", "105", "107", "605", "153", "-6", "401", "801", "100", "0", "-4", "0"]


NATIVE: dict[str, Any] = {
    "send": {"result": int, "sendID": int},
    "phoneBook": {"result": int, "sendID": int, "phoneBook": int},
    "phoneBook of none": {"result": int, "sendID": int, "phoneBook": int},
    "sendServices": {"result": int, "sendID": int},
    "sendOTP": {"result": int, "sendID": int},
    "reportSend": {
        "result": int,
        "data": {
            "count": int,
            "archive": bool,
            "receivers": [{"number": str, "processingStatus": int, "sendStatus": int}] * 2,
        },
    },
    "credit": {"result": int, "credit": int},
    "receivedMessages": {
        "result": int,
        "data": [{"id": int, "number": str, "to": str, "text": str, "date": str}],
    },
    "status": {"result": int},
    "newContact": {"result": int},
    "fields": {"result": int, "fields": dict.fromkeys(FIELDS, int)},
    "unreadable": {"result": int, "fields": int},
    "archived": {"result": int, "data": {"count": int, "archive": bool, "receivers": []}},
}


@pytest.mark.rule("W3")
def test_with_native_numbers_are_numbers_and_texts_stay_strings() -> None:
    replies = successes(World(reply_scalars="native"))
    assert {name: kinds(reply) for name, reply in replies.items()} == NATIVE


@pytest.mark.rule("W3")
def test_both_kinds_of_scalars_say_the_same() -> None:
    strings, native = successes(World()), successes(World(reply_scalars="native"))
    assert strings.keys() == native.keys()
    for name, reply in native.items():
        said = ["true" if one is True else "false" if one is False else str(one) for one in scalars(reply)]
        assert said == list(scalars(strings[name])), name


@pytest.mark.rule("W3", "R2", "C2", "X2")
def test_native_replies_to_the_letter() -> None:
    world = World(reply_scalars="native")
    send_id = world.send("9120000002")["sendID"]
    world.advance(5)
    (one,) = world.ask("reportSend", sendID=send_id)["data"]["receivers"]
    assert one == {"number": "9120000002", "processingStatus": 4, "sendStatus": 2}
    assert world.ask("reportSend", sendID=send_id)["data"]["archive"] is False
    assert world.ask("credit") == {"result": 1, "credit": 1_000_000}
    assert world.ask("newContact", phoneId=1403, cNumber="9121234567", cFields=FIELDS) == {
        "result": 1,
        "fields": {"FYa12346": 1, "FNone": -1, "FMTAwMQ": -2},
    }


@pytest.mark.rule("W3", "X2")
def test_with_native_a_single_field_code_is_a_number() -> None:
    world = World(reply_scalars="native", fields_reply="single")
    reply = world.ask("newContact", phoneId=1403, cNumber="9121234567", cFields=FIELDS)
    assert reply == {"result": 1, "fields": -1}


@pytest.mark.rule("W3", "S10")
def test_with_native_refusals_have_a_number_and_a_description_stays_a_string() -> None:
    world = World(reply_scalars="native")
    for reply in refusals(world):
        assert type(reply["result"]) is int
        assert isinstance(reply.get("description", ""), str)


@pytest.mark.rule("W3", "C2")
def test_with_native_what_moved_into_a_path_is_a_number_too() -> None:
    world = World(reply_scalars="native", reply_names={"send_id": "data.id", "credit": "data.credit"})
    assert world.ask("credit") == {"result": 1, "data": {"credit": 1_000_000}}
    assert type(world.send()["data"]["id"]) is int


@pytest.mark.rule("W3")
def test_the_switch_works_at_once_and_both_ways() -> None:
    world = World()
    world.change(reply_scalars="native")
    assert world.ask("status") == {"result": 1}
    world.change(reply_scalars="strings")
    assert world.ask("status") == {"result": "1"}


@pytest.mark.rule("W3")
def test_texts_and_numbers_of_phones_that_look_like_numbers_stay_strings() -> None:
    world = World(reply_scalars="native")
    world.deliver("30001404", "12345", "90001403")
    (one,) = world.ask("receivedMessages")["data"]
    assert (one["number"], one["to"], one["text"]) == ("30001404", "90001403", "12345")


SWITCHES = {
    "reply_scalars": ["strings", "native"],
    "archived_receivers": ["empty", "absent", "null"],
    "fields_reply": ["by_field", "single"],
    "received": ["keep", "once"],
}


@pytest.mark.rule("W14", "W2")
@pytest.mark.parametrize("values", [*itertools.product(*SWITCHES.values())], ids="-".join)
def test_a_success_has_no_word_that_clients_read_as_a_verdict(values: tuple[str, ...]) -> None:
    world = World(**dict(zip(SWITCHES, values, strict=True)))
    for name, reply in successes(world).items():
        words = json.dumps(reply, ensure_ascii=False).casefold()
        assert not [word for word in ("error", "failed", "invalid", "خطا") if word in words], name
        assert not {"status", "error", "errors", "success", "ok"} & {key.casefold() for key in reply}, name
