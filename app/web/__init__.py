"""HTTP and WebSockets. The only code that awaits."""
