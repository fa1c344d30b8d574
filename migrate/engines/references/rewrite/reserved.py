"""Finds the values of a settings file at reserved places, and the folders from which they count."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase, translate
from functools import cache, lru_cache

from migrate.engines.references.formats.outline import Value
from migrate.engines.references.rewrite.positions import POSITIONS, Position, PositionKind

# In settings of unknown formats, values of keys with these names are usually paths.
USUAL = re.compile(
    r"paths?-ignore|(?:[\w-]*[-_])?(?:dirs?|director(?:y|ies)|folders?)|files?|working[-_]?directory|context|dockerfile|cwd|"
    r"(?:skip|exclude|include|watch|ignore)[-_](?:dirs?|files?|paths?|regex)|(?:test)?data[-_]dir|root|entrypoint_dir",
    re.IGNORECASE,
)
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
"""Where a word begins in `outDir`."""
ROUTES = re.compile(r"paths?", re.IGNORECASE)
"""Paths of files or of URLs: with a slash at its start it is one of a URL."""
USUAL_BASE = re.compile("|".join(translate(pattern) for rule in POSITIONS if rule.usual for pattern in rule.files))
NO_ROUTES = (".json", ".jsonc", ".json5")


@dataclass(frozen=True)
class ReservedValue:
    """A value that stands at a reserved place."""

    value: Value
    kind: PositionKind
    base: str = ""


def reserved_values(path: str, text: str, values: Iterable[Value]) -> list[ReservedValue]:
    """The values of a file that stand at places which are reserved."""
    known = list(values)

    @cache
    def named_by(rule: Position) -> list[tuple[str, list[Value]]]:
        return [(wanted, [value for value in known if ends_with(value.keys, wanted)]) for wanted in rule.base]

    found = []
    for value in known:
        rule = rule_for(path, value.keys)
        if rule is not None:
            found.append(ReservedValue(value, rule.kind, base_of_value(value, rule, named_by(rule), text)))
        elif value.keys and is_usual_place(path, value, text):
            found.append(ReservedValue(value, PositionKind.PATH))
    return found


@lru_cache(maxsize=65536)
def rule_for(path: str, keys: tuple[str, ...]) -> Position | None:
    """The rule for the values below these keys of a file."""
    return next((rule for rule in reserved_rules(path) if any(ends_with(keys, wanted) for wanted in rule.keys)), None)


@lru_cache(maxsize=4096)
def reserved_rules(path: str) -> tuple[Position, ...]:
    """The rules for a file, names before paths."""
    ordered = sorted(POSITIONS, key=lambda rule: rule.kind is PositionKind.PATH)
    return tuple(rule for rule in ordered if is_one_of(path, rule.files))


def is_one_of(path: str, files: Iterable[str]) -> bool:
    """Whether a path, or its end, fits a pattern."""
    name = path.rpartition("/")[2]
    return any(
        fnmatchcase(path, pattern) or fnmatchcase(path, f"*/{pattern}")
        if "/" in pattern
        else fnmatchcase(name, pattern)
        for pattern in files
    )


def ends_with(keys: Sequence[str], wanted: str) -> bool:
    """Whether keys end with these, parted by dots."""
    parts = wanted.removeprefix("^").split(".")
    if len(parts) > len(keys) or (wanted.startswith("^") and len(parts) != len(keys)):
        return False
    return all(part in ("*", key) for part, key in zip(parts, keys[-len(parts) :], strict=True))


def is_usual_place(path: str, value: Value, text: str) -> bool:
    """Whether the name of a key is usual for paths."""
    key = CAMEL.sub("-", value.keys[-1])
    if ROUTES.fullmatch(key):
        return not path.endswith(NO_ROUTES) and not text.startswith("/", value.start)
    return USUAL.fullmatch(key) is not None and not value.block


def base_of_value(value: Value, rule: Position, named: Iterable[tuple[str, list[Value]]], text: str) -> str:
    """The folder from which a value counts, as it is written; `named` are the values that may say so, by their keys."""
    for wanted, others in named:
        depth = wanted.count(".") + 1
        for other in others:
            if len(other.parents) >= depth and other.parents[-depth] in value.parents:
                return text[other.start : other.end].strip("\"'")
    return rule.usual


def has_bases(path: str) -> bool:
    """Whether paths in the file may count from a folder that another of its values names."""
    return any(rule.base for rule in reserved_rules(path))


def has_usual_base(path: str) -> bool:
    """Whether paths in the file count from a folder that it need not name."""
    return USUAL_BASE.match(path.rpartition("/")[2]) is not None
