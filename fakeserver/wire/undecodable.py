"""Why a body cannot be decoded (W12)."""


class Undecodable(ValueError):
    """The text is the reason that the answer gives."""
