"""URLs of a fake as users write them, and how to recognise a fake."""

from urllib.parse import urlsplit

EXAMPLE = "http://127.0.0.1:1403"
SERVICE_PATH = "/webservice/server"
_UNSPECIFIED = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - reachable at the loopback address


def reachable(host: str) -> str:
    """The host under which this machine reaches a server that listens at `host`."""
    return _UNSPECIFIED.get(host, host)


def url_of(scheme: str, host: str, port: int) -> str:
    """The base URL of a server that listens at `host` and `port`."""
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def base_url(text: str) -> str | None:
    """The base URL, without a final slash, that `text` gives as a base URL or as the endpoint's URL. None for
    anything else, such as another scheme, a missing host, or a query.
    """
    try:
        parts = urlsplit(text)
        right = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    extra = parts.query or parts.fragment or "@" in parts.netloc
    if not right or extra or not text.isascii() or not text.isprintable() or " " in text:
        return None
    return text.rstrip("/").removesuffix(SERVICE_PATH)


def is_health_of_a_fake(document: object) -> bool:
    """Whether `document` is the reply of a healthy fake to `GET /_fake/health`."""
    return (
        isinstance(document, dict)
        and document.get("status") == "ok"
        and "version" in document
        and "accounts" in document
    )
