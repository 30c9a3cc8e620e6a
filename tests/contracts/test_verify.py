"""`mydnspanel-contracts verify`: against the fake, its other switches, liars, and what is no panel."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote, quote_plus
from xml.etree import ElementTree as ET

import pytest
from mydnspanel_contracts.commands import main
from mydnspanel_contracts.commands.checks import FREE
from mydnspanel_contracts.commands.secret import Secret

from fakeserver.testing import Panel, PanelServer
from tests.command import environment, started
from tests.contracts.liar import Asked, Lie, Told, lying
from tests.testing.application import attempt, send

KEY = "a-key+of/a?kind&that%is=awkward"


@pytest.fixture(scope="module")
def server() -> Iterator[PanelServer]:
    with PanelServer.start() as server:
        yield server


@pytest.fixture
def panel(server: PanelServer) -> Iterator[Panel]:
    with server.new_account(key=KEY) as panel:
        yield panel


@dataclass
class Run:
    """What a run of the command said and ended with."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)

    def verdict(self, check: str) -> str:
        (row,) = [row for row in self.document["checks"] if row["check"] == check]
        return str(row["verdict"])


class Verify:
    def __init__(self, capfd: pytest.CaptureFixture[str]) -> None:
        self._capfd = capfd

    def __call__(self, *words: str) -> Run:
        status = main(["verify", *words])
        out, err = self._capfd.readouterr()
        assert KEY not in out + err
        return Run(status, out, err)

    def refused(self, *words: str) -> str:
        """The one line on standard error of a run that could not be done."""
        run = self(*words)
        assert (run.status, run.out) == (2, "")
        assert run.err.startswith("contracts: ")
        assert run.err.count("\n") == 1
        return run.err


@pytest.fixture
def verify(capfd: pytest.CaptureFixture[str]) -> Verify:
    return Verify(capfd)


def test_the_fake_is_as_the_contract_says_and_nothing_is_charged(panel: Panel, verify: Verify) -> None:
    run = verify(panel.url, "--key", KEY)
    assert run.status == 0, run.out
    assert "BROKEN" not in run.out
    assert "differs" not in run.out
    assert "A7 what an unknown action is answered: confirmed" in run.out
    assert panel.messages == []
    assert panel.credit == 1_000_000
    assert panel.phonebook(1403).contacts == []


def test_the_endpoint_and_the_environment_will_do(panel: Panel, verify: Verify, monkeypatch: Any) -> None:
    monkeypatch.setenv("PANEL_API_KEY", KEY)
    assert verify(panel.endpoint).status == 0
    assert verify(panel.endpoint + "/").status == 0


def test_with_send_to_one_message_is_sent_and_looked_at(panel: Panel, verify: Verify) -> None:
    run = verify(panel.url, "--key", KEY, "--send-to", "9121234567", "--phonebook", "1403", "--json")
    assert run.status == 0, run.out
    (message,) = panel.assert_sent(to="9121234567", count=1)
    assert message.sender == "auto"
    assert panel.phonebook(1403).numbers == ["9121234567"]
    for check in ("send", "its phonebook operation", "the report", "newContact"):
        assert run.verdict(check) == "as stated"
    assert "M6 when a message is charged for: confirmed, 2000 rials for one part" in run.document["nowKnown"]


def test_without_a_phonebook_its_refusals_are_expected(panel: Panel, verify: Verify) -> None:
    run = verify(panel.url, "--key", KEY, "--send-to", "9121234567", "--from", "30001403", "--json")
    assert run.status == 0, run.out
    assert panel.messages[0].sender == "30001403"
    assert run.verdict("the shape of fields") == "not judged"


def test_a_message_to_the_good_one_of_two_receivers_is_not_counted_into_the_charge(
    server: PanelServer, verify: Verify
) -> None:
    with server.new_account(key=KEY, bad_receivers="skip") as panel:
        run = verify(panel.url, "--key", KEY, "--send-to", "9121234567", "--json")
    assert "M6 when a message is charged for: confirmed, 2000 rials for one part" in run.document["nowKnown"]


@pytest.mark.parametrize(
    ("settings", "got"),
    [
        ({"smart_sender": False}, '{"result":"106"}: the line is not this account\'s; --from names another'),
        ({"billing_ok": False}, '{"result":"108"}: the account\'s billing is not in order'),
        ({"credit": 0}, '{"result":"109"}: the account\'s credit does not suffice'),
        ({"sending_verified": False}, '{"result":"114"}: the account is not verified for sending'),
    ],
)
def test_an_account_that_cannot_send_is_no_breach_and_is_asked_nothing_about_it(
    server: PanelServer, verify: Verify, settings: dict[str, Any], got: str
) -> None:
    with server.new_account(key=KEY, **settings) as panel:
        run = verify(panel.url, "--key", KEY, "--send-to", "9121234567", "--json")
        asked = [entry.params.get("sendID") for entry in panel.requests(action="reportSend")]
    (row,) = [row for row in run.document["checks"] if row["check"] == "send"]
    assert (row["verdict"], row["got"], len(asked)) == ("not judged", got, 2)  # the two that are free
    for check in ("where the send's id stands", "its phonebook operation", "the charge", "the report"):
        assert run.verdict(check) == "not judged"


