"""Layers, directions, embedding and readout as one network."""
