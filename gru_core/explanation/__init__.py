"""Any value as the terms it is the sum of, and one step as vectors."""
