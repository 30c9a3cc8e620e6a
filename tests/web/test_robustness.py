"""What an odd or hostile request must not do: freeze the server, spoil what is shown, cost without bound."""

import json
from collections.abc import Iterable
from typing import Any

import aiohttp
import pytest

from fakeserver.account.journal import PARAMETERS_MAX, REASON_MAX, REPLY_MAX
from fakeserver.notation import params
from fakeserver.notation.params import whole_number
from fakeserver.settings.configuration import parse_account
from fakeserver.spec.units import RealMs
from fakeserver.web.app import Options
from tests.driver import AccountDriver
from tests.web.http import Served, served

SERVICE = "/webservice/server"
KEY = {"Authorization": "test-key"}
FORM = "application/x-www-form-urlencoded"
JOURNAL = "/_fake/accounts/test-key/journal"
SEND = b"action=send&from=auto&text=a&receivers=9121234567"


async def get(server: Served, path: str) -> tuple[int, Any]:
    async with aiohttp.ClientSession() as session, session.get(server.url + path) as reply:
        return reply.status, json.loads(await reply.read())


async def post(server: Served, path: str, document: object) -> tuple[int, Any]:
    async with aiohttp.ClientSession() as session, session.post(server.url + path, json=document) as reply:
        return reply.status, json.loads(await reply.read() or b"null")


def raw_send(header: bytes) -> bytes:
    head = f"POST {SERVICE} HTTP/1.1\r\nHost: x\r\nAuthorization: test-key\r\nContent-Length: {len(SEND)}\r\n"
    return head.encode() + header + b"\r\n\r\n" + SEND


@pytest.mark.rule("W15")
@pytest.mark.parametrize("tail", ["x", "", "1"])
def test_a_long_row_of_zeros_is_judged_at_once(tail: str) -> None:
    number = whole_number("-" + "0" * 1_000_000 + tail)
    assert number == {"x": None, "": 0, "1": -1}[tail]


ODD_HEADERS = [
    b"Content-Type: application/x-www-form-urlencoded; x=\xff",
    b"Content-Type: \xff\xfe",
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Encoding: \xff",
]


@pytest.mark.parametrize("header", ODD_HEADERS)
async def test_bytes_of_a_header_that_are_not_utf8_spoil_no_reply_and_no_journal(header: bytes) -> None:
    async with served() as server, aiohttp.ClientSession() as session:
        async with session.get(server.url + "/_fake/events") as stream:
            assert await stream.content.readline() == b": listening\n"
            assert (await server.raw(raw_send(header))).startswith(b"HTTP/1.1 200")
        status, journal = await get(server, JOURNAL)
        (entry,) = journal["entries"]
        assert (status, entry["contentType"].isascii(), entry["reason"].isprintable()) == (200, True, True)
        assert server.logged == []


@pytest.mark.parametrize("body", ["[" * 100_000, '"\\ud800"', "NaN", "[1e999]"])
async def test_whatever_a_fault_answers_the_journal_can_show_it(body: str) -> None:
    async with served() as server:
        await post(server, "/_fake/accounts/test-key/faults", {"then": {"http": 502, "httpBody": body}})
        assert (await server.raw(raw_send(b"Content-Type: " + FORM.encode()))).startswith(b"HTTP/1.1 502")
        status, journal = await get(server, JOURNAL)
        assert status == 200
        assert body.startswith(journal["entries"][0]["reply"])


async def test_explain_takes_an_array_twice_and_the_last_counts() -> None:
    document = {"action": "sendServices", "from": "auto", "textCode": 1001, "receivers": "9121234567"}
    async with served() as server:
        both = {**document, "textData": {"a": "1"}, "textData[]": "x"}
        status, told = await post(server, "/_fake/accounts/test-key/explain", both)
        assert (status, told["rule"]) == (200, "P9")


@pytest.mark.rule("A5")
@pytest.mark.parametrize(
    ("forwarded", "result"),
    [
        ("10.1.2.3", "1"),
        ("1.1.1.1, 10.1.2.3", "1"),
        ("10.1.2.3, 1.1.1.1", "-5"),
        ("unknown", "-5"),
        ("\xff", "-5"),
    ],
)
async def test_a_trusted_proxy_says_the_address_or_nothing_of_use(forwarded: str, result: str) -> None:
    accounts = [parse_account({"key": "test-key", "allowed_ips": ["10.0.0.0/8"]})]
    async with served(accounts, Options(trust_proxy=True)) as server:
        reply = await server.raw(raw_send(b"X-Forwarded-For: " + forwarded.encode("latin-1")))
        assert b'"result":"%s"' % {"1": b"0"}.get(result, result.encode()) in reply


