"""`phoneBook` on `send` (PROTOCOL.md, section 6): storing the receivers while sending to them."""

import pytest

from tests.driver import Given, World

BOOK = 1403
OLD = "9350000001"
NEW = "9350000002"
ABSENT: tuple[Given, ...] = ("", None, True, False, [], ["1403"], {}, {"0": "1403"})


def book_with(*numbers: str) -> list[dict[str, object]]:
    return [{"id": BOOK, "name": "test", "contacts": [{"number": number} for number in numbers]}]


def is_stored(world: World, number: str, book: int = BOOK) -> bool:
    """Whether the phonebook has the number already: asks by sending, so the number is in it afterwards."""
    return bool(world.send(number, phoneBook=book)["phoneBook"] == "-3")


@pytest.mark.rule("B1", "B6")
def test_an_accepted_send_with_a_phonebook_stores_the_receiver() -> None:
    world = World()
    reply = world.send(NEW, phoneBook=BOOK)
    assert (reply["result"], reply["phoneBook"], world.rule) == ("1", "1", "S12")
    assert is_stored(world, NEW)


@pytest.mark.rule("B1", "W9")
@pytest.mark.parametrize("absent", ABSENT, ids=repr)
def test_without_a_phonebook_nothing_is_stored_nor_answered(absent: Given) -> None:
    world = World()
    reply = world.send(NEW, phoneBook=absent)
    assert reply["result"] == "1"
    assert "phoneBook" not in reply
    assert not is_stored(world, NEW)


@pytest.mark.rule("B1")
@pytest.mark.parametrize("phonebook", [BOOK, 9999, "abc"])
def test_a_refused_send_stores_nothing_and_answers_no_phonebook_code(phonebook: Given) -> None:
    world = World(credit=0)
    reply = world.send(NEW, phoneBook=phonebook)
    assert reply["result"] == "109"
    assert "phoneBook" not in reply
    world.change(credit=1_000_000)
    assert not is_stored(world, NEW)


@pytest.mark.rule("B2", "B7")
def test_without_the_phonebook_service_the_message_goes_and_is_not_stored() -> None:
    world = World(phonebook_enabled=False)
    reply = world.send(NEW, phoneBook=BOOK)
    assert (reply["result"], reply["phoneBook"], world.rule) == ("1", "-1", "S12")
    world.change(phonebook_enabled=True)
    assert not is_stored(world, NEW)


@pytest.mark.rule("B2", "B3")
@pytest.mark.parametrize("phonebook", [9999, "abc"])
def test_without_the_phonebook_service_the_id_does_not_matter(phonebook: Given) -> None:
    assert World(phonebook_enabled=False).send(phoneBook=phonebook)["phoneBook"] == "-1"


@pytest.mark.rule("B3", "B7")
@pytest.mark.parametrize(
    "bad",
    [9999, 0, -1, -1403, 140, 14033, "abc", "  ", "1403.0", "+1403", " 1403", "1403 ", "۱۴۰۳", "1403,1404"],
)
def test_a_phonebook_id_that_is_not_right_stops_no_sending(bad: Given) -> None:
    world = World()
    reply = world.send(NEW, phoneBook=bad)
    assert (reply["result"], reply["phoneBook"], world.credit()) == ("1", "-2", 999_000)
    assert not is_stored(world, NEW)


@pytest.mark.rule("B3")
def test_an_account_without_phonebooks_has_no_right_id() -> None:
    assert World(phonebooks=[]).send(phoneBook=BOOK)["phoneBook"] == "-2"


@pytest.mark.rule("B3", "B4", "B5")
def test_a_wrong_id_is_answered_whatever_the_receivers_are() -> None:
    world = World(bad_receivers="skip", phonebooks=book_with(OLD))
    assert world.send(f"abc,{OLD}", phoneBook=9999)["phoneBook"] == "-2"


