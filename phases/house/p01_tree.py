"""Give the tree that a phase edits a room.

What a phase edits, and what it is made of, stands in a dozen files beside the plan and the command line. In `tree/` it
knows git alone. The rules for paths are git's own for the entries of a tree, so they stand in `git/`.
"""

from migrate import Workspace

from .rooms import TREE, TREE_TESTS, furnish


def apply(ws: Workspace) -> None:
    """Move the files, their tests, and what names them."""
    furnish(
        ws, "tree", "The tree that a phase edits: git's entries in memory, and the verbs on them.", TREE, TREE_TESTS
    )
