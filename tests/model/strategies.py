"""Hypothesis strategies: requests with good and bad parameters, and other events of an account."""

from typing import Any

from hypothesis import strategies as st

from tests.model.account import RESERVED_CODES, Params
from tests.model.lifecycle import GRAPH, OUTCOMES, RESERVED_OUTCOMES

OWN, OTHER = "own", "other"  # (OWN, 0) stands for the id of the account's first send

PEOPLE = ["9121111111", "9122222222", "9123333333"]
NOTATIONS = ["09121111111", "989122222222", "00989123333333", "+989121111111", " 9122222222 "]
BAD_NUMBERS = ["abc", "912111111", "۹۱۲۱۱۱۱۱۱۱", "912-1111111", "8121111111"]
RESERVED = [f"9120000{digits:03}" for digits in RESERVED_OUTCOMES]
SENDERS = [*PEOPLE, *NOTATIONS[:4], "BANK"]
INBOUND = ["لغو11", "لغو ۱۱", " لغو١١ ", "لغو1", "سلام", "لغو 11 لطفا"]

TEXTS = [  # the first ten are good
    *("سلام", "hello", "a" * 160, "a" * 161, "س" * 70, "س" * 71, "a" * 152 + "€" * 5),
    *("س" * 66 + "😀", "س" * 66 + "😀" * 3, "س" * 670, "س" * 671, "a" * 1531, "  ", "a\0b", ""),
]


def _receivers(action: str) -> st.SearchStrategy[str]:
    """One to four good receivers; one for pattern 1001, which does not allow bulk."""
    one = st.one_of(st.sampled_from(RESERVED), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE + NOTATIONS))
    return st.lists(one, min_size=1, max_size=1 if action == "1001" else 4).map(",".join)


def _bad_receivers(action: str) -> st.SearchStrategy[str]:
    refused = [f"9120000{code:03}" for code in (*RESERVED_CODES[action], 603, 103)]
    return st.one_of(
        st.sampled_from(["9121111111,,", " , ", "", *BAD_NUMBERS]),
        st.tuples(_receivers(action), st.sampled_from([*BAD_NUMBERS, *refused])).map(",".join),
        st.tuples(st.sampled_from([*BAD_NUMBERS, *refused]), _receivers(action)).map(",".join),
    )


def _request(action: str, **params: st.SearchStrategy[Any]) -> st.SearchStrategy[Params]:
    """A request; a parameter that is None is left out, and `from_` stands for `from`."""
    named = {name.rstrip("_"): values for name, values in params.items()}
    return st.fixed_dictionaries({"action": st.just(action), **named}).map(without_none)


def without_none(request: Params) -> Params:
    return {name: value for name, value in request.items() if value is not None}


def _flawed(
    good: st.SearchStrategy[Params], **flaws: st.SearchStrategy[Any] | list[Any]
) -> st.SearchStrategy[Params]:
    """Requests with one or two parameters that may be bad or missing."""
    replacements = [
        st.tuples(st.just(name.rstrip("_")), st.sampled_from([*bad, None]) if isinstance(bad, list) else bad)
        for name, bad in flaws.items()
    ]
    changes = st.lists(st.one_of(replacements), min_size=1, max_size=2).map(dict)
    return st.tuples(good, changes).map(lambda both: without_none({**both[0], **both[1]}))


TRIES = st.sampled_from([None, 0, 1, 3, 10])
BAD_TRIES = [11, -1, "x", "1.5", ""]
BAD_TYPES = [2, 5, "x", "", 1]

