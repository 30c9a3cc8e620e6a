"""The settings of an account over HTTP: how they are shown, given at creation, and changed."""

from typing import Any

import pytest

from tests.web.control_client import ACCOUNTS, LINE, AccountClient, ControlClient, assert_problem

# A value of each setting that is not its default.
OTHER_VALUES: dict[str, Any] = {
    "webservice_enabled": False,
    "identity_verified": False,
    "sending_verified": False,
    "billing_ok": False,
    "allowed_ips": ["10.0.0.0/8", "2001:db8::1"],
    "credit": 5,
    "prices": {"latin": 1, "unicode": 2},
    "max_parts": 2,
    "send_types": [1, 2],
    "smart_sender": False,
    "lines": [{"number": "5000", "ordinary": True, "service": True}],
    "patterns": [{"code": 7, "text": "{a}", "approved": False, "bulk": True}],
    "otp_apps": [{"id": "app", "template": "{code}", "enabled": False}],
    "otp_names": {"action": "otp", "app": "app", "code": "token"},
    "phonebook_enabled": False,
    "phonebooks": [
        {"id": 7, "name": "یک", "contacts": [{"number": "9121234567", "fields": {"FMjUyMjUz": "علی"}}]}
    ],
    "fields": [{"id": "FMjUyMjUz", "name": "نام", "kind": "text", "options": [], "unique": False}],
    "blacklist": ["9121234567"],
    "forbidden_words": ["بد"],
    "monitoring": "manual",
    "timeline": "slow",
    "outcomes": {"delivered": 9, "undelivered": 1},
    "seed": 7,
    "clock": "frozen",
    "validity_seconds": 60,
    "archive_after_seconds": 60,
    "keep_sends": 3,
    "reserved_receivers": False,
    "reply_names": {"send_id": "data.id", "credit": "data.credit"},
    "reply_scalars": "native",
    "key_placement": "anywhere",
    "unknown_action": "-4",
    "bad_receivers": "skip",
    "received": "once",
    "archived_receivers": "null",
    "fields_reply": "single",
}

# Values of each setting that are refused.
FLAGS = (
    "webservice_enabled",
    "identity_verified",
    "sending_verified",
    "billing_ok",
    "smart_sender",
    "phonebook_enabled",
    "reserved_receivers",
)
COUNTS = ("credit", "max_parts", "keep_sends")
SECONDS = ("validity_seconds", "archive_after_seconds")
LISTS = (
    "allowed_ips",
    "send_types",
    "lines",
    "patterns",
    "otp_apps",
    "phonebooks",
    "fields",
    "blacklist",
    "forbidden_words",
)
TABLES = ("prices", "otp_names", "outcomes", "reply_names")
SWITCHES = (
    "monitoring",
    "timeline",
    "clock",
    "reply_scalars",
    "key_placement",
    "unknown_action",
    "bad_receivers",
    "received",
    "archived_receivers",
    "fields_reply",
)
WRONG_VALUES: dict[str, list[Any]] = {
    **{name: [0, "true", None, []] for name in FLAGS},
    **{name: [True, "1", 1.5, None, [], -1, 10**400] for name in COUNTS},
    **{name: [True, "1", None, [], -1, 10**400] for name in SECONDS},
    **{name: [True, "x", 1, None, {}, [None], [True], [[]], [{"unknown": 1}]] for name in LISTS},
    **{name: [True, "x", None, [], {"unknown": {}}] for name in TABLES},
    **{name: [True, "", "x", 1, None, [], {"x": 1}] for name in SWITCHES},
    "seed": [True, "1", 1.5, None, []],
}
CONTRADICTIONS: list[tuple[str, Any]] = [
    ("allowed_ips", ["300.0.0.1"]),
    ("send_types", [9]),
    ("lines", [{"number": "5000"}, {"number": "5000"}]),
    ("patterns", [{"code": 1, "text": "a"}, {"code": 1, "text": "b"}]),
    ("otp_names", {"action": "send", "app": "appID", "code": "code"}),
    ("phonebooks", [{"id": 1, "name": "a", "contacts": []}, {"id": 1, "name": "b", "contacts": []}]),
    ("fields", [{"id": "F1", "name": "a", "kind": "text"}, {"id": "F1", "name": "b", "kind": "text"}]),
    ("fields", [{"id": "F1", "name": "a", "kind": "colour"}]),
    ("blacklist", ["12"]),
    ("timeline", {"ordinary": [0, 1], "pattern": [0, 0.2, 0.4, 0.6, 0.8]}),
    ("outcomes", {"delivered": -1}),
]


async def test_an_account_created_without_settings_is_like_the_test_key(control: ControlClient) -> None:
    created = (await control.request("POST", ACCOUNTS, {})).json
    assert {**created, "key": "test-key"} == await control.account("test-key").get()


async def test_every_setting_has_another_value_in_these_tests(account: AccountClient) -> None:
    shown = await account.get()
    assert shown.keys() - {"key"} == OTHER_VALUES.keys() == WRONG_VALUES.keys()
    assert [name for name, value in OTHER_VALUES.items() if shown[name] == value] == ["clock"]  # is frozen


