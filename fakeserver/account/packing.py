"""Records packed as bytes: sends and journal entries, because an account may keep millions of them.

A packed record takes less than half the memory of the object. Python's garbage collector never looks at it,
so collections do not become slower with every record.
"""

import marshal
from typing import Any

_VERSION = 2  # of marshal: the newest one that does not spend time looking for shared objects


def pack(record: tuple[Any, ...]) -> bytes:
    """Pack a record of numbers, texts, bytes, None, and lists, tuples and dictionaries of these."""
    # The copy matters: the bytes that marshal returns sit in a larger block, and a million of those blocks
    # leave as many gaps in the heap.
    return bytes(memoryview(marshal.dumps(tuple(record), _VERSION)))


def unpack(packed: bytes) -> tuple[Any, ...]:
    """The values of a packed record, in the order of its fields."""
    values: tuple[Any, ...] = marshal.loads(packed)  # noqa: S302 - bytes that `pack` made
    return values
