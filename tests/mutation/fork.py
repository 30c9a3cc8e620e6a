"""Runs tests in forks of a pytest session that has collected them."""

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

TEST_SECONDS = 5  # of processor time; the slowest test takes a tenth of that
MEMORY_BYTES = 3 * 1024**3  # stops a mutant that allocates without end


def in_fork(work: Callable[[], str], seconds: float) -> tuple[int, str]:
    """Run `work` in a fork. Returns the exit status of the fork, 0 or a signal, and the result of `work`."""
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
            result = work()
            with os.fdopen(writing, "w", encoding="utf-8") as pipe:
                pipe.write(result)
            os._exit(0)
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        result = pipe.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), result


def _silence() -> None:
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)


def first_failing(items: Iterable[pytest.Item]) -> str:
    """The id of the first test that fails; empty if none does. Call it in a fork: nothing is cleaned up."""
    gc.disable()
    for item in items:
        # The signal ends the fork if a test never ends.
        signal.setitimer(signal.ITIMER_VIRTUAL, TEST_SECONDS)
        if failure(item):
            return item.nodeid
    return ""


def failure(item: pytest.Item) -> str:
    """How a test fails; empty if it passes.

    A test without fixtures is called directly, because pytest's own protocol takes far longer than most of
    these tests.
    """
    params = item.callspec.params if hasattr(item, "callspec") else {}
    if isinstance(item, pytest.Function) and set(signature(item.obj).parameters) <= set(params):
        arguments = {name: params[name] for name in signature(item.obj).parameters}
        if not iscoroutinefunction(item.obj):
            return _failure_of_call(partial(item.obj, **arguments))
    reports = runtestprotocol(item, log=False, nextitem=None)
    return "\n".join(report.longreprtext for report in reports if report.failed)


def _failure_of_call(test: Callable[[], object]) -> str:
    try:
        test()
    except pytest.skip.Exception:
        return ""
    except BaseException as error:  # noqa: BLE001 - any exception is a failure
        return f"{type(error).__name__}: {error}"
    return ""
