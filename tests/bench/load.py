"""Full load by `wrk`: one thread, sixteen connections."""

import json
import re
import shutil
import subprocess
import tempfile
from typing import NamedTuple
from urllib.parse import urlencode

CONNECTIONS = 16
PATH = "/webservice/server"
SEND = {"action": "send", "from": "30001403", "text": "سلام، سفارش شما ارسال شد.", "receivers": "9121234567"}
_BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW"


class Load(NamedTuple):
    """One request, which is repeated."""

    method: str
    path: str
    headers: dict[str, str]
    body: str = ""


def post(content_type: str, body: str) -> Load:
    return Load("POST", PATH, {"Authorization": "test-key", "Content-Type": content_type}, body)


FORM = post("application/x-www-form-urlencoded", urlencode(SEND))
JSON = post("application/json", json.dumps(SEND))
MULTIPART = post(
    f"multipart/form-data; boundary={_BOUNDARY}",
    "".join(
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in SEND.items()
    )
    + f"--{_BOUNDARY}--\r\n",
)
CREDIT = Load("GET", f"{PATH}?key=test-key&action=credit", {})


def has_wrk() -> bool:
    return shutil.which("wrk") is not None


def requests_per_second(port: int, load: Load, seconds: float) -> float:
    """The number of requests that the server answers in a second. Raises RuntimeError if a request was not
    answered, or was answered with an HTTP error.
    """
    headers = "".join(f"wrk.headers[{_lua(name)}] = {_lua(value)}\n" for name, value in load.headers.items())
    script = f"wrk.method = {_lua(load.method)}\n{headers}wrk.body = {_lua(load.body)}\n"
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:.0f}s", "-s", file.name]
        url = f"http://127.0.0.1:{port}{load.path}"
        output = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in output or "Socket errors" in output:
        raise RuntimeError(f"{url}: {output}")
    match = re.search(r"Requests/sec:\s+([0-9.]+)", output)
    if match is None:
        raise RuntimeError(f"wrk printed no rate: {output!r}")
    return float(match[1])


def _lua(text: str) -> str:
    """The text as a Lua string with its bytes as decimal escapes."""
    return '"' + "".join(f"\\{byte:03}" for byte in text.encode()) + '"'
