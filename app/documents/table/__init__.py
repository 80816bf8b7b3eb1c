"""Turns documents into arrays: weights, edits, holds and sequences."""
