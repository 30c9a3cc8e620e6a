"""The log: `--log-level` and `--log-format`."""

import json
import logging
import socket

import pytest

from fakeserver.cli.logs import JsonFormatter
from tests.command import request, started


def test_level_info_logs_requests_to_the_service_with_a_shortened_key() -> None:
    key = "&key=test-key-manual"
    with started("--log-level", "info", "--log-format", "json") as server:
        assert request(f"{server.url}/webservice/server?action=status{key}") == {"result": "1"}
        request(f"{server.url}/_fake/health")
        status, errors = server.stop()
    (line,) = map(json.loads, errors.splitlines())
    assert (status, set(line), line["level"]) == (0, {"time", "level", "message"}, "info")
    assert line["message"].startswith("GET /webservice/server 200 account test...al rule T1 ")


def test_the_json_of_an_exception_has_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError) as bug:
        _ = 1 / 0
    exception = (bug.type, bug.value, bug.tb)
    record = logging.LogRecord("fakeserver", logging.ERROR, "", 0, "a bug in %s", ("us",), exception)
    line = json.loads(JsonFormatter().format(record))
    assert (line["level"], line["message"]) == ("error", "a bug in us")
    assert line["trace"].startswith("Traceback (most recent call last):\n")
    assert line["trace"].endswith("\nZeroDivisionError: division by zero")


@pytest.mark.parametrize(
    ("level", "log_format", "lines"), [("warning", "text", 1), ("warning", "json", 1), ("error", "text", 0)]
)
def test_a_malformed_request_is_one_line_of_level_warning(level: str, log_format: str, lines: int) -> None:
    with started("--log-level", level, "--log-format", log_format) as server:
        with socket.create_connection(("127.0.0.1", int(server.port)), timeout=10) as connection:
            connection.sendall(b"NO HTTP AT ALL\r\n\r\n")
            connection.recv(10_000)
        status, errors = server.stop()
    assert (status, errors.count("\n")) == (0, lines)
    assert "Traceback" not in errors
