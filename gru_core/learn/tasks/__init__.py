"""Seeded generators of inputs and targets, one file each."""
