"""What is due when: in order, in parts that stay small, and struck off without a search."""

from fakeserver.account.agenda import Agenda

FAR = 1 << 40  # numbers that differ above this lie apart


def everything(agenda: Agenda, now_ms: int) -> list[tuple[int, int, int]]:
    """(time, number, note) of all that is due, in the order in which it is handed out."""
    found = []
    while due := agenda.take(now_ms):
        at_ms, numbers = due
        found += [(at_ms, number, note) for number, note in numbers.items()]
    return found


def test_what_is_due_comes_by_time_then_as_it_was_put_down() -> None:
    agenda = Agenda()
    for at_ms, number, note in ((20, 1, 7), (10, 5, 8), (10, 2, 9), (30, 3, 1)):
        agenda.put(at_ms, number, note)
    assert (len(agenda), agenda.next_ms()) == (4, 10)
    assert agenda.take(9) is None
    assert everything(agenda, 20) == [(10, 5, 8), (10, 2, 9), (20, 1, 7)]
    assert (len(agenda), agenda.next_ms()) == (1, 30)
    assert everything(agenda, 30) == [(30, 3, 1)]
    assert (len(agenda), agenda.next_ms(), agenda.take(99)) == (0, None, None)


def test_numbers_far_apart_come_one_part_after_the_other() -> None:
    agenda = Agenda()
    for number in (FAR, 1, FAR + 1, 2):
        agenda.put(10, number, 0)
    assert agenda.take(10) == (10, {1: 0, 2: 0})
    assert agenda.take(10) == (10, {FAR: 0, FAR + 1: 0})
    assert agenda.take(10) is None


def test_a_number_that_was_put_down_twice_is_there_once_with_the_new_note() -> None:
    agenda = Agenda()
    agenda.put(10, 1, 7)
    agenda.put(10, 1, 8)
    assert (len(agenda), everything(agenda, 10)) == (1, [(10, 1, 8)])


def test_what_is_struck_off_is_not_handed_out() -> None:
    agenda = Agenda()
    agenda.put(10, 1, 0)
    agenda.put(10, 2, 0)
    agenda.put(20, 1, 0)
    agenda.strike(10, 1)
    agenda.strike(10, 3)
    agenda.strike(15, 1)
    assert everything(agenda, 10) == [(10, 2, 0)]
    agenda.strike(20, 1)
    assert (len(agenda), agenda.next_ms()) == (0, None)


def test_a_time_that_was_emptied_may_be_used_again() -> None:
    agenda = Agenda()
    agenda.put(10, 1, 0)
    agenda.strike(10, 1)
    agenda.put(10, 2, 0)
    agenda.put(5, 3, 0)
    assert everything(agenda, 10) == [(5, 3, 0), (10, 2, 0)]


def test_one_number_is_taken_of_those_that_are_due() -> None:
    agenda = Agenda()
    agenda.put(10, 1, 0)
    agenda.put(10, 2, 0)
    agenda.put(20, 3, 0)
    assert agenda.take_one(9) is None
    assert {agenda.take_one(10), agenda.take_one(19)} == {1, 2}
    assert agenda.take_one(19) is None
    assert (agenda.take_one(20), agenda.take_one(20), len(agenda)) == (3, None, 0)
