"""Accounts: made, read, changed and removed over HTTP (CONTROL.md, Configuration and Control plane)."""

from typing import Any

import pytest

from tests.control.desk import ACCOUNTS, Box, Desk, is_problem

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
DEFAULTS = {
    "webservice_enabled": True,
    "identity_verified": True,
    "sending_verified": True,
    "billing_ok": True,
    "allowed_ips": [],
    "credit": 1_000_000,
    "prices": {"latin": 2000, "unicode": 1000},
    "max_parts": 10,
    "send_types": [1],
    "smart_sender": True,
    "lines": [
        {"number": "30001403", "ordinary": True, "service": False},
        {"number": "90001403", "ordinary": False, "service": True},
    ],
    "otp_names": {"action": "sendOTP", "app": "appID", "code": "code"},
    "phonebook_enabled": True,
    "blacklist": [],
    "forbidden_words": [],
    "monitoring": "automatic",
    "timeline": "default",
    "outcomes": {},
    "seed": 1403,
    "clock": "real",
    "validity_seconds": 86_400,
    "archive_after_seconds": 259_200,
    "keep_sends": 100_000,
    "reserved_receivers": True,
    "reply_names": {"send_id": "sendID", "credit": "credit"},
    "reply_scalars": "strings",
    "key_placement": "by_method",
    "unknown_action": "100",
    "bad_receivers": "refuse",
    "received": "keep",
    "archived_receivers": "empty",
    "fields_reply": "by_field",
}
OTHERS: dict[str, Any] = {
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
BAD = [
    ("webservice_enabled", "yes"),
    ("identity_verified", 1),
    ("sending_verified", None),
    ("billing_ok", "true"),
    ("allowed_ips", ["300.0.0.1"]),
    ("allowed_ips", "127.0.0.1"),
    ("credit", -1),
    ("credit", 1.5),
    ("credit", True),
    ("credit", "5"),
    ("prices", {"latin": -1, "unicode": 1}),
    ("max_parts", "many"),
    ("send_types", [9]),
    ("smart_sender", 0),
    ("lines", [{"number": "5000"}, {"number": "5000"}]),
    ("lines", [{"numbr": "5000"}]),
    ("patterns", [{"code": 1, "text": "a"}, {"code": 1, "text": "b"}]),
    ("patterns", [{"code": "one", "text": "a"}]),
    ("otp_apps", [{"id": "a", "template": 5}]),
    ("otp_names", {"action": "send", "app": "appID", "code": "code"}),
    ("phonebook_enabled", "no"),
    ("phonebooks", [{"id": 1, "name": "a", "contacts": []}, {"id": 1, "name": "b", "contacts": []}]),
    (
        "fields",
        [
            {"id": "F1", "name": "a", "kind": "text"},
            {"id": "F1", "name": "b", "kind": "text"},
        ],
    ),
    ("fields", [{"id": "F1", "name": "a", "kind": "colour"}]),
    ("blacklist", ["12"]),
    ("forbidden_words", "بد"),
    ("monitoring", "sometimes"),
    ("timeline", "fast"),
    ("timeline", {"ordinary": [0, 1], "pattern": [0, 0.2, 0.4, 0.6, 0.8]}),
    ("outcomes", {"lost": 1}),
    ("outcomes", {"delivered": -1}),
    ("seed", "x"),
    ("clock", "stopped"),
    ("validity_seconds", -1),
    ("archive_after_seconds", "three days"),
    ("keep_sends", -1),
    ("reserved_receivers", "on"),
    ("reply_names", {"send_id": 5}),
    ("reply_scalars", "numbers"),
    ("key_placement", "header"),
    ("unknown_action", "404"),
    ("bad_receivers", "ignore"),
    ("received", "twice"),
    ("archived_receivers", "full"),
    ("fields_reply", "double"),
]
ODD_KEY = "a/b%c?d#e:f&g=h+i..;~%2F"
VISIBLE = "".join(chr(code) for code in range(0x21, 0x7F))


async def test_the_test_keys_are_there_in_their_order(desk: Desk) -> None:
    document = await desk.read(ACCOUNTS)
    assert list(document) == ["accounts"]
    assert [account["key"] for account in document["accounts"]] == TEST_KEYS


async def test_the_underscore_means_the_first_account(desk: Desk) -> None:
    assert (await desk.box("_").read())["key"] == "test-key"
    await desk.box("test-key").do("PATCH", "", {"credit": 7})
    assert (await desk.box("_").read())["credit"] == 7


async def test_the_underscore_works_below_an_account_too(desk: Desk) -> None:
    send_id = await desk.box("test-key").send()
    assert await desk.box("_").ids() == [send_id]


@pytest.mark.parametrize("key", ["test-key", None])
async def test_without_settings_an_account_is_like_the_test_key(desk: Desk, key: str | None) -> None:
    account = await desk.box(key).read() if key is not None else (await desk.call("POST", ACCOUNTS, {})).json
    assert {name: account[name] for name in DEFAULTS} == DEFAULTS
    assert [pattern["code"] for pattern in account["patterns"]] == [1001, 1002]
    assert [app["id"] for app in account["otp_apps"]] == ["test-app", "test-app-off"]
    assert [book["id"] for book in account["phonebooks"]] == [1403]
    assert [(field["id"], field["kind"]) for field in account["fields"]] == [
        ("FYa12346", "date"),
        ("FMjUyMjUz", "text"),
        ("FMzQ5NDA2", "choice"),
        ("FMTAwMQ", "number"),
        ("FMTAwMg", "text"),
    ]


async def test_creation_answers_201_with_the_whole_account_and_its_key(desk: Desk) -> None:
    answer = await desk.call("POST", ACCOUNTS, {"key": "mine", "credit": 5})
    assert (answer.status, answer.content_type) == (201, "application/json")
    assert (answer.json["key"], answer.json["credit"]) == ("mine", 5)
    assert answer.json == await desk.box("mine").read()
    assert answer.json in (await desk.read(ACCOUNTS))["accounts"]


async def test_keys_that_are_left_out_are_made_up_and_differ(desk: Desk) -> None:
    keys = {(await desk.call("POST", ACCOUNTS, {})).json["key"] for _ in range(5)}
    assert len(keys) == 5
    for key in keys:
        assert (await desk.box(key).reply({"action": "status"})) == {"result": "1"}


@pytest.mark.parametrize("name", OTHERS)
async def test_an_account_is_created_with_any_setting(desk: Desk, name: str) -> None:
    account = (await desk.call("POST", ACCOUNTS, {name: OTHERS[name]})).json
    assert account[name] == OTHERS[name]
    rest = {other: value for other, value in DEFAULTS.items() if other != name}
    assert {other: account[other] for other in rest} == rest


async def test_an_account_is_created_with_all_settings_at_once(desk: Desk) -> None:
    account = (await desk.call("POST", ACCOUNTS, {"key": "all", **OTHERS})).json
    assert {name: account[name] for name in OTHERS} == OTHERS


async def test_what_an_account_shows_makes_an_equal_account(desk: Desk) -> None:
    shown = await desk.box("test-key-poor").read()
    again = (await desk.call("POST", ACCOUNTS, {**shown, "key": "twin"})).json
    assert again == {**shown, "key": "twin"}


@pytest.mark.parametrize("timeline", ["instant", "slow", "default"])
async def test_a_timeline_has_three_names(desk: Desk, timeline: str) -> None:
    assert (await (await desk.create(timeline=timeline)).read())["timeline"] == timeline


async def test_a_timeline_may_be_a_table(desk: Desk) -> None:
    table = {"ordinary": [0, 1, 2, 3, 4, 7], "pattern": [0, 0.2, 0.4, 0.6, 0.9]}
    assert (await (await desk.create(timeline=table)).read())["timeline"] == table


async def test_a_key_that_exists_is_409_and_changes_nothing(desk: Desk) -> None:
    answer = await desk.call("POST", ACCOUNTS, {"key": "test-key", "credit": 1})
    assert is_problem(answer, 409, "key")
    assert (await desk.box("test-key").read())["credit"] == 1_000_000
    assert len((await desk.read(ACCOUNTS))["accounts"]) == len(TEST_KEYS)


@pytest.mark.parametrize("key", ["_", ".", "..", "", "a b", "کلید", "a\n", "\x7f", "x" * 129, 5, None, ["a"]])
async def test_a_key_that_is_none_is_refused(desk: Desk, key: Any) -> None:
    assert is_problem(await desk.call("POST", ACCOUNTS, {"key": key}), 400, "key")
    assert len((await desk.read(ACCOUNTS))["accounts"]) == len(TEST_KEYS)


@pytest.mark.parametrize("key", ["!", "~", "...", "__", "x" * 128, ODD_KEY, "%5F", "%2e", '"', "\\", "{a}"])
async def test_any_other_visible_ascii_is_a_key(desk: Desk, key: str) -> None:
    box = await desk.create(key=key)
    assert (await box.read())["key"] == key
    assert await box.reply({"action": "status"}) == {"result": "1"}


@pytest.mark.parametrize("key", [ODD_KEY, VISIBLE])
async def test_an_odd_key_works_percent_encoded_everywhere(desk: Desk, key: str) -> None:
    box = await desk.create(key=key)
    send_id = await box.send()
    assert await box.ids() == [send_id]
    await box.do("PUT", "/snapshots/one")
    await box.advance(60)
    assert await box.pair(send_id) == (2, 3)
    await box.do("POST", "/snapshots/one/restore")
    assert await box.pair(send_id) == (0, -1)
    await box.do("DELETE", "")
    assert (await box.call("GET")).status == 404


@pytest.mark.parametrize(("name", "value"), BAD)
async def test_a_bad_member_is_refused_by_its_name_at_creation(desk: Desk, name: str, value: Any) -> None:
    assert is_problem(await desk.call("POST", ACCOUNTS, {"key": "new", name: value}), 400, name)
    assert (await desk.box("new").call("GET")).status == 404


@pytest.mark.parametrize(("name", "value"), BAD)
async def test_one_bad_member_of_a_patch_changes_nothing(box: Box, name: str, value: Any) -> None:
    before = await box.world()
    good = {"max_parts": 3} if name == "credit" else {"credit": 3}
    for change in ({**good, name: value}, {name: value, **good}):
        assert is_problem(await box.call("PATCH", "", change), 400, name)
    assert await box.world() == before


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("credti", "credit"), ("webservice_enable", "webservice_enabled"), ("pattern", "patterns")],
)
@pytest.mark.parametrize("method", ["POST", "PATCH"])
async def test_an_unknown_member_is_refused_with_the_nearest_name(
    desk: Desk, box: Box, method: str, name: str, nearest: str
) -> None:
    path = ACCOUNTS if method == "POST" else box.path
    before = await box.read()
    answer = await desk.call(method, path, {"max_parts": 3, name: 5})
    assert is_problem(answer, 400, name, f"`{nearest}`")
    assert await box.read() == before


