"""The endpoint of the service over HTTP."""

import gzip
from typing import Any, NoReturn

import pytest

from fakeserver.actions import ACTIONS
from fakeserver.settings.configuration import parse_account
from fakeserver.web.app import Options
from tests.web.control_client import (
    SERVICE,
    VALID_PARAMS,
    ControlClient,
    Response,
    control_client,
)

FORM = "application/x-www-form-urlencoded"
KEY = {"Authorization": "test-key"}
HEAD = f"POST {SERVICE} HTTP/1.1\r\nHost: x\r\nAuthorization: test-key\r\n".encode()


async def ask(control: ControlClient, data: Any, **headers: str) -> Response:
    """POST a body to the service with the key of the first account."""
    return await control.request("POST", SERVICE, data=data, headers={**KEY, **headers})


# Replies


@pytest.mark.rule("W1", "W2", "W4")
@pytest.mark.parametrize("path", [SERVICE, SERVICE + "/"])
async def test_the_service_answers_at_its_one_endpoint(control: ControlClient, path: str) -> None:
    posted = await control.request("POST", path, data={"action": "status"}, headers=KEY)
    assert (posted.status, posted.text) == (200, '{"result":"1"}')
    assert posted.headers["Content-Type"] == "application/json; charset=utf-8"
    got = await control.request("GET", path, action="status", key="test-key")
    assert got.json == {"result": "1"}
    refused = await control.request("POST", path, data={"action": "status"})
    assert (refused.status, refused.json) == (200, {"result": "-1"})


async def test_another_path_says_where_the_service_is(control: ControlClient) -> None:
    response = await control.request("GET", "/webservice")
    assert (response.status, SERVICE in response.text) == (404, True)


async def test_a_reply_names_the_rule_and_the_shortened_key_of_the_account(control: ControlClient) -> None:
    response = await control.account("test-key-disabled").ask("status")
    assert (response.rule, response.headers["X-Fake-Account"]) == ("A2", "test...ed")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "X-Fake-Account" not in (await control.post({"action": "status"}, None)).headers


@pytest.mark.rule("A7")
async def test_an_unknown_action_may_be_answered_with_a_bare_zero(control: ControlClient) -> None:
    account = await control.create_account(unknown_action="bare-0")
    assert (await account.ask("Send")).body == b"0"


@pytest.mark.rule("W10")
async def test_the_last_of_a_repeated_parameter_counts_and_the_journal_says_so(
    control: ControlClient,
) -> None:
    params = [*VALID_PARAMS["send"].items(), ("action", "send"), ("receivers", "9122222222")]
    assert (await ask(control, params)).json["result"] == "1"
    account = control.account("test-key")
    (message,) = await account.messages()
    assert [receiver["number"] for receiver in message["receivers"]] == ["9122222222"]
    (entry,) = await account.entries()
    assert entry["reason"].endswith("(W10): `receivers`")


# Methods


@pytest.mark.rule("A4")
async def test_any_other_method_is_read_like_post_and_refused(control: ControlClient) -> None:
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"):
        response = await control.request(method, SERVICE, headers=KEY)
        assert (response.status, response.json) == (200, {"result": "-4"})
        without_key = await control.request(method, SERVICE, key="test-key")
        assert without_key.json == {"result": "-1"}
    head = await control.request("HEAD", SERVICE, headers=KEY)
    assert (head.status, head.rule, head.body) == (200, "A4", b"")
    connect = await control.server.exchange(HEAD.replace(b"POST", b"CONNECT") + b"Connection: close\r\n\r\n")
    assert b"X-Fake-Rule: A4" in connect


@pytest.mark.rule("W10")
async def test_the_body_of_a_get_is_ignored(control: ControlClient) -> None:
    headers = {"Content-Encoding": "gzip"}
    response = await control.request(
        "GET", SERVICE, data=b"x", headers=headers, key="test-key", action="status"
    )
    assert response.json == {"result": "1"}


# The address of the caller


@pytest.mark.rule("A5")
@pytest.mark.parametrize(("allowed", "result"), [("127.0.0.0/8", "1"), ("10.0.0.0/8", "-5")])
async def test_the_address_is_that_of_the_connection(
    control: ControlClient, allowed: str, result: str
) -> None:
    account = await control.create_account(allowed_ips=[allowed])
    assert await account.results(1, "status") == [result]


@pytest.mark.rule("A5")
async def test_a_trusted_proxy_gives_the_address_as_the_last_one_forwarded() -> None:
    accounts = [parse_account({"key": "test-key", "allowed_ips": ["10.0.0.0/8"]})]
    async with control_client(accounts, Options(trust_proxy=True)) as control:
        for forwarded, result in (
            (b"10.1.2.3", b"1"),
            (b"1.1.1.1, 10.1.2.3", b"1"),
            (b"1.1.1.1\r\nX-Forwarded-For: 10.1.2.3", b"1"),
            (b"10.1.2.3, 1.1.1.1", b"-5"),
            (b"unknown", b"-5"),
            (b"\xff", b"-5"),
            (b"", b"-5"),
        ):
            lines = b"Content-Type: %b\r\nContent-Length: 13\r\nX-Forwarded-For: %b\r\n" % (
                FORM.encode(),
                forwarded,
            )
            reply = await control.server.exchange(HEAD + lines + b"\r\naction=status")
            assert b'"result":"%b"' % result in reply, forwarded


# Bodies that cannot be read


@pytest.mark.rule("W12", "A6")
async def test_the_gate_comes_before_an_undecodable_body(control: ControlClient) -> None:
    for key, result in (("test-key", "0"), ("test-key-disabled", "-2"), ("unknown", "-1")):
        response = await ask(control, b"action=%ff", **{"Authorization": key, "Content-Type": FORM})
        assert response.json["result"] == result


@pytest.mark.rule("W12")
async def test_a_compressed_body_is_undecodable(control: ControlClient) -> None:
    for encoding in ("gzip", "deflate", "br", "zstd", "nonsense"):
        headers = {"Content-Encoding": encoding, "Content-Type": FORM}
        response = await ask(control, gzip.compress(b"action=status"), **headers)
        assert (response.status, response.json) == (200, {"result": "0"})
        entry = (await control.account("test-key").entries())[-1]
        assert f"the body is compressed with {encoding}" in entry["reason"]
    assert control.server.log == []


@pytest.mark.rule("W13")
async def test_a_body_over_the_limit_is_413() -> None:
    async with control_client(options=Options(max_body=2048)) as control:
        for size, status in ((2048, 200), (2049, 413)):
            body = b"action=status&x=".ljust(size, b"y")
            assert (await ask(control, body, **{"Content-Type": FORM})).status == status
            chunks = b"%x\r\n%b\r\n0\r\n\r\n" % (size, body)
            request = HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunks
            assert Response.parse(await control.server.exchange(request)).status == status


# Bugs


async def test_a_bug_is_answered_with_500_and_logged_and_journalled_once(
    control: ControlClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> NoReturn:
        raise LookupError("the roof leaks")

    account = control.account("test-key")
    with monkeypatch.context() as patched:
        patched.setitem(ACTIONS, "send", broken)
        response = await account.ask("send")
    assert (response.status, "Traceback" in response.text) == (500, False)
    (record,) = control.server.log
    assert record.exc_info
    (entry,) = await account.entries()
    assert (entry["http"], entry["bug"]) == (500, "LookupError: the roof leaks")
    await account.send()
    control.server.log.clear()  # no other traceback may be left
