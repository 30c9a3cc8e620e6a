"""Bytes to a call, and an answer to bytes. No I/O."""
