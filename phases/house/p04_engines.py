"""Give the engines one room, and divide what rewrites references from what verifies them.

Go, Python and references stand beside each other, below what all engines share. What `verify` finds is found by rules
of its own: `verify/` and `rewrite/` share `common/` and nothing else.
"""

from migrate import Workspace

from .rooms import ENGINES, ENGINES_TESTS, furnish


def apply(ws: Workspace) -> None:
    """Move the folders, their tests, and what names them."""
    about = "What every language is to the rest of the program, and the languages that are built in."
    furnish(ws, "engines", about, ENGINES, ENGINES_TESTS)
    ws.write("migrate/engines/references/common/__init__.py", '"""What rewriting and verifying references share."""\n')
    ws.write("migrate/engines/references/rewrite/__init__.py", '"""Rewriting references to what moved."""\n')
    # The registry names engines in a table of its own.
    ws.replace("migrate.golang.engine", "migrate.engines.golang.engine", "migrate/engines/registry.py")
