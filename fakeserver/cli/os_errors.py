"""The reason of an error of the operating system."""

import os
import socket
import ssl


def reason(error: Exception) -> str:
    """The reason in few words, without the path that the message of the error may repeat."""
    if isinstance(error, socket.gaierror):
        return error.strerror or str(error)
    number = error.errno if isinstance(error, OSError) and not isinstance(error, ssl.SSLError) else None
    return os.strerror(number) if number and number > 0 else str(error)
