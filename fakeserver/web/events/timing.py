"""When an account's next status change is due, in real time."""

from fakeserver.account.account import Account
from fakeserver.spec.units import RealMs
from fakeserver.web.events import limits


def seconds_to_change(account: Account | None, real_ms: RealMs) -> float:
    """Real seconds until the account's next status change is due; IDLE_SECONDS when none is."""
    if account is None:
        return limits.IDLE_SECONDS
    due_ms = account.next_change_ms(account.clock.now_ms(real_ms))
    left_ms = None if due_ms is None else account.clock.real_ms_until(due_ms, real_ms)
    return limits.IDLE_SECONDS if left_ms is None else left_ms / 1000 + 0.001
