"""Turns a CSV file into rows of an input."""