async def test_an_unknown_member_inside_a_table_is_refused_with_the_nearest_name(box: Box) -> None:
    change = {"patterns": [{"code": 1, "text": "a", "aproved": True}]}
    assert is_problem(await box.call("PATCH", "", change), 400, "aproved", "approved")


@pytest.mark.parametrize("body", [[], "x", 5])
@pytest.mark.parametrize("method", ["POST", "PATCH"])
async def test_settings_are_an_object(desk: Desk, box: Box, method: str, body: Any) -> None:
    path = ACCOUNTS if method == "POST" else box.path
    assert is_problem(await desk.call(method, path, body), 400)


async def test_unknown_query_parameters_are_refused(desk: Desk, box: Box) -> None:
    for path in ("/_fake/health", ACCOUNTS, box.path, box.path + "/clock", box.path + "/phonebooks"):
        assert is_problem(await desk.call("GET", path, wat="1"), 400, "wat")
    assert is_problem(await box.call("PATCH", "", {"credit": 1}, wat="1"), 400, "wat")
    assert (await box.read())["credit"] == 1_000_000


@pytest.mark.parametrize("name", OTHERS)
async def test_a_patch_replaces_the_whole_member_and_no_other(box: Box, name: str) -> None:
    before = await box.read()
    after = await box.do("PATCH", "", {name: OTHERS[name]})
    assert await box.read() == after == {**before, name: OTHERS[name]}


