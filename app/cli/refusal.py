"""Errors that end a command with one line on stderr."""


class Refusal(Exception):
    """An error that ends the command with one line on stderr."""

    code = 1


class Unreadable(Refusal):
    """A file or an option that cannot be used."""

    code = 2
