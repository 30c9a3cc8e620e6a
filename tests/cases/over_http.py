"""Runs cases on a server over HTTP, with one of the equivalent ways to make a request."""

import json
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from urllib.parse import urlencode, urlsplit

from fakeserver.testing import Panel, PanelServer
from tests.cases.case import Case, Document, Variant, difference, raw_body, substitute, value_at, variants

PATH = "/webservice/server"
BOUNDARY = "----case0123456789"
CONTENT_TYPES = {
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


def uses(case: Case, variant: Variant) -> bool:
    """Whether a request of the case has to be made with this variant."""
    return any(variant in variants(step["request"]) for step in case.exchanges)


def run(case: Case, variant: Variant, server: PanelServer) -> None:
    """Make each request with `variant`, or with the request's first variant if it does not allow that one.

    Raises AssertionError at the first unexpected reply.
    """
    panels = {name: server.new_account(**settings) for name, settings in case.accounts.items()}
    saved: dict[str, str] = {}
    try:
        for number, step in enumerate(case.steps, 1):
            where = f"{case} step {number} ({variant})"
            if "request" in step:
                _exchange(where, step, variant, server.url, panels, saved)
            else:
                _carry_out(step, panels, saved)
    finally:
        for panel in panels.values():
            panel.remove()


def _exchange(
    where: str, step: Document, variant: Variant, url: str, panels: dict[str, Panel], saved: dict[str, str]
) -> None:
    request = substitute(dict(step["request"]), saved)
    allowed = list(variants(request))
    reply = _request(request, variant if variant in allowed else allowed[0], url, panels)
    expected = substitute(dict(step["expect"]), saved)
    assert reply.status == expected.get("http", 200), (where, reply.status, reply.body)
    if "text" in expected:
        assert reply.body.decode() == expected["text"], where
    if "reply" in expected:
        found = difference(expected["reply"], reply.json)
        assert found is None, f"{where}: {found}"
    if "rule" in expected:
        assert reply.headers.get("X-Fake-Rule") == expected["rule"], (where, reply.headers, reply.body)
    saved |= {name: value_at(pointer, reply.json) for name, pointer in step.get("save", {}).items()}


def _request(request: Document, variant: Variant, url: str, panels: dict[str, Panel]) -> Reply:
    key = request["key"] if "key" in request else _addressed(request, panels).api_key
    target, headers, body = PATH, {}, b""
    params = _flattened(request.get("params", {}))
    if variant.method == "GET":
        query = urlencode([*([] if key is None else [("key", key)]), *params])
        target += f"?{query}" if query else ""
    else:
        headers = {} if key is None else {"Authorization": key}
        if "params" in request:
            headers["Content-Type"] = CONTENT_TYPES[variant.encoding]
            body = _body(request["params"], params, variant.encoding)
    if "raw" in request:
        body = raw_body(request["raw"])
    connection = HTTPConnection(urlsplit(url).netloc, timeout=10)
    try:
        headers |= request.get("headers", {})
        connection.request(variant.method, request.get("path", target), body or None, headers)
        return Reply(connection.getresponse())
    finally:
        connection.close()


def _addressed(document: Document, panels: dict[str, Panel]) -> Panel:
    return panels[document.get("account", next(iter(panels)))]


def _flattened(params: Document) -> list[tuple[str, str]]:
    """The parameters of a form, with brackets for lists and objects."""
    flat: list[tuple[str, str]] = []
    for name, value in params.items():
        if isinstance(value, list):
            flat += ((f"{name}[{index}]", str(item)) for index, item in enumerate(value))
        elif isinstance(value, dict):
            flat += ((f"{name}[{key}]", str(item)) for key, item in value.items())
        else:
            flat.append((name, str(value)))
    return flat


def _body(params: Document, flattened: list[tuple[str, str]], encoding: str) -> bytes:
    if encoding == "json":
        return json.dumps(params).encode()
    if encoding == "form":
        return urlencode(flattened).encode()
    parts = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in flattened
    )
    return "".join([*parts, f"--{BOUNDARY}--\r\n"]).encode()


def _carry_out(step: Document, panels: dict[str, Panel], saved: dict[str, str]) -> None:
    """Carry out a step that is not a request."""
    if "advance" in step:
        for panel in panels.values():
            panel.advance(step["advance"])
        return
    if "inbound" in step:
        inbound = substitute(dict(step["inbound"]), saved)
        _addressed(inbound, panels).control("POST", "/inbound", _without(inbound, "account"))
        return
    command = substitute(dict(step["command"]), saved)
    panel = _addressed(command, panels)
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
