"""The certificate of `--tls-cert` and `--tls-key`."""

import ssl
from pathlib import Path

from fakeserver.cli.errors import CommandError
from fakeserver.cli.os_errors import reason
from fakeserver.cli.resolve import ResolvedOptions


def tls_context(resolved: ResolvedOptions) -> ssl.SSLContext | None:
    """The context that serves the certificate, or None if none was given. Raises CommandError."""
    cert, key = resolved.options.tls_cert, resolved.options.tls_key
    if cert is None or key is None:
        return None
    for name, path in (("tls_cert", cert), ("tls_key", key)):
        try:
            Path(path).read_bytes()
        except OSError as error:
            raise CommandError(f"{resolved.source(name)}: {path}: {reason(error)}") from None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(cert, key, _refuse_password)
    except (OSError, ValueError) as error:
        sources = f"{resolved.source('tls_cert')}, {resolved.source('tls_key')}"
        problem = f"{cert} and {key} are not a certificate and its private key"
        raise CommandError(f"{sources}: {problem}: {error}") from None
    return context


def _refuse_password() -> str:
    """Without this callback OpenSSL would ask for the password at the terminal."""
    raise ValueError("the key is encrypted")
