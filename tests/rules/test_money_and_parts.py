"""Money and message parts (PROTOCOL.md, section 4): what a text weighs, and where every rial goes."""

import pytest
from hypothesis import example, given, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.driver import World

BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = "^{}\\[~]|€"
FACE = "😀"
MILLION = 1_000_000
GRANTED = 40_000

RUNS = st.lists(
    st.tuples(
        st.sampled_from(["a", "é", "\n", "€", "{", "س", FACE, "ç", "`"]),
        st.sampled_from([1, 2, 3, 33, 35, 65, 66, 67, 70, 71, 151, 152, 153, 159, 160]),
    ),
    min_size=1,
    max_size=5,
).map(lambda runs: "".join(char * count for char, count in runs))
TEXTS = (RUNS | st.text(st.characters(codec="utf-8", exclude_characters="\0\x1b\f"), min_size=1)).filter(
    lambda text: bool(text.strip())
)
RECEIVERS = st.lists(st.from_regex(r"9[1-9][0-9]{8}", fullmatch=True), min_size=1, max_size=5)
FATES = [f"9120000{last:03}" for last in (0, 1, 2, 4, 7, 10, 13, 15, 21)] + ["9121111111"]


def weigh(text: str) -> tuple[str, int]:
    """The alphabet and the number of parts, counted character by character as M1 says."""
    latin = all(char in BASIC + EXTENSION for char in text)
    single, each = (160, 153) if latin else (70, 67)
    widths = [2 if (char in EXTENSION if latin else ord(char) > 0xFFFF) else 1 for char in text]
    if sum(widths) <= single:
        return ("latin" if latin else "unicode"), 1
    parts, room = 1, each
    for width in widths:
        if width > room:
            parts, room = parts + 1, each
        room -= width
    return ("latin" if latin else "unicode"), parts


def weighed(text: str) -> tuple[str, int]:
    """What the panel charged for, read from prices that give alphabet and parts away."""
    world = World(prices={"latin": 1, "unicode": 1000}, max_parts=100)
    assert world.send(text=text)["result"] == "1", world.reason
    cost = MILLION - world.credit()
    return ("latin", cost) if cost < 1000 else ("unicode", cost // 1000)


@pytest.mark.rule("M1")
@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("a" * 459, 3),
        ("a" * 460, 4),
        ("a" * 1530, 10),
        ("a" * 1531, 11),
    ],
    ids=lambda value: str(len(value)) if isinstance(value, str) else None,
)
def test_a_latin_text_has_160_septets_in_one_part_and_153_in_each_of_several(text: str, parts: int) -> None:
    assert weighed(text) == ("latin", parts)


@pytest.mark.rule("M1")
@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("€" * 80, 1),
        ("€" * 80 + "a", 2),
        ("a" * 158 + "€", 1),
        ("a" * 159 + "€", 2),
        ("a" * 151 + "€" + "a" * 153, 2),
        ("a" * 152 + "€" + "a" * 151, 2),
        ("a" * 152 + "€" + "a" * 152, 3),
        ("a" * 153 + "€" + "a" * 151, 2),
        ("€" * 76 + "a" + "€" * 76, 2),
        ("€" * 152, 2),
        ("€" * 153, 3),
        ("a" * 305 + "€", 3),
        ("a" * 304 + "€", 2),
    ],
    ids=range(13),
)
def test_an_extension_character_counts_two_and_is_not_split(text: str, parts: int) -> None:
    assert weighed(text) == ("latin", parts)


@pytest.mark.rule("M1")
@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("س", 1),
        ("س" * 70, 1),
        ("س" * 71, 2),
        ("س" * 134, 2),
        ("س" * 135, 3),
        ("س" * 201, 3),
        ("س" * 202, 4),
        ("a" * 69 + "س", 1),
        ("a" * 70 + "س", 2),
        ("€" * 69 + "س", 1),
    ],
    ids=range(10),
)
def test_a_unicode_text_has_70_units_in_one_part_and_67_in_each_of_several(text: str, parts: int) -> None:
    assert weighed(text) == ("unicode", parts)


@pytest.mark.rule("M1")
@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (FACE * 35, 1),
        (FACE * 35 + "س", 2),
        (FACE * 66, 2),
        (FACE * 67, 3),
        ("س" * 65 + FACE + "س" * 67, 2),
        ("س" * 66 + FACE + "س" * 65, 2),
        ("س" * 66 + FACE + "س" * 66, 3),
        ("س" * 67 + FACE + "س" * 65, 2),
        ("س" * 133 + FACE, 3),
        ("س" * 132 + FACE, 2),
    ],
    ids=range(10),
)
def test_a_surrogate_pair_counts_two_and_is_not_split(text: str, parts: int) -> None:
    assert weighed(text) == ("unicode", parts)