@pytest.mark.rule("A5")
def test_an_ipv4_address_written_as_ipv6_is_the_same_in_the_list_and_of_the_caller() -> None:
    for entry in ("::ffff:127.0.0.1", "::ffff:127.0.0.0/104", "127.0.0.1"):
        driver = AccountDriver(allowed_ips=[entry])
        for caller in ("127.0.0.1", "::ffff:127.0.0.1"):
            assert driver.call(params={"action": "status"}, ip=caller)["result"] == "1"


@pytest.mark.rule("W10")
async def test_a_get_is_not_judged_by_its_body() -> None:
    head = f"GET {SERVICE}?key=test-key&action=status HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\n"
    async with served() as server:
        reply = await server.raw(head.encode() + b"Content-Length: 1\r\n\r\nx")
        assert reply.endswith(b'{"result":"1"}')


async def test_many_fault_rules_look_at_a_long_list_of_receivers_once() -> None:
    driver = AccountDriver()
    for _ in range(200):
        driver.account.faults.add({"when": {"to": "9121234567"}, "then": {"result": "113"}}, str)
    assert driver.send("a," * 100_000)["result"] == "105"


def test_an_entry_of_the_journal_is_bounded_whatever_was_asked() -> None:
    driver = AccountDriver()
    driver.send(trySend="1" * 1_000_000)
    driver.ask(
        "newContact", phoneId="1403", cNumber="9121234567", cFields={f"F{n}" * 500: "x" for n in range(300)}
    )
    driver.post({"action": "status", **{f"p{n}": "x" * 90 for n in range(9_000)}})
    for entry in driver.account.journal.entries:
        assert len(entry.reason) <= REASON_MAX
        assert len(entry.params) <= PARAMETERS_MAX
        assert len(entry.unread) <= PARAMETERS_MAX
        assert len(json.dumps(entry.params)) < 50_000


async def test_a_long_reply_is_kept_in_part() -> None:
    fields = json.dumps({f"F{n}": "x" for n in range(3_000)})
    async with served() as server, aiohttp.ClientSession() as session:
        data = {"action": "newContact", "phoneId": "1403", "cNumber": "9121234567", "cFields": fields}
        async with session.post(server.url + SERVICE, data=data, headers=KEY) as reply:
            assert len(await reply.read()) > REPLY_MAX
        _, journal = await get(server, JOURNAL)
        assert len(journal["entries"][0]["reply"]) == REPLY_MAX


@pytest.mark.rule("W12")
async def test_a_json_body_has_no_more_parameters_than_a_form() -> None:
    async with served() as server:
        for count, result in ((9_999, "1"), (10_000, "0")):
            body = {"action": "status", **dict.fromkeys(map(str, range(count)), "")}
            async with (
                aiohttp.ClientSession() as session,
                session.post(server.url + SERVICE, json=body, headers=KEY) as reply,
            ):
                assert (await reply.json())["result"] == result


def test_the_journal_knows_the_action_wherever_it_stands() -> None:
    driver = AccountDriver()
    driver.post({**{f"p{n}": "x" for n in range(150)}, "action": "status"})
    (entry,) = driver.account.journal.entries
    assert (entry.action, entry.rule) == ("status", "T1")
    assert len(entry.unread) == PARAMETERS_MAX


def test_many_names_are_not_all_compared_with_one_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []

    def none_near(_word: str, names: Iterable[str], **_options: float) -> list[str]:
        compared.append(len(list(names)))
        return []

    monkeypatch.setattr(params, "get_close_matches", none_near)
    AccountDriver().post({"action": "send", **{f"recievers{n}": "x" for n in range(9_000)}})
    assert compared
    assert max(compared) <= PARAMETERS_MAX


def test_a_snapshot_takes_no_time_from_a_slow_clock() -> None:
    driver = AccountDriver(clock="real")
    driver.account.clock.set_speed(0.5, driver.real_ms)
    begun = driver.now_ms
    for _ in range(1_000):
        driver.real_ms = RealMs(driver.real_ms + 1)
        driver.account.keep_snapshot("kept", driver.real_ms)
    assert driver.now_ms - begun == 500


@pytest.mark.rule("L1")
def test_holding_a_receiver_where_it_is_changes_nothing() -> None:
    driver = AccountDriver()
    send_id = driver.send()["sendID"]
    assert driver.force(send_id, (0, -1)) == 1
    assert driver.read_changes(driver.now_ms + 10_000) == []
    driver.advance(10)
    assert driver.pair(send_id) == (0, -1)
