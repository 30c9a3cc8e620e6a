"""The accounts that exist without a configuration (K1), and the defaults of a new account."""

from typing import Any

import pytest

from fakeserver.settings.defaults import TEST_KEYS
from fakeserver.spec.units import RealMs
from tests.driver import AccountDriver, ParamValue, in_one_panel

DOCUMENTS: dict[str, Any] = {document["key"]: document for document in TEST_KEYS}
ACTIONS = [
    "send",
    "sendServices",
    "sendOTP",
    "reportSend",
    "credit",
    "receivedMessages",
    "status",
    "newContact",
]
FIELDS: Any = {
    "FYa12346": "1360/06/06",
    "FMjUyMjUz": "x",
    "FMzQ5NDA2": "معلم",
    "FMTAwMQ": "5",
    "FMTAwMg": "y",
}


def driver_of(key: str) -> AccountDriver:
    return AccountDriver(**{"clock": "real", **DOCUMENTS[key]})


@pytest.mark.rule("K1", "C1", "M3", "M7", "S4", "S8", "S9", "P7", "P8", "O8", "B2", "A2", "A3", "A5")
@pytest.mark.parametrize(
    ("key", "credit", "codes"),
    [
        ("test-key", "1000000", "1 1 1"),
        ("test-key-poor", "0", "109 608 109"),
        ("test-key-billing", "1000000", "108 607 108"),
        ("test-key-unverified-sender", "1000000", "114 1 1"),
        ("test-key-manual", "1000000", "1 1 1"),
        ("test-key-no-phonebook", "1000000", "1 1 1"),
        ("test-key-disabled", None, "-2 -2 -2"),
        ("test-key-unverified", None, "-3 -3 -3"),
        ("test-key-ip", None, "-5 -5 -5"),
    ],
)
def test_a_test_key_has_its_credit_and_its_code(key: str, credit: str | None, codes: str) -> None:
    assert list(DOCUMENTS).count(key) == 1
    assert len(DOCUMENTS) == 9
    driver = driver_of(key)
    assert driver.ask("credit").get("credit") == credit
    replies = [driver.send(phoneBook=1403), driver.send_services(), driver.send_otp()]
    assert [reply["result"] for reply in replies] == codes.split()
    if "phoneBook" in replies[0]:
        assert replies[0]["phoneBook"] == ("-1" if key == "test-key-no-phonebook" else "1")


@pytest.mark.rule("K1", "A5")
@pytest.mark.parametrize("ip", ["127.0.0.1", "::1", "10.0.0.1", "172.17.0.1", "192.168.1.1"])
def test_the_ip_key_allows_no_caller(ip: str) -> None:
    driver = driver_of("test-key-ip")
    for action in ACTIONS:
        assert driver.call(params={"action": action}, ip=ip)["result"] == "-5"


@pytest.mark.rule("K1", "A1")
@pytest.mark.parametrize("key", ["test-key-", "Test-Key", "test-key ", "test", "", "Bearer test-key"])
def test_no_other_key_exists(key: str) -> None:
    assert driver_of("test-key").call(key=key, params={"action": "status"})["result"] == "-1"


@pytest.mark.rule("K1", "L3", "L5")
def test_the_clock_of_a_test_key_is_real_and_the_manual_key_waits_for_approval() -> None:
    default, manual = driver_of("test-key"), driver_of("test-key-manual")
    send_id, held, pattern = (
        default.send()["sendID"],
        manual.send()["sendID"],
        manual.send_services()["sendID"],
    )
    for driver in (default, manual):
        driver.real_ms = RealMs(driver.real_ms + 5999)
    assert default.pair(send_id) == (2, 1)
    for driver in (default, manual):
        driver.real_ms = RealMs(driver.real_ms + 1)
    assert default.pair(send_id) == (2, 3)
    assert (manual.pair(held), manual.pair(pattern)) == ((0, -1), (2, 3))


@pytest.mark.rule("K1", "M6")
def test_the_accounts_share_nothing() -> None:
    one, other = driver_of("test-key"), driver_of("test-key-manual")
    in_one_panel(one, other)
    one.send(phoneBook=1403)
    assert (one.credit(), other.credit()) == (999_000, 1_000_000)
    assert other.send(phoneBook=1403)["phoneBook"] == "1"


@pytest.mark.rule("K1", "S6", "P2", "P4", "P5", "P6", "O4", "O5", "B6", "N4", "X6")
def test_the_defaults_have_lines_patterns_applications_a_phonebook_and_fields() -> None:
    driver = driver_of("test-key")
    lines = ["30001403", "9830001403", "auto", "90001403"]
    assert [driver.send(from_=line)["result"] for line in lines] == ["1", "1", "1", "106"]
    assert [driver.send_services(from_=line)["result"] for line in lines] == ["603", "603", "1", "1"]
    two = "9121111111,9122222222"
    data: ParamValue = {"name": "علی", "amount": "1.200.000 تومان"}
    patterns = [
        driver.send_services(two, textCode=1001),
        driver.send_services(two, textCode=1002),
        driver.send_services(two, textCode=1002, textData=data),
        driver.send_services(textCode=1003),
    ]
    assert [reply["result"] for reply in patterns] == ["609", "606", "1", "605"]
    apps = ["test-app", "test-app-off", "other"]
    assert [driver.send_otp(appID=app)["result"] for app in apps] == ["1", "152", "151"]
    reply = driver.ask("newContact", phoneId="1403", cNumber="9121234567", cFields=FIELDS)
    assert reply == {"result": "1", "fields": dict.fromkeys(FIELDS, "1")}
    assert driver.account.phonebooks[1403].name == "مشتریان"