@pytest.mark.rule("M1")
@pytest.mark.parametrize("char", BASIC + EXTENSION, ids=lambda char: f"U+{ord(char):04X}")
def test_every_character_of_the_gsm_alphabet_is_latin_and_has_its_width(char: str) -> None:
    width = 2 if char in EXTENSION else 1
    assert weighed("a" + char + "a" * (159 - width)) == ("latin", 1)
    assert weighed("a" + char + "a" * (160 - width)) == ("latin", 2)


@pytest.mark.rule("M1")
@pytest.mark.parametrize(
    "char",
    [*"çÈÀáíóúÁâêîôûãõëïÿ`αβγ«»“”–—…™©®°±²\t\u00a0\u200cپی۱١א中", FACE],
    ids=lambda char: f"U+{ord(char):04X}",
)
def test_one_character_outside_the_gsm_alphabet_makes_the_text_unicode(char: str) -> None:
    assert weighed("a" + char + "a")[0] == "unicode"


@pytest.mark.rule("M1")
@given(text=TEXTS)
@example(text="a" * 152 + "€" * 77)
@example(text="س" * 66 + FACE * 34)
def test_alphabet_and_parts_are_those_of_a_count_character_by_character(text: str) -> None:
    assert weighed(text) == weigh(text)


@pytest.mark.rule("M2")
@pytest.mark.parametrize(
    ("text", "cost"),
    [("hello", 2000), ("a" * 161, 4000), ("سلام", 1000), ("س" * 71, 2000), ("س" * 135, 3000)],
)
def test_a_part_costs_2000_rials_latin_and_1000_unicode(text: str, cost: int) -> None:
    world = World()
    world.send(text=text)
    assert world.credit() == MILLION - cost
    world.send("9121111111,9121111112,9121111113", text)
    assert world.credit() == MILLION - 4 * cost


@pytest.mark.rule("M2")
@given(
    text=TEXTS,
    receivers=RECEIVERS,
    latin=st.integers(1, 10_000),
    unicode=st.integers(1, 10_000),
)
def test_a_send_costs_parts_times_price_times_receivers(
    text: str, receivers: list[str], latin: int, unicode: int
) -> None:
    granted = 10**12
    world = World(
        prices={"latin": latin, "unicode": unicode},
        max_parts=100,
        credit=granted,
        reserved_receivers=False,
    )
    world.send(",".join(receivers), text)
    alphabet, parts = weigh(text)
    price = {"latin": latin, "unicode": unicode}[alphabet]
    assert granted - world.credit() == parts * price * len(set(receivers))


@pytest.mark.rule("M2")
def test_a_price_that_changes_holds_for_later_sends_alone() -> None:
    world = World()
    world.send("9120000002")
    world.change(prices={"latin": 7, "unicode": 5})
    world.send()
    assert world.credit() == MILLION - 1000 - 5
    world.advance(100)
    assert world.credit() == MILLION - 5


@pytest.mark.rule("M3", "M6", "S9", "S12")
@pytest.mark.parametrize(("receivers", "parts"), [(1, 1), (1, 10), (3, 1), (3, 4)])
def test_a_send_may_use_the_credit_up_to_the_last_rial(receivers: int, parts: int) -> None:
    cost = receivers * parts * 1000
    numbers = ",".join(f"912111111{n}" for n in range(receivers))
    enough, short = World(credit=cost), World(credit=cost - 1)
    assert enough.send(numbers, "س" * 67 * parts)["result"] == "1"
    assert enough.credit() == 0
    assert short.send(numbers, "س" * 67 * parts)["result"] == "109"
    assert (short.rule, short.credit()) == ("S9", cost - 1)


@pytest.mark.rule("M3", "P8", "P9")
def test_a_pattern_message_may_use_the_credit_up_to_the_last_rial() -> None:
    enough, short = World(credit=1000), World(credit=999)
    assert enough.send_services()["result"] == "1"
    assert enough.credit() == 0
    assert short.send_services()["result"] == "608"
    assert (short.rule, short.credit()) == ("P8", 999)


@pytest.mark.rule("O8", "O9")
def test_a_one_time_code_may_use_the_credit_up_to_the_last_rial() -> None:
    enough, short = World(credit=2000), World(credit=1999)
    assert enough.send_otp("9121111111,9121111112")["result"] == "1"
    assert enough.credit() == 0
    assert short.send_otp("9121111111,9121111112")["result"] == "109"
    assert (short.rule, short.credit()) == ("O8", 1999)


@pytest.mark.rule("M3")
def test_without_credit_for_all_receivers_none_is_sent_to() -> None:
    world = World(credit=2999)
    first = world.send()
    assert world.send("9121111111,9121111112")["result"] == "109"
    second = world.send()
    assert int(second["sendID"]) == int(first["sendID"]) + 1
    assert world.credit() == 999


@pytest.mark.rule("M4")
@pytest.mark.parametrize("try_send", [0, 2])
def test_a_receiver_whose_processing_fails_is_refunded_when_it_is_returned(try_send: int) -> None:
    world = World()
    send_id = world.send("9120000002", "س" * 71, trySend=try_send)["sendID"]
    while world.pair(send_id) != (4, 2):
        assert world.credit() == MILLION - 2000
        assert world.now_ms < World().now_ms + 60_000
        world.advance(0.5)
    assert world.credit() == MILLION


