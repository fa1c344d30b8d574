"""Checks without a compiler: of a map before it is carried out, and of a tree after a phase."""
