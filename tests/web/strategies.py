"""Hypothesis strategies for what can be done to an account, and how to do it over HTTP."""

import json
from typing import Any, NamedTuple

from hypothesis import strategies as st

from tests.web.control_client import AccountClient

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
RETRIES = st.sampled_from(["", "0", "2", "11"])


def _params(action: str, **params: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, str]]:
    """`from_` stands for `from`."""
    named = {name.rstrip("_"): value for name, value in params.items()}
    return st.fixed_dictionaries({"action": st.just(action), **named})


# Parameters of requests to the service.
REQUEST_PARAMS = st.one_of(
    _params(
        "send",
        from_=LINES,
        text=TEXTS,
        receivers=RECEIVERS,
        trySend=RETRIES,
        type=st.sampled_from(["", "1", "2", "9"]),
        phoneBook=st.sampled_from(["", "1403", "9"]),
    ),
    _params(
        "sendServices",
        from_=LINES,
        textCode=st.sampled_from(["1001", "1002", "9"]),
        textData=st.sampled_from(['{"code":"12345"}', '["علی","5"]', "{}"]),
        receivers=RECEIVERS,
        trySend=RETRIES,
    ),
    _params(
        "sendOTP",
        appID=st.sampled_from(["test-app", "test-app-off", "none"]),
        code=st.sampled_from(["12345", "AB12", "1", "-"]),
        receivers=RECEIVERS,
    ),
    *map(_params, ("credit", "status", "receivedMessages", "Send")),
    _params("reportSend", sendID=st.sampled_from(["1", "10000000001", "10000000002", "x"])),
    _params(
        "newContact",
        phoneId=st.sampled_from(["1403", "9", "x"]),
        cNumber=st.sampled_from(["9121111111", "09122222222", "12"]),
        cFields=st.sampled_from(["", "{ FYa12346:”1360/06/06”}", '{"FMTAwMg":"7","F":"1"}', "x"]),
    ),
)


class AccountRequest(NamedTuple):
    """A control request to an account, or with `sub` None a request to the service."""

    body: Any
    sub: str | None = None
    method: str = "POST"

    async def make(self, account: AccountClient) -> tuple[int, bytes, str | None]:
        """Make the request and return its status, its body, and the rule that decided."""
        if self.sub is None:
            response = await account.post(self.body)
        elif self.method == "GET":
            response = await account.request("GET", self.sub)
        else:
            response = await account.request(self.method, self.sub, self.body)
        return response.status, response.body, response.rule


_FAULT_EFFECTS = [{"result": "113"}, {"outcome": "undelivered"}, {"http": 502}, {"phoneBook": "-4"}]
FAULT_RULES = st.builds(
    lambda after, then: {"when": {"action": "send"}, "after": after, "then": then},
    st.integers(0, 2),
    st.sampled_from(_FAULT_EFFECTS),
)
CONTROL_REQUESTS = st.one_of(
    st.sampled_from([0.1, 1, 3, 3600]).map(lambda seconds: AccountRequest({"advance": seconds}, "/clock")),
    st.sampled_from(["سلام", "لغو11"]).map(
        lambda text: AccountRequest({"from": "9121111111", "text": text}, "/inbound")
    ),
    FAULT_RULES.map(lambda rule: AccountRequest(rule, "/faults")),
    st.sampled_from([{"credit": 3000}, {"monitoring": "manual"}, {"bad_receivers": "skip"}]).map(
        lambda settings: AccountRequest(settings, "", "PATCH")
    ),
    st.just(AccountRequest({}, "/messages", "GET")),
)
ACCOUNT_REQUESTS = st.one_of(REQUEST_PARAMS.map(AccountRequest), CONTROL_REQUESTS)


def comparable(state: dict[str, Any]) -> str:
    """An account's state as text, without the durations in its journal."""
    copy = json.loads(json.dumps(state))
    for entry in copy["/journal"]["entries"]:
        del entry["durationMs"]
    return json.dumps(copy, sort_keys=True)
