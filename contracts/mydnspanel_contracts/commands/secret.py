"""Keys are blacked out of everything that comes from elsewhere."""

import html
import json
from urllib.parse import quote, quote_plus

BLACK = "[key]"


class Secret:
    """A key that must not be shown. Short of looking at this object's `text`, nobody sees it."""

    def __init__(self, text: str) -> None:
        self.text = text
        written = {
            text,
            quote(text, safe=""),
            quote(text),
            quote_plus(text),
            json.dumps(text)[1:-1],
            html.escape(text),
        }
        self._written = sorted(filter(None, written), key=len, reverse=True)

    def __repr__(self) -> str:
        return BLACK

    def blacked_out(self, text: str) -> str:
        """The text without the key, in whatever notation it stands there."""
        for written in self._written:
            text = text.replace(written, BLACK)
        return text
