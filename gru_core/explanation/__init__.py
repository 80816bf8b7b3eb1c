"""Explanations: the terms that a value is the sum of, and one step as vectors."""
