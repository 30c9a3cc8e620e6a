"""Accounts: list, create, read, remove. Their settings are tested in test_settings.py."""

from typing import Any

import pytest

from tests.web.control_client import (
    ACCOUNTS,
    AccountClient,
    ControlClient,
    assert_problem,
    control_client,
)

TEST_KEYS = [
    "test-key",
    "test-key-disabled",
    "test-key-unverified",
    "test-key-ip",
    "test-key-poor",
    "test-key-billing",
    "test-key-unverified-sender",
    "test-key-manual",
    "test-key-no-phonebook",
]
ODD_KEY = "a/b%c?d#e:f&g=h+i..;~%2F"
ALL_VISIBLE_CHARACTERS = "".join(chr(code) for code in range(0x21, 0x7F))


async def keys(control: ControlClient) -> list[str]:
    return [account["key"] for account in (await control.get(ACCOUNTS))["accounts"]]


async def test_the_test_keys_are_listed_in_order(control: ControlClient) -> None:
    assert await keys(control) == TEST_KEYS


async def test_an_underscore_stands_for_the_first_account(control: ControlClient) -> None:
    first, second = control.account("test-key"), control.account("test-key-disabled")
    send_id = await first.send()
    assert await control.account("_").send_ids() == [send_id]
    assert await control.get(f"{ACCOUNTS}/_") == await first.get()
    await first.command("DELETE", "")
    assert await control.get(f"{ACCOUNTS}/_") == await second.get()


async def test_a_new_account_is_returned_with_all_its_settings(control: ControlClient) -> None:
    response = await control.request("POST", ACCOUNTS, {"key": "mine", "credit": 5})
    assert (response.status, response.content_type) == (201, "application/json")
    assert (response.json["key"], response.json["credit"]) == ("mine", 5)
    assert response.json == await control.account("mine").get()
    assert response.json == (await control.get(ACCOUNTS))["accounts"][-1]


async def test_an_account_created_without_a_key_gets_a_new_one(control: ControlClient) -> None:
    created = [(await control.request("POST", ACCOUNTS, {})).json["key"] for _ in range(3)]
    assert len(set(created)) == 3
    for key in created:
        assert (await control.account(key).ask("status")).json == {"result": "1"}


async def test_a_key_that_exists_is_refused(control: ControlClient) -> None:
    before = await control.get(ACCOUNTS)
    assert_problem(
        await control.request("POST", ACCOUNTS, {"key": "test-key", "credit": 1}), 409, member="key"
    )
    assert await control.get(ACCOUNTS) == before


@pytest.mark.parametrize("key", ["_", ".", "..", "", "a b", "کلید", "a\n", "\x7f", "x" * 129, 5, None, ["a"]])
async def test_an_invalid_key_is_refused(control: ControlClient, key: Any) -> None:
    assert_problem(await control.request("POST", ACCOUNTS, {"key": key}), 400, member="key")
    assert await keys(control) == TEST_KEYS


async def test_any_other_key_of_visible_ascii_is_usable_everywhere(control: ControlClient) -> None:
    for key in ("!", "...", "__", "x" * 128, "%5F", "%2e", '"', "\\", "{a}", ODD_KEY, ALL_VISIBLE_CHARACTERS):
        account = await control.create_account(key=key)
        assert (await account.get())["key"] == key
        send_id = await account.send()
        await account.command("PUT", "/snapshots/one")
        await account.advance(60)
        assert await account.pairs(send_id) == [(2, 3)]
        await account.command("POST", "/snapshots/one/restore")
        assert await account.pairs(send_id) == [(0, -1)]
        await account.command("DELETE", "")
        assert_problem(await account.request("GET"), 404, member="key")


async def test_the_list_of_accounts_shows_the_credit_with_refunds_that_are_due(
    control: ControlClient,
) -> None:
    account = await control.create_account(clock="real")
    await account.send(receivers="9120000015")
    assert (await account.get())["credit"] == 999_000
    control.server.pass_time(10_000)  # the message is cancelled, and refunded
    assert (await control.get(ACCOUNTS))["accounts"][-1]["credit"] == 1_000_000


async def test_a_removed_account_is_gone(control: ControlClient, account: AccountClient) -> None:
    await account.command("DELETE", "")
    assert_problem(await account.request("GET"), 404, member="key")
    assert_problem(await account.request("DELETE"), 404, member="key")
    assert (await account.ask("status")).json == {"result": "-1"}
    assert await keys(control) == TEST_KEYS


async def test_a_new_account_with_a_removed_key_begins_empty(
    control: ControlClient, account: AccountClient
) -> None:
    before = await account.state()
    await account.send()
    await account.command("DELETE", "")
    again = await control.create_account(key=account.key)
    assert await again.state() == before


async def test_the_number_of_accounts_is_limited() -> None:
    async with control_client(max_accounts=len(TEST_KEYS) + 1) as control:
        last = await control.create_account(key="last")
        assert_problem(await control.request("POST", ACCOUNTS, {"key": "one-more"}), 429)
        await last.command("DELETE", "")
        await control.create_account(key="one-more")
