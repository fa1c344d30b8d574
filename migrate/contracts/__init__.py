"""Checking a tree against the target tree and the layers of a plan: pure functions."""
