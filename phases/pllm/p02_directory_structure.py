"""Create the target directory structure.

Every group folder of the target tree gets a README that says what belongs there, what does not, and which packages the
plan puts into it. The folders exist before anything moves, so the discussion about the structure is had once, here, on
eight short texts, and not again in every pull request that follows.

Where an ignore rule would hide one of the new folders, it is allowed explicitly: tracked files survive such a rule, but
every file added there later would be left out of commits without a word.

No code changes.
"""

from migrate import Phase, Workspace

from . import layout

PHASE = Phase()


def apply(ws: Workspace) -> None:
    for group in layout.GROUPS:
        rule = ws.gitignore.hiding(f"{group.folder}/README.md")
        if rule is not None:
            ws.gitignore.unhide(group.folder)
            ws.note(f"{rule.file}: `{rule.pattern}` would hide {group.folder}/; a rule right below allows it")
        packages = [package for package in group.packages if is_expected(ws, package)]
        ws.render("group_readme.md.j2", f"{group.folder}/README.md", group=group, packages=packages)


def is_expected(ws: Workspace, package: layout.Package) -> bool:
    """Whether the repository has what will become the package."""
    if package.new == layout.METRICS:
        return bool(ws.glob(f"{layout.SERVICES}/metrics_*.go"))
    return ws.is_folder(package.old) or ws.is_folder(package.new)
