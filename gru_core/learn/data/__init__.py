"""Data that tasks draw from; each file names its source and licence."""
