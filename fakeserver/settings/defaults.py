"""Settings documents: the plain form that a configuration file and a control request hold, their defaults,
and the test keys (K1).

The schema of the configuration file holds the defaults, beside the shape of each setting.
"""

from collections.abc import Mapping
from typing import Any

from fakeserver.settings import schema

# Any JSON or TOML table; the schema says what it may hold.
Document = Mapping[str, Any]


def _defaults(rules: Mapping[str, Mapping[str, Any]]) -> Document:
    return {name: rule["default"] for name, rule in rules.items() if "default" in rule}


_RULES: Mapping[str, Mapping[str, Any]] = schema.configuration()["$defs"]["account"]["properties"]

DEFAULTS = _defaults(_RULES)

# For each setting that is a list of tables: the defaults of the members of those tables.
ITEM_DEFAULTS: Mapping[str, Document] = {
    name: _defaults(rule["items"]["properties"])
    for name, rule in _RULES.items()
    if "properties" in rule.get("items", {})
}

# From a block that is reserved for documentation (RFC 5737), so no caller has it.
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
    """The document with its defaults filled in, including those of its tables."""
    full = {**DEFAULTS, **document}
    for name in ("otp_names", "reply_names"):
        full[name] = {**DEFAULTS[name], **full[name]}
    for name, defaults in ITEM_DEFAULTS.items():
        full[name] = [{**defaults, **item} for item in full[name]]
    return full
