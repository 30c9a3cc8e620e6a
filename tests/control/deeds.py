"""What may be done to an account, as Hypothesis draws it, and how to do it."""

import json
from typing import Any, NamedTuple

from hypothesis import strategies as st

from tests.control.desk import Answer, Box

RECEIVERS = st.sampled_from(
    [
        "9121111111",
        "09121111111,9122222222",
        "9120000002",
        "9120000010,9120000021",
        "9120000015",
        "9120000105",
        "12",
        "",
    ]
)
TEXTS = st.sampled_from(["hi", "سلام 1234", " ", "x" * 161, "x" * 2000])
LINES = st.sampled_from(["30001403", "90001403", "auto", "1"])
TRIES = st.sampled_from(["", "0", "2", "11"])


def _request(action: str, **params: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries(
        {"action": st.just(action), **{name.rstrip("_"): value for name, value in params.items()}}
    )


REQUESTS = st.one_of(
    _request(
        "send",
        from_=LINES,
        text=TEXTS,
        receivers=RECEIVERS,
        trySend=TRIES,
        type=st.sampled_from(["", "1", "2", "9"]),
        phoneBook=st.sampled_from(["", "1403", "9"]),
    ),
    _request(
        "sendServices",
        from_=LINES,
        textCode=st.sampled_from(["1001", "1002", "9"]),
        textData=st.sampled_from(['{"code":"12345"}', '["علی","5"]', "{}"]),
        receivers=RECEIVERS,
        trySend=TRIES,
    ),
    _request(
        "sendOTP",
        appID=st.sampled_from(["test-app", "test-app-off", "none"]),
        code=st.sampled_from(["12345", "AB12", "1", "-"]),
        receivers=RECEIVERS,
    ),
    _request("credit"),
    _request("status"),
    _request("receivedMessages"),
    _request("Send"),
    _request("reportSend", sendID=st.sampled_from(["1", "10000000001", "10000000002", "x"])),
    _request(
        "newContact",
        phoneId=st.sampled_from(["1403", "9", "x"]),
        cNumber=st.sampled_from(["9121111111", "09122222222", "12"]),
        cFields=st.sampled_from(["", "{ FYa12346:”1360/06/06”}", '{"FMTAwMg":"7","F":"1"}', "x"]),
    ),
)


class Deed(NamedTuple):
    """A request to the service when `path` is None, else one to the control plane."""

    body: Any
    path: str | None = None
    method: str = "POST"


_THEN = [{"result": "113"}, {"outcome": "undelivered"}, {"http": 502}, {"phoneBook": "-4"}]
FAULTS = st.builds(
    lambda after, then: {"when": {"action": "send"}, "after": after, "then": then},
    st.integers(0, 2),
    st.sampled_from(_THEN),
)
CONTROLS = st.one_of(
    st.sampled_from([0.1, 1, 3, 3600]).map(lambda seconds: Deed({"advance": seconds}, "/clock")),
    st.sampled_from(["سلام", "لغو11"]).map(
        lambda text: Deed({"from": "9121111111", "text": text}, "/inbound")
    ),
    FAULTS.map(lambda rule: Deed(rule, "/faults")),
    st.sampled_from([{"credit": 3000}, {"monitoring": "manual"}, {"bad_receivers": "skip"}]).map(
        lambda change: Deed(change, "", "PATCH")
    ),
    st.just(Deed({}, "/messages", "GET")),
)
DEEDS = st.one_of(REQUESTS.map(Deed), CONTROLS)


async def do(box: Box, deed: Deed) -> tuple[int, bytes, str]:
    """Its status, its body, and the rule that decided."""
    answer = await _answer(box, deed)
    return answer.status, answer.body, answer.headers.get("X-Fake-Rule", "")


async def _answer(box: Box, deed: Deed) -> Answer:
    if deed.path is None:
        return await box.ask(deed.body)
    if deed.method == "GET":
        return await box.call("GET", deed.path)
    return await box.call(deed.method, deed.path, deed.body)


def timeless(world: dict[str, Any]) -> str:
    """The world as text, without what the computer's own pace decides."""
    copy = json.loads(json.dumps(world))
    for entry in copy["/journal"]["entries"]:
        del entry["durationMs"]
    return json.dumps(copy, sort_keys=True)
