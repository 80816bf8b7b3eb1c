"""Messages, frames and errors as they go over the wire."""
