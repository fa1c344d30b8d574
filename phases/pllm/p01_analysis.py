"""Analyse the current structure.

A restructuring should begin with numbers that everybody can look up again. This commit adds
`docs/refactoring/ANALYSIS.md`, computed from the source of this very commit: how many Go files each area holds, which
packages the rest leans on, which import nothing of this program and so could be used by any other, and where packages
import each other in a circle. The phases that follow are argued from it.

No code changes.
"""

from collections.abc import Iterator

from migrate import Phase, Problem, Workspace

from . import layout

PHASE = Phase()

REPORT = f"{layout.RECORDS}/ANALYSIS.md"


def preflight(ws: Workspace) -> Iterator[Problem]:
    """The plan is for one Go module, at the top of the repository."""
    if not ws.exists("go.mod"):
        yield Problem("there is no go.mod at the top of this repository", advice="run migrate where go.mod is")
    elif not any(ws.is_folder(package.old) for group in layout.GROUPS for package in group.packages):
        yield Problem("this repository has no folder of the plan", advice="write phases of your own: migrate init")


def apply(ws: Workspace) -> None:
    structure = ws.go.analyze()
    ws.render("analysis.md.j2", REPORT, structure=structure, module=layout.module_path(ws))
