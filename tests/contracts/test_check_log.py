"""`mydnspanel-contracts check-log`: recordings of others, and the simulator's own journal."""

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

KEY = "a-key-of-somebody"
URL = "https://mydnspanel.com/webservice/server"
GOOD = "action=send&from=auto&text=hello&receivers=9121234567"
FORM = "application/x-www-form-urlencoded"
MULTIPART = (
    '--b\r\nContent-Disposition: form-data; name="action"\r\n\r\ncredit\r\n'
    '--b\r\nContent-Disposition: form-data; name="note"\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--\r\n'
)


class CheckLog:
    def __init__(self, capfd: pytest.CaptureFixture[str], folder: Path) -> None:
        self._capfd = capfd
        self.path = folder / "recording"

    def __call__(self, content: str | bytes, *words: str) -> tuple[int, str]:
        self.path.write_bytes(content if isinstance(content, bytes) else content.encode())
        status = main(["check-log", str(self.path), *words])
        out, err = self._capfd.readouterr()
        assert KEY not in out + err
        assert (status == 2) == (err != "")
        assert err.count("\n") <= 1
        return status, out or err


@pytest.fixture
def check_log(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> CheckLog:
    return CheckLog(capfd, tmp_path)


def har(*entries: dict[str, Any]) -> str:
    return json.dumps({"log": {"version": "1.2", "creator": {}, "entries": entries}})


def posted(body: str, reply: Any, kind: str = FORM, url: str = URL, **content: Any) -> dict[str, Any]:
    text = reply if isinstance(reply, str) else json.dumps(reply)
    return {
        "request": {
            "method": "POST",
            "url": url,
            "headers": [{"name": "authorization", "value": KEY}],
            "postData": {"mimeType": kind, "text": body},
        },
        "response": {"status": 200, "content": {"mimeType": "application/json", "text": text, **content}},
    }


def got(query: str, reply: Any) -> dict[str, Any]:
    request = {"method": "GET", "url": f"{URL}?key={KEY}&{query}", "headers": []}
    return {"request": request, "response": {"content": {"text": json.dumps(reply)}}}


def test_what_keeps_the_contract_is_fine(check_log: CheckLog) -> None:
    reply = base64.b64encode(b'{"result":"1","credit":"5"}').decode()
    status, told = check_log(
        har(
            posted(GOOD, {"result": "1", "sendID": "1000000001"}),
            posted(json.dumps({"action": "credit"}), {"result": 1, "credit": 5}, "application/json"),
            posted(MULTIPART, {"result": "1", "credit": "5"}, "multipart/form-data; boundary=b"),
            posted("action=credit", reply, encoding="base64"),
            got("action=reportSend&sendID=7", {"result": "-6"}),
            posted("x=1", "<html>", url="https://example.org/other"),
        )
    )
    assert (status, told) == (0, "5 exchanges: 0 violate the contract, 0 not wholly judged\n")


def test_each_violation_names_entry_action_and_place(check_log: CheckLog) -> None:
    status, told = check_log(
        har(
            posted("action=send&from=auto&text=hello", {"result": "0"}),
            posted(GOOD, {"result": "1"}),
            posted(GOOD, "<html>Bad Gateway</html>"),
            posted("action=sned", {"result": "100"}),
            got("action=credit", {"result": "1", "credit": "5", "status": "ok"}),
        )
    )
    assert status == 1
    assert told.splitlines() == [
        "entry 1 (send): request: $.receivers: is missing",
        "entry 2 (send): reply: $.sendID: is missing",
        (
            'entry 3 (send): reply: $: "<html>Bad Gateway</html>" is not a reply of the panel '
            "(an object that holds a result)"
        ),
        "entry 4 (sned): request: $.action: 'sned' is none of the eight",
        "entry 5 (credit): reply: $.status: has no place in the credit that is left",
        "5 exchanges: 5 violate the contract, 0 not wholly judged",
    ]


def test_parameters_that_a_har_file_lists_one_by_one_are_read(check_log: CheckLog) -> None:
    entry = posted("", {"result": "1"})
    entry["request"]["postData"] = {"mimeType": FORM, "params": [{"name": "action", "value": "status"}]}
    assert check_log(har(entry))[0] == 0


def test_a_key_is_blacked_out_wherever_it_stands(check_log: CheckLog) -> None:
    reply = {"result": KEY, "echo": KEY}
    for entry in (posted(f"action={KEY}&key={KEY}", reply), got(f"action={KEY}", reply)):
        for words in ((), ("--json",)):
            status, told = check_log(har(entry), *words)
            assert status == 1
            assert "[key]" in told
    journal = [{"action": KEY, "params": {"action": KEY, "key": KEY}, "reply": reply}]
    assert check_log(json.dumps(journal))[0] == 1


def test_the_simulators_journal_is_read_as_a_document_and_as_lines(check_log: CheckLog) -> None:
    with FakePanel() as panel:
        send(panel)
        ask(panel, "credit")
        panel.fail(action="send", body="html")
        with pytest.raises(ValueError, match="Expecting value"):
            send(panel)
        document = panel.control("GET", "/journal")
        good = check_log(json.dumps(document))
        attempt(panel, to="x")
        lines = [json.dumps(entry) for entry in panel.control("GET", "/journal")["entries"]]
    assert good[0] == 0
    assert good[1].splitlines() == [
        "entry 3 (send): not judged: a fault has spoilt the reply",
        "3 exchanges: 0 violate the contract, 1 not wholly judged",
    ]
    assert check_log("\n".join(lines) + "\n")[0] == 1
    assert check_log(lines[0]) == (0, "1 exchange: 0 violate the contract, 0 not wholly judged\n")


def test_what_the_journal_does_not_hold_whole_is_not_judged(
    check_log: CheckLog, monkeypatch: pytest.MonkeyPatch
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
    status, told = check_log(journal)
    assert status == 0
    assert told.splitlines() == [
        "entry 1 (credit): not judged: no reply",
        "entry 2 (receivedMessages): not judged: the journal has only the beginning of the reply",
        "entry 3 (no action): not judged: the journal has only the beginning of the request",
        "entry 4 (no action): not judged: the journal has no parameters of it",
        "entry 5 (no action): not judged: the simulator itself was at fault",
        "5 exchanges: 0 violate the contract, 5 not wholly judged",
    ]


def test_what_cannot_be_judged_is_told(check_log: CheckLog) -> None:
    unread = posted("{", {"result": "0"}, "application/json")
    bodiless = posted(GOOD, "")
    del bodiless["response"]["content"]["text"]
    garbled = posted(GOOD, "%%%", encoding="base64")
    unparted = posted("action=credit", "", "multipart/form-data; boundary=b")
    status, told = check_log(har(unread, bodiless, garbled, unparted))
    assert status == 0
    assert told.splitlines() == [
        "entry 1 (no action): not judged: the request's body cannot be read",
        "entry 2 (send): not judged: the file has no body of the reply",
        "entry 3 (send): not judged: the reply's body cannot be read",
        "entry 4 (no action): not judged: the request's body cannot be read",
        "4 exchanges: 0 violate the contract, 4 not wholly judged",
    ]


def test_machines_read_json_and_junit(check_log: CheckLog, tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    recording = har(posted(GOOD, {"result": "1"}), posted("{", "", "application/json"))
    status, told = check_log(recording, "--json", "--junit", str(report))
    assert status == 1
    assert json.loads(told)["entries"] == [
        {"entry": "entry 1", "action": "send", "problems": ["reply: $.sendID: is missing"], "notJudged": ""},
        {
            "entry": "entry 2",
            "action": "no action",
            "problems": [],
            "notJudged": "the request's body cannot be read",
        },
    ]
    suite = ET.parse(report).getroot()  # noqa: S314 - our own file
    assert [suite.get(name) for name in ("tests", "failures", "skipped")] == ["2", "1", "1"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "there is no request to /webservice/server in it"),
        ("{", "line 1 is no JSON, nor is the file as a whole"),
        ('{"a": 1}\n{', "line 2 is no JSON"),
        (b"\xff\xfe", "bytes that are not UTF-8, at 0"),
        ("7", "neither a HAR file nor a journal"),
        ('{"log": {}}', "neither a HAR file nor a journal"),
        ('{"log": {"entries": [7]}}', "entry 1 is none of a HAR file or of a journal"),
        ("[{}]", "entry 1 is none of a HAR file or of a journal"),
        ('[{"params": 7, "reply": 7, "action": ""}]', "entry 1 is none"),
        (har(), "there is no request to /webservice/server in it"),
        ("[" * 100_000, "is no JSON"),
    ],
    ids=range(11),
)
def test_what_is_no_recording_is_one_line(check_log: CheckLog, content: str | bytes, told: str) -> None:
    status, said = check_log(content)
    assert status == 2
    assert told in said


def test_a_file_that_is_not_there(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["check-log", str(tmp_path / "nothing")]) == 2
    assert capfd.readouterr().err.endswith("nothing: No such file or directory\n")
    assert main(["check-log", str(tmp_path)]) == 2
    assert "Is a directory" in capfd.readouterr().err
