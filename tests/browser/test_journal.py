"""The journal: every request with its result and the reason, and failed ones as curl commands."""

import json
import shutil
import subprocess
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from fakeserver.testing import Panel, PanelServer
from tests.browser.conftest import TabOpener
from tests.browser.page import NETWORK_ERROR, Page
from tests.testing.application import LINE, NUMBER, ask, post, send

HOSTILE = 'it\'s "quoted" $(touch stolen) `touch stolen`\n@/etc/passwd & 100 %\\ سلام \x1b[31m \u202e'


def run(command: str, folder: Path) -> Any:
    """Run a curl command in a shell and return the JSON that it prints."""
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed: apt-get install curl")
    done = subprocess.run(
        ["sh", "-c", command.replace("curl ", "curl -sS ", 1)], cwd=folder, capture_output=True, check=True
    )
    assert list(folder.iterdir()) == []  # no part of it ran as another command
    return json.loads(done.stdout)


def request(panel: Panel, method: str, query: str = "", body: str | None = None, kind: str = "") -> None:
    address = urlsplit(panel.endpoint)
    headers = {"Authorization": panel.api_key, **({"Content-Type": kind} if kind else {})}
    connection = HTTPConnection(address.netloc, timeout=10)
    connection.request(method, f"{address.path}?{query}", body and body.encode(), headers)
    connection.getresponse().read()
    connection.close()


def test_a_request_appears_live_with_its_result_and_the_reason(page: Page, panel: Panel) -> None:
    page.open("journal")
    page.wait_for_texts("No requests with this account's API key yet.")
    ask(panel, "credit")
    row = page.wait_for_row("credit")
    assert (row.text, row.statuses) == ("the credit is 1000000 rials", "success 1")
    assert row.details.startswith("POST · C1 · ")
    ask(panel, "send", from_=LINE, text="x", receivers="912")
    row = page.wait_for_row("send")
    assert "has 3 digits after the prefix where a mobile number has 10" in row.text
    assert row.statuses == "error 105"
    page.wait_for_text(".count", "2 requests")


def test_unread_parameters_are_marked(page: Page, panel: Panel) -> None:
    ask(panel, "send", frm=LINE, text="x", receivers=NUMBER)
    page.open("journal")
    assert "1 unread parameter" in page.wait_for_row("send").details
    page.click("a.row")
    page.wait_for_heading("Request 1")
    assert page.text("tr.unread").split("\t") == ["frm", LINE, "unread; did you mean from?"]


def test_a_request_shows_its_parameters_and_its_reply(page: Page, panel: Panel) -> None:
    ask(panel, "send", from_=LINE, text="سلام", receivers="912")
    page.open("journal/1")
    page.wait_for_texts("error 105", "rule S5", "POST application/x-www-form-urlencoded", "HTTP 200")
    assert json.loads(page.text("pre"))["result"] == "105"
    assert ["text", "سلام"] in [row.split("\t")[:2] for row in page.texts("tbody tr")]


def test_faults_and_lost_replies_are_shown(page: Page, panel: Panel) -> None:
    panel.fail(disconnect="before")
    panel.fail(body="html", after=1)
    with pytest.raises(ConnectionError):
        ask(panel, "credit")
    post(panel, "credit")
    page.open("journal")
    page.wait_until(lambda: [row.statuses for row in page.rows()] == ["fault 2", "fault 1"])
    page.open("journal/1")
    page.wait_for_texts("none: the connection was closed", "no HTTP reply")
    page.open("journal/2")
    page.wait_until(lambda: "<" in page.text("pre"))


def test_a_successful_request_has_no_curl_command(page: Page, panel: Panel) -> None:
    ask(panel, "credit")
    page.open("journal/1")
    page.wait_for_texts("success 1")
    assert "Copy as curl" not in page.main_text


def test_the_curl_command_of_a_failed_request_gets_the_same_result(
    page: Page, panel: Panel, tmp_path: Path
) -> None:
    ask(panel, "send", from_=LINE, text="x", receivers="912")
    page.open("journal/1")
    command = page.copy_with("Copy as curl")
    assert command == (
        f"curl {panel.endpoint} -H 'Authorization: {panel.api_key}'"
        f" -d action=send -d from={LINE} -d text=x -d receivers=912"
    )
    assert run(command, tmp_path)["result"] == "105"


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(("POST", "", f'{{"action":"send","text":{json.dumps(HOSTILE)}}}'), id="a hostile text"),
        pytest.param(("POST", "", '{"action":"send","a b&c=\\u200c[@":"x"}'), id="a hostile name"),
        pytest.param(("POST", "", '{"action":"send","receivers":["912","913"]}'), id="an array"),
        pytest.param(("GET", "action=send&receivers[0]=912&text=a%20b", None), id="GET"),
        pytest.param(("PUT", "", '{"action":"credit"}'), id="another method"),
    ],
)
def test_the_curl_command_sends_the_same_request(
    page: Page, panel: Panel, tmp_path: Path, sent: tuple[str, str, str | None]
) -> None:
    method, query, body = sent
    query = query and f"key={panel.api_key}&{query}"
    request(panel, method, query, body, "application/json" if body else "")
    page.open("journal/1")
    command = page.copy_with("Copy as curl")
    assert "\x1b" not in command
    assert "\u202e" not in command
    reply = run(command, tmp_path)
    first, again = panel.journal
    assert (again.method, again.rule, again.reply) == (first.method, first.rule, first.reply)
    assert again.params == first.params
    assert reply == first.reply


def test_a_request_with_a_wrong_key_is_listed_separately(open_tab: TabOpener) -> None:
    # Requests with a wrong key belong to the server, so the test needs one of its own.
    with PanelServer.start() as server, server.new_account() as panel:
        page = open_tab(panel.url, panel.api_key)
        page.expected_console_lines.append(NETWORK_ERROR)
        page.open("wrong-keys")
        page.wait_for_texts("No requests with a wrong key.")
        post(panel, "credit", key="wrong-key")
        page.wait_for_text("#nav .badge", "1")
        row = page.wait_for_row("credit")
        assert (row.text, row.statuses) == ("no account has the API key wron...ey", "error −1")
        page.click("a.row")
        page.wait_for_texts("error −1", "rule A1", "no account has the API key wron...ey")
        assert "YOUR-KEY" in page.copy_with("Copy as curl")


def test_the_command_in_an_empty_inbox_sends_the_first_message(
    page: Page, panel: Panel, tmp_path: Path
) -> None:
    page.open()
    page.wait_for_texts("No messages yet", f"{page.url}/webservice/server", panel.api_key)
    command = page.copy_with("Copy the command")
    assert command == page.text("pre")
    assert run(command, tmp_path)["result"] == "1"
    assert page.wait_for_row("9121234567").text == "سلام دنیا"
    (message,) = panel.messages
    assert message.text == "سلام دنیا"


def test_the_back_link_leads_to_the_list(page: Page, panel: Panel) -> None:
    send(panel)
    page.open("journal/1")
    page.click_link("← Journal")
    page.wait_for_heading("Journal")
    page.driver.back()
    page.wait_for_heading("Request 1")
    page.open("journal/999")
    page.wait_for_texts("Request not found")
