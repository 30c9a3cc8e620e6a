"""What happens to an account from outside: messages that arrive, new settings, snapshots, its chance."""

import pytest

from fakeserver.account.clock import Clock
from fakeserver.account.inbound import KEPT_MAX
from fakeserver.account.ledger import Ledger
from fakeserver.notation.message_parts import measure
from fakeserver.spec.units import AccountMs, RealMs, Rials
from tests.driver import KEY, REAL_MS, World

ONE, TWO = "9121111111", "9122222222"
OTHER_LINE = {"number": "30001404", "ordinary": True, "service": False}
FIRST_LINE = {"number": "30001403", "ordinary": True, "service": False}


# Received messages


@pytest.mark.rule("I3")
def test_a_message_arrives_at_the_first_line_or_at_the_one_that_is_named() -> None:
    world = World(lines=[FIRST_LINE, OTHER_LINE])
    for to in (None, "30001404", "9830001404"):
        world.deliver(f" 0{ONE} ", "متن", to)
    told = world.account.inbound.messages
    assert [(message.id, message.number, message.to) for message in told] == [
        (1, ONE, "30001403"),
        (2, ONE, "30001404"),
        (3, ONE, "30001404"),
    ]
    assert {(message.text, message.at_ms) for message in told} == {("متن", world.now_ms)}
    given = world.account.deliver("Bank", "x", AccountMs(5), None)
    assert (given.number, given.at_ms, given is told[-1]) == ("Bank", 5, True)


@pytest.mark.rule("I3")
def test_without_such_a_line_nothing_arrives() -> None:
    world = World()
    with pytest.raises(ValueError, match=r"^the account has no line '30009999'$"):
        world.deliver(ONE, "لغو11", "30009999")
    assert (world.account.inbound.messages, world.account.blacklist) == ([], set())
    with pytest.raises(ValueError, match=r"^the account has no line$"):
        World(lines=[]).deliver(ONE, "x")


@pytest.mark.rule("I4")
def test_the_newest_ten_thousand_messages_are_kept_and_the_others_counted() -> None:
    world = World()
    for n in range(KEPT_MAX):
        world.deliver(ONE, str(n))
    inbox = world.account.inbound
    assert (len(inbox.messages), inbox.dropped, inbox.messages[0].id) == (KEPT_MAX, 0, 1)
    world.deliver(ONE, "more")
    world.deliver(ONE, "and more")
    assert (len(inbox.messages), inbox.dropped, inbox.messages[0].id) == (KEPT_MAX, 2, 3)
    assert inbox.messages[-1].id == KEPT_MAX + 2


@pytest.mark.rule("L8")
def test_who_cancels_goes_on_the_blacklist_in_the_one_notation_of_a_number() -> None:
    world = World()
    world.deliver(f"+98{ONE}", " لغو ۱۱ ")
    assert world.account.blacklist == {ONE}


# Settings


def test_only_what_was_changed_is_taken_anew() -> None:
    world = World(blacklist=[ONE], credit=5000)
    world.send()
    world.ask("newContact", phoneId="1403", cNumber=ONE)
    world.deliver(TWO, "لغو11")
    world.change(sending_verified=True)
    assert world.credit() == 4000
    assert world.account.blacklist == {ONE, TWO}
    assert set(world.account.phonebooks[1403].contacts) == {ONE}
    world.change(blacklist=[ONE])
    assert world.account.blacklist == {ONE}
    world.change(phonebooks=[{"id": 7, "name": "x", "contacts": [{"number": f"0{TWO}"}]}])
    assert {number: set(book.contacts) for number, book in world.account.phonebooks.items()} == {7: {TWO}}


@pytest.mark.rule("M6")
def test_a_credit_that_is_set_is_the_credit_and_what_was_booked_stays_booked() -> None:
    world = World(credit=5000)
    world.send()
    world.change(credit=300)
    ledger = world.account.money(world.now_ms)
    assert (world.credit(), ledger.granted, ledger.charged, ledger.refunded) == (300, 1300, 1000, 0)
    world.change(credit=0)
    assert world.credit() == 0


@pytest.mark.rule("M6")
def test_a_cost_that_was_not_looked_at_before_is_not_charged_below_zero() -> None:
    ledger = Ledger(granted=5)
    with pytest.raises(ValueError, match=r"^6 rials charged to a credit of 5$"):
        ledger.charge(Rials(6))
    ledger.charge(Rials(5))
    assert (ledger.credit, ledger.charged) == (0, 5)
    ledger.refund(Rials(2))
    ledger.refund(Rials(1))
    assert (ledger.credit, ledger.refunded) == (3, 3)


@pytest.mark.rule("L4")
def test_a_seed_that_is_set_draws_from_its_beginning_again() -> None:
    receivers = ",".join(f"912111{n:04}" for n in range(50))
    world = World(outcomes={"delivered": 1, "undelivered": 1}, timeline="instant", credit=10**9, seed=7)
    first = world.pairs(world.send(receivers)["sendID"])
    other = world.pairs(world.send(receivers)["sendID"])
    world.change(seed=7)
    again = world.pairs(world.send(receivers)["sendID"])
    world.change(billing_ok=True)
    assert world.pairs(world.send(receivers)["sendID"]) == other
    assert again == first != other


@pytest.mark.rule("L4")
@pytest.mark.parametrize("text", ["spam", "SPAM", "no Spam!"])
def test_a_forbidden_word_is_found_in_any_case(text: str) -> None:
    world = World(forbidden_words=["other", "sPaM"], timeline="instant")
    assert world.pair(world.send(text=text)["sendID"]) == (2, 7)
    assert world.pair(world.send(text="spa m")["sendID"]) == (2, 3)


