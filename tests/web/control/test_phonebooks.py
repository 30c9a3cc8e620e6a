"""The phonebooks of an account as the control plane shows them."""

from typing import Any

import pytest

from tests.web.control_client import NUMBER, OTHER_NUMBER, AccountClient, ControlClient


async def contacts(account: AccountClient) -> list[Any]:
    """The contacts of the default phonebook."""
    (phonebook,) = (await account.get("/phonebooks"))["phonebooks"]
    assert phonebook["id"] == 1403
    found: list[Any] = phonebook["contacts"]
    return found


async def test_the_phonebooks_of_the_settings_are_shown(control: ControlClient) -> None:
    phonebooks = [
        {"id": 5, "name": "پنج", "contacts": [{"number": NUMBER, "fields": {"FMjUyMjUz": "a"}}]},
        {"id": 6, "name": "شش", "contacts": []},
    ]
    account = await control.create_account(phonebooks=phonebooks)
    assert await account.get("/phonebooks") == {"phonebooks": phonebooks}


@pytest.mark.rule("N5")
async def test_contacts_that_the_service_stored_are_shown(
    control: ControlClient, account: AccountClient
) -> None:
    other = await control.create_account()
    fields = '{"FYa12346":"1360/06/06","FMjUyMjUz":"%s","F1":"x"}'
    for name in ("علی", "رضا"):
        await account.ask("newContact", cNumber=f"0{NUMBER}", cFields=fields % name)
    await account.send(f"{NUMBER},{OTHER_NUMBER}", phoneBook="1403")
    assert await contacts(account) == [
        {"number": NUMBER, "fields": {"FYa12346": "1360/06/06", "FMjUyMjUz": "رضا"}},
        {"number": OTHER_NUMBER, "fields": {}},
    ]
    assert await contacts(other) == []
