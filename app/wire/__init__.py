"""The messages, frames and errors of the wire."""
