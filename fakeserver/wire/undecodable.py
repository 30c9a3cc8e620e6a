"""Why a body cannot be decoded (W12)."""


class Undecodable(ValueError):
    """The text says why, for the answer's reason."""
