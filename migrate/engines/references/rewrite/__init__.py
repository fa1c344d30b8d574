"""Rewriting references to what moved."""
