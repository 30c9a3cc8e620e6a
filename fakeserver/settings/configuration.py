"""The configuration file, and documents of settings: checked as a whole, and turned into settings.

What a document's members look like says the schema; what must hold between them, `consistency.py`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fakeserver.settings.account_settings import Document, Settings
from fakeserver.settings.consistency import inconsistencies
from fakeserver.settings.schema import Problem, problems_of, problems_of_configuration


class ConfigurationError(ValueError):
    """Raised with every problem that was found; its text is one line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class Configuration:
    """`server` holds the options of `serve`; `documents`, the accounts', is empty when there are none."""

    server: Mapping[str, Any] = field(default_factory=dict)
    documents: tuple[Document, ...] = ()

    @property
    def accounts(self) -> tuple[Settings, ...]:
        return self.accounts_above({})

    def accounts_above(self, defaults: Document) -> tuple[Settings, ...]:
        """The accounts' settings, where `defaults` stand for members that a document leaves out."""
        return tuple(Settings.build({**defaults, **document}) for document in self.documents)


def load(path: Path) -> Configuration:
    """Read a configuration file. Raises ConfigurationError, OSError when it cannot be read."""
    import tomllib  # noqa: PLC0415 - nothing else needs it, and a server starts without a file more often

    try:
        document = tomllib.loads(path.read_bytes().decode())
    except (ValueError, RecursionError) as error:
        # Not TOML, not UTF-8, a number of thousands of digits, or nested as deep.
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
    problems = problems_of("Account", document)
    problems = problems or [Problem(*found) for found in inconsistencies(document, "")]
    if problems:
        raise ConfigurationError(problems)
    return Settings.build(document)


def _repeated_keys(accounts: Iterable[Document]) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, account in enumerate(accounts):
        if account["key"] in seen:
            yield Problem(f"accounts[{place}].key", "another account has this key; each needs its own")
        seen.add(account["key"])
