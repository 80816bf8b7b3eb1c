"""The WebSocket of trainings, and the processes behind it."""
