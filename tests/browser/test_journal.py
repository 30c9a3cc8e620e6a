"""The journal: every request with its verdict and the reason, and refused ones as curl commands."""

import json
import shutil
import subprocess
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from fakeserver.testing import Panel
from tests import command
from tests.browser.page import Page
from tests.testing.application import LINE, NUMBER, ask, post, send

HOSTILE = 'it\'s "quoted" $(touch stolen) `touch stolen`\n@/etc/passwd & 100 %\\ سلام \x1b[31m \u202e'


def run(command: str, folder: Path) -> Any:
    """What curl printed for a command as a shell reads it, parsed as JSON."""
    if shutil.which("curl") is None:
        pytest.skip("there is no curl: apt-get install curl")
    done = subprocess.run(
        ["sh", "-c", command.replace("curl ", "curl -sS ", 1)], cwd=folder, capture_output=True, check=True
    )
    assert list(folder.iterdir()) == []  # no part of it was taken for a command
    return json.loads(done.stdout)


def request(panel: Panel, method: str, query: str = "", body: str | None = None, kind: str = "") -> None:
    address = urlsplit(panel.endpoint)
    headers = {"Authorization": panel.api_key, **({"Content-Type": kind} if kind else {})}
    connection = HTTPConnection(address.netloc, timeout=10)
    connection.request(method, f"{address.path}?{query}", body and body.encode(), headers)
    connection.getresponse().read()
    connection.close()


def test_a_request_appears_live_with_its_verdict_and_the_reason(page: Page, panel: Panel) -> None:
    page.open("journal")
    page.shows("No request has carried this account's key yet.")
    ask(panel, "credit")
    row = page.row("credit")
    assert (row.text, row.statuses) == ("the credit is 1000000 rials", "accepted 1")
    assert row.facts.startswith("POST · C1 · ")
    ask(panel, "send", from_=LINE, text="x", receivers="912")
    row = page.row("send")
    assert "has 3 digits after the prefix where a mobile number has 10" in row.text
    assert row.statuses == "answered 105"
    page.shows("2 requests")


def test_parameters_that_nobody_read_are_marked(page: Page, panel: Panel) -> None:
    ask(panel, "send", frm=LINE, text="x", receivers=NUMBER)
    page.open("journal")
    assert "1 not read" in page.row("send").facts
    page.one("a.row").click()
    page.heading("Request 1")
    assert page.text("tr.unread").split("\t") == ["frm", LINE, "not read; did you mean from?"]


def test_a_request_shows_all_that_is_known_of_it(page: Page, panel: Panel) -> None:
    ask(panel, "send", from_=LINE, text="سلام", receivers="912")
    page.open("journal/1")
    page.shows("answered 105", "rule S5", "POST application/x-www-form-urlencoded", "HTTP 200")
    assert json.loads(page.text("pre"))["result"] == "105"
    assert ["text", "سلام"] in [row.split("\t")[:2] for row in page.texts("tbody tr")]


def test_faults_and_lost_replies_are_told(page: Page, panel: Panel) -> None:
    panel.fail(disconnect="before")
    panel.fail(body="html", after=1)
    with pytest.raises(ConnectionError):
        ask(panel, "credit")
    post(panel, "credit")
    page.open("journal")
    page.until(lambda: [row.statuses for row in page.rows()] == ["fault 2", "fault 1"])
    page.open("journal/1")
    page.shows("none: the connection broke", "HTTP none")
    page.open("journal/2")
    page.until(lambda: "<" in page.text("pre"))


def test_what_was_accepted_needs_no_curl_command(page: Page, panel: Panel) -> None:
    ask(panel, "credit")
    page.open("journal/1")
    page.shows("accepted 1")
    assert "Copy as a curl command" not in page.main


def test_a_refused_request_is_copied_as_a_curl_command_that_is_refused_alike(
    page: Page, panel: Panel, tmp_path: Path
) -> None:
    ask(panel, "send", from_=LINE, text="x", receivers="912")
    page.open("journal/1")
    command = page.copied("Copy as a curl command")
    assert command == (
        f"curl {panel.endpoint} -H 'Authorization: {panel.api_key}'"
        f" -d action=send -d from={LINE} -d text=x -d receivers=912"
    )
    assert run(command, tmp_path)["result"] == "105"


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(("POST", "", f'{{"action":"send","text":{json.dumps(HOSTILE)}}}'), id="a hostile text"),
        pytest.param(("POST", "", '{"action":"send","a b&c=\\u200c[@":"x"}'), id="a hostile name"),
        pytest.param(("POST", "", '{"action":"send","receivers":["912","913"]}'), id="an array"),
        pytest.param(("GET", "action=send&receivers[0]=912&text=a%20b", None), id="GET"),
        pytest.param(("PUT", "", '{"action":"credit"}'), id="another method"),
    ],
)
def test_the_curl_command_makes_the_same_request_whatever_was_in_it(
    page: Page, panel: Panel, tmp_path: Path, made: tuple[str, str, str | None]
) -> None:
    method, query, body = made
    query = query and f"key={panel.api_key}&{query}"
    request(panel, method, query, body, "application/json" if body else "")
    page.open("journal/1")
    command = page.copied("Copy as a curl command")
    assert "\x1b" not in command
    assert "\u202e" not in command
    reply = run(command, tmp_path)
    first, again = panel.journal
    assert (again.method, again.rule, again.reply) == (first.method, first.rule, first.reply)
    assert again.params == first.params
    assert reply == first.reply


def test_a_request_with_a_wrong_key_has_its_place(page: Page, panel: Panel) -> None:
    page.open("strangers")
    post(panel, "credit", key="wrong-key")
    # Those of other tests may stand there too: they belong to the server.
    strangers = command.request(f"{panel.url}/_fake/journal")["entries"]
    page.reads("#nav .badge", str(len(strangers)))
    newest = page.until(lambda: page.rows()[0] if len(page.rows()) == len(strangers) else None)
    assert newest is not None
    assert newest.text == "no account has the API key wron...ey"
    assert newest.statuses == "answered −1"
    page.one("a.row").click()
    page.shows("answered −1", "rule A1", "no account has the API key wron...ey")
    assert "YOUR-KEY" in page.copied("Copy as a curl command")


def test_the_first_message_is_sent_by_the_command_that_an_empty_inbox_shows(
    page: Page, panel: Panel, tmp_path: Path
) -> None:
    page.open()
    page.shows("Nothing was sent yet", f"{page.url}/webservice/server", panel.api_key)
    command = page.copied("Copy the command")
    assert command == page.text("pre")
    assert run(command, tmp_path)["result"] == "1"
    assert page.row("9121234567").text == "سلام دنیا"
    (message,) = panel.messages
    assert message.text == "سلام دنیا"


def test_the_way_back_leads_to_the_same_list(page: Page, panel: Panel) -> None:
    send(panel)
    page.open("journal/1")
    page.link("← Journal").click()
    page.heading("Journal")
    page.driver.back()
    page.heading("Request 1")
    page.open("journal/999")
    page.shows("There is no such request")
