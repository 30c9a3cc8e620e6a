"""Removal of the API key from texts that an error quotes. No I/O."""

from __future__ import annotations

import html
import json
import re
from urllib.parse import quote


def redact(text: str, secret: str) -> str:
    """Replace every occurrence of `secret` with `***`. An empty `secret` replaces nothing.

    A panel may echo the key in a URL, in JSON or in HTML, so the escaped spellings are replaced as well.
    """
    if not secret:
        return text
    in_json = json.dumps(secret)[1:-1]
    spellings = {
        secret,
        quote(secret, safe=""),
        quote(secret),
        in_json,
        in_json.replace("/", r"\/"),
        html.escape(secret),
        html.escape(secret, quote=False),
    }
    longest_first = sorted(map(re.escape, spellings), key=len, reverse=True)
    return re.sub("|".join(longest_first), "***", text, flags=re.IGNORECASE)
