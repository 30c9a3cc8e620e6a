"""The inbox page: the static files in `static/`. The page may not be framed, loads only its own files, and
talks only to this server.
"""

from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path

from aiohttp import web

from fakeserver.web.control.guard import Guard
from fakeserver.web.control.problem import problem_response

UI = "/_fake/ui"
FOLDER = Path(__file__).with_name("static")
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

Handler = Callable[[web.Request], Awaitable[web.Response]]


def add_page(app: web.Application, guard: Guard) -> None:
    """Serve the page at `/` and `/_fake/ui`, and its files below that. They need no token: the page itself
    asks the user for it, and the files contain no secrets.
    """
    for file in FOLDER.iterdir():
        if file.suffix in TYPES:
            serve = _serving(file, guard)
            paths = ["/", UI, f"{UI}/"] if file.name == "index.html" else [f"{UI}/{file.name}"]
            for path in paths:
                app.router.add_get(path, serve)


def _serving(file: Path, guard: Guard) -> Handler:
    async def serve(request: web.Request) -> web.Response:
        if refused := guard.refusal(request, open_to_all=True):
            return problem_response(refused)
        return web.Response(body=_content(file), headers={**HEADERS, "Content-Type": TYPES[file.suffix]})

    return serve


@cache
def _content(file: Path) -> bytes:
    return file.read_bytes()
