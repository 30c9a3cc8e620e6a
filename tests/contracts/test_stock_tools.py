"""contracts/openapi.json in the hands of tools that are not ours, each installed once, in a place of its own.

Prism, from npm, plays the panel by the document and refuses requests that are not by it. Schemathesis, from
PyPI, makes requests by the document to the simulator and judges the replies by it.
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
from tests.languages.tools import needs_node
from tests.wheel import environment

FILE = Path(contracts.__file__).parent / "openapi.json"
DOCUMENT: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
REQUESTS = [example["value"] for example in DOCUMENT["components"]["examples"].values()]
SECONDS = 300  # before a tool, or its installation, counts as hanging
FORM = "application/x-www-form-urlencoded"


# Prism


class Answer(NamedTuple):
    status: int
    body: Any


def needs_npm_registry() -> None:
    needs_node()
    if subprocess.run(["npm", "ping"], capture_output=True, timeout=SECONDS, check=False).returncode:
        pytest.skip("npm does not reach its registry, from which Prism would come")


@contextmanager
def prism(folder: Path) -> Iterator[str]:
    """Prism with the document, on a free port; its base URL."""
    install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder)]
    subprocess.run([*install, "@stoplight/prism-cli@5"], check=True, timeout=SECONDS)
    command = [str(folder / "node_modules" / ".bin" / "prism"), "mock", "--host", "127.0.0.1", "--port", "0"]
    with subprocess.Popen(
        [*command, str(FILE)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as running:
        try:
            assert running.stdout is not None
            said = ""
            while not (found := re.search(r"listening on (\S+)", said)):
                line = running.stdout.readline()
                assert line, said
                said += line
            yield found[1]
        finally:
            running.kill()


def ask(
    url: str, body: bytes | None = None, content_type: str = FORM, key: str = "any", example: str = "send-1"
) -> Answer:
    """The answer to a GET, or with a body to a POST; `example` is the one that is wanted."""
    headers = {"Prefer": f"example={example}", "Content-Type": content_type, "Authorization": key}
    try:
        with urlopen(Request(url, body, {k: v for k, v in headers.items() if v}), timeout=30) as reply:  # noqa: S310
            return Answer(reply.status, json.load(reply))
    except HTTPError as error:
        with error:
            return Answer(error.code, json.load(error))


def as_texts(params: dict[str, Any]) -> dict[str, str]:
    """Lists, objects and numbers as JSON text, which is how the document has a form hold them."""
    return {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in params.items()
    }


def in_form(params: dict[str, Any]) -> bytes:
    return urlencode(as_texts(params)).encode()


def in_parts(params: dict[str, Any]) -> bytes:
    """A multipart body with the boundary `X`."""
    part = '--X\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    return "".join([*(part.format(*item) for item in as_texts(params).items()), "--X--\r\n"]).encode()


def test_prism_plays_the_panel_and_refuses_what_is_not_by_the_document(tmp_path: Path) -> None:
    needs_npm_registry()
    with prism(tmp_path) as base:
        url = f"{base}/webservice/server"
        for params in REQUESTS:
            as_json = json.dumps(params).encode()
            success = f"{params['action']}-1"
            for answer in (
                ask(url, in_form(params), example=success),
                ask(url, in_parts(params), "multipart/form-data; boundary=X", example=success),
                ask(url, as_json, "application/json", example=success),
                ask(f"{url}?key=any&{in_form(params).decode()}", example=success),
            ):
                assert answer.status == 200, (params, answer)
                assert answer.body["result"] == "1"
                validate_reply(params["action"], answer.body)
        good = REQUESTS[0]
        assert ask(url, in_form(good), example="send-109") == Answer(200, {"result": "109"})
        assert ask(url, in_form(good), example="gate--1") == Answer(200, {"result": "-1"})
        # Prism has no code of the panel for these, only statuses of its own.
        assert ask(url, in_form(good), key="").status == 401
        assert ask(f"{url}?{in_form(good).decode()}").status == 401
        for changes in ({"action": "Send"}, {"receivers": "912"}, {"trySend": "11"}, {"text": " "}):
            assert ask(url, in_form(good | changes)).status == 422, changes
        assert ask(f"{url}?key=any&{in_form(good | {'trySend': '11'}).decode()}").status == 422


# Schemathesis

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
KEYS = """
[auth.openapi.keyInQuery]
api_key = "test-key"
[auth.openapi.keyInHeader]
api_key = "test-key"
"""


def schemathesis(python: Path, folder: Path, url: str, phases: str) -> subprocess.CompletedProcess[str]:
    """Requests that follow from the document and no chance, to the simulator at this URL."""
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
        timeout=SECONDS,
        check=False,
    )


def test_schemathesis_finds_the_simulator_true_to_the_document(tmp_path: Path) -> None:
    python = environment(tmp_path / "environment", "schemathesis>=4,<5")
    with started() as server:
        true = schemathesis(python, tmp_path, server.url, "examples,coverage")
        assert true.returncode == 0, true.stdout + true.stderr
        # Both keys came where they belong, and what was asked was understood.
        entries = request(f"{server.url}/_fake/accounts/test-key/journal")["entries"]
        by_method = {
            method: {entry["rule"] for entry in entries if entry["method"] == method}
            for method in ("GET", "POST")
        }
        assert by_method["GET"] >= {"S12", "C1", "T1", "I1", "R2", "O9", "N5"}
        assert by_method["POST"] >= {"S12", "P9", "O9", "R2", "C1", "I1", "T1", "N4", "N5"}
        # A simulator whose credit stands elsewhere is not what the document describes.
        settings = {"reply_names": {"credit": "data.remaining"}}
        change = Request(  # noqa: S310
            f"{server.url}/_fake/accounts/test-key", json.dumps(settings).encode(), method="PATCH"
        )
        with urlopen(change, timeout=10):  # noqa: S310
            untrue = schemathesis(python, tmp_path, server.url, "examples")
        assert untrue.returncode == 1
        assert "Response violates schema" in untrue.stdout
        assert "remaining" in untrue.stdout
