"""The gate (PROTOCOL.md, section 2): who may speak at all, and who is told what."""

from typing import Any

import pytest

from tests.driver import KEY, Given, World
from tests.rules import ways
from tests.rules.ways import Way, assert_refused, no_trace

ACTIONS = (
    "send",
    "sendServices",
    "sendOTP",
    "reportSend",
    "credit",
    "receivedMessages",
    "status",
    "newContact",
)
ABSENT: tuple[Given, ...] = ("", None, True, False, [], ["send"], {}, {"0": "send"})
OTHER_METHODS = ("HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT")
WRONG_KEYS = (None, "", "unknown", "Bearer test-key", "bearer test-key", "TEST-KEY", "test-ke", "test-keys")
WRONG_ACTIONS = (
    "Send",
    "SEND",
    "sendotp",
    "sendOtp",
    "reportsend",
    "newcontact",
    "sendMMS",
    "send ",
    " ",
    "0",
)


def with_key(world: World, key: str | None, method: str = "POST", action: str = "status") -> Any:
    return world.call(method=method, key=key, params={"action": action})


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("way", ways.cases(ways.GATE))
def test_each_row_of_the_gate_answers_for_every_action(way: Way, action: str) -> None:
    world = World()
    with no_trace(world):
        params: dict[str, Given] = {"action": action, **ways.GOOD.get(action, {})}
        world.change(**way.settings)
        reply = world.call(params=params, **way.call)
        assert_refused(world, reply, way.code, way.rule)


@pytest.mark.parametrize("way", ways.cases(ways.NO_ACTION))
def test_a_request_without_a_known_action_changes_nothing(way: Way) -> None:
    world = World()
    with no_trace(world):
        assert_refused(world, ways.ask(world, "send", way), way.code, way.rule)


@pytest.mark.rule("A1", "A2", "A3", "A4", "A5", "A6", "A7")
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("action", ACTIONS)
def test_the_gate_lets_a_request_in_order_through(action: str, method: str) -> None:
    world = World()
    world.call(method=method, params={"action": action})
    assert not world.rule.startswith("A")


@pytest.mark.rule("A1")
@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
@pytest.mark.parametrize("key", WRONG_KEYS)
def test_a_key_that_is_not_the_bare_right_one_is_refused(key: str | None, method: str) -> None:
    world = World()
    reply = with_key(world, key, method)
    assert (reply["result"], world.rule) == ("-1", "A1")


@pytest.mark.rule("A1")
def test_the_key_of_another_world_is_unknown_here() -> None:
    world = World(key="mine")
    assert with_key(world, "test-key")["result"] == "-1"
    assert with_key(world, "mine")["result"] == "1"


@pytest.mark.rule("A1")
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_right_key_in_the_wrong_place_is_refused(method: str) -> None:
    world = World()
    reply = world.call(method=method, key=None, params={"action": "status"}, stray_keys=(KEY,))
    assert (reply["result"], world.rule) == ("-1", "A1")


@pytest.mark.rule("A1")
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_with_key_placement_anywhere_the_place_of_the_key_does_not_matter(method: str) -> None:
    world = World(key_placement="anywhere")
    reply = world.call(method=method, key=None, params={"action": "status"}, stray_keys=(KEY,))
    assert (reply["result"], world.rule) == ("1", "T1")


@pytest.mark.rule("A1")
def test_with_key_placement_anywhere_a_wrong_key_is_still_wrong() -> None:
    world = World(key_placement="anywhere")
    reply = world.call(key=None, params={"action": "status"}, stray_keys=("unknown",))
    assert (reply["result"], world.rule) == ("-1", "A1")


@pytest.mark.rule("A2")
def test_a_service_that_is_switched_on_again_answers_again() -> None:
    world = World(webservice_enabled=False)
    assert world.ask("status")["result"] == "-2"
    world.change(webservice_enabled=True)
    assert world.ask("status")["result"] == "1"


@pytest.mark.rule("A4")
@pytest.mark.parametrize("method", OTHER_METHODS)
def test_any_method_but_get_and_post_is_the_wrong_request_type(method: str) -> None:
    world = World()
    reply = with_key(world, KEY, method)
    assert (reply["result"], world.rule) == ("-4", "A4")