MINIMAL = {
    "lines": [{"number": "1"}],
    "patterns": [{"code": 1, "text": "a"}],
    "otp_apps": [{"id": "a", "template": "{code}"}],
    "phonebooks": [{"id": 7, "contacts": [{"number": "9121111111"}]}],
    "fields": [{"id": "A", "kind": "text"}],
}


@pytest.mark.parametrize("name", MINIMAL)
async def test_what_an_item_leaves_out_is_in_order(desk: Desk, name: str) -> None:
    box = await desk.create(**{name: MINIMAL[name]})
    await box.do("PATCH", "", {"credit": 5})
    await desk.create(**{name: (await box.read())[name]})


async def test_a_patch_is_held_against_the_contacts_as_they_are_now(box: Box) -> None:
    contact = {"phoneId": "1403", "cNumber": "9121111111", "cFields": '{"FMTAwMQ":"6"}'}
    assert (await box.reply({"action": "newContact", **contact}))["result"] == "1"
    kind = {"id": "FMTAwMQ", "kind": "choice"}
    for fields in ([], [{**kind, "options": ["5"]}]):
        answer = await box.call("PATCH", "", {"fields": fields})
        assert is_problem(answer, 400, "phonebooks[0].contacts[0].fields.FMTAwMQ")
    await box.do("PATCH", "", {"fields": [{**kind, "options": ["6"]}]})


async def test_a_patch_is_seen_by_the_next_request(box: Box) -> None:
    await box.do("PATCH", "", {"credit": 500, "billing_ok": True})
    assert await box.credit() == 500
    await box.do("PATCH", "", {"webservice_enabled": False})
    assert await box.reply({"action": "credit"}) == {"result": "-2"}


