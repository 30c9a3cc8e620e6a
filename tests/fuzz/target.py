"""What must hold of any bytes that come as a request: decode → panel → encode, without a socket.

An input is text to read and to change: the lines of the method, the key and the content type, and then the
body, of a GET the query. A coverage-guided fuzzer imports this file with `fakeserver` instrumented.
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
SECONDS = 2.0  # of the processor's time for one input, whatever it is; most take less than a millisecond
ENTRY_MAX = 200_000  # bytes of a journal entry as it is shown
CREDIT = 1_000_000

# Accounts whose switches take other ways through the code.
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


def written(sample: Sample, key: bytes = KEY.encode()) -> bytes:
    return b"\n".join((sample.method, key, sample.content_type, sample.data))


SEEDS = (*map(written, SAMPLES), *(written(sample, b"switched") for sample in SAMPLES))


def request_of(data: bytes) -> Request:
    method, key, content_type, body = (*data.split(b"\n", 3), b"", b"", b"")[:4]
    text = key.decode("utf-8", "surrogateescape")
    target = "/webservice/server"
    if method == b"GET":
        target += f"?key={text}&" + body.decode("utf-8", "surrogateescape")
    # The endpoint has cleaned the content type before; aiohttp lets no other method through than ASCII.
    kind = content_type.decode("ascii", "backslashreplace")
    return Request(method.decode("ascii", "backslashreplace"), target, (text,), kind, body, "127.0.0.1")


def check(data: bytes) -> None:
    """Raises for an input that is not answered as it should be."""
    began = time.process_time()
    panel = SimulatedPanel(ACCOUNTS, REAL_MS)
    handled = panel.handle(decode(request_of(data)), REAL_MS)
    answer, account, entry, reply_sent, _ = handled
    assert reply_sent is not None
    reply = json.loads(reply_sent.body)
    if reply != 0:  # the bare answer to an unknown action, where the account's switch asks for it
        assert isinstance(reply["result"], str | int), reply
    assert answer.rule, "no rule decided"
    assert answer.reason, "no reason was given"
    for known in panel.accounts.values():
        ledger = known.money(known.clock.now_ms(REAL_MS))
        assert ledger.credit == ledger.granted - ledger.charged + ledger.refunded >= 0
        if known is not account or entry.send_id is None:
            assert (ledger.credit, known.sends.accepted) == (CREDIT, 0), "credit without a send"
    shown = json.dumps(views.entry(entry), ensure_ascii=False).encode("utf-8", "backslashreplace")
    assert len(shown) <= ENTRY_MAX, f"a journal entry of {len(shown)} bytes"
    assert len(entry.reason) <= REASON_MAX
    took = time.process_time() - began
    assert took <= SECONDS, f"it took {took:.2f} seconds"
