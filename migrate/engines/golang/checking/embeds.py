"""The files that `//go:embed` names: below their package, in the same module (https://pkg.go.dev/embed)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from migrate.engines.golang.checking.step import GoStep
from migrate.engines.golang.directives import embed_patterns, embed_regex
from migrate.engines.golang.tree import GoTree
from migrate.git.paths import folder_of, parents

_NOTHING = "which no longer names a file"


def embedded(tree: GoTree, folder: str, pattern: str) -> list[str]:
    """The files that a pattern in a package of `folder` names."""
    return [path for path in _named_by_pattern(tree, folder, pattern) if _is_of_module(tree, folder, path)]


class LostEmbed(NamedTuple):
    """A pattern at byte `offset` that a build would refuse, and why; `may_be_made` if a build may make the files."""

    offset: int
    pattern: str
    reason: str
    may_be_made: bool


def lost_embeds(step: GoStep, path: str) -> Iterator[LostEmbed]:
    """The patterns of a file that a build would refuse after the step, and did not before."""
    patterns = list(embed_patterns(step.after.content(path)))
    old, folder = step.source(path) if patterns else None, folder_of(path)
    known = set() if old is None else set(_refused(step.before, old))
    for offset, pattern in patterns:
        reason = _embed_refusal(step.after, folder, pattern)
        if reason is not None and pattern not in known:
            yield LostEmbed(offset, pattern, reason, may_be_made=reason == _NOTHING)


def embedding(step: GoStep) -> Iterator[str]:
    """The Go files that may embed something that is missing after the step, or in another module."""
    manifests = [path for path in step.changed if path.rpartition("/")[2] == "go.mod"]
    left = [old for new, old in step.changed.items() if old is not None and old != new]
    touched = {above for path in (*left, *step.gone, *manifests) for above in (*parents(path), "")}
    for folder in sorted(touched):
        yield from step.after.folders.get(folder, ())


def _refused(tree: GoTree, path: str) -> Iterable[str]:
    patterns = {pattern for _, pattern in embed_patterns(tree.content(path))}
    return (pattern for pattern in patterns if _embed_refusal(tree, folder_of(path), pattern) is not None)


def _embed_refusal(tree: GoTree, folder: str, pattern: str) -> str | None:
    """Why the go command would not take a pattern: a clause that follows it."""
    if pattern != "." and any(part in ("", ".", "..") for part in pattern.split("/")):
        return "which go:embed does not take: a pattern may not leave its package"
    found = _named_by_pattern(tree, folder, pattern)
    if not found:
        return _NOTHING
    if not any(_is_of_module(tree, folder, path) for path in found):
        return f'but "{found[0]}" belongs to another module'
    return None


def _named_by_pattern(tree: GoTree, folder: str, pattern: str) -> list[str]:
    regex = embed_regex(pattern)
    start = len(folder) + 1 if folder else 0
    return [path for path in tree.below(folder) if regex.fullmatch(path, start)]


def _is_of_module(tree: GoTree, folder: str, path: str) -> bool:
    return tree.modules.of(folder_of(path)) == tree.modules.of(folder)
