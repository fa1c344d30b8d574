"""Give the contracts of a plan a room.

A tree is held against the drawn target and against the layers by pure functions, which know the engines' list of
sources.
"""

from migrate import Workspace

from .rooms import CONTRACTS, CONTRACTS_TESTS, furnish


def apply(ws: Workspace) -> None:
    """Move the files, their tests, and what names them."""
    about = "A tree held against the target tree and the layers of a plan: pure functions."
    furnish(ws, "contracts", about, CONTRACTS, CONTRACTS_TESTS)
    # Nothing is left of the old folder, so the linter of imports must not name it.
    ws.delete("migrate/layout")
    ws.replace('"migrate.layout"', '"migrate.contracts"', "pyproject.toml")
