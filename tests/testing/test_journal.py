"""What the handle shows of requests and phonebooks: `journal`, `phonebook` and `explain`."""

from datetime import timedelta
from http.client import HTTPException
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from fakeserver.testing import Panel, PanelServer, UsageError
from tests.testing.application import LINE, NUMBER, OTHER, START, ask, attempt, post, send

# The journal


def test_an_entry_has_the_request_the_reply_and_the_reason(panel: Panel) -> None:
    panel.advance(90)
    reply = ask(panel, "send", from_=LINE, receivers=f"0{NUMBER}", text="سلام")
    (entry,) = panel.journal
    assert entry.at == START + timedelta(seconds=90)
    assert entry.at.utcoffset() == timedelta(0)
    assert (entry.method, entry.content_type) == ("POST", "application/x-www-form-urlencoded")
    assert entry.action == "send"
    assert entry.params == {"action": "send", "from": LINE, "receivers": f"0{NUMBER}", "text": "سلام"}
    assert (entry.http, entry.reply, entry.result) == (200, reply, "1")
    assert (entry.rule, entry.fault, entry.unread) == ("S12", None, [])
    assert entry.send_id == int(reply["sendID"]) == panel.messages[0].send_id
    assert entry.duration_ms >= 0


def test_a_refused_request_has_its_rule_and_its_reason(panel: Panel) -> None:
    attempt(panel, from_="30001404")
    (entry,) = panel.journal
    assert (entry.result, entry.rule, entry.send_id) == ("106", "S6", None)
    assert "30001404" in entry.reason


def test_the_newest_entry_is_the_last(panel: Panel) -> None:
    actions = ["credit", "status", "receivedMessages", "nothing"]
    for action in actions:
        ask(panel, action)
    assert [entry.action for entry in panel.journal] == actions
    assert [entry.result for entry in panel.journal] == ["1", "1", "401", "100"]
    ids = [entry.id for entry in panel.journal]
    assert ids == sorted(set(ids))


def test_a_get_request_is_an_entry_too(panel: Panel) -> None:
    with urlopen(f"{panel.endpoint}?{urlencode({'key': panel.api_key, 'action': 'credit'})}") as reply:  # noqa: S310
        assert reply.status == 200
    (entry,) = panel.journal
    assert (entry.method, entry.action, entry.result) == ("GET", "credit", "1")


def test_an_entry_has_the_parameters_that_were_not_read_with_a_suggestion(panel: Panel) -> None:
    ask(panel, "send", from_=LINE, recievers=NUMBER, text="hello", zzz="1")
    (entry,) = panel.journal
    assert entry.result == "0"
    assert {one.name: one.did_you_mean for one in entry.unread} == {"recievers": "receivers", "zzz": None}


def test_using_the_handle_adds_no_entry(panel: Panel) -> None:
    panel.explain(action="credit")
    panel.assert_nothing_sent()
    assert (panel.credit, panel.journal) == (1_000_000, [])


@pytest.mark.parametrize(
    ("settings", "action", "result"),
    [
        ({"reply_scalars": "native"}, "status", "1"),
        ({"reply_scalars": "native"}, "receivedMessages", "401"),
        ({"unknown_action": "-4"}, "nothing", "-4"),
        ({"unknown_action": "bare-0"}, "nothing", "0"),
    ],
)
def test_the_result_is_text_in_every_dialect(
    panel: Panel, settings: dict[str, Any], action: str, result: str
) -> None:
    panel.set(**settings)
    post(panel, action)
    assert [entry.result for entry in panel.journal] == [result]


def test_a_truncated_reply_has_a_result(panel: Panel) -> None:
    message = send(panel, to=",".join(str(9121000000 + count) for count in range(400)))
    post(panel, "reportSend", sendID=message)
    sent, report = panel.journal
    assert (sent.is_truncated, sent["truncated"]) == (False, ["params"])
    assert sent.params["receivers"].endswith("… (4399 characters)")
    assert (report.is_truncated, report["truncated"], report.result) == (True, ["reply"], "1")
    assert isinstance(report.reply, str)


@pytest.mark.parametrize("fault", [{"http": 502}, {"body": "empty"}, {"body": "html"}])
def test_a_reply_that_a_fault_replaced_has_no_result(panel: Panel, fault: dict[str, Any]) -> None:
    rule = panel.fail(action="credit", **fault)
    post(panel, "credit")
    (entry,) = panel.journal
    assert (entry.http, entry.result, entry.fault) == (fault.get("http", 200), None, rule.id)


