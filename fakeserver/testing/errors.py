"""What can go wrong with the handle itself. A failed expectation is none of these: it is an AssertionError.

FakeserverError
  UsageError        the test asks for something that there is not
  Unreachable   no fake answers
  ServerBug     the fake itself is broken
"""

from typing import Any


class FakeserverError(Exception):
    """Root of the errors of `fakeserver.testing`."""

    def __init_subclass__(cls) -> None:
        cls.__module__ = "fakeserver.testing"  # where users import it from


class UsageError(FakeserverError, ValueError):
    """What was asked for is not possible: an unknown setting, a fault that could never fire, time that
    would go backwards. The text says what would be right; nothing has been changed.
    """


class Unreachable(FakeserverError, ConnectionError):
    """At the URL answers nobody, or somebody who is no fakeserver; or it is a real panel's, and was not
    even tried.
    """


class ServerBug(FakeserverError):
    """The fake met a bug of its own, which is not the application's fault. Please report it; where the
    server runs in this process, the original exception is the cause of this one.
    """


def hidden(excinfo: Any) -> bool:
    """For `__tracebackhide__` of a module: what its user has to mend is shown at the user's own line."""
    return isinstance(excinfo.value, FakeserverError | AssertionError)
