"""Splitting and merging packages: what is cut, what crosses, and how it is said on the other side."""
