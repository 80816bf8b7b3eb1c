"""Trains networks in processes of their own, for pages to watch."""
