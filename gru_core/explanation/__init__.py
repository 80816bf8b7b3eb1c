"""Explanations: the terms of one value, and one step as vectors."""