@pytest.mark.rule("A5")
@pytest.mark.parametrize(
    ("entry", "ip"),
    [
        ("10.1.2.3", "10.1.2.3"),
        ("10.0.0.0/8", "10.0.0.0"),
        ("10.0.0.0/8", "10.255.255.255"),
        ("192.0.2.4/30", "192.0.2.7"),
        ("192.0.2.1/32", "192.0.2.1"),
        ("0.0.0.0/0", "203.0.113.9"),
        ("2001:db8::1", "2001:db8::1"),
        ("2001:db8::1", "2001:0db8:0:0:0:0:0:1"),
        ("2001:DB8::A", "2001:db8::a"),
        ("2001:db8::/32", "2001:db8:ffff::1"),
    ],
)
def test_an_address_in_the_list_is_let_in(entry: str, ip: str) -> None:
    world = World(allowed_ips=["198.51.100.1", entry])
    assert world.call(params={"action": "status"}, ip=ip)["result"] == "1"


@pytest.mark.rule("A5")
@pytest.mark.parametrize(
    ("entry", "ip"),
    [
        ("10.1.2.3", "10.1.2.4"),
        ("10.1.2.3", "10.1.2.30"),
        ("10.0.0.0/8", "9.255.255.255"),
        ("10.0.0.0/8", "11.0.0.0"),
        ("192.0.2.4/30", "192.0.2.8"),
        ("192.0.2.4/30", "192.0.2.3"),
        ("2001:db8::1", "2001:db8::2"),
        ("2001:db8::/32", "2001:db9::1"),
        ("0.0.0.0/0", "2001:db8::1"),
        ("::/0", "203.0.113.9"),
    ],
)
def test_an_address_outside_the_list_is_refused(entry: str, ip: str) -> None:
    world = World(allowed_ips=[entry])
    reply = world.call(params={"action": "status"}, ip=ip)
    assert (reply["result"], world.rule) == ("-5", "A5")


@pytest.mark.rule("A5")
@pytest.mark.parametrize("ip", ["127.0.0.1", "203.0.113.9", "::1", "2001:db8::1"])
def test_an_empty_list_lets_every_address_in(ip: str) -> None:
    assert World(allowed_ips=[]).call(params={"action": "status"}, ip=ip)["result"] == "1"


@pytest.mark.rule("A6", "W9")
@pytest.mark.parametrize("action", ABSENT, ids=repr)
def test_an_action_that_counts_as_absent_is_answered_zero(action: Given) -> None:
    world = World()
    reply = world.call(params={"action": action})
    assert (reply["result"], world.rule) == ("0", "A6")


@pytest.mark.rule("A6")
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_request_without_any_parameter_has_no_action(method: str) -> None:
    world = World()
    reply = world.call(method=method)
    assert (reply["result"], world.rule) == ("0", "A6")


@pytest.mark.rule("A6")
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_could_not_be_decoded_is_answered_zero(method: str) -> None:
    world = World()
    reply = world.call(method=method, undecodable="the body is not JSON")
    assert (reply["result"], world.rule) == ("0", "A6")


@pytest.mark.rule("A1", "A6", "W11")
@pytest.mark.parametrize("key", [KEY, None])
def test_the_reason_says_when_a_request_looks_like_the_older_form(key: str | None) -> None:
    world = World()
    world.call(key=key, params={"Action": "SendSms", "username": "me", "password": "secret"})
    assert "older" in world.reason, world.reason


@pytest.mark.rule("A7", "W11")
@pytest.mark.parametrize("action", WRONG_ACTIONS)
def test_an_action_that_is_none_of_the_eight_is_answered_one_hundred(action: str) -> None:
    world = World()
    reply = world.call(params={"action": action})
    assert (reply["result"], world.rule) == ("100", "A7")


@pytest.mark.rule("A7")
@pytest.mark.parametrize("code", ["100", "0", "-4"])
def test_a_switch_says_which_code_an_unknown_action_gets(code: str) -> None:
    world = World(unknown_action=code)
    reply = world.call(params={"action": "sendMMS"})
    assert (reply["result"], world.rule) == (code, "A7")


@pytest.mark.rule("A7")
def test_the_switch_bare_zero_answers_with_the_text_zero_alone() -> None:
    world = World(unknown_action="bare-0")
    assert world.call(params={"action": "sendMMS"}) == 0
    assert world.rule == "A7"


@pytest.mark.rule("A6", "A7")
@pytest.mark.parametrize("code", ["100", "0", "-4", "bare-0"])
def test_the_switch_for_unknown_actions_does_not_touch_an_absent_one(code: str) -> None:
    world = World(unknown_action=code)
    reply = world.call()
    assert (reply["result"], world.rule) == ("0", "A6")


@pytest.mark.rule("A7")
def test_a_renamed_one_time_code_action_is_known_by_its_new_name_alone() -> None:
    world = World(otp_names={"action": "otp", "app": "appID", "code": "code"})
    assert world.ask("otp", **ways.GOOD["sendOTP"])["result"] == "1"
    assert world.ask("sendOTP", **ways.GOOD["sendOTP"])["result"] == "100"