def test_a_send_that_is_unknown_or_too_young_tells_nothing_of_archived_ones(
    panel: Panel, verify: Verify
) -> None:
    young = str(send(panel))
    for asked, got in (("7", '{"result":"-6"}'), (young, "not archived yet: ")):
        run = verify(panel.url, "--key", KEY, "--archived-send", asked, "--json")
        (row,) = [row for row in run.document["checks"] if row["check"] == "an archived send"]
        assert (run.status, row["verdict"], row["got"][: len(got)]) == (0, "not judged", got)


# Another server's switches


SWITCHES: list[tuple[dict[str, Any], str]] = [
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


@pytest.mark.parametrize(("settings", "found"), SWITCHES, ids=str)
def test_each_switch_is_found_and_is_news_not_a_fault(
    server: PanelServer, verify: Verify, settings: dict[str, Any], found: str
) -> None:
    with server.new_account(key=KEY, archive_after_seconds=60, **settings) as panel:
        panel.deliver(from_="9121234567", text="hello")
        old = _old_send(panel)
        asked = ("--send-to", "9121234567", "--phonebook", "1403", "--archived-send", old)
        run = verify(panel.url, "--key", KEY, *asked, "--json")
    assert run.status == 3, run.out
    assert {row["verdict"] for row in run.document["checks"]} >= {"differs"}
    assert [text for text in run.document["nowKnown"] if found in text]
    assert "BROKEN" not in run.out


def _old_send(panel: Panel) -> str:
    attempt(panel)
    panel.advance(hours=1)
    return str(panel.messages[-1].send_id)


# Liars


def answering(code: str, *, to: bytes = b"", method: str = "POST", key: str = "") -> Lie:
    """A lie to requests with that in their body, by that method and with that key."""

    def lie(asked: Asked, told: Told) -> Told:
        carried = asked.headers.get("Authorization", "") + asked.target
        if to in asked.body and asked.method == method and key in carried:
            return told._replace(body=json.dumps({"result": code}).encode())
        return told

    return lie


LIES: list[tuple[str, str, Lie]] = [
    ("status", "T1", answering("7", to=b"action=status")),
    ("status by GET", "W1", answering("-1", method="GET", key="key=a-key")),
    ("a wrong key, POST", "A1", answering("1", key="not-a-key")),
    ("a wrong key, GET", "A1", answering("1", method="GET", key="not-a-key")),
    ("PUT", "A4", answering("1", method="PUT")),
    ("credit", "C1", answering("0", to=b"action=credit")),
    ("receivedMessages", "I2", answering("400", to=b"receivedMessages")),
    ("reportSend of an unknown id", "R1", answering("1", to=b"sendID=")),
    ("send without parameters", "S1", answering("1", to=b"action=send")),
    ("newContact without parameters", "N1", answering("1", to=b"newContact")),
    ("one JSON object with a result", "W2", lambda _, told: told._replace(body=b"[" + told.body + b"]")),
]


@pytest.mark.parametrize(("check", "rule", "lie"), LIES, ids=[lie[0] for lie in LIES])
def test_a_lie_about_a_stated_rule_is_noticed(
    panel: Panel, verify: Verify, check: str, rule: str, lie: Lie
) -> None:
    with lying(panel.url, lie) as url:
        run = verify(url, "--key", KEY, "--json")
    assert run.status == 1
    assert run.verdict(check) == "BROKEN"
    assert rule in {row["rule"] for row in run.document["checks"] if row["verdict"] == "BROKEN"}


def test_a_report_that_is_no_report_is_noticed(panel: Panel, verify: Verify) -> None:
    def lie(asked: Asked, told: Told) -> Told:
        honest = b"reportSend" not in asked.body or b'"1"' not in told.body
        return told if honest else told._replace(body=told.body.replace(b'"-1"', b'"3"'))

    with lying(panel.url, lie) as url:
        run = verify(url, "--key", KEY, "--send-to", "9121234567", "--json")
    assert (run.status, run.verdict("the report")) == (1, "BROKEN")


def test_a_web_server_in_front_that_lets_no_put_through_settles_nothing(panel: Panel, verify: Verify) -> None:
    page = Told(405, {"Content-Type": "text/html"}, b"<h1>405</h1>")
    with lying(panel.url, lambda asked, told: page if asked.method == "PUT" else told) as url:
        run = verify(url, "--key", KEY, "--json")
    assert (run.status, run.verdict("PUT")) == (0, "not judged")


def test_a_second_verdict_is_news(panel: Panel, verify: Verify) -> None:
    def lie(_asked: Asked, told: Told) -> Told:
        return told._replace(body=told.body.replace(b'"credit"', b'"status":"ok","credit"'))

    with lying(panel.url, lie) as url:
        run = verify(url, "--key", KEY, "--json")
    assert (run.status, run.verdict("no second verdict in a reply")) == (3, "differs")


def test_a_page_in_the_place_of_an_answer_settles_nothing(panel: Panel, verify: Verify) -> None:
    page = Told(200, {"Content-Type": "text/html"}, b"<h1>one moment, please</h1>")
    with lying(panel.url, lambda asked, told: page if b"action=credit" in asked.body else told) as url:
        run = verify(url, "--key", KEY, "--json")
    assert (run.status, run.verdict("credit")) == (0, "not judged")
    assert run.verdict("where the credit stands") == "not judged"


# The key


@pytest.mark.parametrize("where", ["body", "location", "type"])
def test_a_key_that_the_server_echoes_is_blacked_out(panel: Panel, verify: Verify, where: str) -> None:
    def lie(asked: Asked, told: Told) -> Told:
        key = asked.headers.get("Authorization", "nothing")
        if where == "body":
            return told._replace(body=json.dumps({"result": key, "key": key}).encode())
        if where == "location":
            return Told(302, {"Location": f"http://127.0.0.1:1/?key={key}"}, b"")
        return told._replace(
            headers={"Content-Type": f"application/json; key={key}"}, body=b'{"result": "-1x"}'
        )

    with lying(panel.url, lie) as url:
        assert verify(url, "--key", KEY).status in {1, 2}


@pytest.mark.parametrize("text", ["a+b/c", 'q"uote', "<&>"])
def test_a_key_is_known_in_every_notation(text: str) -> None:
    secret = Secret(text)
    for written in (
        text,
        quote(text),
        quote(text, safe=""),
        quote_plus(text),
        escape(text),
        json.dumps(text),
    ):
        assert text not in secret.blacked_out(f"before {written} after")
        assert "[key]" in secret.blacked_out(f"before {written} after")
    assert text not in repr(secret)


def test_a_key_that_lost_its_option_is_not_repeated(panel: Panel, verify: Verify) -> None:
    for words in ([panel.url, KEY], [panel.url, "--kye", KEY], [panel.url, f"--kye={KEY}"]):
        verify.refused(*words)
    assert "a key is needed" in verify.refused(panel.url)
    assert "1 to 128 visible ASCII" in verify.refused(panel.url, "--key", "کلید")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "the following arguments are required: COMMAND; "),
        (("verify",), "the following arguments are required: URL; "),
        ((KEY,), "argument COMMAND is one of verify, check-log; "),
    ],
)
def test_what_is_missing_is_named(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert (out, err.startswith(f"contracts: {said}"), KEY in err) == ("", True, False)


@pytest.mark.parametrize("number", ["abc", "912", "98", "9121234567,9121234568", "+1 912 123 4567", ""])
def test_what_is_no_receiver_is_not_sent_to(panel: Panel, verify: Verify, number: str) -> None:
    said = verify.refused(panel.url, "--key", KEY, "--send-to", number)
    assert "--send-to should be a mobile number such as 9121234567" in said
    assert panel.journal == []


# What cannot be asked


def test_nobody_there(verify: Verify) -> None:
    assert "cannot reach http://127.0.0.1:1" in verify.refused("http://127.0.0.1:1", "--key", KEY)


@pytest.mark.parametrize(
    "url",
    ["", "127.0.0.1", "ftp://x", "http://", "http://a b", "http://u:p@x/", "http://x/?key=1", "http://[x"],
)
def test_no_url(verify: Verify, url: str) -> None:
    assert "URL should be a" in verify.refused(url, "--key", KEY)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (
            Told(502, {"Content-Type": "text/html"}, b"<h1>Bad Gateway</h1>"),
            "is no panel: HTTP 502, a page of",
        ),
        (Told(200, {"Content-Type": "text/plain"}, b"hello"), "is no panel: hello"),
        (Told(200, {"Content-Type": "application/json"}, b""), "is no panel: an empty body"),
        (
            Told(301, {"Location": "https://elsewhere.example/"}, b""),
            "redirects to https://elsewhere.example/",
        ),
        (Told(200, {"Content-Type": "application/json"}, b" " * (5 << 20)), "is longer than"),
    ],
    ids=["page", "text", "nothing", "redirect", "endless"],
)
def test_what_is_no_panel(panel: Panel, verify: Verify, told: Told, words: str) -> None:
    with lying(panel.url, lambda *_: told) as url:
        assert words in verify.refused(url, "--key", KEY)


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"webservice_enabled": False}, "-2"),
        ({"identity_verified": False}, "-3"),
        ({"allowed_ips": ["192.0.2.1"]}, "-5"),
    ],
)
def test_a_key_that_the_gate_shuts_out(
    server: PanelServer, verify: Verify, settings: dict[str, Any], code: str
) -> None:
    with server.new_account(key=KEY, **settings) as panel:
        assert f"the panel answers {code} to this key" in verify.refused(panel.url, "--key", KEY)
    assert "the panel answers -1 to this key" in verify.refused(server.url, "--key", KEY)


