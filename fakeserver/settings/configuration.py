"""The configuration file, and settings documents: checked as a whole, then turned into settings.

The schema describes each member; `consistency.py` checks what must hold between members.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from fakeserver.settings.account_settings import Settings
from fakeserver.settings.consistency import inconsistencies
from fakeserver.settings.defaults import Document
from fakeserver.settings.schema import Problem, problems_of_account, problems_of_configuration


class ConfigurationError(ValueError):
    """The configuration is not valid. `problems` holds every problem; the message is one line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class Configuration:
    """`server` holds the options of `serve`, `documents` the accounts of the file, if it has any."""

    server: Mapping[str, Any] = field(default_factory=dict)
    documents: tuple[Document, ...] = ()

    @property
    def accounts(self) -> tuple[Settings, ...]:
        return self.accounts_above({})

    def accounts_above(self, defaults: Document) -> tuple[Settings, ...]:
        """The accounts' settings; `defaults` fill in members that a document leaves out."""
        return tuple(Settings.build({**defaults, **document}) for document in self.documents)


def parse_toml(content: bytes) -> Configuration:
    """The configuration in a file with that content. Raises ConfigurationError."""
    import tomllib  # noqa: PLC0415 - most starts need no file

    try:
        document = tomllib.loads(content.decode())
    except (ValueError, RecursionError) as error:
        # Not TOML, not UTF-8, a number with thousands of digits, or nested too deeply.
        raise ConfigurationError([Problem("", f"not TOML: {error}")]) from None
    return parse(document)


def parse(document: Document) -> Configuration:
    """A configuration from its document. Raises ConfigurationError."""
    problems = problems_of_configuration(document)
    accounts = document.get("accounts", [])
    if not problems:
        for place, account in enumerate(accounts):
            problems += (Problem(*found) for found in inconsistencies(account, f"accounts[{place}]"))
        problems += _repeated_keys(accounts)
    if problems:
        raise ConfigurationError(problems)
    return Configuration(document.get("server", {}), tuple(accounts))


def parse_account(document: Document) -> Settings:
    """One account's settings from their document, `key` included. Raises ConfigurationError."""
    problems = problems_of_account(document)
    problems = problems or [Problem(*found) for found in inconsistencies(document, "")]
    if problems:
        raise ConfigurationError(problems)
    return Settings.build(document)


def _repeated_keys(accounts: Iterable[Document]) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, account in enumerate(accounts):
        if account["key"] in seen:
            yield Problem(f"accounts[{place}].key", "another account has this key; each one should be unique")
        seen.add(account["key"])
