"""`mydnspanel-contracts check-log`: HAR files and the simulator's journal."""

import base64
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from mydnspanel_contracts.commands import main

from fakeserver.account.journal import REPLY_MAX
from fakeserver.actions import ACTIONS
from fakeserver.testing import FakePanel, PanelServer, ServerBug
from tests.command import request
from tests.testing.application import ask, attempt, post, send

KEY = "a-secret-key"
URL = "https://mydnspanel.com/webservice/server"
GOOD = "action=send&from=auto&text=hello&receivers=9121234567"
FORM = "application/x-www-form-urlencoded"
MULTIPART = (
    '--b\r\nContent-Disposition: form-data; name="action"\r\n\r\ncredit\r\n'
    '--b\r\nContent-Disposition: form-data; name="note"\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--\r\n'
)


class CheckLogCommand:
    """Runs the command on a file. Asserts that it prints no key, and on error only one line."""

    def __init__(self, capfd: pytest.CaptureFixture[str], folder: Path) -> None:
        self._capfd = capfd
        self.path = folder / "recording"

    def __call__(self, content: str | bytes, *options: str) -> tuple[int, str]:
        self.path.write_bytes(content if isinstance(content, bytes) else content.encode())
        status = main(["check-log", str(self.path), *options])
        output, error_output = self._capfd.readouterr()
        assert KEY not in output + error_output
        assert (status == 2) == (error_output != "")
        assert error_output.count("\n") <= 1
        return status, output or error_output


