"""Tools of other projects use openapi.json. Each is installed into a temporary folder.

Prism, from npm, is a mock server that refuses requests that violate the document. Schemathesis, from PyPI,
makes requests to the simulator from the document and validates the replies.
"""

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import mydnspanel_contracts as contracts
import pytest
from mydnspanel_contracts import validate_reply

from tests.command import environment as clean_environment, request, started
from tests.docs.tools import needs_node
from tests.wheel import environment

FILE = Path(contracts.__file__).parent / "openapi.json"
DOCUMENT: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
REQUESTS = [example["value"] for example in DOCUMENT["components"]["examples"].values()]
TIMEOUT_SECONDS = 300  # for a tool or its installation
FORM = "application/x-www-form-urlencoded"

pytestmark = pytest.mark.slow

# Prism


class Answer(NamedTuple):
    status: int
    body: Any


def needs_npm_registry() -> None:
    needs_node()
    if subprocess.run(["npm", "ping"], capture_output=True, timeout=TIMEOUT_SECONDS, check=False).returncode:
        pytest.skip("npm cannot reach its registry to install Prism")


@contextmanager
def prism(folder: Path) -> Iterator[str]:
    """Run Prism with the document on a free port. Gives its base URL."""
    install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder)]
    subprocess.run([*install, "@stoplight/prism-cli@5"], check=True, timeout=TIMEOUT_SECONDS)
    command = [str(folder / "node_modules" / ".bin" / "prism"), "mock", "--host", "127.0.0.1", "--port", "0"]
    with subprocess.Popen(
        [*command, str(FILE)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            assert process.stdout is not None
            output = ""
            while not (found := re.search(r"listening on (\S+)", output)):
                line = process.stdout.readline()
                assert line, output
                output += line
            yield found[1]
        finally:
            process.kill()


def answer_to(
    url: str, body: bytes | None = None, content_type: str = FORM, key: str = "any", example: str = "send-1"
) -> Answer:
    """The answer to a GET, or to a POST if there is a body. Prism should choose the answer `example`."""
    headers = {"Prefer": f"example={example}", "Content-Type": content_type, "Authorization": key}
    try:
        with urlopen(Request(url, body, {k: v for k, v in headers.items() if v}), timeout=30) as reply:  # noqa: S310
            return Answer(reply.status, json.load(reply))
    except HTTPError as error:
        with error:
            return Answer(error.code, json.load(error))


def as_texts(params: dict[str, Any]) -> dict[str, str]:
    """Lists, objects and numbers as JSON text, which is their notation in a form of the document."""
    return {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in params.items()
    }


def form_body(params: dict[str, Any]) -> bytes:
    return urlencode(as_texts(params)).encode()


def multipart_body(params: dict[str, Any]) -> bytes:
    """A multipart body with the boundary `X`."""
    part = '--X\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    return "".join([*(part.format(*item) for item in as_texts(params).items()), "--X--\r\n"]).encode()


def test_prism_mocks_the_panel_and_refuses_requests_that_violate_the_document(tmp_path: Path) -> None:
    needs_npm_registry()
    with prism(tmp_path) as base:
        url = f"{base}/webservice/server"
        for params in REQUESTS:
            as_json = json.dumps(params).encode()
            success = f"{params['action']}-1"
            for answer in (
                answer_to(url, form_body(params), example=success),
                answer_to(url, multipart_body(params), "multipart/form-data; boundary=X", example=success),
                answer_to(url, as_json, "application/json", example=success),
                answer_to(f"{url}?key=any&{form_body(params).decode()}", example=success),
            ):
                assert answer.status == 200, (params, answer)
                assert answer.body["result"] == "1"
                validate_reply(params["action"], answer.body)
        good = REQUESTS[0]
        assert answer_to(url, form_body(good), example="send-109") == Answer(200, {"result": "109"})
        assert answer_to(url, form_body(good), example="gate--1") == Answer(200, {"result": "-1"})
        # Prism answers these with its own HTTP statuses, not with codes of the panel.
        assert answer_to(url, form_body(good), key="").status == 401
        assert answer_to(f"{url}?{form_body(good).decode()}").status == 401
        for changes in ({"action": "Send"}, {"receivers": "912"}, {"trySend": "11"}, {"text": " "}):
            assert answer_to(url, form_body(good | changes)).status == 422, changes
        assert answer_to(f"{url}?key=any&{form_body(good | {'trySend': '11'}).decode()}").status == 422


# Schemathesis

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
KEYS = """
[auth.openapi.keyInQuery]
api_key = "test-key"
[auth.openapi.keyInHeader]
api_key = "test-key"
"""


def schemathesis(python: Path, folder: Path, url: str, phases: str) -> subprocess.CompletedProcess[str]:
    """Make requests from the document, without random ones, to the simulator at this URL."""
    (folder / "keys.toml").write_text(KEYS)
    command = [
        str(python.with_name("schemathesis")),
        "--config-file",
        "keys.toml",
        "run",
        str(FILE),
        "--url",
        url,
    ]
    return subprocess.run(
        [*command, "--phases", phases, "--checks", CHECKS, "--seed", "1403"],
        cwd=folder,
        env=clean_environment(NO_COLOR="1"),
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )


def test_schemathesis_finds_that_the_simulator_satisfies_the_document(tmp_path: Path) -> None:
    python = environment(tmp_path / "environment", "schemathesis>=4,<5")
    with started() as server:
        result = schemathesis(python, tmp_path, server.url, "examples,coverage")
        assert result.returncode == 0, result.stdout + result.stderr
        # Both keys were in the right place, and the parameters were understood.
        entries = request(f"{server.url}/_fake/accounts/test-key/journal")["entries"]
        by_method = {
            method: {entry["rule"] for entry in entries if entry["method"] == method}
            for method in ("GET", "POST")
        }
        assert by_method["GET"] >= {"S12", "C1", "T1", "I1", "R2", "O9", "N5"}
        assert by_method["POST"] >= {"S12", "P9", "O9", "R2", "C1", "I1", "T1", "N4", "N5"}
        # A simulator with the credit in another member violates the document.
        settings = {"reply_names": {"credit": "data.remaining"}}
        change = Request(  # noqa: S310
            f"{server.url}/_fake/accounts/test-key", json.dumps(settings).encode(), method="PATCH"
        )
        with urlopen(change, timeout=10):  # noqa: S310
            violation = schemathesis(python, tmp_path, server.url, "examples")
        assert violation.returncode == 1
        assert "Response violates schema" in violation.stdout
        assert "remaining" in violation.stdout
