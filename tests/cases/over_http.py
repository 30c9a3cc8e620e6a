"""Cases against a server over HTTP, in one of the ways that mean the same. Nothing is out of its reach."""

import json
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from urllib.parse import urlencode, urlsplit

from fakeserver.testing import Panel, PanelServer
from tests.cases.case import Case, Document, Way, at, body_of, difference, filled, ways

PATH = "/webservice/server"
BOUNDARY = "----case0123456789"
TYPES = {
    "form": "application/x-www-form-urlencoded",
    "multipart": f"multipart/form-data; boundary={BOUNDARY}",
    "json": "application/json",
}


class Reply:
    def __init__(self, response: HTTPResponse) -> None:
        self.status = response.status
        self.headers = dict(response.getheaders())
        self.body = response.read()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def expressible(case: Case, way: Way) -> bool:
    """Whether one of the case's requests is to be made in that way."""
    return any(way in ways(step["request"]) for step in case.exchanges)


def run(case: Case, way: Way, server: PanelServer) -> None:
    """Tell the story to the server: each request in `way` where the case wants it so, else in the first
    way that the case wants. Raises AssertionError where a reply is another one.
    """
    panels = {name: server.new_account(**settings) for name, settings in case.accounts.items()}
    saved: dict[str, str] = {}
    try:
        for number, step in enumerate(case.steps, 1):
            where = f"{case} step {number} ({way})"
            if "request" in step:
                _exchange(where, step, way, server.url, panels, saved)
            else:
                _happen(step, panels, saved)
    finally:
        for panel in panels.values():
            panel.remove()


def _exchange(
    where: str, step: Document, way: Way, url: str, panels: dict[str, Panel], saved: dict[str, str]
) -> None:
    request = filled(dict(step["request"]), saved)
    possible = list(ways(request))
    reply = _ask(request, way if way in possible else possible[0], url, panels)
    expected = filled(dict(step["expect"]), saved)
    assert reply.status == expected.get("http", 200), (where, reply.status, reply.body)
    if "text" in expected:
        assert reply.body.decode() == expected["text"], where
    if "reply" in expected:
        assert (wrong := difference(expected["reply"], reply.json)) is None, f"{where}: {wrong}"
    if "rule" in expected:
        assert reply.headers.get("X-Fake-Rule") == expected["rule"], (where, reply.headers, reply.body)
    saved |= {name: at(pointer, reply.json) for name, pointer in step.get("save", {}).items()}


def _ask(request: Document, way: Way, url: str, panels: dict[str, Panel]) -> Reply:
    key = request["key"] if "key" in request else _whose(request, panels).api_key
    target, headers, body = PATH, {}, b""
    params = _flat(request.get("params", {}))
    if way.method == "GET":
        query = urlencode([*([] if key is None else [("key", key)]), *params])
        target += f"?{query}" if query else ""
    else:
        headers = {} if key is None else {"Authorization": key}
        if "params" in request:
            headers["Content-Type"] = TYPES[way.encoding]
            body = _body(request["params"], params, way.encoding)
    if "raw" in request:
        body = body_of(request["raw"])
    connection = HTTPConnection(urlsplit(url).netloc, timeout=10)
    try:
        headers |= request.get("headers", {})
        connection.request(way.method, request.get("path", target), body or None, headers)
        return Reply(connection.getresponse())
    finally:
        connection.close()


def _whose(document: Document, panels: dict[str, Panel]) -> Panel:
    return panels[document.get("account", next(iter(panels)))]


def _flat(params: Document) -> list[tuple[str, str]]:
    """Parameters as a form has them: lists and objects in brackets."""
    flat: list[tuple[str, str]] = []
    for name, value in params.items():
        if isinstance(value, list):
            flat += ((f"{name}[{place}]", str(item)) for place, item in enumerate(value))
        elif isinstance(value, dict):
            flat += ((f"{name}[{key}]", str(item)) for key, item in value.items())
        else:
            flat.append((name, str(value)))
    return flat


def _body(params: Document, flat: list[tuple[str, str]], encoding: str) -> bytes:
    if encoding == "json":
        return json.dumps(params).encode()
    if encoding == "form":
        return urlencode(flat).encode()
    parts = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in flat
    )
    return "".join([*parts, f"--{BOUNDARY}--\r\n"]).encode()


def _happen(step: Document, panels: dict[str, Panel], saved: dict[str, str]) -> None:
    """A step that is no request."""
    if "advance" in step:
        for panel in panels.values():
            panel.advance(step["advance"])
        return
    if "inbound" in step:
        inbound = filled(dict(step["inbound"]), saved)
        _whose(inbound, panels).control("POST", "/inbound", _without(inbound, "account"))
        return
    command = filled(dict(step["command"]), saved)
    panel = _whose(command, panels)
    match _without(command, "account"):
        case {"approve": send_id}:
            panel.control("POST", f"/messages/{send_id}/approve")
        case {"cancel": send_id}:
            panel.control("POST", f"/messages/{send_id}/cancel")
        case {"status": status}:
            panel.control("POST", f"/messages/{status['sendID']}/status", _without(status, "sendID"))
        case {"settings": settings}:
            panel.set(**settings)
        case {"fault": fault}:
            panel.control("POST", "/faults", fault)


def _without(document: Document, name: str) -> dict[str, Any]:
    return {member: value for member, value in document.items() if member != name}
