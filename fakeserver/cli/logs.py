"""Log lines on standard error, as text or as one JSON object a line; and the line of each request."""

import json
import logging
import sys
from contextlib import suppress
from datetime import UTC, datetime

from aiohttp import web
from aiohttp.abc import AbstractAccessLogger

from fakeserver.web.service.endpoint import is_service

TEXT = "fakeserver: %(message)s"


class OneObject(logging.Formatter):
    """`{"time", "level", "message"}`, and `trace` where a bug of ours has left one."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        told = {
            "time": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
        }
        if record.exc_info:
            told["trace"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


class RequestLine(AbstractAccessLogger):
    """One line for a request to the service at level info, for any other at debug. The query is left out
    and the key is shortened, for both may be secret.
    """

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        level = logging.INFO if is_service(request.path) else logging.DEBUG
        told = (response.headers.get(name, "-") for name in ("X-Fake-Account", "X-Fake-Rule"))
        line = "%s %s %d account %s rule %s %.1f ms"
        self.logger.log(level, line, request.method, request.path, response.status, *told, time * 1000)


def set_up(level: str, form: str) -> None:
    """From now on lines of `level` (debug, info, warning, error) and above go to standard error."""
    handler = logging.StreamHandler()
    handler.setLevel(level.upper())
    handler.setFormatter(_formatter(form))
    logging.basicConfig(handlers=[handler], level=level.upper())


def request_logger() -> logging.Logger | None:
    """Where requests are logged; None when nobody would see it, which spares the server the work."""
    logger = logging.getLogger("fakeserver.requests")
    return logger if logger.isEnabledFor(logging.INFO) else None


def say(text: str, form: str) -> None:
    """The command's own word on standard error, whatever the level, in the form of the log."""
    told = {"msg": text, "levelno": logging.INFO, "levelname": "INFO"}
    if sys.stderr is not None:
        with suppress(OSError):
            sys.stderr.write(_formatter(form).format(logging.makeLogRecord(told)) + "\n")
            sys.stderr.flush()


def _formatter(form: str) -> logging.Formatter:
    return OneObject() if form == "json" else logging.Formatter(TEXT)