PLAIN: Params = {"action": "send", "from": "30001403", "text": "سلام"}
SEND = _request(
    "send",
    from_=st.sampled_from(["30001403", "auto", "9830001403"]),
    text=st.sampled_from(TEXTS[:10]),
    receivers=_receivers("send"),
    phoneBook=st.sampled_from([None, 1403, "1403"]),
    trySend=TRIES,
    type=st.sampled_from([None, 1]),
)
BAD_SEND = _flawed(
    SEND,
    from_=["90001403", "3000", ""],
    text=TEXTS[9:],
    receivers=_bad_receivers("send"),
    phoneBook=[7, "x", ""],
    trySend=BAD_TRIES,
    type=BAD_TYPES,
)
CODE = {"textCode": st.just(1001), "textData": st.sampled_from([{"code": "12345"}, ["12345"]])}
BULK = {
    "textCode": st.just(1002),
    "textData": st.sampled_from([{"name": "علی", "amount": "1.2"}, ["Ali", "۵"]]),
}
SERVICE_LINES = st.sampled_from(["90001403", "auto", "9890001403"])
SEND_SERVICES = st.one_of(
    _request("sendServices", from_=SERVICE_LINES, receivers=_receivers("1001"), trySend=TRIES, **CODE),
    _request("sendServices", from_=SERVICE_LINES, receivers=_receivers("1002"), trySend=TRIES, **BULK),
)
BAD_SEND_SERVICES = _flawed(
    SEND_SERVICES,
    from_=["30001403", ""],
    receivers=_bad_receivers("sendServices"),
    textCode=[1001, 1002, 9, "x", ""],
    textData=[{"code": " "}, {"other": "1"}, ["1", "2", "3"], {"name": "x", "amount": "€" * 99}],
    trySend=BAD_TRIES,
)
SEND_OTP = _request(
    "sendOTP",
    appID=st.just("test-app"),
    code=st.sampled_from(["12345", "ab", "123456789012"]),
    receivers=_receivers("sendOTP"),
)
BAD_SEND_OTP = _flawed(
    SEND_OTP,
    appID=["test-app-off", "nobody", ""],
    code=["1", "1234567890123", "12-34", "۱۲۳", ""],
    receivers=_bad_receivers("sendOTP"),
    type=BAD_TYPES,
)
NEW_CONTACT = _request(
    "newContact",
    phoneId=st.sampled_from([1403, "1403"]),
    cNumber=st.sampled_from(PEOPLE + NOTATIONS + RESERVED[:2]),
    cFields=st.one_of(
        st.none(),
        st.dictionaries(
            st.sampled_from(["FMTAwMg", "FMTAwMQ", "Fnone"]), st.sampled_from(["12", "x", " "]), min_size=1
        ),
    ),
)
BAD_NEW_CONTACT = _flawed(NEW_CONTACT, phoneId=[7, "x", ""], cNumber=["abc", "912", ""])
SEND_IDS = st.one_of(
    st.tuples(st.just(OWN), st.integers(0, 8)),
    st.tuples(st.just(OTHER), st.integers(0, 2)),
    st.sampled_from(["", "x", "0", "-1", "1.0"]),
)
READS = st.one_of(
    _request("reportSend", sendID=SEND_IDS),
    st.sampled_from(["credit", "receivedMessages", "status"]).map(lambda action: {"action": action}),
)
SENDS = st.one_of(SEND, SEND, SEND_SERVICES, SEND_OTP)
REQUESTS = st.one_of(
    BAD_SEND,
    BAD_SEND,
    BAD_SEND_SERVICES,
    BAD_SEND_OTP,
    NEW_CONTACT,
    BAD_NEW_CONTACT,
    READS,
    st.sampled_from([{}, {"action": ""}, {"action": "Send"}, {"action": "credit"}]),
)

SHORT_WAITS_MS = st.sampled_from([0, 1, 1000, 2500, 6000, 30_000, 3_607_000])
WAITS_MS = st.one_of(
    st.integers(1, 999),
    st.sampled_from([1000, 2000, 3000, 4000, 6000, 60_000, 3_600_000, 86_400_000, 259_200_000]),
    st.integers(0, 4 * 86_400_000),
)
PAIRS = st.sampled_from(list(GRAPH))
COMMANDS = st.one_of(st.sampled_from(["cancel", "approve"]), PAIRS)

CHANGES = st.one_of(
    st.builds(dict, credit=st.sampled_from([0, 1000, 20_000, 1_000_000])),
    st.builds(dict, bad_receivers=st.sampled_from(["skip", "skip", "refuse"])),
    st.builds(dict, blacklist=st.lists(st.sampled_from(PEOPLE), max_size=2, unique=True)),
    st.builds(dict, phonebook_enabled=st.booleans()),
    st.builds(dict, billing_ok=st.sampled_from([True, True, False])),
    st.builds(dict, keep_sends=st.sampled_from([1, 2, 4, 100])),
    st.builds(dict, monitoring=st.sampled_from(["manual", "automatic"])),
    st.builds(dict, timeline=st.sampled_from(["default", "slow", "instant"])),
    st.builds(dict, received=st.sampled_from(["keep", "keep", "once"])),
    st.builds(dict, archive_after_seconds=st.sampled_from([60, 259_200])),
    st.builds(dict, validity_seconds=st.sampled_from([1, 100, 86_400])),
)

_SENDING = st.sampled_from(["send", "sendServices", "sendOTP"])
_FAULT_CODES = {
    "send": [0, 100, 105, 109, 112, 113, -1],
    "sendServices": [0, 603, 608, -2],
    "sendOTP": [100, 151, 154, -5],
    "newContact": [801, 802, 803, -3],
    "receivedMessages": [401, -4],
    "status": [-2, 0],
}


def _fault(action: str, kind: str, value: Any) -> st.SearchStrategy[Params]:
    to = st.sampled_from(["", PEOPLE[0]] if action.startswith("send") else [""])
    return st.fixed_dictionaries(
        {
            "action": st.just(action),
            "kind": st.just(kind),
            "value": st.just(value),
            "to": to,
            "after": st.integers(0, 2),
            "times": st.integers(0, 2),
        }
    )


FAULTS = st.one_of(
    st.sampled_from([(action, code) for action, codes in _FAULT_CODES.items() for code in codes]).flatmap(
        lambda case: _fault(case[0], "result", case[1])
    ),
    st.tuples(_SENDING, st.sampled_from(list(OUTCOMES))).flatmap(
        lambda case: _fault(case[0], "outcome", case[1])
    ),
    st.sampled_from([-1, -2, -3, -4]).flatmap(lambda code: _fault("send", "phoneBook", code)),
)


def fault_document(fault: Params) -> Params:
    """The fault rule as the control plane takes it."""
    when = {"action": fault["action"], **({"to": fault["to"]} if fault["to"] else {})}
    then = {fault["kind"]: fault["value"]}
    return {"when": when, "then": then, "after": fault["after"], "times": fault["times"]}
