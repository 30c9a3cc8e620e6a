"""`send` (PROTOCOL.md, section 5): each row of its table, and the edges of each."""

import pytest

from tests.driver import World
from tests.rules import ways
from tests.rules.ways import Way, assert_refused, no_trace


@pytest.mark.parametrize("way", ways.cases(ways.SEND))
def test_each_refusal_has_its_code_and_leaves_no_trace(way: Way) -> None:
    world = World()
    with no_trace(world):
        assert_refused(world, ways.ask(world, "send", way), way.code, way.rule)


@pytest.mark.rule("S10", "S11")
@pytest.mark.rule("Z10")
@pytest.mark.parametrize(("code", "row"), [("112", "S10"), ("113", "S11")])
def test_an_error_of_the_operator_leaves_no_trace(code: str, row: str) -> None:
    world = World()
    with no_trace(world):
        reply = world.send(f"9121111111,9120000{code}", phoneBook=1403)
        assert reply["result"] == code
        assert world.rule in {row, "Z10"}
        assert not {"sendID", "phoneBook"} & reply.keys()


@pytest.mark.rule("S10")
@pytest.mark.rule("Z10")
def test_an_error_of_the_operator_is_described() -> None:
    assert World().send("9120000112")["description"].strip()


@pytest.mark.rule("S12")
def test_a_send_in_order_is_accepted_with_an_id() -> None:
    world = World()
    reply = world.send()
    assert (reply["result"], world.rule) == ("1", "S12")
    assert reply["sendID"].isascii()
    assert reply["sendID"].isdecimal()
    assert world.pair(reply["sendID"]) == (0, -1)


@pytest.mark.rule("S12")
def test_ids_count_on_over_all_actions_that_send() -> None:
    world = World()
    ids = [
        int(reply["sendID"])
        for reply in (world.send(), world.send_services(), world.send_otp(), world.send())
    ]
    assert ids == list(range(ids[0], ids[0] + 4))
    assert ids[0] // 10**9 == ids[-1] // 10**9


@pytest.mark.rule("S12")
def test_the_same_message_sent_again_is_another_send() -> None:
    world = World()
    assert world.send()["sendID"] != world.send()["sendID"]


@pytest.mark.rule("S12")
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_get_and_post_send_alike(method: str) -> None:
    world = World()
    reply = world.call(method=method, params={"action": "send", **ways.GOOD["send"]})
    assert (reply["result"], world.rule, world.credit()) == ("1", "S12", 999_000)


@pytest.mark.rule("S1", "S12")
@pytest.mark.parametrize("count", range(11))
def test_try_send_may_be_any_whole_number_from_0_to_10(count: int) -> None:
    world = World()
    assert world.send(trySend=count)["result"] == "1"
    assert world.rule == "S12"


@pytest.mark.rule("S1")
@pytest.mark.parametrize(
    "bad", [-2, -1, 11, 12, 100, "1.5", "10.0", "ten", "99999999999999999999", "-", "  "]
)
def test_any_other_try_send_is_invalid(bad: int | str) -> None:
    world = World()
    assert world.send(trySend=bad)["result"] == "0"
    assert world.rule == "S1"


@pytest.mark.rule("S2")
@pytest.mark.parametrize("bad", [0, 5, -1, 11, "one", "1.0", "  ", "1,2", "۱"])
def test_a_type_that_is_not_known_is_refused(bad: int | str) -> None:
    world = World(send_types=[1, 2, 3, 4])
    assert world.send(type=bad)["result"] == "103"
    assert world.rule == "S2"


@pytest.mark.rule("S3")
@pytest.mark.parametrize("kind", [2, 3, 4])
def test_an_account_has_access_to_type_1_alone_by_default(kind: int) -> None:
    world = World()
    assert world.send(type=kind)["result"] == "104"
    assert world.rule == "S3"


@pytest.mark.rule("S2", "S3", "S12")
@pytest.mark.parametrize("kind", [1, 2, 3, 4])
def test_each_known_type_is_accepted_where_the_account_may_use_it(kind: int) -> None:
    world = World(send_types=[kind])
    assert world.send(type=kind)["result"] == "1"
    for other in {1, 2, 3, 4} - {kind}:
        assert world.send(type=other)["result"] == "104"


@pytest.mark.rule("S2", "S3")
def test_an_absent_type_means_type_1() -> None:
    assert World(send_types=[1]).send()["result"] == "1"
    assert World(send_types=[2, 3, 4]).send()["result"] == "104"


@pytest.mark.rule("S4")
def test_unverified_sending_shuts_send_alone() -> None:
    world = World(sending_verified=False)
    assert world.send()["result"] == "114"
    assert world.send_services()["result"] == "1"
    assert world.send_otp()["result"] == "1"
    assert world.ask("status")["result"] == "1"


