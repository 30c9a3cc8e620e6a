"""What a user writes to say where a fake is, and how a fake is recognised. Standard library only."""

from urllib.parse import urlsplit

EXAMPLE = "http://127.0.0.1:1403"
SERVICE_PATH = "/webservice/server"
_ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - what may be reached instead


def reachable(host: str) -> str:
    """Where this machine reaches what listens at `host`."""
    return _ANY.get(host, host)


def url_of(scheme: str, host: str, port: int) -> str:
    """The base URL of what listens there."""
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def base_url(text: str) -> str | None:
    """The base URL without a final slash, of a base or of the service's own URL; None for what is neither:
    another scheme, no host, something beside them.
    """
    try:
        parts = urlsplit(text)
        right = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    beside = parts.query or parts.fragment or "@" in parts.netloc
    if not right or beside or not text.isascii() or not text.isprintable() or " " in text:
        return None
    return text.rstrip("/").removesuffix(SERVICE_PATH)


def is_health_of_a_fake(document: object) -> bool:
    """Whether this answered `GET /_fake/health` of a fake that is up."""
    return (
        isinstance(document, dict)
        and document.get("status") == "ok"
        and "version" in document
        and "accounts" in document
    )
