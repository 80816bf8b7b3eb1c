"""One client's session and the memory all sessions share. Nothing here awaits."""
