"""`sendServices` (PROTOCOL.md, section 7): each row of its table, and the edges of each."""

import pytest

from tests.driver import Given, World
from tests.rules import ways
from tests.rules.ways import Way, assert_refused, no_trace

PLAIN = {"code": 7, "text": "hello", "approved": True, "bulk": False}
NAMED = {"code": 8, "text": "Dear {name}", "approved": True, "bulk": False}
BOTH: Given = {"name": "محمد محمدی", "amount": "1.200.000 تومان"}
MILLION = 1_000_000


@pytest.mark.parametrize("way", ways.cases(ways.SEND_SERVICES))
def test_each_refusal_has_its_code_and_leaves_no_trace(way: Way) -> None:
    world = World()
    with no_trace(world):
        assert_refused(world, ways.ask(world, "sendServices", way), way.code, way.rule)


@pytest.mark.rule("P9")
def test_a_pattern_message_in_order_is_accepted_with_an_id() -> None:
    world = World()
    reply = world.send_services()
    assert (reply["result"], world.rule) == ("1", "P9")
    assert reply["sendID"].isdecimal()
    assert world.pair(reply["sendID"]) == (1, -1)


@pytest.mark.rule("P1", "P9")
@pytest.mark.parametrize("count", range(11))
def test_try_send_may_be_any_whole_number_from_0_to_10(count: int) -> None:
    assert World().send_services(trySend=count)["result"] == "1"


@pytest.mark.rule("P1")
@pytest.mark.parametrize("bad", [-1, 11, "1.5", "10.0", "ten", "  "])
def test_any_other_try_send_is_invalid(bad: Given) -> None:
    world = World()
    assert world.send_services(trySend=bad)["result"] == "0"
    assert world.rule == "P1"


@pytest.mark.rule("P2", "P9")
@pytest.mark.parametrize("line", ["90001403", "auto"])
def test_a_pattern_message_may_come_from_a_service_line_or_the_shared_ones(line: str) -> None:
    assert World().send_services(from_=line)["result"] == "1"


@pytest.mark.rule("P2")
@pytest.mark.parametrize("line", ["30001403", "9830001403", "90001404", "9000140", "900014033", "  ", "x"])
def test_a_pattern_message_from_anything_else_is_refused(line: str) -> None:
    world = World()
    assert world.send_services(from_=line)["result"] == "603"
    assert world.rule == "P2"


@pytest.mark.rule("P2")
def test_a_line_needs_the_right_to_service_messages() -> None:
    lines = [
        {"number": "1", "ordinary": False, "service": False},
        {"number": "2", "ordinary": True, "service": True},
    ]
    world = World(lines=lines)
    assert world.send_services(from_="1")["result"] == "603"
    assert world.send_services(from_="2")["result"] == "1"


@pytest.mark.rule("P2")
def test_auto_needs_the_smart_service_but_no_service_line() -> None:
    ordinary = [{"number": "30001403", "ordinary": True, "service": False}]
    assert World(smart_sender=False).send_services(from_="auto")["result"] == "603"
    assert World(lines=ordinary).send_services(from_="auto")["result"] == "1"


@pytest.mark.rule("P3", "F2")
@pytest.mark.parametrize("prefix", ["", "0", "98", "0098", "+98"])
def test_receivers_are_read_as_those_of_send(prefix: str) -> None:
    world = World()
    reply = world.send_services(f" {prefix}9121111111 ,")
    report = world.ask("reportSend", sendID=reply["sendID"])
    assert [one["number"] for one in report["data"]["receivers"]] == ["9121111111"]


@pytest.mark.rule("P3")
@pytest.mark.parametrize("receivers", ["abc", "9121111111,abc", "۹۱۲۱۱۱۱۱۱۱", ",", " "])
def test_a_bad_receiver_refuses_the_whole_request(receivers: str) -> None:
    world = World()
    assert world.send_services(receivers)["result"] == "604"
    assert world.rule == "P3"


@pytest.mark.rule("P3")
def test_with_bad_receivers_skip_the_rest_is_sent_to() -> None:
    world = World(bad_receivers="skip")
    reply = world.send_services("abc,9121111111,9121111112", textCode=1002, textData=BOTH)
    report = world.ask("reportSend", sendID=reply["sendID"])
    assert [one["number"] for one in report["data"]["receivers"]] == ["9121111111", "9121111112"]
    assert world.send_services("abc,912")["result"] == "604"


@pytest.mark.rule("P4")
@pytest.mark.parametrize("count", [2, 3, 10])
def test_a_pattern_without_bulk_refuses_more_than_one_receiver(count: int) -> None:
    world = World()
    assert world.send_services(",".join(f"912111111{n}" for n in range(count)))["result"] == "609"
    assert (world.rule, world.credit()) == ("P4", MILLION)


@pytest.mark.rule("P4", "P9")
def test_a_pattern_with_bulk_takes_several_receivers_and_each_is_paid_for() -> None:
    world = World()
    assert world.send_services("9121111111,9121111112", textCode=1002, textData=BOTH)["result"] == "1"
    assert world.credit() == MILLION - 2 * 1000


@pytest.mark.rule("P4", "F6")
def test_one_receiver_written_twice_is_not_bulk() -> None:
    assert World().send_services("9121111111,09121111111,+989121111111")["result"] == "1"


@pytest.mark.rule("P4")
def test_of_a_pattern_that_is_not_there_the_reason_says_so() -> None:
    world = World()
    assert world.send_services("9121111111,9121111112", textCode=77)["result"] == "609"
    assert world.account.journal.entries[-1].reason == "2 receivers, and the account has no pattern «77»"


