"""A long or repeated request takes no more time and memory than it should."""

from collections.abc import Iterable

import pytest

from fakeserver.account import fault_rules
from fakeserver.account.journal import PARAMETERS_MAX
from fakeserver.account.phonebook import Phonebook
from fakeserver.notation import params
from fakeserver.notation.params import whole_number
from fakeserver.notation.phone_numbers import Receivers, parse_receivers
from tests.driver import AccountDriver


@pytest.mark.rule("W15")
@pytest.mark.parametrize(("end", "value"), [("x", None), ("", 0), ("1", -1)])
def test_a_million_zeros_are_read_in_linear_time(end: str, value: int | None) -> None:
    assert whole_number("-" + "0" * 1_000_000 + end) == value


def test_any_number_of_fault_rules_parse_the_receivers_once(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []

    def parse_and_record(text: str) -> Receivers:
        parsed.append(text)
        return parse_receivers(text)

    monkeypatch.setattr(fault_rules, "parse_receivers", parse_and_record)
    driver = AccountDriver()
    for _ in range(5):
        driver.account.faults.add({"when": {"to": "9121234567"}, "then": {"result": "113"}}, str)
    assert driver.send("a,a")["result"] == "105"
    assert parsed == ["a,a"]


def test_a_missing_parameter_is_compared_with_a_limited_number_of_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared: list[int] = []

    def find_nothing(_word: str, names: Iterable[str], **_options: float) -> list[str]:
        compared.append(len(list(names)))
        return []

    monkeypatch.setattr(params, "get_close_matches", find_nothing)
    AccountDriver().post({"action": "send", **{f"recievers{n}": "x" for n in range(9_000)}})
    assert compared
    assert max(compared) <= PARAMETERS_MAX


def test_the_journal_knows_an_action_behind_many_parameters() -> None:
    driver = AccountDriver()
    driver.post({**{f"p{n}": "x" for n in range(PARAMETERS_MAX + 50)}, "action": "status"})
    (entry,) = driver.account.journal.entries
    assert (entry.action, entry.rule) == ("status", "T1")
    assert len(entry.unread) == PARAMETERS_MAX


def test_a_field_of_a_contact_that_changes_takes_no_more_memory() -> None:
    phonebook = Phonebook("")
    phonebook.add("9121234567")
    for number in range(1_000):
        phonebook.store("9121234567", "FMjUyMjUz", str(number))
    assert len(phonebook._holders) == 1


def test_a_dropped_send_leaves_only_the_numbers_of_its_refund() -> None:
    driver = AccountDriver(keep_sends=1, credit=10**9)
    for _ in range(1_000):
        driver.send("9120000002")
    refunds = driver.account._refunds._queue
    assert len(refunds) == 1_000
    assert {type(item) for refund in refunds for item in refund} == {int}
    driver.advance(60)
    assert driver.credit() == 10**9
