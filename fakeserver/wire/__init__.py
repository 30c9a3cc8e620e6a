"""Decoding bytes to a call, and encoding an answer to bytes. No I/O."""
