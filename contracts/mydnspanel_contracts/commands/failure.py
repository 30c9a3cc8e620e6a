"""What cannot be done, in one line."""


class Unable(Exception):
    """The text is for the user, on standard error; exit status 2."""
