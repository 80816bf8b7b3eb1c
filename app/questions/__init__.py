"""Questions about a computed run and their answers."""
