"""The limits of event streams and long polls."""

STREAMS_MAX = 100
LONG_POLLS_MAX = 1_000
QUEUED_MAX = 10_000  # events that a stream's client has not read yet
QUEUED_BYTES_MAX = 16 << 20  # of these events; the last one may exceed it
CLOSE_SECONDS = 5.0  # for a client that does not keep up to read what is queued
IDLE_SECONDS = 15.0  # after which a silent stream sends a comment


class LimitReached(Exception):
    """The maximum number of event streams or long polls is open already."""
