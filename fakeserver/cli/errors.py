"""The exception of the commands."""


class CommandError(Exception):
    """The command cannot do what it is asked to. Its text is shown to the user on one line; the exit status
    is 2.
    """