async def test_an_account_can_be_created_from_what_another_one_shows(control: ControlClient) -> None:
    shown = (await control.request("POST", ACCOUNTS, {"key": "one", **OTHER_VALUES})).json
    assert shown == {"key": "one", **OTHER_VALUES}
    twin = (await control.request("POST", ACCOUNTS, {**shown, "key": "twin"})).json
    assert twin == {**shown, "key": "twin"}


async def test_a_change_replaces_one_setting_and_no_other(control: ControlClient) -> None:
    for name, value in OTHER_VALUES.items():
        account = await control.create_account(clock="real")
        before = await account.get()
        after = await account.change(**{name: value})
        assert await account.get() == after == {**before, name: value}


async def test_a_timeline_is_a_name_or_a_table(account: AccountClient) -> None:
    table = {"ordinary": [0, 1, 2, 3, 4, 7], "pattern": [0, 0.2, 0.4, 0.6, 0.9]}
    for timeline in ("instant", "slow", "default", table):
        assert (await account.change(timeline=timeline))["timeline"] == timeline


async def test_a_change_with_a_wrong_value_is_refused_and_changes_nothing(account: AccountClient) -> None:
    before = await account.state()
    wrong = [(name, value) for name, values in WRONG_VALUES.items() for value in values]
    for name, value in [*wrong, *CONTRADICTIONS]:
        good = {"prices": {"latin": 1, "unicode": 1}, "forbidden_words": ["x"], "credit": 3}
        response = await account.request("PATCH", "", {**good, name: value})
        assert response.status == 400, (name, value)
        members = [error["member"] for error in response.json["errors"]]
        assert [member for member in members if not member.startswith(name)] == [], (name, value)
    assert await account.state() == before


async def test_a_wrong_value_is_refused_at_creation(control: ControlClient) -> None:
    for name, values in WRONG_VALUES.items():
        response = await control.request("POST", ACCOUNTS, {"key": "new", name: values[0]})
        assert_problem(response, 400)
        assert response.json["member"].startswith(name)
    assert (await control.account("new").request("GET")).status == 404


@pytest.mark.parametrize(
    ("setting", "member", "nearest"),
    [
        ({"credti": 5}, "credti", "credit"),
        ({"webservice_enable": 5}, "webservice_enable", "webservice_enabled"),
        ({"patterns": [{"code": 1, "text": "a", "aproved": True}]}, "patterns[0].aproved", "approved"),
    ],
)
async def test_an_unknown_setting_is_refused_with_the_nearest_name(
    control: ControlClient, account: AccountClient, setting: dict[str, Any], member: str, nearest: str
) -> None:
    before = await account.get()
    for method, path in (("POST", ACCOUNTS), ("PATCH", account.path)):
        response = await control.request(method, path, {"max_parts": 3, **setting})
        assert_problem(response, 400, f"`{nearest}`", member=member)
    assert await account.get() == before


async def test_the_key_of_an_account_cannot_be_changed(account: AccountClient) -> None:
    assert_problem(await account.request("PATCH", "", {"key": "other", "credit": 5}), 400, member="key")
    assert (await account.change(key=account.key, credit=5))["credit"] == 5


async def test_an_item_may_leave_members_out(control: ControlClient) -> None:
    settings = {
        "lines": [{"number": "1"}],
        "patterns": [{"code": 1, "text": "a"}],
        "otp_apps": [{"id": "a", "template": "{code}"}],
        "phonebooks": [{"id": 7, "contacts": [{"number": "9121111111"}]}],
        "fields": [{"id": "A", "kind": "text"}],
    }
    shown = await (await control.create_account(key="one", **settings)).get()
    assert await (await control.create_account(**{**shown, "key": "other"})).get() == {
        **shown,
        "key": "other",
    }


async def test_fields_are_checked_against_the_contacts_as_they_are_now(account: AccountClient) -> None:
    await account.ask("newContact", cFields='{"FMTAwMQ":"6"}')
    kind = {"id": "FMTAwMQ", "kind": "choice"}
    for fields in ([], [{**kind, "options": ["5"]}]):
        response = await account.request("PATCH", "", {"fields": fields})
        assert_problem(response, 400, member="phonebooks[0].contacts[0].fields.FMTAwMQ")
    await account.change(fields=[{**kind, "options": ["6"]}])


async def test_the_next_request_sees_a_change(account: AccountClient) -> None:
    await account.change(credit=5000)
    assert await account.credit() == 5000
    await account.change(lines=[{"number": "5000", "ordinary": True, "service": False}])
    assert await account.results(1, from_=LINE) == ["106"]
    await account.send(from_="5000")
    await account.change(webservice_enabled=False)
    assert (await account.ask("credit")).json == {"result": "-2"}


async def test_an_empty_change_changes_nothing(account: AccountClient) -> None:
    before = await account.state()
    await account.change()
    assert await account.state() == before


async def test_messages_on_their_way_keep_the_outcome_that_they_were_given(account: AccountClient) -> None:
    send_id = await account.send()
    await account.change(
        blacklist=["9121111111"], timeline="slow", outcomes={"undelivered": 1}, forbidden_words=["سلام"]
    )
    await account.advance(6)
    assert await account.pairs(send_id) == [(2, 3)]
