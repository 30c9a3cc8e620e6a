"""The yardstick: an aiohttp application that reads the form and returns a constant, on port `argv[1]`."""

import sys

from aiohttp import web


async def answer(request: web.Request) -> web.Response:
    await request.post()
    return web.json_response({"result": "1", "sendID": "1000000001"})


def main() -> None:
    app = web.Application()
    app.router.add_route("*", "/webservice/server", answer)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)


if __name__ == "__main__":
    main()
