"""The tree that a phase edits: git's entries in memory, and the verbs on them."""