@pytest.mark.rule("P4")
def test_bulk_is_off_by_default() -> None:
    world = World(patterns=[{"code": 7, "text": "hello"}])
    assert world.send_services(textCode=7, textData=None)["result"] == "1"
    assert world.send_services("9121111111,9121111112", textCode=7, textData=None)["result"] == "609"


@pytest.mark.rule("P5")
@pytest.mark.parametrize(
    "code", [9999, 0, -1001, 100, 10011, "login", "  ", "1001.0", "+1001", " 1001", "۱۰۰۱", "1001,1002"]
)
def test_a_code_of_no_pattern_is_refused(code: Given) -> None:
    world = World()
    assert world.send_services(textCode=code)["result"] == "605"
    assert world.rule == "P5"


@pytest.mark.rule("P5")
def test_a_pattern_is_refused_until_it_is_approved() -> None:
    world = World(patterns=[{**PLAIN, "approved": False}])
    assert world.send_services(textCode=7, textData=None)["result"] == "605"
    world.change(patterns=[PLAIN])
    assert world.send_services(textCode=7, textData=None)["result"] == "1"


@pytest.mark.rule("P6", "P9")
@pytest.mark.parametrize(
    "data",
    [
        BOTH,
        {"{name}": "محمد", "{amount}": "1000"},
        {"name": "محمد", "{amount}": "1000"},
        {"amount": "1000", "name": "محمد"},
        ["محمد", "1000"],
    ],
    ids=repr,
)
def test_values_come_by_name_by_name_in_braces_or_by_position(data: Given) -> None:
    world = World()
    assert world.send_services(textCode=1002, textData=data)["result"] == "1", world.reason
    assert world.rule == "P9"


@pytest.mark.rule("P6")
@pytest.mark.parametrize(
    "data",
    [
        None,
        "",
        {},
        [],
        {"name": "محمد"},
        {"amount": "1000"},
        {"{name}": "محمد"},
        ["محمد"],
        {"name": "", "amount": "1000"},
        {"name": "  ", "amount": "1000"},
        {"name": "محمد", "amount": "\n"},
        {"name": "محمد", "amount": None},
        {"name": "محمد", "amount": ["1000"]},
        {"name": "محمد", "amount": {"x": "1000"}},
        ["", "1000"],
        ["محمد", " "],
        ["محمد", None],
        ["محمد", []],
        {"name": "محمد", "amount": "1000", "more": "x"},
        {"name": "محمد", "amount": "1000", "more": ""},
        ["محمد", "1000", "x"],
        {"name": "محمد", "total": "1000"},
        "محمد",
    ],
    ids=repr,
)
def test_variables_that_do_not_match_are_refused(data: Given) -> None:
    world = World()
    assert world.send_services(textCode=1002, textData=data)["result"] == "606"
    assert (world.rule, world.credit()) == ("P6", MILLION)


@pytest.mark.rule("P6", "P9")
@pytest.mark.parametrize("data", [None, "", {}, []], ids=repr)
def test_a_pattern_without_variables_needs_no_values(data: Given) -> None:
    assert World(patterns=[PLAIN]).send_services(textCode=7, textData=data)["result"] == "1"


@pytest.mark.rule("P6")
@pytest.mark.parametrize("data", [{"code": "1"}, ["1"]], ids=repr)
def test_a_value_for_a_pattern_without_variables_is_one_too_many(data: Given) -> None:
    world = World(patterns=[PLAIN])
    assert world.send_services(textCode=7, textData=data)["result"] == "606"
    assert world.rule == "P6"


@pytest.mark.rule("P7", "M7")
def test_billing_out_of_order_refuses_even_an_account_without_credit() -> None:
    world = World(billing_ok=False, credit=0)
    assert world.send_services()["result"] == "607"
    assert world.rule == "P7"


@pytest.mark.rule("P8")
@pytest.mark.parametrize(
    ("name", "cost"),
    [
        ("a", 2000),
        ("a" * 155, 2000),
        ("a" * 156, 4000),
        ("€" * 78, 4000),
        ("€" * 77, 2000),
        ("س" * 65, 1000),
        ("س" * 66, 2000),
    ],
    ids=range(7),
)
def test_the_cost_is_that_of_the_text_with_its_variables_filled_in(name: str, cost: int) -> None:
    rich, poor = World(patterns=[NAMED], credit=cost), World(patterns=[NAMED], credit=cost - 1)
    assert rich.send_services(textCode=8, textData={"name": name})["result"] == "1"
    assert rich.credit() == 0
    assert poor.send_services(textCode=8, textData={"name": name})["result"] == "608"
    assert (poor.rule, poor.credit()) == ("P8", cost - 1)


@pytest.mark.rule("P8")
@pytest.mark.parametrize("data", [{"name": "x" * 155}, {"{name}": "x" * 155}, ["x" * 155]])
def test_the_cost_is_the_same_however_the_values_come(data: Given) -> None:
    world = World(patterns=[NAMED])
    world.send_services(textCode=8, textData=data)
    assert world.credit() == MILLION - 2000


@pytest.mark.rule("P9")
@pytest.mark.parametrize("kind", [0, 1, 2, 5, "abc", "  "])
def test_type_is_ignored(kind: Given) -> None:
    assert World().send_services(type=kind)["result"] == "1"


@pytest.mark.rule("P9", "S2", "S3")
def test_the_send_types_of_the_account_do_not_matter() -> None:
    assert World(send_types=[2]).send_services()["result"] == "1"
