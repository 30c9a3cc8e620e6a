"""A server that misbehaves: it forwards each request to a simulator and changes the response."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import NamedTuple
from urllib.parse import urlsplit


class ReceivedRequest(NamedTuple):
    method: str
    target: str
    headers: dict[str, str]
    body: bytes


class ServerResponse(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


Change = Callable[[ReceivedRequest, ServerResponse], ServerResponse]


@contextmanager
def misbehaving_server(simulator_url: str, change: Change) -> Iterator[str]:
    """Run the server until the block ends. Gives its base URL."""

    class Handler(BaseHTTPRequestHandler):
        def respond(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            request = ReceivedRequest(self.command, self.path, dict(self.headers.items()), body)
            response = change(request, _forward(simulator_url, request))
            self.send_response(response.status)
            for name, value in response.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(response.body)))
            self.end_headers()
            self.wfile.write(response.body)

        do_GET = do_POST = do_PUT = respond  # noqa: N815 - http.server gives these names

        def log_message(self, *_: object) -> None:
            """Do not log."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def _forward(url: str, request: ReceivedRequest) -> ServerResponse:
    connection = HTTPConnection(urlsplit(url).netloc, timeout=10)
    try:
        connection.request(request.method, request.target, request.body or None, request.headers)
        response = connection.getresponse()
        return ServerResponse(
            response.status, {"Content-Type": response.headers["Content-Type"]}, response.read()
        )
    finally:
        connection.close()
