"""The only room with I/O: HTTP in, HTTP out, on aiohttp."""
