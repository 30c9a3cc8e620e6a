"""Settings documents: the plain form that a configuration file and a control request hold, their defaults,
and the test keys (K1).
"""

from collections.abc import Mapping
from typing import Any

# Any JSON or TOML table; the schema says what it may hold.
Document = Mapping[str, Any]

DEFAULTS: Document = {
    "webservice_enabled": True,
    "identity_verified": True,
    "sending_verified": True,
    "billing_ok": True,
    "allowed_ips": [],
    "credit": 1_000_000,
    "prices": {"latin": 2000, "unicode": 1000},
    "max_parts": 10,
    "send_types": [1],
    "smart_sender": True,
    "lines": [
        {"number": "30001403", "ordinary": True, "service": False},
        {"number": "90001403", "ordinary": False, "service": True},
    ],
    "patterns": [
        {"code": 1001, "text": "کد ورود شما: {code}", "approved": True, "bulk": False},
        {
            "code": 1002,
            "text": "{name} گرامی، مبلغ {amount} دریافت شد.",
            "approved": True,
            "bulk": True,
        },
    ],
    "otp_apps": [
        {"id": "test-app", "template": "کد شما: {code}", "enabled": True},
        {"id": "test-app-off", "template": "کد شما: {code}", "enabled": False},
    ],
    "otp_names": {"action": "sendOTP", "app": "appID", "code": "code"},
    "phonebook_enabled": True,
    "phonebooks": [{"id": 1403, "name": "مشتریان", "contacts": []}],
    "fields": [
        {"id": "FYa12346", "name": "تاریخ تولد", "kind": "date", "options": [], "unique": False},
        {"id": "FMjUyMjUz", "name": "نام", "kind": "text", "options": [], "unique": False},
        {
            "id": "FMzQ5NDA2",
            "name": "شغل",
            "kind": "choice",
            "options": ["معلم", "پزشک", "مهندس"],
            "unique": False,
        },
        {"id": "FMTAwMQ", "name": "امتیاز", "kind": "number", "options": [], "unique": False},
        {"id": "FMTAwMg", "name": "کد مشتری", "kind": "text", "options": [], "unique": True},
    ],
    "blacklist": [],
    "forbidden_words": [],
    "monitoring": "automatic",
    "timeline": "default",
    "outcomes": {},
    "seed": 1403,
    "clock": "real",
    "validity_seconds": 86_400,
    "archive_after_seconds": 259_200,
    "keep_sends": 100_000,
    "reserved_receivers": True,
    "reply_names": {"send_id": "sendID", "credit": "credit"},
    "reply_scalars": "strings",
    "key_placement": "by_method",
    "unknown_action": "100",
    "bad_receivers": "refuse",
    "received": "keep",
    "archived_receivers": "empty",
    "fields_reply": "by_field",
}

# Defaults of the tables in a list.
ITEM_DEFAULTS: Mapping[str, Document] = {
    "lines": {"ordinary": True, "service": False},
    "patterns": {"approved": True, "bulk": False},
    "otp_apps": {"enabled": True},
    "phonebooks": {"name": "", "contacts": []},
    "fields": {"name": "", "options": [], "unique": False},
}

# From the block that is reserved for documentation, so no caller has it.
UNREACHABLE_ADDRESS = "192.0.2.1"

TEST_KEYS: tuple[Document, ...] = (
    {"key": "test-key"},
    {"key": "test-key-disabled", "webservice_enabled": False},
    {"key": "test-key-unverified", "identity_verified": False},
    {"key": "test-key-ip", "allowed_ips": [UNREACHABLE_ADDRESS]},
    {"key": "test-key-poor", "credit": 0},
    {"key": "test-key-billing", "billing_ok": False},
    {"key": "test-key-unverified-sender", "sending_verified": False},
    {"key": "test-key-manual", "monitoring": "manual"},
    {"key": "test-key-no-phonebook", "phonebook_enabled": False},
)


def complete(document: Document) -> Document:
    """The document with its defaults filled in, those of its tables included."""
    full = {**DEFAULTS, **document}
    for name in ("otp_names", "reply_names"):
        full[name] = {**DEFAULTS[name], **full[name]}
    for name, defaults in ITEM_DEFAULTS.items():
        full[name] = [{**defaults, **item} for item in full[name]]
    return full
