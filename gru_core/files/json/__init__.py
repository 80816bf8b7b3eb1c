"""JSON with numbers in lists: named arrays, and the formats of two programs for audio effects."""