def test_a_broken_connection_has_no_reply(panel: Panel) -> None:
    rule = panel.fail(action="credit", disconnect="before")
    with pytest.raises((HTTPException, OSError)):
        post(panel, "credit")
    (entry,) = panel.journal
    assert (entry.http, entry.reply, entry.result, entry.fault) == (None, None, None, rule.id)


# Phonebooks


def test_a_phonebook_has_its_contacts_in_order_with_their_fields(panel: Panel) -> None:
    ask(panel, "newContact", phoneId=1403, cNumber=OTHER)
    ask(panel, "newContact", phoneId=1403, cNumber=f"+98{NUMBER}", cFields={"FMjUyMjUz": "سارا"})
    book = panel.phonebook(1403)
    assert (book.id, book.numbers) == (1403, [OTHER, NUMBER])
    assert dict(book.contact(NUMBER).fields) == {"FMjUyMjUz": "سارا"}
    assert dict(book.contact(OTHER).fields) == {}
    assert [contact.number for contact in book.contacts] == book.numbers


def test_a_message_can_add_its_receiver_to_a_phonebook(panel: Panel) -> None:
    send(panel, phoneBook=1403)
    assert panel.phonebook(1403).numbers == [NUMBER]


def test_a_missing_contact_is_a_failed_expectation(panel: Panel) -> None:
    with pytest.raises(AssertionError) as failed:
        panel.phonebook(1403).contact(NUMBER)
    assert str(failed.value) == f"{NUMBER} is not in phonebook 1403, which has no contacts"
    ask(panel, "newContact", phoneId=1403, cNumber=OTHER)
    with pytest.raises(AssertionError) as failed:
        panel.phonebook(1403).contact(NUMBER)
    assert str(failed.value) == f"{NUMBER} is not in phonebook 1403, which has {OTHER}"


def test_a_missing_phonebook_is_refused_with_the_existing_ones(panel: Panel) -> None:
    with pytest.raises(UsageError, match=r"1404.*1403"):
        panel.phonebook(1404)


# explain


def test_explain_returns_the_reply_and_the_cost_of_a_message(panel: Panel) -> None:
    explained = panel.explain(
        action="send", from_=LINE, receivers=f"0{NUMBER},{OTHER},{NUMBER}", text="س" * 71, trySend=2
    )
    assert explained.reply["result"] == "1"
    assert explained.rule == "S12"
    assert (explained.cost, explained.parts, explained.receivers) == (4_000, 2, [NUMBER, OTHER])


def test_explain_returns_the_reason_of_a_refusal(panel: Panel) -> None:
    explained = panel.explain(action="send", from_="30001404", receivers=NUMBER, text="hello")
    assert (explained.reply, explained.rule) == ({"result": "106"}, "S6")
    assert "30001404" in explained.reason


@pytest.mark.parametrize("data", [["1234"], {"code": "1234"}, '["1234"]'])
def test_explain_takes_lists_and_objects(panel: Panel, data: Any) -> None:
    explained = panel.explain(
        action="sendServices", from_="auto", textCode=1001, textData=data, receivers=NUMBER
    )
    assert (explained.rule, explained.cost, explained.receivers) == ("P9", 1_000, [NUMBER])


def test_explain_uses_an_allowed_address(panel_server: PanelServer) -> None:
    with panel_server.new_account(allowed_ips=["192.0.2.1"]) as panel:
        assert ask(panel, "status") == {"result": "-5"}
        assert panel.explain(action="status").reply == {"result": "1"}


def test_explain_changes_nothing(panel: Panel) -> None:
    first = send(panel, phoneBook=1403)
    before = (panel.messages, panel.journal, panel.credit, panel.phonebook(1403), panel.now)
    panel.explain(action="send", from_=LINE, receivers=OTHER, text="hello", phoneBook=1403)
    panel.explain(action="newContact", phoneId=1403, cNumber=OTHER)
    assert (panel.messages, panel.journal, panel.credit, panel.phonebook(1403), panel.now) == before
    assert send(panel) == first + 1


def test_explain_considers_a_fault_without_counting_it(panel: Panel) -> None:
    fault = panel.fail(action="send", result="113")
    for _ in range(2):
        assert panel.explain(action="send", from_=LINE, receivers=NUMBER, text="hello").reply == {
            "result": "113"
        }
    assert (fault.seen, fault.fired) == (0, 0)
    assert attempt(panel) == "113"


def test_explain_leaves_an_inbound_message_unread(panel: Panel) -> None:
    panel.set(received="once")
    panel.deliver(from_=NUMBER, text="hello")
    assert panel.explain(action="receivedMessages").rule == "I2"
    assert len(ask(panel, "receivedMessages")["data"]) == 1
    assert ask(panel, "receivedMessages") == {"result": "401"}
