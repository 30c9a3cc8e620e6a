"""The only package with network I/O: HTTP requests and replies, on aiohttp."""
