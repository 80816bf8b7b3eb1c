"""The server around ``gru_core``: pages, protocol, sessions and the command line."""

__version__ = "0.1.0"
