"""`/webservice/server`: decode → panel → encode."""

from aiohttp import web

from fakeserver.panel.panel import Panel
from fakeserver.web import encode
from fakeserver.web.decode import Request, decode
from fakeserver.web.realtime import RealTime

PATH = "/webservice/server"


class Endpoint:
    """The service's one handler; every method comes here, the gate judges it (A4)."""

    def __init__(self, panel: Panel, real_time: RealTime) -> None:
        self._panel = panel
        self._real_time = real_time

    async def handle(self, request: web.Request) -> web.Response:
        body, fault = await _read(request)
        call = decode(
            Request(
                request.method,
                request.raw_path,
                tuple(request.headers.getall("Authorization", ())),
                request.headers.get("Content-Type", ""),
                body,
                request.remote or "",
            )
        )
        call.undecodable = call.undecodable or fault
        answer, account, *_ = self._panel.handle(call, self._real_time())
        headers = {
            "Content-Type": encode.CONTENT_TYPE,
            "X-Content-Type-Options": "nosniff",
            "X-Fake-Rule": answer.rule,
        }
        if account is not None:
            headers["X-Fake-Account"] = encode.short_key(account.settings.key)
        return web.Response(body=encode.body(answer, account), headers=headers)


async def _read(request: web.Request) -> tuple[bytes, str | None]:
    """The body, or why its transfer broke. One over the limit is refused by aiohttp with 413 (W13)."""
    if not request.can_read_body:
        return b"", None
    try:
        return await request.read(), None
    except web.RequestPayloadError as error:
        return b"", f"the transfer of the body is broken: {error}"
