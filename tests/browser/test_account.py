"""The account: credit, clock, gate, faults, and another account."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from fakeserver.testing import Panel, PanelServer
from tests.browser.page import Page
from tests.testing.application import ask, attempt, send

SWITCHES = {
    "Web service switched on (else −2)": ("webservice_enabled", "-2"),
    "Identity verified (else −3)": ("identity_verified", "-3"),
    "Verified for sending (else 114)": ("sending_verified", "114"),
    "Billing in order (else 108, 607)": ("billing_ok", "108"),
}

# Whatever is asked about this account is answered late.
SLOW = """
    const [key, real] = [arguments[0], window.fetch];
    window.late = window.pending = 0;
    window.fetch = async (path, options) => {
        if (!path.includes(`/${key}`)) return real(path, options);
        window.late += 1;
        window.pending += 1;
        try {
            await new Promise((resolve) => setTimeout(resolve, 700));
            return await real(path, options);
        } finally {
            setTimeout(() => { window.pending -= 1; }, 50);
        }
    };"""


def test_credit_is_set_and_shown(page: Page, panel: Panel) -> None:
    page.open("account")
    page.shows("1,000,000 rials")
    page.write("Set it to, in rials", "1500")
    page.press("Set")
    page.until(lambda: page.text(".card .big") == page.text("#credit") == "1,500 rials")
    assert panel.credit == 1500
    send(panel, text="سلام")
    page.until(lambda: page.text(".card .big") == page.text("#credit") == "500 rials")
    assert page.focused == "Set"


def test_a_credit_that_is_none_is_refused_with_the_reason(page: Page, panel: Panel) -> None:
    page.expected.append("status of 400")
    page.open("account")
    page.write("Set it to, in rials", "9" * 30)
    page.press("Set")
    page.until(lambda: "credit" in page.text("form .refusal"))
    assert panel.credit == 1_000_000


@pytest.mark.parametrize("label", SWITCHES)
def test_a_switch_of_the_gate_closes_it_and_opens_it_again(page: Page, panel: Panel, label: str) -> None:
    member, code = SWITCHES[label]
    page.open("account")
    page.until(lambda: page.field(label).is_selected())
    page.field(label).click()
    page.until(lambda: panel.control("GET", "")[member] is False)
    assert attempt(panel) == code
    page.field(label).click()
    page.until(lambda: panel.control("GET", "")[member] is True)
    assert attempt(panel) == "1"


def test_monitoring_by_hand_lets_messages_wait(page: Page, panel: Panel) -> None:
    page.open("account")
    page.until(lambda: not page.field("Messages wait for approval").is_selected())
    page.field("Messages wait for approval").click()
    page.until(lambda: panel.control("GET", "")["monitoring"] == "manual")
    send(panel)
    panel.advance(3600)
    assert panel.messages[0].receivers[0].processing_status == 0


def test_the_clock_is_advanced_by_a_minute_an_hour_and_a_day(page: Page, panel: Panel) -> None:
    send(panel)
    page.open("account")
    for button, time in {
        "+ 1 minute": "2024-11-01 00:01:00 UTC",
        "+ 1 hour": "2024-11-01 01:01:00 UTC",
        "+ 1 day": "2024-11-02 01:01:00 UTC",
    }.items():
        page.press(button)
        page.reads("output.time", time)
        assert page.focused == button
    assert page.text("#clock") == "01:01:00 (frozen)"
    page.open()
    assert page.row("9121234567").statuses == "delivered (2,3)"


def test_the_clock_is_let_run_quicker_and_frozen_again(page: Page, panel: Panel) -> None:
    page.open("account")
    page.shows("It stands still.")
    page.press("Let it run")
    page.shows("It runs.")
    page.choose("Speed", "× 3600")
    page.shows("It runs 3600 times as fast as yours.")
    page.until(lambda: page.text("output.time") > "2024-11-01 00:30:00 UTC")
    page.press("Freeze")
    page.shows("It stands still.")
    now = panel.control("GET", "/clock")["now"]
    page.reads("output.time", now.replace("T", " ").replace("Z", " UTC"))


def test_faults_are_listed_in_words_and_removed(page: Page, panel: Panel) -> None:
    page.open("account")
    page.shows("No fault is set: everything goes its usual way.")
    panel.fail(to="9121234567", after=2, times=0, delay=0.01)
    panel.fail(action="credit", result="-4")
    page.open("messages")
    page.open("account")
    page.until(lambda: len(page.texts(".faults li")) == 2)
    page.shows(
        "to 9121234567: the reply is 0.01 s late; until it is removed, after 2 requests; fired 0 times"
    )
    page.shows("action credit: the answer is -4; 1 time; fired 0 times")
    ask(panel, "credit")
    page.shows("action credit: the answer is -4; 1 time; fired 1 time")
    page.press("Remove fault 1")
    page.until(lambda: len(page.texts(".faults li")) == 1)
    assert page.focused == "What shall go wrong"
    assert [fault["id"] for fault in panel.control("GET", "/faults")["faults"]] == [2]


def test_what_others_have_changed_is_seen_on_coming_back(page: Page, panel: Panel) -> None:
    page.open("account")
    page.until(lambda: page.field("Billing in order").is_selected())
    panel.set(billing_ok=False, credit=7)
    page.open("messages")
    page.open("account")
    page.until(lambda: not page.field("Billing in order").is_selected())
    page.reads("#credit", "7 rials")


def test_an_account_is_reset(page: Page, panel: Panel) -> None:
    send(panel)
    panel.fail(result="-4", times=0)
    panel.advance(60)
    page.open("account")
    page.press("Reset the account")
    page.shows("No fault is set")
    page.reads("#credit", "1,000,000 rials")
    page.reads("output.time", "2024-11-01 00:00:00 UTC")
    assert panel.messages == []
    page.open()
    page.shows("Nothing was sent yet")


# Another account


def test_another_account_is_chosen_and_nothing_is_mixed(page: Page, panel: Panel, other: Panel) -> None:
    send(panel, to="9121111111")
    send(other, to="9122222222", text="سلام")
    page.open()
    page.receivers("9121111111")
    send(other, to="9123333333")
    send(panel, to="9124444444")
    page.receivers("9124444444", "9121111111")
    page.choose("Account", other.api_key)
    page.receivers("9123333333", "9122222222")
    page.reads("#credit", "997,000 rials")
    assert page.driver.current_url.endswith(f"#/{other.api_key}/messages")
    send(panel, to="9125555555")
    send(other, to="9126666666")
    page.receivers("9126666666", "9123333333", "9122222222")


def test_the_view_stays_when_the_account_changes(page: Page, panel: Panel, other: Panel) -> None:
    ask(other, "credit")
    page.open("journal")
    page.choose("Account", other.api_key)
    assert page.row("credit").statuses == "accepted 1"
    assert page.text("h1") == "Journal"
    assert page.js("return document.title") == f"Journal · {other.api_key} · fake SMS panel"
    assert panel.journal == []


def test_one_goes_through_the_accounts_with_the_arrow_keys(page: Page, panel: Panel, other: Panel) -> None:
    send(other, to="9122222222")
    page.open()
    page.until(lambda: other.api_key in page.texts("#accounts option"))
    page.field("Account").send_keys(Keys.ARROW_DOWN)
    page.receivers("9122222222")
    assert page.focused == "Account"
    page.keys(Keys.ARROW_UP)
    page.shows("Nothing was sent yet")
    assert panel.api_key in page.main


def test_what_comes_late_of_another_account_is_not_shown(page: Page, panel: Panel, other: Panel) -> None:
    send(panel, to="9121111111")
    send(other, to="9122222222", text="سلام")
    page.open(key=panel.api_key)
    page.receivers("9121111111")
    page.js(SLOW, other.api_key)
    page.go(f"#/{other.api_key}/journal")
    page.go(f"#/{panel.api_key}/messages")
    page.until(lambda: page.js("return late > 5 && pending === 0"))
    page.receivers("9121111111")
    page.reads("#credit", "998,000 rials")
    page.go(f"#/{other.api_key}/messages")
    page.receivers("9122222222")


def test_the_account_is_looked_at_while_another_is_read(page: Page, panel: Panel, other: Panel) -> None:
    page.open("account", key=panel.api_key)
    page.shows("It stands still.")
    other.set(credit=7)
    page.js(SLOW, other.api_key)
    page.choose("Account", other.api_key)
    page.until(lambda: page.text(".card .big") == page.text("#credit") == "7 rials")


def test_a_new_account_is_in_the_list_once_it_is_used(page: Page, panel_server: PanelServer) -> None:
    page.open()
    with panel_server.new_account() as new:
        ask(new, "credit")
        page.until(lambda: new.api_key in page.texts("#accounts option"))
        page.open(key=new.api_key)
        page.shows("Nothing was sent yet", new.api_key)
    page.shows(f"No account has the key {new.api_key}")
    assert page.driver.find_element(By.ID, "nav").is_displayed() is False
    page.link(page.key).click()
    page.shows("Nothing was sent yet", page.key)


def test_a_key_with_every_kind_of_sign_is_as_good_as_another(page: Page, panel_server: PanelServer) -> None:
    key = "a/b?c#d%e&f'g\"h<i>\\j"
    with panel_server.new_account(key=key) as strange:
        send(strange, to="9121234567")
        page.open(key=key)
        page.receivers("9121234567")
        page.one("a.row").click()
        page.shows("1 receiver")
        page.link("Journal").click()
        page.row("send")
