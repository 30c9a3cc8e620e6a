"""What must hold for any request: decode → panel → encode, without a socket.

An input is readable: a line each for the method, the key and the content type, and then the body, or for GET
the query. A coverage-guided fuzzer imports this module with `fakeserver` instrumented.
"""

import json
import time

from fakeserver.account.journal import REASON_MAX
from fakeserver.panel.panel import SimulatedPanel
from fakeserver.settings.configuration import parse_account
from fakeserver.spec.units import RealMs
from fakeserver.web import views
from fakeserver.wire.decode import Request, decode
from tests.fuzz.corpus import SAMPLES, Sample

KEY = "test-key"
REAL_MS = RealMs(1_700_000_000_000)
SECONDS = 2.0  # of processor time for any input; most take less than a millisecond
ENTRY_MAX = 200_000  # bytes of a journal entry in the control plane
CREDIT = 1_000_000

# The switches of the second account lead through other branches of the code.
ACCOUNTS = tuple(
    parse_account({"clock": "frozen", **document})
    for document in (
        {"key": KEY},
        {
            "key": "switched",
            "reply_scalars": "native",
            "key_placement": "anywhere",
            "unknown_action": "bare-0",
            "bad_receivers": "skip",
            "fields_reply": "single",
            "reply_names": {"send_id": "data.id", "credit": "data.credit"},
        },
    )
)


def as_input(sample: Sample, key: bytes = KEY.encode()) -> bytes:
    return b"\n".join((sample.method, key, sample.content_type, sample.data))


SEEDS = (*map(as_input, SAMPLES), *(as_input(sample, b"switched") for sample in SAMPLES))


def parse_input(data: bytes) -> Request:
    method, key, content_type, body = (*data.split(b"\n", 3), b"", b"", b"")[:4]
    text = key.decode("utf-8", "surrogateescape")
    target = "/webservice/server"
    if method == b"GET":
        target += f"?key={text}&" + body.decode("utf-8", "surrogateescape")
    # The endpoint escapes the content type in the same way; aiohttp accepts only ASCII methods.
    printable = content_type.decode("ascii", "backslashreplace")
    return Request(method.decode("ascii", "backslashreplace"), target, (text,), printable, body, "127.0.0.1")


def check(data: bytes) -> None:
    """Answer the input. Raises AssertionError when something does not hold."""
    began = time.process_time()
    panel = SimulatedPanel(ACCOUNTS, REAL_MS)
    handled = panel.handle(decode(parse_input(data)), REAL_MS)
    answer, account, entry, reply_sent, _ = handled
    assert reply_sent is not None
    reply = json.loads(reply_sent.body)
    if reply != 0:  # the answer to an unknown action with the switch `bare-0`
        assert isinstance(reply["result"], str | int), reply
    assert answer.rule, "the answer has no rule"
    assert answer.reason, "the answer has no reason"
    for known in panel.accounts.values():
        ledger = known.money(known.clock.now_ms(REAL_MS))
        assert ledger.credit == ledger.granted - ledger.charged + ledger.refunded >= 0
        if known is not account or entry.send_id is None:
            assert (ledger.credit, known.sends.accepted) == (CREDIT, 0), "the credit changed without a send"
    shown = json.dumps(views.entry(entry), ensure_ascii=False).encode("utf-8", "backslashreplace")
    assert len(shown) <= ENTRY_MAX, f"a journal entry of {len(shown)} bytes"
    assert len(entry.reason) <= REASON_MAX
    took = time.process_time() - began
    assert took <= SECONDS, f"it took {took:.2f} seconds"
