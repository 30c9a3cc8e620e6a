"""Why a body cannot be decoded (W12)."""


class Undecodable(ValueError):
    """The request cannot be decoded; the message is the reason that the answer gives."""