def test_a_certificate_that_nobody_trusts_is_told_and_can_be_trusted(
    certificate: tuple[Path, Path], verify: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    cert, key = map(str, certificate)
    with started("--tls-cert", cert, "--tls-key", key) as server:
        said = verify.refused(server.url, "--key", "test-key")
        assert f"cannot reach {server.url}/webservice/server: " in said
        assert "SSL_CERT_FILE names certificates to trust" in said
        monkeypatch.setenv("SSL_CERT_FILE", cert)
        assert verify(server.url, "--key", "test-key").status == 0


def test_a_slow_answer_and_one_that_trickles(verify: Verify) -> None:
    for trickle in (b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.0 200 OK\r\n\r\n"):
        with socket.create_server(("127.0.0.1", 0)) as listening:
            url = f"http://127.0.0.1:{listening.getsockname()[1]}"
            listening.settimeout(5)
            answering = Thread(target=_trickle, args=(listening, trickle))
            answering.start()
            began = time.monotonic()
            assert "no answer within 0.3 s" in verify.refused(url, "--key", KEY, "--timeout", "0.3")
            assert time.monotonic() - began < 3
            answering.join()


def _trickle(listening: socket.socket, beginning: bytes) -> None:
    """Accept one connection and give it a byte of a header now and then, until it is closed."""
    connection, _ = listening.accept()
    with connection:
        connection.settimeout(0.05)
        connection.sendall(beginning)
        while True:
            try:
                if connection.recv(1 << 16) == b"":
                    return
            except TimeoutError:
                try:
                    connection.sendall(b"x" if beginning else b"")
                except OSError:
                    return
            except OSError:
                return


@pytest.mark.parametrize("text", ["0", "-1", "x", "nan", "inf"])
def test_no_timeout(panel: Panel, verify: Verify, text: str) -> None:
    assert "--timeout should be" in verify.refused(panel.url, "--key", KEY, "--timeout", text)


def test_a_phonebook_goes_with_a_number(panel: Panel, verify: Verify) -> None:
    assert "goes with --send-to" in verify.refused(panel.url, "--key", KEY, "--phonebook", "1403")


# What is written


def test_a_junit_report_has_a_case_for_each_check(panel: Panel, verify: Verify, tmp_path: Path) -> None:
    path = tmp_path / "report.xml"
    with lying(panel.url, answering("1", to=b"newContact")) as url:
        assert verify(url, "--key", KEY, "--junit", str(path)).status == 1
    suite = ET.parse(path).getroot()  # noqa: S314 - our own file
    assert suite.get("tests") == str(len(FREE))
    (failed,) = [case for case in suite if case.find("failure") is not None]
    assert (failed.get("classname"), failed.get("name")) == ("contracts.N1", "newContact without parameters")
    assert suite.get("failures") == "1"
    assert suite.get("skipped") == str(sum(case.find("skipped") is not None for case in suite))
    assert KEY not in path.read_text("utf-8")
    assert "cannot write" in verify(panel.url, "--key", KEY, "--junit", str(tmp_path)).err


def test_a_terminal_is_not_moved_by_what_a_server_says(panel: Panel, verify: Verify) -> None:
    body = '{"result": "\x1b[2J\u202e"}'.encode()
    with lying(
        panel.url, lambda asked, told: told._replace(body=body) if b"credit" in asked.body else told
    ) as url:
        run = verify(url, "--key", KEY)
    assert run.status == 1
    assert "\x1b" not in run.out
    assert "\u202e" not in run.out


def test_a_reader_that_goes_away_hears_no_complaint(panel: Panel) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "mydnspanel_contracts", "verify", panel.url],
        env=environment(PANEL_API_KEY=KEY),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        running.stdout.close()
        running.stdout = None
        assert running.communicate(timeout=20)[1] == b""
    assert running.returncode == 2


def test_it_is_a_command(panel: Panel, tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "mydnspanel_contracts", "verify", panel.url],
        cwd=tmp_path,
        env=environment(PANEL_API_KEY=KEY, PYTHONIOENCODING="ascii"),
        capture_output=True,
        check=False,
        text=True,
    )
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.splitlines()[0].split() == ["check", "rule", "evidence", "expected", "got", "verdict"]