@pytest.mark.rule("B4", "B7")
def test_a_skipped_receiver_is_answered_and_the_good_ones_are_stored() -> None:
    world = World(bad_receivers="skip")
    reply = world.send(f"abc,{NEW}", phoneBook=BOOK)
    assert (reply["result"], reply["phoneBook"], world.credit()) == ("1", "-4", 999_000)
    assert is_stored(world, NEW)


@pytest.mark.rule("B5", "B7")
@pytest.mark.parametrize("prefix", ["", "0", "98", "0098", "+98"])
def test_a_number_that_is_there_already_is_sent_to_and_not_stored_again(prefix: str) -> None:
    world = World(phonebooks=book_with(OLD))
    reply = world.send(prefix + OLD, phoneBook=BOOK)
    assert (reply["result"], reply["phoneBook"], world.credit()) == ("1", "-3", 999_000)


@pytest.mark.rule("B5", "B6")
def test_a_number_is_added_the_first_time_and_there_already_the_second() -> None:
    world = World()
    codes = [world.send(NEW, phoneBook=BOOK)["phoneBook"] for _ in range(3)]
    assert codes == ["1", "-3", "-3"]


@pytest.mark.rule("B5", "B6")
def test_each_phonebook_has_numbers_of_its_own() -> None:
    world = World(phonebooks=[*book_with(OLD), {"id": 7, "name": "other", "contacts": []}])
    assert world.send(OLD, phoneBook=7)["phoneBook"] == "1"
    assert world.send(OLD, phoneBook=7)["phoneBook"] == "-3"
    assert world.send(NEW, phoneBook=7)["phoneBook"] == "1"
    assert world.send(NEW, phoneBook=BOOK)["phoneBook"] == "1"


@pytest.mark.rule("B6", "F6")
def test_a_receiver_given_twice_in_one_request_is_added_once() -> None:
    assert World().send(f"{NEW},0{NEW}", phoneBook=BOOK)["phoneBook"] == "1"


@pytest.mark.rule("B8")
@pytest.mark.parametrize(
    ("receivers", "code"),
    [
        ((NEW, "9350000003"), "1"),
        ((OLD, NEW), "-3"),
        ((NEW, OLD), "-3"),
        ((NEW, "abc"), "-4"),
        (("abc", NEW), "-4"),
        (("abc", OLD, NEW), "-4"),
        ((OLD, "abc", NEW), "-3"),
        ((NEW, OLD, "abc"), "-3"),
        ((NEW, "abc", OLD), "-4"),
    ],
)
def test_of_several_receivers_the_first_that_was_not_added_gives_the_code(
    receivers: tuple[str, ...], code: str
) -> None:
    world = World(bad_receivers="skip", phonebooks=book_with(OLD))
    assert world.send(",".join(receivers), phoneBook=BOOK)["phoneBook"] == code
    assert is_stored(world, NEW)


@pytest.mark.rule("B8")
def test_every_number_that_can_be_added_is_added() -> None:
    world = World(phonebooks=book_with(OLD))
    world.send(f"9350000003,{OLD},{NEW},9350000004", phoneBook=BOOK)
    assert all(is_stored(world, number) for number in ("9350000003", OLD, NEW, "9350000004"))


@pytest.mark.rule("B1", "W11")
def test_phone_book_means_nothing_to_the_other_actions_that_send() -> None:
    world = World()
    replies = [world.send_services(NEW, phoneBook=BOOK), world.send_otp(NEW, phoneBook=BOOK)]
    assert [reply["result"] for reply in replies] == ["1", "1"]
    assert all("phoneBook" not in reply for reply in replies)
    assert not is_stored(world, NEW)


@pytest.mark.rule("B6", "W3")
def test_with_native_scalars_the_code_is_a_number() -> None:
    world = World(reply_scalars="native")
    assert world.send(NEW, phoneBook=BOOK)["phoneBook"] == 1
    assert world.send(NEW, phoneBook=BOOK)["phoneBook"] == -3
