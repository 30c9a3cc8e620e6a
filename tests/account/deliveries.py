"""Messages that are sent, and their steps compared with those of the model."""

from tests.driver import AccountDriver
from tests.model.lifecycle import DAY, Steps, pair_at

ACTIONS = ["send", "sendServices", "sendOTP"]


def accept(driver: AccountDriver, action: str, receivers: str = "9121111111", tries: int = 0) -> str:
    """Send a message and return its send id. A one-time code has no `trySend`."""
    if action == "send":
        reply = driver.send(receivers, trySend=tries)
    elif action == "sendServices":
        reply = driver.send_services(receivers, trySend=tries)
    else:
        reply = driver.send_otp(receivers)
    assert reply["result"] == "1", driver.reason
    return str(reply["sendID"])


def history(driver: AccountDriver) -> Steps:
    """The steps, past and coming, of the first receiver of the newest send, from acceptance."""
    send = driver.account.sends.newest()
    assert send is not None
    steps = next(iter(send.deliveries.values())).steps()
    return [(step.at_ms - send.accepted_ms, (int(step.pair[0]), int(step.pair[1]))) for step in steps]


def assert_steps(driver: AccountDriver, send_id: str, expected: Steps) -> None:
    """Read the pair just before, at and just after every step from now on, and a day after the last one."""
    near = {at + step for at, _ in expected for step in (-1, 0, 1)} | {expected[-1][0] + DAY}
    for moment in sorted(moment for moment in near if moment >= driver.now_ms):
        driver.advance((moment - driver.now_ms) / 1000)
        since_ms = moment - expected[0][0]
        assert driver.pair(send_id) == pair_at(expected, moment), f"{since_ms} ms after acceptance"
