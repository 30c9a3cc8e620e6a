"""The log on standard error, as text or as one JSON object a line, and the log line of each request."""

import json
import logging
import sys
from contextlib import suppress
from datetime import UTC, datetime

from aiohttp import web
from aiohttp.abc import AbstractAccessLogger

from fakeserver.web.service.endpoint import is_service

TEXT_FORMAT = "fakeserver: %(message)s"


class JsonFormatter(logging.Formatter):
    """An object with `time`, `level` and `message`, and with `trace` if an exception is logged."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        document = {
            "time": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
        }
        if record.exc_info:
            document["trace"] = self.formatException(record.exc_info)
        return json.dumps(document, ensure_ascii=False)


class AccessLogger(AbstractAccessLogger):
    """Logs a request to the service at level info, and any other at level debug.

    The line leaves out the query and shortens the API key, because both may be secret.
    """

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        level = logging.INFO if is_service(request.path) else logging.DEBUG
        account, rule = (response.headers.get(name, "-") for name in ("X-Fake-Account", "X-Fake-Rule"))
        line = "%s %s %d account %s rule %s %.1f ms"
        self.logger.log(
            level, line, request.method, request.path, response.status, account, rule, time * 1000
        )


def configure(level: str, log_format: str) -> None:
    """Log lines of this level (debug, info, warning, error) and above to standard error."""
    handler = logging.StreamHandler()
    handler.setLevel(level.upper())
    handler.setFormatter(_formatter(log_format))
    logging.basicConfig(handlers=[handler], level=level.upper())


def request_logger() -> logging.Logger | None:
    """The logger of requests, or None if its lines are not shown, which spares the server the work."""
    logger = logging.getLogger("fakeserver.requests")
    return logger if logger.isEnabledFor(logging.INFO) else None


def write_message(text: str, log_format: str) -> None:
    """Write a message of the command to standard error, in the format of the log, whatever its level."""
    record = logging.makeLogRecord({"msg": text, "levelno": logging.INFO, "levelname": "INFO"})
    if sys.stderr is not None:
        with suppress(OSError):
            sys.stderr.write(_formatter(log_format).format(record) + "\n")
            sys.stderr.flush()


def _formatter(log_format: str) -> logging.Formatter:
    return JsonFormatter() if log_format == "json" else logging.Formatter(TEXT_FORMAT)
