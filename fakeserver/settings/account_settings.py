"""The settings of an account, as the panel uses them.

They are built from a settings document (`defaults.py`) that has been checked (`configuration.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import NamedTuple

from fakeserver.notation.phone_numbers import normalised
from fakeserver.settings.defaults import TEST_KEYS, Document, complete
from fakeserver.spec.alphabet import Alphabet
from fakeserver.spec.outcomes import Outcome
from fakeserver.spec.timelines import TIMELINES, Timeline
from fakeserver.spec.units import Rials

COUNTRY_CODE = "98"


class SenderLine(NamedTuple):
    """A sender line and the kinds of message that it may send."""

    number: str
    ordinary: bool
    service: bool


class Pattern(NamedTuple):
    """A pattern (P4, P5, P6); `bulk` allows several receivers."""

    code: int
    text: str
    approved: bool
    bulk: bool


class OtpApp(NamedTuple):
    """An application of one-time codes (O4, O5); `template` is the text of its messages."""

    id: str
    template: str
    enabled: bool


class OtpNames(NamedTuple):
    """The names of the one-time-code action and its own parameters in this account (O)."""

    action: str
    app: str
    code: str


class Field(NamedTuple):
    """A custom field of contacts; `kind` is text, number, date or choice (X4)."""

    id: str
    name: str
    kind: str
    options: tuple[str, ...]
    unique: bool


class ReplyNames(NamedTuple):
    """The places of two members whose real names the guide does not give: paths of keys (C2)."""

    send_id: tuple[str, ...]
    credit: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One account's settings; money is whole rials, time whole milliseconds."""

    key: str
    webservice_enabled: bool
    identity_verified: bool
    sending_verified: bool
    billing_ok: bool
    allowed_ips: tuple[IPv4Network | IPv6Network, ...]
    credit: Rials
    prices: Mapping[Alphabet, Rials]
    max_parts: int
    send_types: frozenset[int]
    smart_sender: bool
    lines: Mapping[str, SenderLine]
    patterns: Mapping[int, Pattern]
    otp_apps: Mapping[str, OtpApp]
    otp_names: OtpNames
    phonebook_enabled: bool
    phonebooks: tuple[Document, ...]
    fields: Mapping[str, Field]
    blacklist: tuple[str, ...]
    forbidden_words: tuple[str, ...]
    manual_monitoring: bool
    timeline: Timeline
    outcomes: Mapping[Outcome, float]
    seed: int
    clock_frozen: bool
    validity_ms: int
    archive_after_ms: int
    keep_sends: int
    reserved_receivers: bool
    reply_names: ReplyNames
    native_scalars: bool
    key_anywhere: bool
    unknown_action: str
    skip_bad_receivers: bool
    received_once: bool
    archived_receivers: str
    single_field_code: bool
    document: Document  # the complete document that these settings were built from

    @classmethod
    def build(cls, document: Document) -> "Settings":
        """Build settings from a document that was checked; members that it leaves out get their defaults."""
        full = complete(document)
        return cls(
            key=full["key"],
            webservice_enabled=full["webservice_enabled"],
            identity_verified=full["identity_verified"],
            sending_verified=full["sending_verified"],
            billing_ok=full["billing_ok"],
            allowed_ips=tuple(map(_network, full["allowed_ips"])),
            credit=Rials(int(full["credit"])),
            prices={alphabet: Rials(int(full["prices"][alphabet])) for alphabet in Alphabet},
            max_parts=int(full["max_parts"]),
            send_types=frozenset(int(number) for number in full["send_types"]),
            smart_sender=full["smart_sender"],
            lines={item["number"]: SenderLine(**item) for item in full["lines"]},
            patterns={int(item["code"]): Pattern(**item) for item in full["patterns"]},
            otp_apps={item["id"]: OtpApp(**item) for item in full["otp_apps"]},
            otp_names=OtpNames(**full["otp_names"]),
            phonebook_enabled=full["phonebook_enabled"],
            phonebooks=tuple(full["phonebooks"]),
            fields={item["id"]: field_of(item) for item in full["fields"]},
            blacklist=tuple(normalised(number) for number in full["blacklist"]),
            forbidden_words=tuple(word.casefold() for word in full["forbidden_words"]),
            manual_monitoring=full["monitoring"] == "manual",
            timeline=_timeline(full["timeline"]),
            outcomes={Outcome(word): weight for word, weight in full["outcomes"].items()},
            seed=int(full["seed"]),
            clock_frozen=full["clock"] == "frozen",
            validity_ms=milliseconds(full["validity_seconds"]),
            archive_after_ms=milliseconds(full["archive_after_seconds"]),
            keep_sends=int(full["keep_sends"]),
            reserved_receivers=full["reserved_receivers"],
            reply_names=ReplyNames(
                **{name: tuple(path.split(".")) for name, path in full["reply_names"].items()}
            ),
            native_scalars=full["reply_scalars"] == "native",
            key_anywhere=full["key_placement"] == "anywhere",
            unknown_action=full["unknown_action"],
            skip_bad_receivers=full["bad_receivers"] == "skip",
            received_once=full["received"] == "once",
            archived_receivers=full["archived_receivers"],
            single_field_code=full["fields_reply"] == "single",
            document=full,
        )

    def line_number(self, sender: str) -> str:
        """The account's own spelling of a line, which may be written with the country code (S6)."""
        if sender not in self.lines and sender.startswith(COUNTRY_CODE):
            return sender.removeprefix(COUNTRY_CODE)
        return sender


def milliseconds(seconds: float) -> int:
    """The nearest whole number of milliseconds."""
    return round(seconds * 1000)


def default_accounts() -> tuple[Settings, ...]:
    """The accounts that exist when no configuration names any (K1)."""
    return tuple(Settings.build(document) for document in TEST_KEYS)


def field_of(item: Document) -> Field:
    return Field(**{**item, "options": tuple(item["options"])})


def _network(text: str) -> IPv4Network | IPv6Network:
    """An address or a network. An IPv4-mapped IPv6 address becomes IPv4, as it does for callers."""
    network = ip_network(text, strict=False)
    mapped = network.network_address.ipv4_mapped if isinstance(network, IPv6Network) else None
    return network if mapped is None else IPv4Network((mapped, max(0, network.prefixlen - 96)))


def _timeline(value: str | Mapping[str, list[float]]) -> Timeline:
    if isinstance(value, str):
        return TIMELINES[value]
    default = TIMELINES["default"]
    offsets = {kind: tuple(milliseconds(at) for at in value[kind]) for kind in value}
    return Timeline(offsets.get("ordinary", default.ordinary), offsets.get("pattern", default.pattern))
