"""Clean up the import statements and prove that nothing names an old path.

Every phase before this one already rewrote the imports of what it moved, because every branch must compile. Left over
are the aliases that kept callers compiling where a package got another name; they are replaced by the new names, so
that code reads the way it would if it had been written today.

Then the proof, group by group: every package stands at its new place, nothing is left at the old one, and no file of
any kind (imports, build scripts, workflows, images, documents, strings, comments) names a path that has moved. If one
did, this phase would fail and name file and line.
"""

from migrate import Phase, PhaseError, Workspace
from migrate.references.stale import stale
from migrate.text import plural

from . import layout

PHASE = Phase(may_be_empty=True)


def apply(ws: Workspace) -> None:
    replaced = ws.go.unalias()
    if replaced:
        ws.note(f"{plural(replaced, 'alias', 'aliases')} that the moves left behind replaced by the new package names")
    for group in layout.GROUPS:
        check_group(ws, group)
    check_references(ws)


def check_group(ws: Workspace, group: layout.Group) -> None:
    """Check that the packages of a group stand at their new places alone.

    Raises `PhaseError` when one is still, or again, at its old place.
    """
    packages = [package for package in group.packages if ws.is_folder(package.new) or ws.is_folder(package.old)]
    left = [package.old for package in packages if ws.is_folder(package.old)]
    if left:
        raise PhaseError(
            f'{group.folder}: "{left[0]}" is there after everything has moved',
            advice="something came back to the old place: move it in the phase of its group",
        )
    if packages:
        ws.note(f"checked {group.folder}: {', '.join(package.name for package in packages)}")


def check_references(ws: Workspace) -> None:
    """Raise `PhaseError` with all stale references when there are any that the plan does not allow."""
