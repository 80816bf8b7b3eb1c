"""Weights, forms and the equations they belong to."""
