"""`mydnspanel-contracts verify`: verdicts on the simulator, on its other dialects and on wrong servers."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from mydnspanel_contracts.commands.checks import FREE_CHECKS

from fakeserver.testing import Panel, PanelServer
from tests.command import environment
from tests.contracts.commands import KEY, VerifyCommand
from tests.contracts.misbehaving_server import Change, ReceivedRequest, ServerResponse, misbehaving_server
from tests.testing.application import attempt, send

RECEIVER = "9121234567"


def test_the_simulator_passes_all_free_checks_and_nothing_is_charged(
    panel: Panel, verify: VerifyCommand
) -> None:
    run = verify(panel.url, "--key", KEY)
    assert run.status == 0, run.output
    assert "BROKEN" not in run.output
    assert "differs" not in run.output
    assert "A7 the reply to an unknown action: confirmed" in run.output
    assert panel.messages == []
    assert panel.credit == 1_000_000
    assert panel.phonebook(1403).contacts == []


def test_the_url_can_be_the_endpoint_and_the_key_can_come_from_the_environment(
    panel: Panel, verify: VerifyCommand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PANEL_API_KEY", KEY)
    assert verify(panel.endpoint).status == 0
    assert verify(panel.endpoint + "/").status == 0


def test_send_to_sends_one_message_and_checks_what_follows(panel: Panel, verify: VerifyCommand) -> None:
    run = verify(panel.url, "--key", KEY, "--send-to", RECEIVER, "--phonebook", "1403", "--json")
    assert run.status == 0, run.output
    (message,) = panel.assert_sent(to=RECEIVER, count=1)
    assert message.sender == "auto"
    assert panel.phonebook(1403).numbers == [RECEIVER]
    for check in ("send", "the phonebook operation", "the report", "newContact"):
        assert run.verdict(check) == "as stated"
    assert "M6 when a message is charged for: confirmed, 2000 rials for one part" in run.document["nowKnown"]


def test_without_a_phonebook_its_refusal_codes_are_expected(panel: Panel, verify: VerifyCommand) -> None:
    run = verify(panel.url, "--key", KEY, "--send-to", RECEIVER, "--from", "30001403", "--json")
    assert run.status == 0, run.output
    assert panel.messages[0].sender == "30001403"
    assert run.verdict("the format of fields") == "not judged"


def test_the_message_sent_although_a_receiver_is_bad_does_not_count_in_the_charge(
    server: PanelServer, verify: VerifyCommand
) -> None:
    with server.new_account(key=KEY, bad_receivers="skip") as panel:
        run = verify(panel.url, "--key", KEY, "--send-to", RECEIVER, "--json")
    assert "M6 when a message is charged for: confirmed, 2000 rials for one part" in run.document["nowKnown"]


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"smart_sender": False}, "106"),
        ({"billing_ok": False}, "108"),
        ({"credit": 0}, "109"),
        ({"sending_verified": False}, "114"),
    ],
)
def test_a_send_that_the_account_does_not_allow_is_not_judged_and_nothing_after_it(
    server: PanelServer, verify: VerifyCommand, settings: dict[str, Any], code: str
) -> None:
    with server.new_account(key=KEY, **settings) as panel:
        run = verify(panel.url, "--key", KEY, "--send-to", RECEIVER, "--json")
        reports = len(panel.requests(action="reportSend"))
    row = run.check("send")
    assert row["verdict"] == "not judged"
    assert row["got"].startswith(f'{{"result":"{code}"}}: the account')
    assert reports == 2  # those of the free checks
    for check in (
        "the member that holds the send id",
        "the phonebook operation",
        "the charge",
        "the report",
    ):
        assert run.verdict(check) == "not judged"


def test_a_send_that_is_unknown_or_too_recent_settles_nothing_about_archived_sends(
    panel: Panel, verify: VerifyCommand
) -> None:
    recent = str(send(panel))
    for send_id, got in (("7", '{"result":"-6"}'), (recent, "not archived yet: ")):
        run = verify(panel.url, "--key", KEY, "--archived-send", send_id, "--json")
        row = run.check("an archived send")
        assert (run.status, row["verdict"]) == (0, "not judged")
        assert row["got"].startswith(got)


# The dialects of the simulator

DIALECTS: list[tuple[dict[str, Any], str]] = [
    ({"reply_scalars": "native"}, 'reply_scalars = "native"'),
    ({"key_placement": "anywhere"}, 'key_placement = "anywhere"'),
    ({"unknown_action": "0"}, 'unknown_action = "0"'),
    ({"unknown_action": "-4"}, 'unknown_action = "-4"'),
    ({"unknown_action": "bare-0"}, 'unknown_action = "bare-0"'),
    ({"bad_receivers": "skip"}, 'bad_receivers = "skip"'),
    ({"received": "once"}, 'received = "once"'),
    ({"archived_receivers": "absent"}, 'archived_receivers = "absent"'),
    ({"archived_receivers": "null"}, 'archived_receivers = "null"'),
    ({"fields_reply": "single"}, 'fields_reply = "single"'),
    ({"reply_names": {"credit": "data.remaining"}}, 'reply_names.credit = "data.remaining"'),
    ({"reply_names": {"send_id": "data.id"}}, 'reply_names.send_id = "data.id"'),
    ({"otp_names": {"action": "sendCode"}}, "otp_names.action"),
]


@pytest.mark.parametrize(("settings", "found"), DIALECTS, ids=str)
def test_another_dialect_differs_and_the_matching_setting_is_printed(
    server: PanelServer, verify: VerifyCommand, settings: dict[str, Any], found: str
) -> None:
    with server.new_account(key=KEY, archive_after_seconds=60, **settings) as panel:
        panel.deliver(from_=RECEIVER, text="hello")
        options = ("--send-to", RECEIVER, "--phonebook", "1403", "--archived-send", _archived_send(panel))
        run = verify(panel.url, "--key", KEY, *options, "--json")
    assert run.status == 3, run.output
    assert {row["verdict"] for row in run.document["checks"]} >= {"differs"}
    assert [text for text in run.document["nowKnown"] if found in text]
    assert "BROKEN" not in run.output


def _archived_send(panel: Panel) -> str:
    attempt(panel)
    panel.advance(hours=1)
    return str(panel.messages[-1].send_id)


# Servers that break a rule


def answer(code: str, *, body: bytes = b"", method: str = "POST", key: str = "") -> Change:
    """Answers `code` to requests by this method with these bytes in their body and this key."""

    def change(request: ReceivedRequest, response: ServerResponse) -> ServerResponse:
        places_of_key = request.headers.get("Authorization", "") + request.target
        if body in request.body and request.method == method and key in places_of_key:
            return response._replace(body=json.dumps({"result": code}).encode())
        return response

    return change


BROKEN_RULES: list[tuple[str, str, Change]] = [
    ("status", "T1", answer("7", body=b"action=status")),
    ("status by GET", "W1", answer("-1", method="GET", key="key=a-key")),
    ("a wrong key, POST", "A1", answer("1", key="not-a-key")),
    ("a wrong key, GET", "A1", answer("1", method="GET", key="not-a-key")),
    ("PUT", "A4", answer("1", method="PUT")),
    ("credit", "C1", answer("0", body=b"action=credit")),
    ("receivedMessages", "I2", answer("400", body=b"receivedMessages")),
    ("reportSend of an unknown id", "R1", answer("1", body=b"sendID=")),
    ("send without parameters", "S1", answer("1", body=b"action=send")),
    ("newContact without parameters", "N1", answer("1", body=b"newContact")),
    (
        "one JSON object with a result",
        "W2",
        lambda _, response: response._replace(body=b"[" + response.body + b"]"),
    ),
]


@pytest.mark.parametrize(("check", "rule", "change"), BROKEN_RULES, ids=[row[0] for row in BROKEN_RULES])
def test_a_broken_stated_rule_is_found(
    panel: Panel, verify: VerifyCommand, check: str, rule: str, change: Change
) -> None:
    with misbehaving_server(panel.url, change) as url:
        run = verify(url, "--key", KEY, "--json")
    assert run.status == 1
    assert run.verdict(check) == "BROKEN"
    assert rule in {row["rule"] for row in run.document["checks"] if row["verdict"] == "BROKEN"}


def test_a_report_with_an_impossible_pair_of_statuses_is_found(panel: Panel, verify: VerifyCommand) -> None:
    def change(request: ReceivedRequest, response: ServerResponse) -> ServerResponse:
        is_report = b"reportSend" in request.body and b'"1"' in response.body
        return response._replace(body=response.body.replace(b'"-1"', b'"3"')) if is_report else response

    with misbehaving_server(panel.url, change) as url:
        run = verify(url, "--key", KEY, "--send-to", RECEIVER, "--json")
    assert (run.status, run.verdict("the report")) == (1, "BROKEN")


def test_a_put_that_a_web_server_in_front_refuses_is_not_judged(panel: Panel, verify: VerifyCommand) -> None:
    page = ServerResponse(405, {"Content-Type": "text/html"}, b"<h1>405</h1>")
    with misbehaving_server(
        panel.url, lambda request, response: page if request.method == "PUT" else response
    ) as url:
        run = verify(url, "--key", KEY, "--json")
    assert (run.status, run.verdict("PUT")) == (0, "not judged")


def test_a_second_verdict_in_a_reply_differs(panel: Panel, verify: VerifyCommand) -> None:
    def change(_request: ReceivedRequest, response: ServerResponse) -> ServerResponse:
        return response._replace(body=response.body.replace(b'"credit"', b'"status":"ok","credit"'))

    with misbehaving_server(panel.url, change) as url:
        run = verify(url, "--key", KEY, "--json")
    assert (run.status, run.verdict("no other verdict in a reply")) == (3, "differs")


@pytest.mark.parametrize("members", ['"a":"5","b":"6"', '"a":"x"'], ids=["two numbers", "no number"])
def test_no_setting_is_printed_if_the_member_of_the_credit_is_not_clear(
    panel: Panel, verify: VerifyCommand, members: str
) -> None:
    body = f'{{"result":"1",{members}}}'.encode()
    with misbehaving_server(
        panel.url,
        lambda request, response: response._replace(body=body) if b"credit" in request.body else response,
    ) as url:
        run = verify(url, "--key", KEY, "--json")
    assert (run.status, run.verdict("the member that holds the credit")) == (3, "differs")
    assert not [text for text in run.document["nowKnown"] if "reply_names" in text]


def test_an_html_page_instead_of_a_reply_is_not_judged(panel: Panel, verify: VerifyCommand) -> None:
    page = ServerResponse(200, {"Content-Type": "text/html"}, b"<h1>one moment, please</h1>")
    with misbehaving_server(
        panel.url, lambda request, response: page if b"action=credit" in request.body else response
    ) as url:
        run = verify(url, "--key", KEY, "--send-to", RECEIVER, "--json")
    assert run.verdict("credit") == "not judged"
    assert run.verdict("the member that holds the credit") == "not judged"
    assert run.verdict("the charge") == "not judged"
    assert run.status == 0


def test_the_charge_is_not_judged_if_the_credit_cannot_be_read_after_the_send(
    panel: Panel, verify: VerifyCommand
) -> None:
    page = ServerResponse(200, {"Content-Type": "text/html"}, b"<h1>one moment, please</h1>")

    def change(request: ReceivedRequest, response: ServerResponse) -> ServerResponse:
        return page if b"action=credit" in request.body and panel.messages else response

    with misbehaving_server(panel.url, change) as url:
        run = verify(url, "--key", KEY, "--send-to", RECEIVER, "--json")
    assert (run.status, run.verdict("credit"), run.verdict("the charge")) == (0, "as stated", "not judged")


# Output


def test_the_junit_report_has_a_test_case_for_each_check(
    panel: Panel, verify: VerifyCommand, tmp_path: Path
) -> None:
    path = tmp_path / "report.xml"
    with misbehaving_server(panel.url, answer("1", body=b"newContact")) as url:
        assert verify(url, "--key", KEY, "--junit", str(path)).status == 1
    suite = ET.parse(path).getroot()  # noqa: S314 - written by the command under test
    assert suite.get("tests") == str(len(FREE_CHECKS))
    (failed,) = [case for case in suite if case.find("failure") is not None]
    assert (failed.get("classname"), failed.get("name")) == ("contracts.N1", "newContact without parameters")
    assert suite.get("failures") == "1"
    assert suite.get("skipped") == str(sum(case.find("skipped") is not None for case in suite))
    assert KEY not in path.read_text("utf-8")
    assert "cannot write" in verify.error(panel.url, "--key", KEY, "--junit", str(tmp_path))


def test_control_characters_from_a_server_are_not_printed(panel: Panel, verify: VerifyCommand) -> None:
    body = '{"result": "\x1b[2J\u202e"}'.encode()
    with misbehaving_server(
        panel.url,
        lambda request, response: response._replace(body=body) if b"credit" in request.body else response,
    ) as url:
        run = verify(url, "--key", KEY)
    assert run.status == 1
    assert "\x1b" not in run.output
    assert "\u202e" not in run.output


def test_a_reader_that_closes_the_pipe_causes_no_error_output(panel: Panel) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "mydnspanel_contracts", "verify", panel.url],
        env=environment(PANEL_API_KEY=KEY),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        process.stdout = None
        assert process.communicate(timeout=20)[1] == b""
    assert process.returncode == 2


def test_the_module_is_a_command_that_prints_a_table_in_any_locale(panel: Panel, tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "mydnspanel_contracts", "verify", panel.url],
        cwd=tmp_path,
        env=environment(PANEL_API_KEY=KEY, PYTHONIOENCODING="ascii"),
        capture_output=True,
        check=False,
        text=True,
    )
    assert (result.returncode, result.stderr) == (0, "")
    heading = result.stdout.splitlines()[0].split()
    assert heading == ["check", "rule", "evidence", "expected", "got", "verdict"]