@pytest.mark.rule("M4")
def test_only_the_receiver_that_failed_is_refunded_and_only_once() -> None:
    world = World()
    send_id = world.send("9121111111,9120000002,9121111112", "hello")["sendID"]
    world.advance(100)
    assert world.pairs(send_id) == [(2, 3), (4, 2), (2, 3)]
    assert world.credit() == MILLION - 2 * 2000
    world.advance(100_000)
    assert world.credit() == MILLION - 2 * 2000


@pytest.mark.rule("M4", "M5")
@pytest.mark.parametrize("number", ["9120000002", "9120000015"])
def test_pattern_messages_and_one_time_codes_are_refunded_likewise(number: str) -> None:
    world = World()
    world.send_services(number)
    world.send_otp(number)
    assert world.credit() == MILLION - 2000
    world.advance(100)
    assert world.credit() == MILLION


@pytest.mark.rule("M5")
def test_a_cancelled_receiver_is_refunded_when_it_is_cancelled() -> None:
    world = World()
    send_id = world.send("9120000015,9121111111")["sendID"]
    assert world.credit() == MILLION - 2000
    world.advance(1)
    assert world.pairs(send_id)[0] == (5, -2)
    assert world.credit() == MILLION - 1000


@pytest.mark.rule("M5")
def test_a_message_that_the_monitoring_team_cancels_is_refunded() -> None:
    world = World(monitoring="manual")
    send_id = world.send("9121111111,9121111112", "hello")["sendID"]
    assert world.credit() == MILLION - 4000
    assert world.cancel(send_id) == 2
    assert world.pairs(send_id) == [(5, -2), (5, -2)]
    assert world.credit() == MILLION


@pytest.mark.rule("M5")
@pytest.mark.parametrize(
    "number", [f"91200000{nn:02}" for nn in (0, 1, 3, 4, 5, 6, 7, 10, 11, 13)] + ["9121111111"]
)
def test_no_other_outcome_refunds(number: str) -> None:
    world = World()
    world.send(number)
    world.advance(100_000)
    assert world.credit() == MILLION - 1000


@pytest.mark.rule("M5")
@pytest.mark.parametrize(("try_send", "credit"), [(0, MILLION), (1, MILLION - 1000)])
def test_a_failed_attempt_refunds_only_when_no_try_is_left(try_send: int, credit: int) -> None:
    world = World()
    world.send("9120000021", trySend=try_send)
    world.advance(100)
    assert world.credit() == credit


@pytest.mark.rule("M4", "M6")
def test_a_refund_can_be_spent_again() -> None:
    world = World(credit=1000)
    world.send("9120000015")
    assert world.send()["result"] == "109"
    world.advance(1)
    assert world.send()["result"] == "1"
    assert world.credit() == 0


class Money(RuleBasedStateMachine):
    """Sends, cancellations and time in any order, with a purse that is soon empty."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(credit=GRANTED)
        self.sent: list[tuple[str, int]] = []

    def purse(self) -> int:
        """What must be left: every receiver is charged for, but those that were given back."""
        kept = sum(
            cost
            for send_id, cost in self.sent
            for pair in self.world.pairs(send_id)
            if pair not in {(4, 2), (5, -2)}
        )
        return GRANTED - kept

    @rule(
        numbers=st.lists(st.sampled_from(FATES), min_size=1, max_size=4, unique=True),
        parts=st.integers(1, 4),
        tries=st.integers(0, 3),
    )
    def send(self, numbers: list[str], parts: int, tries: int) -> None:
        purse = self.purse()
        reply = self.world.send(",".join(numbers), "س" * 67 * parts, trySend=tries)
        assert (reply["result"] == "1") == (len(numbers) * parts * 1000 <= purse)
        if reply["result"] == "1":
            self.sent.append((reply["sendID"], parts * 1000))

    @rule(seconds=st.sampled_from([0.5, 1, 2, 7, 3600, 90_000]))
    def advance(self, seconds: float) -> None:
        if self.world.now_ms < World().now_ms + 150_000_000:  # before anything is archived
            self.world.advance(seconds)

    @precondition(lambda self: self.sent)
    @rule(index=st.integers(0, 99))
    def cancel(self, index: int) -> None:
        self.world.cancel(self.sent[index % len(self.sent)][0])

    @invariant()
    def nothing_is_lost(self) -> None:
        assert self.world.credit() == self.purse() >= 0


@pytest.mark.rule("M3", "M4", "M5", "M6")
def test_credit_is_always_what_was_granted_minus_charges_plus_refunds() -> None:
    examples = min(settings().max_examples, 1000)  # a deep run of a machine outlasts the test timeout
    run_state_machine_as_test(Money, settings=settings(stateful_step_count=20, max_examples=examples))
