"""The page and the server: gone and back, reset, accounts that come and go."""

import signal
import socket

from fakeserver.testing import Panel, PanelServer
from fakeserver.testing.control_client import ControlClient
from tests.browser.conftest import Opener
from tests.browser.page import GONE, Page
from tests.command import ask, request, started
from tests.testing.application import send


def free_port() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return str(taken.getsockname()[1])


def send_to(url: str, number: str) -> None:
    form = f"action=send&from=30001403&text=hello&receivers={number}"
    assert ask(url, "test-key", form)["result"] == "1"


def test_the_page_connects_again_when_the_server_is_back(opener: Opener) -> None:
    options = ("-p", free_port(), "--clock", "frozen")
    with started(*options) as server:
        page = opener(server.url, "test-key")
        page.expected += GONE
        send_to(server.url, "9121111111")
        page.open()
        page.receivers("9121111111")
        server.stop()
        page.reads("#live", "reconnecting…")
        page.receivers("9121111111")  # what was read can still be read
    with started(*options) as server:
        send_to(server.url, "9122222222")
        page.reads("#live", "live")
        page.receivers("9122222222")
        send_to(server.url, "9123333333")
        page.receivers("9123333333", "9122222222")
        server.process.send_signal(signal.SIGKILL)
        page.reads("#live", "reconnecting…")


def test_what_cannot_be_done_without_a_server_is_told(opener: Opener) -> None:
    with started("--clock", "frozen") as server:
        page = opener(server.url, "test-key")
        page.expected += GONE
        page.open("account")
        page.until(lambda: page.field("Identity verified").is_selected())
        server.stop()
        page.reads("#live", "reconnecting…")
        page.press("+ 1 minute")
        page.reads(".deeds .refusal", "The server does not answer")
        page.field("Identity verified").click()
        page.until(lambda: page.texts(".card > .refusal")[-1] == "The server does not answer")
        page.until(lambda: page.field("Identity verified").is_selected())
        page.choose("Account", "test-key-poor")
        page.heading("The account could not be read")
        page.shows("The server does not answer")


def test_a_reset_is_seen_by_who_looks(page: Page, panel: Panel) -> None:
    send(panel, to="9121111111", text="before")
    page.open()
    page.receivers("9121111111")
    panel.reset()
    page.shows("Nothing was sent yet")
    page.reads("#credit", "1,000,000 rials")
    send(panel, to="9121111111", text="after")
    page.until(lambda: [row.text for row in page.rows()] == ["after"])


def test_a_reset_with_a_message_after_it_shows_the_new_one(page: Page, panel: Panel) -> None:
    """It has the same number, the same receiver and the same status, but is another."""
    message = send(panel, to="9121111111", text="before")
    page.open()
    page.receivers("9121111111")
    panel.reset()
    assert send(panel, to="9121111111", text="after") == message
    page.until(lambda: [row.text for row in page.rows()] == ["after"])
    page.open(f"messages/{message}")
    page.reads(".bubble", "after")
    panel.reset()
    page.shows("There is no such message")
    send(panel, to="9121111111", text="the third")
    page.reads(".bubble", "the third")
    page.open("phone/9121111111")
    page.until(lambda: page.texts(".bubble") == ["the third"])
    panel.reset()
    page.shows("Nothing was sent to this number")


def test_a_reset_takes_the_request_that_one_looks_at(page: Page, panel: Panel) -> None:
    send(panel)
    page.open("journal/1")
    page.shows("accepted 1")
    panel.reset()
    page.shows("There is no such request")


def test_a_restored_snapshot_is_seen_by_who_looks(page: Page, panel: Panel) -> None:
    send(panel, to="9121111111")
    snapshot = panel.snapshot()
    send(panel, to="9122222222")
    page.open()
    page.receivers("9122222222", "9121111111")
    panel.restore(snapshot)
    page.receivers("9121111111")


def test_a_reset_of_the_whole_server_is_seen_by_who_looks(opener: Opener) -> None:
    with started("--clock", "frozen") as server:
        page = opener(server.url, "test-key")
        page.expected += GONE
        request(f"{server.url}/_fake/accounts", b'{"key": "made-later"}')
        send_to(server.url, "9121111111")
        page.open()
        page.receivers("9121111111")
        page.until(lambda: "made-later" in page.texts("#accounts option"))
        request_reset(server.url)
        page.shows("Nothing was sent yet")
        page.until(lambda: "made-later" not in page.texts("#accounts option"))


def request_reset(url: str) -> None:
    client = ControlClient(url)
    client.request("POST", "/reset")
    client.close()


def test_who_looks_at_an_account_that_is_removed_is_told(page: Page, panel_server: PanelServer) -> None:
    with panel_server.new_account(key="short-lived") as gone:
        send(gone, to="9121111111")
        page.open(key="short-lived")
        page.receivers("9121111111")
    page.heading("No account has the key short-lived")
    assert page.text("#credit") == ""
    with panel_server.new_account(key="short-lived") as back:
        send(back, to="9122222222")
        page.receivers("9122222222")


def test_an_account_that_was_made_later_is_found_by_its_address(
    page: Page, panel_server: PanelServer
) -> None:
    page.open()
    with panel_server.new_account() as new:
        send(new, to="9121111111")
        page.open(key=new.api_key)
        page.receivers("9121111111")


def test_nothing_is_asked_for_again_and_again(page: Page, panel: Panel) -> None:
    """What happens is told by the event stream; without anything happening there is no request."""
    page.open()
    page.shows("Nothing was sent yet")
    count = "return performance.getEntriesByType('resource').length"
    before = page.js(count)
    page.driver.execute_async_script("setTimeout(arguments[0], 1500)")
    assert page.js(count) == before
    send(panel)
    page.until(lambda: page.js(count) > before)
