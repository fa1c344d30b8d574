"""Searching a text for old paths, whatever its format: the proof that nothing was missed.

This deliberately shares no rule with rewriting, so that a mistake there is not repeated here. It knows no formats. It
asks only which path a place spells, and whether that path can count from the top of the repository.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from migrate.engines.module_folder import ModuleFolder
from migrate.git.paths import folder_of, is_under

# `/`, `\/`, `\\`, and `", "` between the arguments of a join call.
SLASH = r"(?:\\{0,2}/|\\{1,2}(?!\.))"
BETWEEN = rf"""(?:{SLASH}|["']\s*,\s*["'])"""
REST = re.compile(rf"(?:[\w-]|\\{{0,2}}\.)*(?:{SLASH}(?:[\w-]|\\{{0,2}}\.)+)*")
GROUP = rf"{SLASH}?[{{(]([^{{}}()\n]*)[}})]"
SPLIT = re.compile(r"""["']\s*,""")
JOIN_OPEN = re.compile(r"oin\([^()]*$")
ARGUMENT_BEFORE = re.compile(r"""oin\([^()]*["']\s*,\s*["']$""")

# Text before a path that counts from the top: nothing of a path, `./`, wildcards, a variable, an escape, a flag.
EDGE = r"(?:^|[^\w./\\~@%$+-])"
LEFT = re.compile(
    rf"{EDGE}(?:\.?/|@{{0,2}}//|(?:\*\*?/)+|\$\w+\$?/|%\w+%/)?$|%~dp0[\\/]?$|[)}}>]/$|%[sv]/$|(?:^|\s)-[A-Z](?:\./)?$"
    r"|\\[ntr](?:\./)?$"
)
HOST = re.compile(r"(?<!file):(?:\\?/){2}$")
LABEL = re.compile(rf"{EDGE}@(\w[\w.-]*)//$")
# Brackets that make a word the name of a variable, or the rest of a path that began before them.
WITHIN = re.compile(r"\$\{$|(?:^|[\s\"'`=:,^])(?:[\w.-]+/)*[\w-]+/[({](?:\?:)?(?:[^(){}\s]*[|,])?$")
SLASH_ALONE = re.compile(r"(?:^|[^\w./\\~@%$+)}>-])/$")
CLIMB = re.compile(r"(?<![\w.])(?:\./)?((?:\.\./)+)$")
HOSTED = re.compile(
    r"//(?:raw\.githubusercontent\.com/[\w.-]+/([\w.-]+)|(?:[\w.-]+/)*?([\w.-]+)/(?:-/)?(?:blob|tree|raw|edit|blame))"
    r"/(refs/heads/)?([\w.-]+)/$"
)
CONTEXT = re.compile(r"(//(?:[\w.-]+/)+[\w.-]+?)(?:\.git)?#([\w.-]+):$")
"""A folder of a repository from which docker builds: `https://github.com/acme/shop.git#main:`."""
USED = re.compile(r"\buses:[ \t]*[\"']?([\w.-]+/[\w.-]+)/$")
VERSIONED = re.compile(r"([\w.~/-]+)@([\w.-]+)/$")
FIXED = re.compile(r"[0-9a-f]{7,64}|v?\d+\.\d[\w.-]*")


@dataclass(frozen=True)
class FoundPlace:
    """A place where a path is spelled, and how it counts from the top."""

    start: int
    end: int
    path: str
    """The path from the top, with all that follows."""
    qualified: bool = False
    """Whether the import path of a module stands before it."""
    parent_relative: str = ""
    """The `../` before it: it may count from the file's folder."""
    behind_slash: bool = False
    """Whether nothing but a slash stands before it, as in a URL."""
    hosted: bool = False
    """Whether it is part of a link to this repository on a code host."""
    pinned: bool = False
    """Whether the link is to one commit or release."""
    imported: str = ""
    """The whole import path, where the module at the top stands before it."""


class OldPathSearch:
    """The search for a set of old paths."""

    def __init__(
        self,
        paths: Collection[str],
        *,
        imports: Mapping[str, str],
        inside: Collection[str],
        modules: tuple[ModuleFolder, ...],
        roots: Sequence[str],
        labels: Collection[str] = (),
    ) -> None:
        """`imports` are the import paths of old paths in nested modules, each with the path that it means.

        `inside` are the same old paths, counted from the tops of their modules; `labels` the names by which Bazel
        knows the repository.
        """
        self._labels = frozenset(labels)
        self._imports = imports
        self.modules = modules
        self._top = tuple(f"{module.import_path}/" for module in modules if not module.folder)
        self._roots = tuple(roots)
        tops: dict[str, set[str]] = defaultdict(set)
        for path in (*paths, *imports, *inside):
            top, _, rest = path.partition("/")
            tops[top].add(rest)
        parents = {folder_of(path) for path in paths} - {""}
        self._expressions = [search_expression(top, rests) for top, rests in tops.items()]
        self._groups = [re.compile(spelled_path(parent) + GROUP) for parent in sorted(parents)]

    def places(self, text: str) -> Iterator[FoundPlace]:
        """Every place of a text where one of the paths may be spelled, with what follows it."""
        for regex in self._expressions:
            for match in regex.finditer(text):
                rest = REST.match(text, match.end())
                end = rest.end() if rest else match.end()
                yield from self._judged(text, match.start(), end, plain_path(text[match.start() : end]))
        for regex in self._groups:
            for match in regex.finditer(text):
                written = plain_path(f"{text[match.start() : match.start(1) - 1]}|")
                parent, is_open = written.rstrip("|/"), written.endswith("/|")
                names = [name.strip() for name in re.split(r"[,|]", match[1])]
                if not is_open:  # `auth(x)` calls a function; in `auth($|/x)` the slash stands among the alternatives
                    names = [name[1:] for name in names if name.startswith("/") and len(names) > 1]
                for name in names:
                    yield from self._judged(text, match.start(), match.end(), f"{parent}/{plain_path(name)}")

    def _judged(self, text: str, start: int, end: int, path: str) -> Iterator[FoundPlace]:
        """The place, unless the text before it makes it another path."""
        before = text[max(0, start - 200) : start]
        if ARGUMENT_BEFORE.search(before) or (SPLIT.search(text, start, end) and not JOIN_OPEN.search(before)):
            return
        before = re.sub(r"\\{1,2}([/.])", r"\1", before.rpartition("\n")[2])
        before = CONTEXT.sub(r"\1/tree/\2/", before)
        if WITHIN.search(before) or HOST.search(before):
            return
        nested = next((form for form in self._imports if is_under(path, form) or path.startswith(f"{form}.")), None)
        if nested is not None and not re.search(r"[\w.-]$", before):
            yield FoundPlace(start, end, self._imports[nested] + path[len(nested) :], qualified=True)
        elif before.endswith(self._top):
            module = next(module for module in self._top if before.endswith(module))
            yield FoundPlace(start, end, path, qualified=True, imported=f"{module}{path}")
        elif (versioned := VERSIONED.search(before)) is not None:
            named = (module for module in self.modules if f"/{versioned[1]}".endswith(f"/{module.import_path}"))
            owner = max(named, key=lambda module: len(module.import_path), default=None)
            if owner is not None:
                path = f"{owner.folder}/{path}".lstrip("/")
                yield FoundPlace(start, end, path, qualified=True, pinned=FIXED.fullmatch(versioned[2]) is not None)
        elif LEFT.search(before) or (before.endswith(self._roots) and self._is_root(before)):
            yield FoundPlace(start, end, path, behind_slash=SLASH_ALONE.search(before) is not None)
        elif parent_relative := CLIMB.search(before):
            yield FoundPlace(start, end, path, parent_relative=parent_relative[1])
        elif (hosted := HOSTED.search(before)) and self.is_ours(hosted[1] or hosted[2]):
            is_pinned = not hosted[3] and FIXED.fullmatch(hosted[4]) is not None
            yield FoundPlace(start, end, path, hosted=True, pinned=is_pinned)
        elif self._is_own_action(before):
            yield FoundPlace(start, end, path, hosted=True)
        elif (label := LABEL.search(before)) and label[1] in self._labels:
            yield FoundPlace(start, end, path)

    def _is_root(self, before: str) -> bool:
        """Whether one of the roots of images stands alone before a place."""
        return any(before.endswith(root) and not re.search(r"[\w.$)}-]$", before[: -len(root)]) for root in self._roots)

    def _is_own_action(self, before: str) -> bool:
        """Whether an action or workflow is one of this repository, called by its name: `uses: acme/shop/`."""
        named = USED.search(before)
        return named is not None and any(f"/{named[1]}/" in f"/{module.import_path}/" for module in self.modules)

    def is_ours(self, name: str) -> bool:
        """Whether a repository of this name on a code host can be this one."""
        return not self.modules or any(name in module.import_path.split("/") for module in self.modules)


def plain_path(written: str) -> str:
    """A path without the escapes and separators that it is spelled with, and without a full stop behind it."""
    return re.sub(BETWEEN, "/", re.sub(r"\\{1,2}\.", ".", written)).rstrip("/.")


def search_expression(top: str, rests: set[str]) -> re.Pattern[str]:
    """The expression for the paths below one folder; it starts with a literal, which Python searches fast."""
    below = "|".join(spelled_path(rest) for rest in sorted(rests, key=len, reverse=True) if rest)
    return re.compile(spelled_path(top) + (f"(?:{BETWEEN}(?:{below})){'?' if '' in rests else ''}" if below else ""))


def spelled_path(path: str) -> str:
    """The expression for one path in every spelling."""
    return BETWEEN.join(re.escape(part).replace(r"\.", r"\\{0,2}\.") for part in path.split("/"))