@pytest.fixture
def check_log(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> CheckLogCommand:
    return CheckLogCommand(capfd, tmp_path)


def har(*entries: dict[str, Any]) -> str:
    return json.dumps({"log": {"version": "1.2", "creator": {}, "entries": entries}})


def post_entry(
    body: str, reply: Any, content_type: str = FORM, url: str = URL, **content: Any
) -> dict[str, Any]:
    text = reply if isinstance(reply, str) else json.dumps(reply)
    return {
        "request": {
            "method": "POST",
            "url": url,
            "headers": [{"name": "authorization", "value": KEY}],
            "postData": {"mimeType": content_type, "text": body},
        },
        "response": {"status": 200, "content": {"mimeType": "application/json", "text": text, **content}},
    }


def get_entry(query: str, reply: Any) -> dict[str, Any]:
    sent = {"method": "GET", "url": f"{URL}?key={KEY}&{query}", "headers": []}
    return {"request": sent, "response": {"content": {"text": json.dumps(reply)}}}


def test_exchanges_without_a_violation(check_log: CheckLogCommand) -> None:
    reply = base64.b64encode(b'{"result":"1","credit":"5"}').decode()
    status, output = check_log(
        har(
            post_entry(GOOD, {"result": "1", "sendID": "1000000001"}),
            post_entry(json.dumps({"action": "credit"}), {"result": 1, "credit": 5}, "application/json"),
            post_entry(MULTIPART, {"result": "1", "credit": "5"}, "multipart/form-data; boundary=b"),
            post_entry("action=credit", reply, encoding="base64"),
            get_entry("action=reportSend&sendID=7", {"result": "-6"}),
            post_entry("x=1", "<html>", url="https://example.org/other"),
        )
    )
    assert (status, output) == (0, "5 exchanges: 0 with violations, 0 not fully judged\n")


def test_a_violation_is_reported_with_its_entry_action_and_place(check_log: CheckLogCommand) -> None:
    status, output = check_log(
        har(
            post_entry("action=send&from=auto&text=hello", {"result": "0"}),
            post_entry(GOOD, {"result": "1"}),
            post_entry(GOOD, "<html>Bad Gateway</html>"),
            post_entry("action=sned", {"result": "100"}),
            get_entry("action=credit", {"result": "1", "credit": "5", "status": "ok"}),
        )
    )
    assert status == 1
    assert output.splitlines() == [
        "entry 1 (send): request: $.receivers: is missing",
        "entry 2 (send): reply: $.sendID: is missing",
        (
            'entry 3 (send): reply: $: "<html>Bad Gateway</html>" is not a reply of the panel '
            "(an object with a result)"
        ),
        "entry 4 (sned): request: $.action: 'sned' is not one of the eight actions",
        "entry 5 (credit): reply: $.status: is not allowed in a successful reply to credit",
        "5 exchanges: 5 with violations, 0 not fully judged",
    ]


def test_har_parameters_given_as_a_list_are_read(check_log: CheckLogCommand) -> None:
    entry = post_entry("", {"result": "1"})
    entry["request"]["postData"] = {"mimeType": FORM, "params": [{"name": "action", "value": "status"}]}
    assert check_log(har(entry))[0] == 0


def test_a_key_is_redacted_in_requests_and_replies(check_log: CheckLogCommand) -> None:
    reply = {"result": KEY, "echo": KEY}
    for entry in (post_entry(f"action={KEY}&key={KEY}", reply), get_entry(f"action={KEY}", reply)):
        for options in ((), ("--json",)):
            status, output = check_log(har(entry), *options)
            assert status == 1
            assert "[key]" in output
    journal = [{"action": KEY, "params": {"action": KEY, "key": KEY}, "reply": reply}]
    assert check_log(json.dumps(journal))[0] == 1


def test_a_journal_is_read_as_a_document_and_as_json_lines(check_log: CheckLogCommand) -> None:
    with FakePanel() as panel:
        send(panel)
        ask(panel, "credit")
        panel.fail(action="send", body="html")
        with pytest.raises(ValueError, match="Expecting value"):
            send(panel)
        document = panel.control("GET", "/journal")
        status, output = check_log(json.dumps(document))
        attempt(panel, to="x")
        lines = [json.dumps(entry) for entry in panel.control("GET", "/journal")["entries"]]
    assert status == 0
    assert output.splitlines() == [
        "entry 3 (send): not judged: a fault rule replaced the reply",
        "3 exchanges: 0 with violations, 1 not fully judged",
    ]
    assert check_log("\n".join(lines) + "\n")[0] == 1
    assert check_log(lines[0]) == (0, "1 exchange: 0 with violations, 0 not fully judged\n")


def test_journal_entries_that_are_incomplete_are_not_judged(
    check_log: CheckLogCommand, monkeypatch: pytest.MonkeyPatch
) -> None:
    with PanelServer.start() as server:
        panel = server.new_account()
        panel.fail(action="credit", disconnect="after")
        with pytest.raises(ConnectionError):
            ask(panel, "credit")
        for _ in range(20):
            panel.deliver(from_="9121234567", text="x" * (REPLY_MAX // 20))
        assert len(post(panel, "receivedMessages").body) > REPLY_MAX
        receivers = ",".join(str(9121000000 + count) for count in range(400))
        assert attempt(panel, to=receivers) == "1"
        headers = {"Authorization": panel.api_key, "Content-Type": "application/json"}
        assert request(panel.endpoint, b"{", headers) == {"result": "0"}
        with monkeypatch.context() as patch:
            patch.setitem(ACTIONS, "status", lambda *_: 1 / 0)
            assert post(panel, "status").status == 500
        journal = json.dumps(panel.control("GET", "/journal"))
        with pytest.raises(ServerBug):
            panel.remove()
    status, output = check_log(journal)
    assert status == 0
    assert output.splitlines() == [
        "entry 1 (credit): not judged: there was no reply",
        "entry 2 (receivedMessages): not judged: the journal has only the beginning of the reply",
        "entry 3 (no action): not judged: the journal has only the beginning of the request",
        "entry 4 (no action): not judged: the journal has no parameters of the request",
        "entry 5 (no action): not judged: the simulator had an internal error",
        "5 exchanges: 0 with violations, 5 not fully judged",
    ]


def test_har_entries_that_cannot_be_decoded_are_not_judged(check_log: CheckLogCommand) -> None:
    undecodable = post_entry("{", {"result": "0"}, "application/json")
    without_reply = post_entry(GOOD, "")
    del without_reply["response"]["content"]["text"]
    invalid_base64 = post_entry(GOOD, "%%%", encoding="base64")
    without_boundary = post_entry("action=credit", "", "multipart/form-data; boundary=b")
    status, output = check_log(har(undecodable, without_reply, invalid_base64, without_boundary))
    assert status == 0
    assert output.splitlines() == [
        "entry 1 (no action): not judged: the request body cannot be decoded",
        "entry 2 (send): not judged: the recording has no reply body",
        "entry 3 (send): not judged: the reply body cannot be decoded",
        "entry 4 (no action): not judged: the request body cannot be decoded",
        "4 exchanges: 0 with violations, 4 not fully judged",
    ]


def test_json_and_junit_output(check_log: CheckLogCommand, tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    recording = har(post_entry(GOOD, {"result": "1"}), post_entry("{", "", "application/json"))
    status, output = check_log(recording, "--json", "--junit", str(report))
    assert status == 1
    assert json.loads(output)["entries"] == [
        {"entry": "entry 1", "action": "send", "problems": ["reply: $.sendID: is missing"], "notJudged": ""},
        {
            "entry": "entry 2",
            "action": "no action",
            "problems": [],
            "notJudged": "the request body cannot be decoded",
        },
    ]
    suite = ET.parse(report).getroot()  # noqa: S314 - our own file
    assert [suite.get(name) for name in ("tests", "failures", "skipped")] == ["2", "1", "1"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "it contains no request to /webservice/server"),
        ("{", "neither the whole file nor line 1 is JSON"),
        ('{"a": 1}\n{', "nor line 2 is JSON"),
        (b"\xff\xfe", "invalid UTF-8 at byte 0"),
        ("7", "neither a HAR file nor a journal"),
        ('{"log": {}}', "neither a HAR file nor a journal"),
        ('{"log": {"entries": [7]}}', "entry 1 is not a valid entry of a HAR file"),
        ("[{}]", "entry 1 is not a valid entry of a journal"),
        ('[{"params": 7, "reply": 7, "action": ""}]', "entry 1 is not a valid entry"),
        (har(), "it contains no request to /webservice/server"),
        ("[" * 100_000, "is JSON"),
    ],
    ids=range(11),
)
def test_a_file_that_is_not_a_recording_is_an_error(
    check_log: CheckLogCommand, content: str | bytes, message: str
) -> None:
    status, output = check_log(content)
    assert status == 2
    assert message in output


def test_a_file_that_cannot_be_read_is_an_error(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["check-log", str(tmp_path / "nothing")]) == 2
    assert capfd.readouterr().err.endswith("nothing: No such file or directory\n")
    assert main(["check-log", str(tmp_path)]) == 2
    assert "Is a directory" in capfd.readouterr().err
