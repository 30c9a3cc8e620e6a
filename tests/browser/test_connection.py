"""The page reconnects to its server, and shows resets and accounts that are added or removed."""

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from fakeserver.testing import Panel, PanelServer
from fakeserver.testing.control_client import ControlClient
from tests.browser.conftest import TabOpener
from tests.browser.page import NETWORK_ERROR, Page
from tests.command import ask, request, started
from tests.testing.application import send

# Replaces the timers of the page. `runTimers` calls every timer that is set, as if its time had passed.
FAKE_TIMERS = """
    const timers = new Map();
    let lastId = 0;
    const add = (repeats) => (callback) => { timers.set(++lastId, { callback, repeats }); return lastId; };
    const remove = (id) => { timers.delete(id); };
    Object.assign(window, { setTimeout: add(false), clearTimeout: remove });
    Object.assign(window, { setInterval: add(true), clearInterval: remove });
    window.runTimers = () => {
        for (const [id, { callback, repeats }] of [...timers]) {
            if (!repeats) remove(id);
            callback();
        }
    };
    const realFetch = window.fetch;
    window.requests = 0;
    window.fetch = (...call) => { window.requests += 1; return realFetch(...call); };"""


@contextmanager
def reserved_port() -> Iterator[int]:
    """A port that a server can listen on repeatedly, and that no other process is given in between."""
    with socket.socket() as holder:
        # Two sockets with SO_REUSEADDR can be bound to one port, as long as only one of them listens. The
        # server sets it too.
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


def send_to(url: str, number: str) -> None:
    form = f"action=send&from=30001403&text=hello&receivers={number}"
    assert ask(url, "test-key", form)["result"] == "1"


def reset_server(url: str) -> None:
    client = ControlClient(url)
    client.request("POST", "/reset")
    client.close()


def wait_for_row_texts(page: Page, *texts: str) -> None:
    page.wait_until(lambda: [row.text for row in page.rows()] == list(texts))


def test_the_page_reconnects_when_the_server_is_back(open_tab: TabOpener) -> None:
    with reserved_port() as port:
        options = ("-p", str(port), "--clock", "frozen")
        with started(*options) as server:
            page = open_tab(server.url, "test-key")
            page.expected_console_lines.append(NETWORK_ERROR)
            send_to(server.url, "9121111111")
            page.open()
            page.wait_for_rows("9121111111")
            server.stop()
            page.wait_for_text("#connection", "reconnecting…")
            page.wait_for_rows("9121111111")  # the loaded data is still shown
        with started(*options) as server:
            send_to(server.url, "9122222222")
            page.wait_for_text("#connection", "live")
            page.wait_for_rows("9122222222")
            send_to(server.url, "9123333333")
            page.wait_for_rows("9123333333", "9122222222")
            server.process.send_signal(signal.SIGKILL)
            page.wait_for_text("#connection", "reconnecting…")


def test_actions_fail_with_a_reason_without_a_server(open_tab: TabOpener) -> None:
    with started("--clock", "frozen") as server:
        page = open_tab(server.url, "test-key")
        page.expected_console_lines.append(NETWORK_ERROR)
        page.open("account")
        page.wait_for_checked("Identity verified")
        server.stop()
        page.wait_for_text("#connection", "reconnecting…")
        page.click_button("+ 1 minute")
        page.wait_for_text(".actions .error", "The server does not answer")
        page.click_field("Identity verified")
        page.wait_until(lambda: page.texts(".card > .error")[-1] == "The server does not answer")
        page.wait_for_checked("Identity verified")
        page.select("Account", "test-key-poor")
        page.wait_for_heading("The account could not be loaded")
        page.wait_for_texts("The server does not answer")


def test_a_reset_is_shown(page: Page, panel: Panel) -> None:
    send(panel, to="9121111111", text="before")
    page.open()
    page.wait_for_rows("9121111111")
    panel.reset()
    page.wait_for_texts("No messages yet")
    page.wait_for_text("#credit", "1,000,000 rials")
    send(panel, to="9121111111", text="after")
    wait_for_row_texts(page, "after")


def test_a_message_after_a_reset_replaces_the_one_with_the_same_id(page: Page, panel: Panel) -> None:
    """Both messages have the same id, receiver and status."""
    message = send(panel, to="9121111111", text="before")
    page.open()
    wait_for_row_texts(page, "before")
    panel.reset()
    assert send(panel, to="9121111111", text="after") == message
    wait_for_row_texts(page, "after")
    page.open(f"messages/{message}")
    page.wait_for_text(".bubble", "after")
    panel.reset()
    page.wait_for_texts("Message not found")
    send(panel, to="9121111111", text="the third")
    page.wait_for_text(".bubble", "the third")
    page.open("phone/9121111111")
    page.wait_until(lambda: page.texts(".bubble") == ["the third"])
    panel.reset()
    page.wait_for_texts("No messages to or from this number")


def test_a_reset_removes_the_request_that_is_shown(page: Page, panel: Panel) -> None:
    send(panel)
    page.open("journal/1")
    page.wait_for_texts("success 1")
    panel.reset()
    page.wait_for_texts("Request not found")


def test_a_restored_snapshot_is_shown(page: Page, panel: Panel) -> None:
    send(panel, to="9121111111")
    snapshot = panel.snapshot()
    send(panel, to="9122222222")
    page.open()
    page.wait_for_rows("9122222222", "9121111111")
    panel.restore(snapshot)
    page.wait_for_rows("9121111111")


def test_a_reset_of_the_whole_server_is_shown(open_tab: TabOpener) -> None:
    with started("--clock", "frozen") as server:
        page = open_tab(server.url, "test-key")
        page.expected_console_lines.append(NETWORK_ERROR)
        request(f"{server.url}/_fake/accounts", b'{"key": "made-later"}')
        send_to(server.url, "9121111111")
        page.open()
        page.wait_for_rows("9121111111")
        page.wait_until(lambda: "made-later" in page.texts("#account-select option"))
        reset_server(server.url)
        page.wait_for_texts("No messages yet")
        page.wait_until(lambda: "made-later" not in page.texts("#account-select option"))


def test_an_account_that_is_removed_while_it_is_shown_is_reported(
    page: Page, panel_server: PanelServer
) -> None:
    page.expected_console_lines.append("status of 404")  # the page may read the account once more
    with panel_server.new_account(key="short-lived") as removed:
        send(removed, to="9121111111")
        page.open(key="short-lived")
        page.wait_for_rows("9121111111")
    page.wait_for_heading("No account has the key short-lived")
    assert page.text("#credit") == ""
    with panel_server.new_account(key="short-lived") as added:
        send(added, to="9122222222")
        page.wait_for_rows("9122222222")


def test_the_address_of_an_account_that_was_added_later_is_found(
    page: Page, add_account: Callable[..., Panel]
) -> None:
    page.open()
    new = add_account()
    send(new, to="9121111111")
    page.open(key=new.api_key)
    page.wait_for_rows("9121111111")


def test_the_page_sends_no_requests_while_nothing_happens(page: Page, panel: Panel) -> None:
    """The event stream reports every change, so there is no polling, however much time passes."""
    page.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": FAKE_TIMERS})
    page.open()
    page.wait_for_texts("No messages yet")
    count = "for (let round = 0; round < 50; round += 1) runTimers(); return requests;"
    before = page.js(count)
    assert before > 0
    assert page.js(count) == before
    send(panel)
    page.wait_until(lambda: page.js(count) > before)
