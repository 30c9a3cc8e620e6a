"""A server that lies: it asks an honest fake, and makes something else of the answer."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import NamedTuple
from urllib.parse import urlsplit


class Asked(NamedTuple):
    method: str
    target: str
    headers: dict[str, str]
    body: bytes


class Told(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


Lie = Callable[[Asked, Told], Told]


@contextmanager
def lying(honest_url: str, lie: Lie) -> Iterator[str]:
    """Lie until the block ends; gives the liar's base URL."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked = Asked(self.command, self.path, dict(self.headers.items()), body)
            told = lie(asked, _honest(honest_url, asked))
            self.send_response(told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(told.body)))
            self.end_headers()
            self.wfile.write(told.body)

        do_GET = do_POST = do_PUT = answer  # noqa: N815 - their names are those of the methods

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def _honest(url: str, asked: Asked) -> Told:
    connection = HTTPConnection(urlsplit(url).netloc, timeout=10)
    try:
        connection.request(asked.method, asked.target, asked.body or None, asked.headers)
        reply = connection.getresponse()
        return Told(reply.status, {"Content-Type": reply.headers["Content-Type"]}, reply.read())
    finally:
        connection.close()
