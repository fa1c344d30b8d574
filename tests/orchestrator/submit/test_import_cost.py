"""What only looks does not pay for forges."""

from __future__ import annotations

import subprocess
import sys


def imported(*modules: str) -> set[str]:
    """The modules that are there when some are imported."""
    code = f"import sys, {', '.join(modules)}; print(*sys.modules)"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())


def test_status_imports_neither_http_nor_a_forge() -> None:
    found = imported("migrate.cli.app", "migrate.cli.status")
    assert not {each for each in found if each.startswith(("httpx", "migrate.forges", "migrate.orchestrator.submit"))}


def test_submit_imports_http_when_it_speaks() -> None:
    assert "httpx" not in imported("migrate.cli.submit", "migrate.cli.undo")