class Fixed:
    """A chance that always draws the same."""

    def __init__(self, drawn: float) -> None:
        self._drawn = drawn

    def random(self) -> float:
        return self._drawn


@pytest.mark.rule("L4")
@pytest.mark.parametrize(
    ("drawn", "end"),
    [(0.0, (2, 4)), (0.249, (2, 4)), (0.25, (2, 7)), (0.999, (2, 7)), (1.0, (2, 4))],
)
def test_each_outcome_has_its_share_of_what_can_be_drawn(drawn: float, end: tuple[int, int]) -> None:
    """One, which only rounding could draw, falls on the first outcome that has any weight."""
    weights = {"delivered": 0, "undelivered": 1, "rejected": 3}
    world = World(outcomes=weights, timeline="instant")
    world.account._random = Fixed(drawn)  # type: ignore[assignment]
    assert world.pair(world.send()["sendID"]) == end


def test_a_clock_that_is_changed_to_real_runs_on_from_where_it_stood() -> None:
    world = World()
    stood = world.now_ms
    world.real_ms = RealMs(world.real_ms + 50)
    world.change(clock="real")
    world.real_ms = RealMs(world.real_ms + 7)
    assert world.now_ms == stood + 7
    world.change(billing_ok=True)
    world.change(clock="frozen")
    world.real_ms = RealMs(world.real_ms + 7)
    assert world.now_ms == stood + 7


# Snapshots


def test_a_snapshot_brings_everything_back_and_can_be_used_again() -> None:
    world = World()
    kept_id = world.send()["sendID"]
    world.account.keep_snapshot("kept", world.real_ms)
    for _ in range(2):
        world.send()
        world.deliver(ONE, "لغو11")
        world.advance(60)
        world.account.restore_snapshot("kept", world.real_ms)
        assert world.credit() == 999_000
        assert world.pair(kept_id) == (0, -1)
        assert (world.account.inbound.messages, world.account.blacklist) == ([], set())
        assert world.account.sends.accepted == 1


def test_a_running_clock_runs_on_from_the_time_of_the_snapshot() -> None:
    world = World(clock="real")
    world.account.keep_snapshot("kept", RealMs(REAL_MS + 100))
    assert world.account.clock.now_ms(RealMs(REAL_MS + 500)) == REAL_MS + 500
    world.account.restore_snapshot("kept", RealMs(REAL_MS + 1000))
    assert world.account.clock.now_ms(RealMs(REAL_MS + 1000)) == REAL_MS + 100
    assert world.account.clock.now_ms(RealMs(REAL_MS + 1003)) == REAL_MS + 103


def test_taking_a_snapshot_leaves_the_clock_alone() -> None:
    world = World(clock="real")
    clock = world.account.clock
    world.account.keep_snapshot("kept", RealMs(REAL_MS + 100))
    assert world.account.clock is clock
    assert clock == Clock(frozen=False, at_ms=AccountMs(REAL_MS), anchor_ms=REAL_MS)


# Codes in a message


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("123", []),
        ("1234", ["1234"]),
        ("12345678", ["12345678"]),
        ("123456789", []),
        ("کد: ۱۲۳۴۵، یا ٦٧٨٩٠ و ۰۹۸۷", ["12345", "67890", "0987"]),
        ("a1234b 55555", ["1234", "55555"]),
    ],
)
def test_codes_are_the_runs_of_4_to_8_digits_of_a_text(text: str, codes: list[str]) -> None:
    world = World()
    world.send(text=text)
    newest = world.account.sends.newest()
    assert newest is not None
    assert newest.message.codes == codes


def test_the_code_of_a_one_time_code_is_the_one_that_was_asked_for() -> None:
    world = World(otp_apps=[{"id": "test-app", "template": "1403: {code}", "enabled": True}])
    world.send_otp(code="Ab1")
    newest = world.account.sends.newest()
    assert newest is not None
    assert newest.message.codes == ["Ab1"]
    assert newest.message.text == "1403: Ab1"


@pytest.mark.rule("S6", "M2")
def test_a_message_is_kept_as_it_was_asked_for() -> None:
    world = World()
    world.send(f"0{ONE},{TWO}", "hello", from_="9830001403", trySend=2)
    newest = world.account.sends.newest()
    assert newest is not None
    message = newest.message
    assert (message.action, message.sender, message.text, message.receivers) == (
        "send",
        "30001403",
        "hello",
        (ONE, TWO),
    )
    assert (message.cost, message.total, message.retries, message.code) == (2000, 4000, 2, "")
    assert message.size == measure("hello")
    world.send_services(from_="9890001403", trySend=3)
    newest = world.account.sends.newest()
    assert newest is not None
    assert newest.message[:2] == ("sendServices", "90001403")
    assert newest.message.retries == 3
    world.send_otp()
    newest = world.account.sends.newest()
    assert newest is not None
    assert newest.message[:2] == ("sendOTP", "auto")
    assert (newest.message.retries, newest.message.code) == (0, "12345")


@pytest.mark.rule("S6")
def test_a_line_of_ones_own_may_begin_like_the_country_code() -> None:
    world = World(lines=[{"number": "9830001403", "ordinary": True, "service": False}])
    assert world.send(from_="9830001403")["result"] == "1"
    assert world.send(from_="30001403")["result"] == "106"
    assert world.send(from_="989830001403")["result"] == "1"


# The panel's accounts


def test_the_key_of_the_driver_is_the_only_one() -> None:
    assert list(World().panel.accounts) == [KEY]