@pytest.mark.rule("S5")
@pytest.mark.parametrize(
    "receivers",
    ["abc", "9121111111,abc", "abc,9121111111", "9121111111,abc,9121111112", "9121111111,98", ",", " "],
)
def test_one_bad_receiver_refuses_the_whole_request(receivers: str) -> None:
    world = World()
    assert world.send(receivers)["result"] == "105"
    assert (world.rule, world.credit()) == ("S5", 1_000_000)


@pytest.mark.rule("S5", "S12")
def test_with_bad_receivers_skip_the_rest_is_sent_to_and_paid_for() -> None:
    world = World(bad_receivers="skip")
    reply = world.send("abc,9121111111,912,09121111112,9121111111,۹۱۲۱۱۱۱۱۱۳")
    report = world.ask("reportSend", sendID=reply["sendID"])
    assert [one["number"] for one in report["data"]["receivers"]] == ["9121111111", "9121111112"]
    assert world.credit() == 998_000


@pytest.mark.rule("S5")
@pytest.mark.parametrize("receivers", ["abc", "abc,912", " , ", "۹۱۲۱۱۱۱۱۱۱"])
def test_with_bad_receivers_skip_none_left_is_still_refused(receivers: str) -> None:
    world = World(bad_receivers="skip")
    assert world.send(receivers)["result"] == "105"
    assert world.rule == "S5"


@pytest.mark.rule("S6", "S12")
@pytest.mark.parametrize("line", ["30001403", "9830001403", "auto"])
def test_a_send_may_come_from_an_ordinary_line_or_the_smart_service(line: str) -> None:
    assert World().send(from_=line)["result"] == "1"


@pytest.mark.rule("S6")
@pytest.mark.parametrize(
    "line",
    ["90001403", "9890001403", "30001404", "3000140", "300014033", "989830001403", "3000 1403", "  ", "x"],
)
def test_a_send_from_anything_else_is_refused(line: str) -> None:
    world = World()
    assert world.send(from_=line)["result"] == "106"
    assert world.rule == "S6"


@pytest.mark.rule("S6")
def test_a_line_without_a_right_to_ordinary_messages_may_not_send_them() -> None:
    lines = [
        {"number": "1", "ordinary": False, "service": False},
        {"number": "2", "ordinary": True, "service": True},
    ]
    world = World(lines=lines)
    assert world.send(from_="1")["result"] == "106"
    assert world.send(from_="2")["result"] == "1"
    assert world.send(from_="30001403")["result"] == "106"


@pytest.mark.rule("S6")
def test_auto_needs_the_smart_service_and_a_line_does_not() -> None:
    world = World(smart_sender=False)
    assert world.send(from_="auto")["result"] == "106"
    assert world.rule == "S6"
    assert world.send()["result"] == "1"


@pytest.mark.rule("S7")
@pytest.mark.parametrize(
    "text", [" ", "   ", "\n", "\t", " \r\n ", "\0", "سلام\0", "\0سلام", "a\0b"], ids=repr
)
def test_a_blank_text_or_one_with_a_nul_is_refused(text: str) -> None:
    world = World()
    assert world.send(text=text)["result"] == "107"
    assert world.rule == "S7"


@pytest.mark.rule("S7", "S12")
@pytest.mark.parametrize(
    ("most", "fits"),
    [
        (1, "a" * 160),
        (1, "س" * 70),
        (2, "a" * 306),
        (2, "س" * 134),
        (10, "a" * 1530),
        (10, "س" * 670),
        (1, "€" * 80),
        (1, "😀" * 35),
    ],
    ids=range(8),
)
def test_a_text_may_fill_the_most_parts_and_not_one_unit_more(most: int, fits: str) -> None:
    world = World(max_parts=most)
    assert world.send(text=fits)["result"] == "1"
    assert world.send(text=fits + fits[-1])["result"] == "107"
    assert world.rule == "S7"


@pytest.mark.rule("S7")
def test_ten_parts_are_the_most_by_default() -> None:
    world = World()
    assert world.send(text="a" * 1530)["result"] == "1"
    assert world.send(text="a" * 1531)["result"] == "107"


@pytest.mark.rule("S7", "M1")
def test_a_pair_that_may_not_be_split_can_make_a_text_too_long() -> None:
    world = World(max_parts=2)
    assert world.send(text="a" * 152 + "€" + "a" * 151)["result"] == "1"
    assert world.send(text="a" * 152 + "€" + "a" * 152)["result"] == "107"


@pytest.mark.rule("S8", "M7")
def test_billing_out_of_order_refuses_even_an_account_without_credit() -> None:
    world = World(billing_ok=False, credit=0)
    assert world.send()["result"] == "108"
    assert world.rule == "S8"


@pytest.mark.rule("S9", "M3")
def test_an_account_without_credit_may_not_send() -> None:
    world = World(credit=0)
    assert world.send()["result"] == "109"
    assert (world.rule, world.credit()) == ("S9", 0)
