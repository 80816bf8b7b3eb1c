"""The process that compiles: only it imports Numba."""
