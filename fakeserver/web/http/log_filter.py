"""A filter for aiohttp's log: a request that is not HTTP gets one line instead of a traceback.

Exceptions of fakeserver itself keep their tracebacks, because they are bugs.
"""

import logging

from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web import RequestPayloadError


class OneLineFilter(logging.Filter):
    """Reduces a malformed request to one line, and drops records about connections that were closed."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, HttpProcessingError | RequestPayloadError):
            record.msg, record.args = "malformed request: %s", (_one_line(str(error)),)
            record.exc_info = record.exc_text = None
            record.levelno, record.levelname = logging.WARNING, "WARNING"
            return True
        return record.levelno >= logging.WARNING and not isinstance(error, ConnectionError)


def _one_line(text: str) -> str:
    return " ".join(text.split())[:200]


def http_logger() -> logging.Logger:
    """The logger to give to aiohttp. Its level lets everything through to the filter."""
    logger = logging.getLogger("fakeserver.http")
    logger.setLevel(logging.DEBUG)
    if not any(isinstance(known, OneLineFilter) for known in logger.filters):
        logger.addFilter(OneLineFilter())
    return logger
