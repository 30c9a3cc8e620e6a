"""Replies as JSON: strings or native scalars (W2, W3), renamed members (C2), and words to avoid (W14)."""

import itertools
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.driver import AccountDriver

FIELDS: dict[str, Any] = {"FYa12346": "1360/06/06", "FNone": "x", "FMTAwMQ": "x"}


def successes(driver: AccountDriver) -> dict[str, dict[str, Any]]:
    """A success reply of every action, in every form."""
    driver.deliver("9121234567", "سلام", "30001403")
    sent = driver.send("9121111111,9122222222")
    replies = {
        "send": sent,
        "phoneBook": driver.send(phoneBook=1403),
        "phoneBook refused": driver.send(phoneBook=1),
        "sendServices": driver.send_services(),
        "sendOTP": driver.send_otp(),
        "reportSend": driver.ask("reportSend", sendID=sent["sendID"]),
        "credit": driver.ask("credit"),
        "receivedMessages": driver.ask("receivedMessages"),
        "status": driver.ask("status"),
        "newContact": driver.ask("newContact", phoneId=1403, cNumber="9121234567"),
        "fields": driver.ask("newContact", phoneId=1403, cNumber="9121234567", cFields=FIELDS),
        "unreadable fields": driver.ask("newContact", phoneId=1403, cNumber="9121234567", cFields="x"),
    }
    driver.advance(259_201)
    replies["archived"] = driver.ask("reportSend", sendID=sent["sendID"])
    return replies


def refusals(driver: AccountDriver) -> list[dict[str, Any]]:
    return [
        driver.send("9120000112"),
        driver.send("abc"),
        driver.ask("reportSend", sendID="9"),
        driver.ask("receivedMessages"),
        driver.ask("nothing"),
        driver.ask(),
        driver.call(method="PUT"),
        driver.call(undecodable="broken"),
    ]


def scalars(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        yield from itertools.chain.from_iterable(map(scalars, value))
    else:
        yield value


def types(value: Any) -> Any:
    """The reply with each scalar replaced by its type."""
    if isinstance(value, dict):
        return {name: types(one) for name, one in value.items()}
    if isinstance(value, list):
        return [types(one) for one in value]
    return type(value)


@pytest.mark.rule("W2", "W3")
def test_by_default_every_scalar_of_every_reply_is_a_string() -> None:
    replies = [*successes(AccountDriver()).values(), *refusals(AccountDriver())]
    assert {type(one) for reply in replies for one in scalars(reply)} == {str}


@pytest.mark.rule("W3", "A1")
def test_a_reply_without_an_account_has_strings() -> None:
    assert AccountDriver().call(key="nobody")["result"] == "-1"


@pytest.mark.rule("W3", "S10")
@pytest.mark.parametrize(("setting", "of"), [("strings", str), ("native", int)])
def test_every_reply_has_its_code_at_the_top(setting: str, of: type) -> None:
    good, bad = (
        successes(AccountDriver(reply_scalars=setting)),
        refusals(AccountDriver(reply_scalars=setting)),
    )
    assert {reply["result"] for reply in good.values()} == {of(1)}
    codes = [of(code) for code in (112, 105, -6, 401, 100, 0, -4, 0)]
    assert [reply["result"] for reply in bad] == codes
    assert {type(reply.get("description", "")) for reply in bad} == {str}


NATIVE: dict[str, Any] = {
    "send": {"result": int, "sendID": int},
    "phoneBook": {"result": int, "sendID": int, "phoneBook": int},
    "phoneBook refused": {"result": int, "sendID": int, "phoneBook": int},
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
    "unreadable fields": {"result": int, "fields": int},
    "archived": {"result": int, "data": {"count": int, "archive": bool, "receivers": []}},
}


@pytest.mark.rule("W3", "R2", "C2", "X2")
def test_native_scalars_are_numbers_and_booleans_of_the_same_values() -> None:
    strings = successes(AccountDriver())
    native = successes(AccountDriver(reply_scalars="native"))
    assert {name: types(reply) for name, reply in native.items()} == NATIVE
    for name, reply in native.items():
        as_text = [str(one).lower() if isinstance(one, bool) else str(one) for one in scalars(reply)]
        assert as_text == list(scalars(strings[name])), name


@pytest.mark.rule("W3")
def test_texts_and_phone_numbers_that_look_like_numbers_stay_strings() -> None:
    driver = AccountDriver(reply_scalars="native")
    driver.deliver("30001404", "12345", "90001403")
    (message,) = driver.ask("receivedMessages")["data"]
    assert (message["number"], message["to"], message["text"]) == ("30001404", "90001403", "12345")


@pytest.mark.rule("W3")
def test_reply_scalars_can_be_changed() -> None:
    driver = AccountDriver()
    driver.change(reply_scalars="native")
    assert driver.ask("status") == {"result": 1}
    driver.change(reply_scalars="strings")
    assert driver.ask("status") == {"result": "1"}


# Renamed members


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
def test_the_credit_stands_at_its_path(path: str, reply: dict[str, Any]) -> None:
    driver = AccountDriver(reply_names={"send_id": "sendID", "credit": path})
    assert driver.ask("credit") == reply


@pytest.mark.rule("C2", "B6", "S12", "P9", "O9")
@pytest.mark.parametrize(
    "request_of", [AccountDriver.send, AccountDriver.send_services, AccountDriver.send_otp]
)
def test_the_send_id_stands_at_its_path(request_of: Any) -> None:
    driver = AccountDriver(reply_names={"send_id": "data.message.id", "credit": "credit"})
    send_id = str(driver.account.sends.next_id)
    assert request_of(driver) == {"result": "1", "data": {"message": {"id": send_id}}}
    driver.change(reply_names={"send_id": "id", "credit": "credit"}, reply_scalars="native")
    assert request_of(driver) == {"result": 1, "id": int(send_id) + 1}
    reply = driver.send(phoneBook=1403)
    assert (set(reply), reply["phoneBook"]) == ({"result", "id", "phoneBook"}, 1)


@pytest.mark.rule("C2", "S12")
def test_a_refusal_has_neither_send_id_nor_credit() -> None:
    driver = AccountDriver()
    assert driver.send("abc") == {"result": "105"}
    driver.change(webservice_enabled=False)
    assert driver.ask("credit") == {"result": "-2"}


# Words that clients read as a verdict


@pytest.mark.rule("W14", "W2")
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"reply_scalars": "native", "archived_receivers": "absent", "fields_reply": "single"},
        {"archived_receivers": "null", "received": "once"},
    ],
    ids=str,
)
def test_a_success_has_no_word_that_clients_read_as_a_verdict(settings: dict[str, str]) -> None:
    for name, reply in successes(AccountDriver(**settings)).items():
        text = json.dumps(reply, ensure_ascii=False).casefold()
        assert not [word for word in ("error", "failed", "invalid", "خطا") if word in text], name
        assert not {"status", "error", "errors", "success", "ok"} & {key.casefold() for key in reply}, name
