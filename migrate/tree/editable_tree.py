"""The tree that a phase edits: reading, writing, moving, deleting and rendering.

All of it works on an overlay over a git tree and needs no checkout. Only `run` materialises the tree in a slot. Nothing
here knows a language: engines edit the tree by these verbs, and register the moves that they have yet to carry out.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, get_args

from migrate.errors import PathError, PhaseError
from migrate.git.objects import EXECUTABLE, REGULAR, SYMLINK, TreeEntry
from migrate.git.paths import check_path, folders_of_paths, is_under, parents
from migrate.limits import TOO_LARGE
from migrate.text import decode, did_you_mean, encode, examples, plural
from migrate.tree.allowed import Allowed
from migrate.tree.gitignore import Gitignore
from migrate.tree.globs import glob_regex
from migrate.tree.moves import MoveMap
from migrate.tree.overlay import Overlay
from migrate.tree.required import required_text

Imports = Literal["rewrite", "forward"]
"""What becomes of code that imports a package which moves: it follows at once, or the old package forwards for it."""

Missing = Literal["fail", "skip"]
"""What a move does when nothing is at its old place: it fails, or it waits for a later run that finds something."""

READ_AT_ONCE, SHORTEST_NEEDLE = 500, 3
"""Up to this many files are read without searching first; and a text shorter than this is in almost every file."""

ToolRunner = Callable[[Overlay, Sequence[str]], Mapping[str, TreeEntry]]
"""Runs a program in a checkout of an overlay and returns the entries of the tree that it left behind."""


@dataclass(frozen=True)
class Match:
    """One line that `grep` found; `line` counts from 1."""

    path: str
    line: int
    text: str


class Pending(Protocol):
    """Verbs that collect requests, to be carried out together."""

    def flush(self) -> None:
        """Carry them out. Raises `PhaseError` when they cannot be done; then nothing changed."""


class EditableTree:
    """A tree to edit, for one phase.

    Every path is relative to the top of the repository and uses `/`. A path that leaves the repository, names `.git`,
    is absolute or goes through a symlink raises `PathError`.
    """

    def __init__(
        self,
        overlay: Overlay,
        *,
        phase: str = "",
        history: MoveMap | None = None,
        templates: Path | None = None,
        run_tool: ToolRunner | None = None,
        allowed: Sequence[Allowed] = (),
        imports: Imports = "rewrite",
        missing: Missing = "fail",
    ) -> None:
        self.overlay = overlay
        self.phase = phase
        self.history = history or MoveMap()
        self.moved = MoveMap()
        self.notes: list[str] = []
        self.details: list[str] = []
        """Every line that the notes summarise, for the log."""
        self.followed: set[str] = set()
        """The old paths of files for which an engine has updated everything that names them."""
        self.ran: list[str] = []
        self.todos: list[str] = []
        self.allowed = tuple(allowed)
        self.imports = imports
        self.missing = missing
        self._templates = templates
        self._run_tool = run_tool
        self._pending: dict[str, Pending] = {}
        """The verbs of engines that this phase has called, by name."""

    # -- reading ------------------------------------------------------------------------------------------------

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises `PathError` when there is no such regular file."""
        self.flush()
        path = check_path(path)
        entry = self.overlay.entries.get(path)
        if entry is None:
            raise PathError(f'there is no file "{path}"{whereabouts(self, path, self.overlay.entries)}')
        if not entry.is_text_candidate:
            raise PathError(f'"{path}" is a {"symlink" if entry.mode == SYMLINK else "submodule"}, not a file')
        return self.overlay.content(entry.oid)

    def read_text(self, path: str) -> str:
        """The text of a UTF-8 file; bytes that are no UTF-8 survive a `write` of the same text."""
        return decode(self.read(path))

    def exists(self, path: str) -> bool:
        """Whether `path` is a file or a folder with something in it."""
        self.flush()
        return self.overlay.holds(check_path(path))

    def is_folder(self, path: str) -> bool:
        """Whether `path` is a folder with something in it; the top of the repository is ""."""
        self.flush()
        return self.overlay.is_folder(path and check_path(path))

    def files(self, folder: str = "") -> list[str]:
        """Every path below a folder (or the file itself), symlinks and submodules included, sorted."""
        self.flush()
        return self.overlay.under(folder and check_path(folder))

    def glob(self, *patterns: str) -> list[str]:
        """The files that match one of the patterns, sorted.

        `*` and `?` stay within one name, `**` crosses folders, `[…]` is a set: `internal/**/*_test.go`.
        """
        self.flush()
        compiled = [glob_regex(pattern) for pattern in patterns]
        return sorted(path for path in self.overlay.entries if any(regex.fullmatch(path) for regex in compiled))

    def grep(self, pattern: str | re.Pattern[str], *globs: str) -> list[Match]:
        """The lines that hold `pattern` (a fixed text, or a compiled expression) in the files that match `globs`."""
        regex = re.compile(re.escape(pattern)) if isinstance(pattern, str) else pattern
        found = []
        for path, text in self._searched(regex, globs or ("**",)):
            lines = text.split("\n")
            found += [Match(path, n, line) for n, line in enumerate(lines, 1) if regex.search(line)]
        return found

    def _searched(self, regex: re.Pattern[str], globs: Sequence[str]) -> Iterator[tuple[str, str]]:
        """The texts of the regular files that match `globs` and may hold the expression.

        When there are many, only those are read in which a search finds a text that every match holds. A file that is
        too large gets a note instead.
        """
        files = [path for path in self.glob(*globs) if self.overlay.entries[path].is_text_candidate]
        needle = required_text(regex)
        if len(files) > READ_AT_ONCE and len(needle) >= SHORTEST_NEEDLE:
            holding = set(self.overlay.holding([needle]))
            files = [path for path in files if path in holding]
        large = self.overlay.too_large(files)
        if large:
            files_were = plural(len(large), "file was", "files were")
            said = f"{files_were} not searched, because of {TOO_LARGE}: {examples(sorted(large))}"
            if said not in self.notes:
                self.note(said)
        small = [path for path in files if path not in large]
        return ((path, decode(content)) for path, content in self.overlay.contents(small))

    def holding(self, *needles: str) -> list[str]:
        """The regular files that hold one of the fixed texts, sorted: a fast filter before reading."""
        self.flush()
        return self.overlay.holding(needles)

    # -- writing ------------------------------------------------------------------------------------------------

    def write(self, path: str, content: str | bytes, *, executable: bool | None = None) -> None:
        """Write a file. It keeps its mode unless `executable` says otherwise.

        Raises `PathError` for a path through a symlink or a file, or one that an ignore rule hides.
        """
        self.flush()
        path = check_path(path)
        old = self.overlay.entries.get(path)
        if old is None:
            self._check_new(path)
        elif not old.is_text_candidate:
            raise PathError(f'"{path}" is a symlink or a submodule; delete it first')
        mode = old.mode if old is not None and executable is None else EXECUTABLE if executable else REGULAR
        raw = encode(content) if isinstance(content, str) else content
        self.overlay.put(path, raw, mode)

    def delete(self, path: str) -> None:
        """Delete a file, or a folder with everything in it."""
        found = self.files(path)
        if not found and not skips(self.missing):
            raise PathError(f'there is nothing at "{path}" to delete{whereabouts(self, path, self._places())}')
        self.overlay.drop(found)

    def move(self, old: str, new: str, *, missing: Missing | None = None) -> None:
        """Move a file or a folder, modes, symlinks and submodules included, without reading it.

        With `missing="skip"` nothing happens where nothing is at `old`; without the argument the workspace decides.
        """
        self.flush()
        self.relocate({old: new}, missing=missing)

    def relocate(self, moves: Mapping[str, str], *, missing: Missing | None = None) -> None:
        """Move several files and folders at once: every old path means the tree before.

        Swaps, chains and a folder whose child goes elsewhere are allowed. Raises `PathError` when an old path is not
        there (with `missing="skip"` it is passed over), a new one exists (also in another letter case), two meet at
        one place, or an ignore rule hides one.
        """
        asked = {check_path(old): check_path(new) for old, new in moves.items()}
        skip = skips(missing or self.missing)
        step = MoveMap({old: new for old, new in asked.items() if not skip or self.overlay.holds(old)})
        files: dict[str, str] = {}
        for old, new in step:
            if is_under(new, old) and new != old and old in self.overlay.entries:
                raise PathError(f'"{old}" is a file and cannot move below itself to "{new}"')
            below = self.overlay.under(old)
            if not below:
                raise PathError(f'there is nothing at "{old}" to move{whereabouts(self, old, self._places())}')
            files |= {path: step.resolve(path) for path in below if step.moves(path)}
        self._check_destinations(files)
        self.overlay.relocate(files)
        self.moved = self.moved.then(step).among(self.overlay.existed)

    def replace(self, pattern: str | re.Pattern[str], replacement: str, *globs: str, expect: int | None = None) -> int:
        """Replace a fixed text, or a compiled expression (with `\\1` groups), in the files that match `globs`.

        Returns how many places changed; raises `PhaseError` when none did, or not as many as `expect`.
        """
        if not globs:
            raise PhaseError("ws.replace needs the files to replace in", advice='name them: ws.replace(…, "docs/*.md")')
        regex, new = (
            (re.compile(re.escape(pattern)), replacement.replace("\\", r"\\"))
            if isinstance(pattern, str)
            else (pattern, replacement)
        )
        changed = 0
        for path, text in self._searched(regex, globs):
            replaced, count = regex.subn(new, text)
            if count:
                self.write(path, replaced)
                changed += count
        if changed == 0 and skips(self.missing):
            return 0
        if changed == 0 or expect not in (None, changed):
            wanted = "any" if expect is None else str(expect)
            raise PhaseError(f"ws.replace found {changed} places for {regex.pattern!r}, not {wanted}")
        return changed

    def render(self, template: str, path: str, /, **values: object) -> None:
        """Render a Jinja template of the plan's (or one that ships with `migrate`) to a file."""
        from migrate.templating.templates import render_template

        self.write(path, render_template(template, self._templates, values))

    def run(self, *command: str) -> None:
        """Run an external tool in a checkout of this tree; what it changes becomes part of the phase.

        Raises `PhaseError` when the tool is not there or fails.
        """
        self.flush()
        if self._run_tool is None:
            raise PhaseError(f'ws.run("{command[0]}") cannot work here: there is no slot to run it in')
        self.overlay.reset(self._run_tool(self.overlay, command))
        self.ran.append(" ".join(shlex.join(command).split()))

    @property
    def gitignore(self) -> Gitignore:
        """The ignore rules of this tree."""
        return Gitignore(self.overlay)

    def flush(self) -> None:
        """Carry out the collected moves of each engine as one map; every other verb does this first."""
        for verbs in self._pending.values():
            verbs.flush()

    # -- for the pull request -----------------------------------------------------------------------------------

    def note(self, text: str) -> None:
        """State a fact for the pull request."""
        self.notes.append(" ".join(text.split()))

    def todo(self, text: str) -> None:
        """State a decision that a person owes: the phase refuses to run until the line is taken out."""
        self.todos.append(" ".join(text.split()))

    # -- checks -------------------------------------------------------------------------------------------------

    def _places(self) -> set[str]:
        return set(self.overlay.entries) | folders_of_paths(self.overlay.entries)

    def _check_new(self, path: str) -> None:
        if self.overlay.is_folder(path):
            raise PathError(f'"{path}" is a folder')
        for folder in parents(path):
            if folder in self.overlay.entries:
                what = "symlink" if self.overlay.entries[folder].mode == SYMLINK else "file"
                raise PathError(f'"{path}" goes through the {what} "{folder}"')
        self.gitignore.check_visible(path)

    def _check_destinations(self, files: Mapping[str, str]) -> None:
        staying = [path for path in self.overlay.entries if path not in files]
        taken = {path.lower(): path for path in staying}
        folders = folders_of_paths(staying)
        spellings = {folder.lower(): folder for folder in folders}
        ignore = self.gitignore
        for old, new in files.items():
            if new in folders:
                raise PathError(f'"{new}" is a folder, so "{old}" cannot move there')
            for place in (new, *parents(new)):
                if (other := taken.get(place.lower())) is not None:
                    raise PathError(
                        f'"{old}" cannot move to "{new}": "{other}" is there already',
                        advice="delete it in the phase first, or move it away in the same step",
                    )
            for folder in parents(new):
                if folder not in folders and (other := spellings.setdefault(folder.lower(), folder)) != folder:
                    raise PathError(
                        f'"{old}" cannot move to "{new}": "{other}" differs from "{folder}" by letter case alone',
                        advice="the two would be one folder on macOS and Windows: use the spelling that is there",
                    )
            taken[new.lower()] = new
            folders.update(parents(new))
            if ignore.hides(new) and not ignore.hides(old):
                ignore.check_visible(new)


def whereabouts(ws: EditableTree, path: str, known: Iterable[str]) -> str:
    """A hint about a missing path, for an error: where it was moved, or which `known` path was probably meant."""
    now = ws.moved.resolve(ws.history.resolve(path))
    if now != path and ws.overlay.holds(now):
        return f'; it is at "{now}" since an earlier step of the migration moved it'
    went = ws.overlay.departure(path)
    if went is not None and went.new is not None:
        return f'; it was moved to "{went.new}" in {went.commit[:7]} on {went.day}'
    deleted = f"; it was deleted in {went.commit[:7]} on {went.day}" if went is not None else ""
    return deleted + did_you_mean(path, known)


def skips(missing: str) -> bool:
    """Whether moving a path that does not exist is ignored. Raises `PhaseError` for an unknown word."""
    if missing not in get_args(Missing):
        raise PhaseError(f'missing="{missing}" is neither "fail" nor "skip"')
    return missing == "skip"
