"""The inbox page: static files, served as they stand in `inbox/`. Whoever loads it may not be framed, and it
may load nothing but its own files and speak to nobody but this server.
"""

from collections.abc import Awaitable, Callable
from importlib.resources import files
from pathlib import PurePosixPath

from aiohttp import web

from fakeserver.web.guard import Guard
from fakeserver.web.problem import response

UI = "/_fake/ui"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-cache",
}

Served = Callable[[web.Request], Awaitable[web.Response]]


def add_page(app: web.Application, guard: Guard) -> None:
    """Serve the page at `/` and `/_fake/ui`, and its files below that. No token is asked for: the page asks
    for it itself, and there is nothing in the files that an attacker could not read elsewhere.
    """
    folder = files("fakeserver.web") / "inbox"
    for file in folder.iterdir():
        suffix = PurePosixPath(file.name).suffix
        if suffix in TYPES:
            serve = _serving(file.read_bytes(), TYPES[suffix], guard)
            paths = ["/", UI, f"{UI}/"] if file.name == "index.html" else [f"{UI}/{file.name}"]
            for path in paths:
                app.router.add_get(path, serve)


def _serving(body: bytes, content_type: str, guard: Guard) -> Served:
    async def serve(request: web.Request) -> web.Response:
        if refused := guard.refusal(request, open_to_all=True):
            return response(refused)
        return web.Response(body=body, headers={**HEADERS, "Content-Type": content_type})

    return serve
