"""What `verify` prints: what must be fixed, what may stay and why, then one line for each contract."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from itertools import groupby

from migrate.contracts.crossings import JudgedLayers, LayerCrossing
from migrate.contracts.target_tree import ComparedTree
from migrate.engines.references.verify.languages import Unchecked
from migrate.engines.references.verify.records import StaleVerdict
from migrate.limits import TOO_LARGE
from migrate.orchestrator.verify import Finding, VerifyResult
from migrate.stack.unknown_history import unshallow
from migrate.text import plural

COLUMNS = 80
"""Lines break here, also in a pipe: they are the same wherever they are read."""


def report_verify(found: VerifyResult, plan: str, *, doubtful: bool = False) -> Iterator[str]:
    """The lines for a person; `plan` is the plan's file. Contracts that the plan does not state are not spoken of.

    `doubtful` lists what may be no path as well.
    """
    yield from by_reason("allowed", found.of(StaleVerdict.ALLOWED))
    if doubtful:
        yield from by_reason("doubtful", found.of(StaleVerdict.DOUBTFUL))
    yield from generated(found.of(StaleVerdict.GENERATED))
    if not found.to_come:
        if found.layout is not None:
            yield from other_findings(found.layout)
        if found.layers is not None:
            yield from excepted(found.layers, plan)
    for finding in found.stale:
        yield f"{finding.position}: {finding.old} is {finding.now} now: {finding.text.strip()}"
    if not found.to_come:
        if found.layout is not None:
            yield from misplaced(found.layout)
        if found.layers is not None:
            yield from broken(found.layers, plan)
    yield from verify_summary(found)


def by_reason(title: str, findings: Iterable[Finding]) -> Iterator[str]:
    """The references that nobody need fix, by their reason; of each file the first one."""
    ordered = sorted(findings, key=lambda finding: (finding.reason or "", finding.path, finding.line))
    for reason, same in groupby(ordered, key=lambda finding: finding.reason):
        yield f"{title}: {reason}"
        for _, in_file in groupby(same, key=lambda finding: finding.path):
            first, *rest = in_file
            yield f"  {first.position}: {first.old}" + (f", and {len(rest):,} more" if rest else "")


def generated(findings: Iterable[Finding]) -> Iterator[str]:
    """The files that a program must write again."""
    files = list(dict.fromkeys(finding.path for finding in findings))
    if files:
        text = f"generate again: {', '.join(files)}"
        yield from textwrap.wrap(text, COLUMNS, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def other_findings(layout: ComparedTree) -> Iterator[str]:
    """The folders that need not be drawn, because a line of the tree says that there are others."""
    if layout.others:
        yield 'left open by "…" in the tree:'
        names = ", ".join(f"{folder}/" for folder in layout.others)
        lines = textwrap.wrap(names, COLUMNS - 2, break_long_words=False, break_on_hyphens=False)
        yield from (f"  {line}" for line in lines)


def misplaced(layout: ComparedTree) -> Iterator[str]:
    """What is not as it is drawn."""
    for place in layout.missing:
        yield f"{layout.drawing.label}:{place.line}: {place.name} is in the target tree but missing"
    for folder in layout.undrawn:
        yield f"{folder}/ is not in the target tree"


def excepted(layers: JudgedLayers, plan: str) -> Iterator[str]:
    """The imports that may stay, by their reason, and the exceptions that none needs."""
    ordered = sorted(layers.excepted, key=lambda crossing: (crossing.reason or "", crossing.path, crossing.line))
    for reason, same in groupby(ordered, key=lambda crossing: crossing.reason):
        yield f"excepted: {reason}"
        for crossing in same:
            yield from beside_forwarding(f"  {crossing.position}", verdict_words(crossing))
    for exempt in layers.unneeded:
        yield f"{plan}:{exempt.line}: no import needs this exception"


def broken(layers: JudgedLayers, plan: str) -> Iterator[str]:
    """What is not as the layers are stated, or was not looked at."""
    for crossing in layers.broken:
        yield from beside_forwarding(crossing.position, verdict_words(crossing))
    for layer, folder in layers.empty:
        yield f'{plan}:{layer.line}: layer "{layer.name}" holds no source code below {folder or "."}'
    for path in layers.unread:
        yield f"{path}: not read, because it has no package clause"


def verdict_words(crossing: LayerCrossing) -> str:
    """`core imports services: internal/services/key`."""
    return f"{crossing.layer} imports {crossing.used or 'what is in no layer'}: {crossing.imported or '.'}"


def beside_forwarding(line: str, rest: str) -> Iterator[str]:
    """Two texts on one line, or on two when it would be too long."""
    if len(line) + len(": ") + len(rest) <= COLUMNS:
        yield f"{line}: {rest}"
    else:
        yield f"{line}:"
        yield f"    {rest}"


def verify_summary(found: VerifyResult) -> Iterator[str]:
    """One line for each contract, with its counts."""
    yield f"{found.where}, {plural(found.files, 'file')}"
    yield f"  references  {counted_references(found)}"
    for language in found.unchecked:
        yield from not_checked(language)
    if found.is_shallow:
        yield f"  not checked what moved before the end of this shallow clone: {unshallow(found.remote)}"
    if found.too_large:
        yield f"  not checked {plural(len(found.too_large), 'file')} of {TOO_LARGE}, {found.too_large[0]} first"
    if again := found.of(StaleVerdict.GENERATED):
        files = plural(len({finding.path for finding in again}), "file")
        yield f"  generated   {plural(len(again), 'place')} in {files} that programs write: generate again"
    if unsure := len(found.of(StaleVerdict.DOUBTFUL)):
        places = plural(unsure, "place may not be a path", "places may not be paths")
        yield f"  doubtful    {places}: --doubtful shows {'it' if unsure == 1 else 'them'}"
    if found.forwarding:
        through = f"{plural(found.forwarded, 'import')} through {plural(found.forwarding, 'package')} at old places"
        yield f"  forwarding  {through}: {', '.join(found.unforward)} rewrites them"
    coming = bool(found.to_come)
    if found.layout is not None:
        yield f"  layout      {counted_layout(found.layout, coming)}"
    if found.layers is not None:
        yield f"  layers      {counted_layers(found.layers, coming)}"
    if coming and (found.layout is not None or found.layers is not None):
        phases = plural(len(found.to_come), "phase is", "phases are")
        yield f"{phases} to come, {found.to_come[0]} first: until then only references fail."


def counted_references(found: VerifyResult) -> str:
    """How many references are stale. Nothing is said to be none where not all was checked."""
    stale, may_stay = len(found.stale), len(found.of(StaleVerdict.ALLOWED))
    is_all = not (found.unchecked or found.too_large or found.is_shallow)
    count = f"{stale:,} stale" if stale or is_all else "none stale where it was checked"
    kept = f", {may_stay:,} allowed" if may_stay else ""
    return f"{count}{kept}; {plural(found.moves, 'moved path')} looked for"


def not_checked(language: Unchecked) -> Iterator[str]:
    """What nobody proves of the files of a language that moved."""
    moved, their = plural(language.files, f"{language.language} file"), "its" if language.files == 1 else "their"
    yield f"  not checked {moved} moved: {their} imports were not checked" + ("," if language.searched else "")
    if language.searched:
        yield "              only searched for by their spelling"


def counted_layout(layout: ComparedTree, coming: bool) -> str:
    """How much of the tree is as it is drawn."""
    drawn, missing = len(layout.drawing.places), len(layout.missing)
    undrawn = plural(len(layout.undrawn), "folder") + " not drawn"
    if coming:
        return f"{drawn - missing:,} of {drawn:,} drawn are there, {missing:,} to come; {undrawn}"
    left = f", {len(layout.others):,} left open" if layout.others else ""
    return f"{drawn:,} drawn, {missing:,} missing; {undrawn}{left}"


def counted_layers(layers: JudgedLayers, coming: bool) -> str:
    """How many imports are as the layers are stated."""
    wrong, may_stay = len(layers.broken), f", {len(layers.excepted):,} excepted" if layers.excepted else ""
    imports = plural(layers.imports, "import")
    if coming:
        return f"{wrong:,} of {imports} to be fixed{may_stay}"
    empty = f"; {plural(len(layers.empty), 'folder')} without code" if layers.empty else ""
    return f"{wrong:,} of {imports} forbidden{may_stay}{empty}"