async def test_an_empty_patch_changes_nothing(box: Box) -> None:
    before = await box.world()
    await box.do("PATCH", "", {})
    assert await box.world() == before


async def test_a_replaced_table_forgets_its_former_rows(box: Box) -> None:
    await box.do("PATCH", "", {"lines": [{"number": "5000", "ordinary": True, "service": False}]})
    request = {"action": "send", "from": "30001403", "text": "a", "receivers": "9121111111"}
    assert await box.reply(request) == {"result": "106"}
    assert (await box.reply({**request, "from": "5000"}))["result"] == "1"


@pytest.mark.parametrize(
    "change",
    [
        {"blacklist": ["9121111111"]},
        {"timeline": "slow"},
        {"outcomes": {"undelivered": 1}},
        {"forbidden_words": ["سلام"]},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_messages_on_their_way_keep_the_fate_that_they_were_given(box: Box, change: Any) -> None:
    send_id = await box.send()
    await box.do("PATCH", "", change)
    await box.advance(6)
    assert await box.pair(send_id) == (2, 3)


async def test_credit_in_the_account_is_what_is_left(box: Box) -> None:
    await box.send()
    assert (await box.read())["credit"] == await box.credit() == 999_000


async def test_in_the_list_of_accounts_it_is_what_is_left_too(desk: Desk) -> None:
    box = await desk.create(clock="real")
    await box.send(receivers="9120000015")
    desk.server.pass_time(10_000)  # it is returned, and refunded
    listed = (await desk.read(ACCOUNTS))["accounts"]
    assert [account["credit"] for account in listed if account["key"] == box.key] == [1_000_000]


async def test_an_account_is_removed(desk: Desk, box: Box) -> None:
    await box.do("DELETE", "")
    for method, sub in (
        ("GET", ""),
        ("DELETE", ""),
        ("GET", "/messages"),
        ("POST", "/reset"),
        ("GET", "/clock"),
    ):
        assert is_problem(await box.call(method, sub), 404)
    assert await box.reply({"action": "status"}) == {"result": "-1"}
    assert [account["key"] for account in (await desk.read(ACCOUNTS))["accounts"]] == TEST_KEYS


async def test_a_removed_key_may_be_taken_again_and_begins_empty(desk: Desk, box: Box) -> None:
    await box.send()
    await box.do("DELETE", "")
    again = await desk.create(key="mine")
    assert (await again.read())["credit"] == 1_000_000
    assert (await again.messages(), await again.entries()) == ([], [])


@pytest.mark.parametrize(
    ("method", "sub"),
    [
        ("GET", ""),
        ("PATCH", ""),
        ("DELETE", ""),
        ("POST", "/reset"),
        ("GET", "/messages"),
        ("GET", "/messages/1"),
        ("POST", "/messages/1/approve"),
        ("POST", "/inbound"),
        ("GET", "/phonebooks"),
        ("GET", "/clock"),
        ("POST", "/clock"),
        ("GET", "/faults"),
        ("GET", "/journal"),
        ("DELETE", "/journal"),
        ("POST", "/explain"),
        ("GET", "/snapshots/a"),
        ("PUT", "/snapshots/a"),
        ("POST", "/snapshots/a/restore"),
    ],
)
async def test_an_account_that_does_not_exist_is_404(desk: Desk, method: str, sub: str) -> None:
    bodies: dict[str, Any] = {
        "/inbound": {"from": "9121111111", "text": "a"},
        "/clock": {"advance": 1},
        "/explain": {"action": "status"},
        "": {"credit": 1},
    }
    body = (bodies[sub],) if method in ("POST", "PATCH") and sub in bodies else ()
    assert is_problem(await desk.box("nobody").call(method, sub, *body), 404)


async def test_with_the_first_account_gone_the_underscore_means_the_next(desk: Desk) -> None:
    await desk.box("_").do("DELETE", "")
    assert (await desk.box("_").read())["key"] == "test-key-disabled"


async def test_more_than_a_thousand_accounts_are_429_and_a_removed_one_makes_room(desk: Desk) -> None:
    one = f"POST {ACCOUNTS} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"
    last = one.replace("Content-Length", "Connection: close\r\nContent-Length")
    replies = await desk.server.raw((one * (999 - len(TEST_KEYS)) + last).encode(), to_end=True)
    assert replies.count(b"HTTP/1.1 201 ") == 1000 - len(TEST_KEYS)
    assert is_problem(await desk.call("POST", ACCOUNTS, {"key": "last"}), 429)
    await desk.box("test-key-ip").do("DELETE", "")
    assert (await desk.call("POST", ACCOUNTS, {"key": "last"})).status == 201
