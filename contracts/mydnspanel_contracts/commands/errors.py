"""The error that ends a command."""


class CommandError(Exception):
    """The command cannot be carried out. The text goes to standard error, and the exit status is 2."""
