"""Tests tried in a process of their own, forked from a pytest session that has collected them."""

import gc
import os
import resource
import signal
import sys
from collections.abc import Callable, Iterable
from functools import partial
from inspect import iscoroutinefunction, signature

import pytest
from _pytest.runner import runtestprotocol

SECONDS_OF_A_TEST = 5  # of the processor; the slowest takes a tenth of that
MEMORY_BYTES = 3 * 1024**3  # for a program that grows without end


def in_fork(work: Callable[[], str], seconds: float) -> tuple[int, str]:
    """What `work` returns in a process of its own, and how that ended: 0 or the signal."""
    reading, writing = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 2))
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
            signal.signal(signal.SIGXCPU, signal.SIG_DFL)
            _silence()
            told = work()
            with os.fdopen(writing, "w", encoding="utf-8") as pipe:
                pipe.write(told)
            os._exit(0)
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        told = pipe.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), told


def _silence() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def first_failing(items: Iterable[pytest.Item]) -> str:
    """The id of the first test that fails; to be called in a fork, where nothing is tidied up after it."""
    gc.disable()
    for item in items:
        # A test that never ends ends the fork.
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS_OF_A_TEST)
        if failure(item):
            return item.nodeid
    return ""


def failure(item: pytest.Item) -> str:
    """How a test fails; empty when it passes.

    A test that takes nothing but its parameters is simply called: pytest's own way takes far longer than
    most of these tests themselves.
    """
    given = item.callspec.params if hasattr(item, "callspec") else {}
    if isinstance(item, pytest.Function) and set(signature(item.obj).parameters) <= set(given):
        wanted = {name: given[name] for name in signature(item.obj).parameters}
        if not iscoroutinefunction(item.obj):
            return _failure_of_call(partial(item.obj, **wanted))
    reports = runtestprotocol(item, log=False, nextitem=None)
    return "\n".join(report.longreprtext for report in reports if report.failed)


def _failure_of_call(test: Callable[[], object]) -> str:
    try:
        test()
    except pytest.skip.Exception:
        return ""
    except BaseException as error:  # noqa: BLE001 - whatever it is, the test has failed
        return f"{type(error).__name__}: {error}"
    return ""
