"""The exceptions of `fakeserver.testing`. A failed expectation raises AssertionError, which is none of these.

FakeserverError
  UsageError    the test asks for something that is not possible
  Unreachable   no fakeserver answers at the URL
  ServerBug     the server itself has a bug
"""

from typing import Any


class FakeserverError(Exception):
    """The base class of the exceptions of `fakeserver.testing`."""

    def __init_subclass__(cls) -> None:
        cls.__module__ = "fakeserver.testing"  # where users import it from


class UsageError(FakeserverError, ValueError):
    """The call is not possible: an unknown setting, a fault that could never fire, a clock moved backwards.

    The message says what would be right. The call has changed nothing. `argument` is the name of the first
    argument at fault, such as `credit` or `phone_book`; it is empty if the call as a whole is at fault.
    """

    def __init__(self, message: str, argument: str = "") -> None:
        super().__init__(message)
        self.argument = argument


class Unreachable(FakeserverError, ConnectionError):
    """No server answers at the URL, or the server there is not a fakeserver, or the URL is that of a real
    panel, to which no connection is made.
    """


class ServerBug(FakeserverError):
    """The server has failed by a bug of its own, not of the application under test. Please report it.

    If the server runs in this process, `__cause__` is the original exception.
    """


def hide_from_traceback(excinfo: Any) -> bool:
    """For `__tracebackhide__` of a module: pytest then shows these errors at the line of the user's test."""
    return isinstance(excinfo.value, FakeserverError | AssertionError)
