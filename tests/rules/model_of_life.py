"""The life of a message (L1 to L3, L7), told a second time and as plainly as can be.

Nothing here comes from the simulator. A life is a list of (milliseconds after acceptance, pair).
"""

from typing import TypeAlias

from tests.driver import World

Pair: TypeAlias = tuple[int, int]
Life: TypeAlias = list[tuple[int, Pair]]

SECOND = 1000
HOUR = 3600 * SECOND
DAY = 24 * HOUR

ENTRIES: list[Pair] = [(0, -1), (1, -1), (3, -1)]
GRAPH: dict[Pair, list[Pair]] = {
    (3, -1): [(0, -1), (1, -1), (5, -2)],
    (0, -1): [(1, -1), (4, 2), (5, -2)],
    (1, -1): [(2, -1), (4, 2), (5, -2)],
    (2, -1): [(2, 0), (2, 2), (2, 7)],
    (2, 0): [(2, 1), (2, 2), (2, 5), (2, 7)],
    (2, 1): [(2, 3), (2, 4), (2, 6)],
    (2, 2): [(1, -1), (4, 2)],
    (2, 3): [],
    (2, 4): [],
    (2, 5): [],
    (2, 6): [],
    (2, 7): [],
    (4, 2): [],
    (5, -2): [],
}
REFUNDED: list[Pair] = [(4, 2), (5, -2)]

# For ordinary messages the first number is (0,-1); then (1,-1), (2,-1), (2,0), (2,1) and the last.
TIMELINES: dict[str, dict[str, list[int]]] = {
    "default": {"ordinary": [0, 1000, 2000, 3000, 4000, 6000], "pattern": [0, 200, 400, 600, 800]},
    "slow": {
        "ordinary": [0, 30_000, 60_000, 65_000, 90_000, 300_000],
        "pattern": [0, 5000, 6000, 10_000, 60_000],
    },
    "instant": {"ordinary": [0, 0, 0, 0, 0, 0], "pattern": [0, 0, 0, 0, 0]},
}
# How a life ends that reaches the telecom: the fate's last pair, and the place of its offset.
ENDS: dict[str, tuple[Pair, int]] = {
    "delivered": ((2, 3), 4),
    "undelivered": ((2, 4), 4),
    "blacklisted": ((2, 5), 3),
    "rejected": ((2, 7), 2),
}


def life(fate: str, offsets: list[int], tries: int = 0, pause: int = SECOND, validity: int = DAY) -> Life:
    """`fate` is the name of an outcome, or `fails n` for one delivered after n failed attempts."""
    ordinary = len(offsets) == 6
    if fate == "held":
        return [(0, (0, -1))]
    if fate == "cancelled":
        return [(0, (0, -1) if ordinary else (1, -1)), (SECOND, (5, -2))]
    if fate == "scheduled":
        return [(0, (3, -1)), *later(life("delivered", offsets), HOUR)]
    waiting: Life = [(0, (0, -1))] if ordinary else []
    return waiting + attempts(fate, offsets[-5:], tries, pause, validity)


def attempts(fate: str, offsets: list[int], tries: int, pause: int, validity: int) -> Life:
    failing = tries + 1 if fate == "unreached" else int(fate.removeprefix("fails ")) if "fails" in fate else 0
    round_trip = offsets[3] - offsets[0] + pause
    whole: Life = []
    for done in range(min(failing, tries + 1)):
        whole += later([*climb(offsets)[:3], (offsets[3], (2, 2))], done * round_trip)
    if failing > tries:
        return [*whole, (whole[-1][0] + pause, (4, 2))]
    return whole + later(success("delivered" if failing else fate, offsets, validity), failing * round_trip)


def success(fate: str, offsets: list[int], validity: int) -> Life:
    if fate == "queued":
        return climb(offsets)[:1]
    if fate == "reached":
        return climb(offsets)
    if fate == "expired":
        return [*climb(offsets), (validity, (2, 6))]
    pair, place = ENDS[fate]
    return [*climb(offsets)[:place], (offsets[place], pair)]


def climb(offsets: list[int]) -> Life:
    return list(zip(offsets[:4], [(1, -1), (2, -1), (2, 0), (2, 1)], strict=True))


def later(steps: Life, delay: int) -> Life:
    return [(at + delay, pair) for at, pair in steps]


def approved(steps: Life, at: int) -> Life:
    """An ordinary life that monitoring held at (0,-1) until `at`, and that goes on from (1,-1) then."""
    queued = next(moment for moment, pair in steps if pair == (1, -1))
    return [(0, (0, -1)), *later([step for step in steps if step[1] != (0, -1)], at - queued)]


def pair_at(steps: Life, moment: int) -> Pair:
    return [pair for at, pair in steps if at <= moment][-1]


def reachable(pair: Pair, *, tries_left: bool) -> set[Pair]:
    """What can still become of a pair, itself left out unless a new try leads back to it."""
    found: set[Pair] = set()
    edge = list(GRAPH[pair]) if tries_left or pair != (2, 2) else [(4, 2)]
    while edge:
        one = edge.pop()
        if one not in found:
            found.add(one)
            edge += GRAPH[one] if tries_left or one != (2, 2) else [(4, 2)]
    return found


def assert_lives(world: World, send_id: str, expected: Life, began_ms: int | None = None) -> None:
    """Looks a millisecond before, at, and a millisecond after every change, and a day after the last."""
    began = world.now_ms if began_ms is None else began_ms
    near = {at + step for at, _ in expected for step in (-1, 0, 1)} | {expected[-1][0] + DAY}
    for moment in sorted(moment for moment in near if moment >= world.now_ms - began):
        world.advance((began + moment - world.now_ms) / 1000)
        assert world.pair(send_id) == pair_at(expected, moment), f"{moment} ms after acceptance"


def accept(world: World, kind: str, receivers: str = "9121111111", tries: int = 0) -> str:
    """Sends an ordinary, pattern or OTP message; returns its sendID."""
    if kind == "ordinary":
        reply = world.send(receivers, trySend=tries)
    elif kind == "pattern":
        reply = world.send_services(receivers, trySend=tries)
    else:
        reply = world.send_otp(receivers)
    assert reply["result"] == "1", world.reason
    return str(reply["sendID"])


def offsets_of(timeline: str, kind: str) -> list[int]:
    return TIMELINES[timeline]["ordinary" if kind == "ordinary" else "pattern"]


def pause_of(timeline: str) -> int:
    return 0 if timeline == "instant" else SECOND
