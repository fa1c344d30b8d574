"""Document the new structure.

`ARCHITECTURE.md` says how the code is organised, which layer may import which, what does not keep to that yet, and
where something new belongs; the layers are those of the plan. The README shows the new tree. Why it was done stands
beside it, and a table of every move for links, branches and memories that are older: `docs/refactoring/MOVES.md`.

Import examples and paths in the other documents were updated by the phases that moved what they name. Documents that an
ignore rule would hide are allowed explicitly, and one that is kept out of git is not added behind its owner's back.
"""

import re

from migrate import Phase, Workspace

from . import layout, picture, sections

PHASE = Phase()

ARCHITECTURE = "ARCHITECTURE.md"
README = "README.md"
NOTES = "CLAUDE.md"
ANALYSIS = f"{layout.RECORDS}/ANALYSIS.md"
MOVES = f"{layout.RECORDS}/MOVES.md"

STRUCTURE = re.compile(r"\b(?:project|code|directory|repository|folder|package) (?:structure|layout)\b", re.IGNORECASE)
BEFORE = re.compile(r"\b(?:contribut|communit|support|roadmap|licen[cs]e|changelog)", re.IGNORECASE)
EXAMPLES = ("retry", "config", "handlers", "providers")
POINTER = "[ARCHITECTURE.md](ARCHITECTURE.md) says what belongs where, and why."


def apply(ws: Workspace) -> None:
    drawing = new_drawing(ws)
    write_moves(ws)
    write_architecture(ws, drawing)
    update_structure(ws, README, drawing)
    if ws.exists(NOTES):
        update_structure(ws, NOTES, drawing)
    else:
        rule = ws.gitignore.hiding(NOTES)
        why = f"{rule.file} ignores it (`{rule.pattern}`)" if rule else "the repository has none"
        ws.note(f"{NOTES} is not updated: {why}; whoever keeps one should point it to {ARCHITECTURE}")


def new_drawing(ws: Workspace) -> str:
    """The tree of the program's folders now, with the words that the README had for them."""
    old, name = "", ""
    if ws.exists(README):
        lines = ws.read_text(README).split("\n")
        fence = sections.drawing_in(lines)
        old = "\n".join(lines[fence.start + 1 : fence.end]) if fence else ""
        name = old.split("\n")[0].strip().rstrip("/")
    name = name or layout.module_path(ws).rpartition("/")[2]
    return picture.draw(name, picture.program_folders(ws), picture.words_of(ws, old))


def write_moves(ws: Workspace) -> None:
    """The table of all moves, sorted by the old path."""
    ws.render("moves.md.j2", MOVES, moves=sorted(ws.history), module=layout.module_path(ws))


def write_architecture(ws: Workspace, drawing: str) -> None:
    """Write ARCHITECTURE.md, or the new tree into one that people wrote."""
    if ws.exists(ARCHITECTURE):
        update_structure(ws, ARCHITECTURE, drawing)
        return
    rule = ws.gitignore.hiding(ARCHITECTURE)
    if rule is not None:
        ws.gitignore.unhide(ARCHITECTURE)
        ws.note(f"{rule.file}: `{rule.pattern}` would hide {ARCHITECTURE}; a rule right below allows it at the top")
    packages = [package for group in layout.GROUPS for package in layout.present(ws, group.packages)]
    # A file may import a package twice; the file, the package and why it may, "" when the plan does not say so.
    crossings = sorted({(found.path, found.imported, found.reason or "") for found in ws.crossings()})
    example = sorted(package.new for package in packages if package.name in EXAMPLES)
    ws.render(
        "architecture.md.j2",
        ARCHITECTURE,
        drawing=drawing,
        groups=layout.GROUPS,
        layers=ws.layers,
        excepted=[found for found in crossings if found[2]],
        broken=[found for found in crossings if not found[2]],
        example=example,
        module=layout.module_path(ws),
        rationale=layout.RATIONALE,
        analysis=ANALYSIS,
        moves=MOVES,
    )


def update_structure(ws: Workspace, document: str, drawing: str) -> None:
    """Put the new tree into a document: in place of its old one, or in a section of its own."""
    if not ws.exists(document):
        ws.note(f"there is no {document} to update")
        return
    text = ws.read_text(document)
    section = f"## Project Structure\n\n```\n{drawing}\n```\n\n{POINTER}\n"
    found = sections.find(text, STRUCTURE)
    if found is None:
        ws.write(document, sections.insert_before(text, BEFORE, section))
        return
    start, end = found
    lines = text.split("\n")
    part = lines[start:end]
    fence = sections.drawing_in(part)
    if fence is None:
        part = [part[0], *section.rstrip("\n").split("\n")[1:], "", *part[1:]]
    else:
        rest = [line for line in part[fence.end + 1 :] if line.strip() != POINTER]
        part = [*part[: fence.start + 1], *drawing.split("\n"), part[fence.end], "", POINTER, *rest]
    ws.write(document, "\n".join([*lines[:start], *part, *lines[end:]]))
