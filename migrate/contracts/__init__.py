"""A tree held against the target tree and the layers of a plan: pure functions."""
