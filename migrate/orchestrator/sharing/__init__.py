"""Sharing a migration with a remote."""
