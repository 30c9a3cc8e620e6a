"""Removal of API keys from text that comes from elsewhere."""

import html
import json
from urllib.parse import quote, quote_plus

REPLACEMENT = "[key]"


class Secret:
    """An API key that must not be printed. Only `value` holds it."""

    def __init__(self, value: str) -> None:
        self.value = value
        spellings = {
            value,
            quote(value, safe=""),
            quote(value),
            quote_plus(value),
            json.dumps(value)[1:-1],
            html.escape(value),
        }
        self._spellings = sorted(filter(None, spellings), key=len, reverse=True)

    def __repr__(self) -> str:
        return REPLACEMENT

    def redact(self, text: str) -> str:
        """Replace the key in `text`, also where it is percent-encoded or escaped for JSON or HTML."""
        for spelling in self._spellings:
            text = text.replace(spelling, REPLACEMENT)
        return text
