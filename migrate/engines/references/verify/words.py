"""Folders with a single-word path, `web`: found only where the text around the word demands a path.

`cd web`, `-C web`, `context: web`, `COPY web/ .` and `${ROOT}/web` name a folder; a service `web:`, `go build` and the
word in a sentence do not.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from posixpath import basename, dirname, join

from migrate.engines.code_proof import Hit
from migrate.engines.old_paths import OldPaths
from migrate.engines.references.common.image_folders import image_work_folders
from migrate.engines.references.common.scope import is_third_party
from migrate.engines.references.verify.keys import is_path_key, is_path_name, key_at
from migrate.engines.references.verify.kinds import (
    FileKind,
    counts_from_own,
    is_bazel,
    is_ignore_file,
    is_makefile,
    kind_of,
)
from migrate.engines.registry import engine_of_file
from migrate.text import line_after, line_before

# Where a command may begin: at the start of a line, after another command, in a key or string that holds one.
AT = (
    r"""(?:^|[;&|(`{"']|\b(?:then|do|else|sudo|exec|time|run|script|command|RUN)\b[ \t:]|[ \t]-[ \t])"""
    r"""[ \t]*(?:[$>#][ \t]+)?[@+-]*"""
)
ANYTHING = r"(?:[ \t]+(?:\$\([\w.-]+\)|[^\s;&|()`])+)*"
OPEN = r"""[ \t]+\\{0,2}["']?(?:\./)?$"""
TOOLS = (
    r"ls|rm|cp|mv|du|tree|rmdir|chmod|chown|rsync|tar|zip|diff|ln|cat|source|eslint|prettier|stylelint|pytest|mypy|"
    r"ruff[ \t]+\w+|black|isort|flake8|pylint|buf[ \t]+\w+|vitest|shellcheck|yamllint|hadolint|gofmt|goimports|wc|scp|"
    r"cloc|ansible-lint|tflint|docker(?:[ \t]+buildx)?[ \t]+build|git[ \t]+(?:add|mv|rm|diff|log|ls-files|checkout)"
)
CHANGE_FOLDER = re.compile(
    rf"""(?:^|[\s;&|(@`"'{{])(?:cd|pushd|chdir|Set-Location|Push-Location)(?:[ \t]+-[\w-]*)*{OPEN}"""
)
ARGUMENT = re.compile(rf"{AT}(?:{TOOLS}){ANYTHING}{OPEN}")
FIND = re.compile(rf"{AT}find(?:[ \t]+[^\s;&|()`-][^\s;&|()`]*)*{OPEN}")
NAMED = re.compile(r"""(?:^|\s)-(?:t|n|o|-?i?name|-?type|-tag|-target|-network|-filter|-from[= ]?)[ \t=]+["']?$""")
TESTED = re.compile(r"""(?:\[|\btest\b)[^\n;&|]*\s-[defsrx][ \t]+["']?(?:\./)?$""")
FLAG = re.compile(
    r"""(?:^|[\s"'`,(\[])(?:-C|--?[\w-]*(?:dir|directory|folder|cwd|prefix|path|root|context|workspace))"""
    r"""(?:["'],[ \t]*["']|[ \t=]+["']?)(?:\./)?$"""
)
INCLUDED = re.compile(r"(?:^|\s)-[IL](?:\./)?$")
LOOP = re.compile(r"\bfor[ \t]+(\w+)[ \t]+in[ \t]+(?:[^\s;]+[ \t]+)*[\"']?(?:\./)?$")
COPY = re.compile(r"^[ \t]*(?:COPY|ADD)(?:[ \t]+(?!--from)\S+)*[ \t]+(?:\./)?$", re.IGNORECASE)
COPY_ALL = re.compile(r"^[ \t]*COPY[ \t]+(?:--(?!from)\S+[ \t]+)*\./?[ \t]", re.MULTILINE | re.IGNORECASE)
COPY_LIST = re.compile(
    r'^[ \t]*(?:COPY|ADD)[ \t]+(?:--(?!from)\S+[ \t]+)*\[(?:\s*"[^"]*",)*\s*"(?:\./)?$', re.IGNORECASE
)
MOUNT = re.compile(r"\b(?:source|src)=(?:\./)?$")
VARIABLE = re.compile(
    r"(?:\$[({]{0,2}[ \t]*|\{\{-?[ \t]*\.?|%|<)[\w. ]*(?:root|dir|workspace|folder|pwd|top|src|project|here)\w*"
    r"[ \t]*(?:[%>$]|[)}]{0,2})[\"']?[\\/]$|%~dp0[\\/]?$",
    re.IGNORECASE,
)
LABEL = re.compile(r"""(?:^|[\s"'`(\[,=-])@{0,2}//$""")
PATH_CALL = re.compile(
    r"""\b(?:[dD]ir|DirFS|[rR]ead_?[dD]ir(?:Sync)?|read_dir|listdir|scandir|[cC]hdir|[rR]eadFile(?:Sync)?|[oO]pen|"""
    r"""[sS]tat(?:Sync)?|[eE]xists(?:Sync)?|[wW]alk(?:Dir)?|[gG]lob(?:Sync)?|Path|PurePath|(?:filepath|path)\.[jJ]oin|"""
    r"""[rR]esolve|rmtree|copytree|[sS]tatic(?:FS)?|FileServer|[fF]ile|LoadHTMLGlob|ParseGlob)\([ \t]*["'`](?:\./)?$"""
    r"""|(?<![.\w])(?:[rR]oot\w*|ROOT\w*|[rR]epo\w*|[wW]orkspace\w*)[ \t]*,[ \t]*["'`](?:\./)?$"""
    r"""|\bcwd\(\)[ \t]*,[ \t]*["'`](?:\./)?$"""
)
BUILD_CALL = re.compile(
    r"""\b(?:docker_build|docker\.build)\([^()]*,[ \t]*["'](?:\./)?$"""
    r"""|\b(?:add_subdirectory|include_directories)\([ \t]*$"""
)
ALTERNATIVE = re.compile(r"""(?:^|["'\s:])\^?\((?:\?:)?(?:[^()\s]*\|)?$""")
OTHERS = re.compile(r"(?:\|[^()\s]*)?\)/")
OWN_CALL = re.compile(r"""\b__dirname[ \t]*,[ \t]*["'`](?:\./)?$|^//go:embed[ \t](?:[^\n]*[ \t])?["`]?(?:all:)?$""")
COMMAND_FOLDER = re.compile(r"""\bDir[ \t]*(?:=|:)[ \t]*"(?:\./)?$""")
"""The field of `exec.Cmd`, `packages.Config` and their like."""
ARGUMENTS = re.compile(r"""["'`](?:[ \t]*,[ \t]*["'`][\w./-]+["'`])+""")
PART = re.compile(r"[\w.-]+")
TARGET = re.compile(r"^(?:[^\t:#=\n]+[ :])?[ ]*(?:\./)?$")
PATTERN = re.compile(r"^[ \t]*!?(?:\*\*/|/)?$")
IN_WORD = re.compile(r"[\w.@+~-]")
EDGE_BEFORE = re.compile(r"""(?:^|[\s"'`=:,(\[])(?:\./)?$""")
ACTION = re.compile(r"\buses:[ \t]*[\"']?$")
IGNORED = re.compile(r"[\w.-]+")
CODE_SPAN = re.compile(r"^(?:[^`]*`[^`]*`)*[^`]*`[^`]*$|^(?: {4}|\t)|^[ \t]*[$>#] ")


BELOW = "a path below a single word, which never existed"
FIELD = "a single word in a string of a test, which only its name suggests to be a path"


@dataclass(frozen=True)
class Around:
    """An occurrence of a word and the text around it."""

    path: str
    text: str
    start: int
    end: int

    @cached_property
    def before(self) -> str:
        """The line up to the word."""
        return line_before(self.text, self.start)

    @cached_property
    def after(self) -> str:
        """The line after the word."""
        return line_after(self.text, self.end)

    @cached_property
    def kind(self) -> FileKind:
        """The kind of file that it stands in."""
        return kind_of(self.path)

    @property
    def word(self) -> str:
        """The word."""
        return self.text[self.start : self.end]

    @property
    def is_command(self) -> bool:
        """Whether the file is a script or settings."""
        return self.kind in (FileKind.SCRIPT, FileKind.SETTINGS)

    @property
    def in_code(self) -> bool:
        """Whether it stands in a code span or block of a document."""
        line = self.text[self.text.rfind("\n", 0, self.start) + 1 : self.start]  # each back quote of it counts
        return CODE_SPAN.search(line) is not None or self.text.count("\n```", 0, self.start) % 2 == 1


class Words:
    """The search for moved single-word paths, counted from the top or from the folder of the file."""

    def __init__(self, old_paths: OldPaths) -> None:
        self._old_paths = old_paths
        self._of: dict[str, set[str]] = defaultdict(set)
        for old in old_paths.places:
            self._of[dirname(old)].add(basename(old))
        self._regex = cache(lambda word: re.compile(rf"{re.escape(word)}(?![\w-]|\.\w|@)"))

    @cached_property
    def roots(self) -> tuple[str, ...]:
        """The folders into which images put the repository, after a space."""
        return tuple(f" {root}" for root in image_work_folders(self._old_paths.overlay))

    @cached_property
    def ignored(self) -> frozenset[str]:
        """The names in the ignore files of the tree: folders that are in no tree, such as `node_modules`."""
        overlay = self._old_paths.overlay
        files = (path for path in overlay.entries if basename(path) == ".gitignore" and not is_third_party(path))
        texts = [overlay.content(overlay.entries[path].oid).decode("utf-8", "replace") for path in files]
        return frozenset(name for text in texts for name in IGNORED.findall(text))

    def hits(self, path: str, text: str) -> Iterator[Hit]:
        """The places of a text that name a moved path by a single word."""
        folder, origin = dirname(path), dirname(self._old_paths.moved.get(path, path))
        for word in sorted({*self._of[""], *self._of[folder], *self._of[origin]}):
            found = self._entry(word, folder, origin) if word in text else None
            if found is None or (found[0] == word and counts_from_own(path)):
                continue
            for match in self._regex(word).finditer(text):
                around = Around(path, text, *match.span())
                if (match.start() and IN_WORD.match(text, match.start() - 1)) or ACTION.search(around.before):
                    continue
                if is_reserved_word(around, self, in_own=found[0] != word) or is_half(around, found[1]):
                    yield Hit(*match.span(), *found, doubt=self._doubt(around))
                elif around.is_command and around.after.startswith("/") and EDGE_BEFORE.search(around.before):
                    yield Hit(*match.span(), *found, doubt=BELOW)

    def _doubt(self, around: Around) -> str | None:
        """Why a word may not be a path although only a path fits, in a language whose strings are followed.

        The joined path never existed, or only the name of a variable suggests a path.
        """
        engine = engine_of_file(around.path)
        if engine is None or not engine.follows_strings:
            return None
        joined = ARGUMENTS.match(around.after)
        below = "/".join(PART.findall(joined[0])) if joined else ""
        if below and not self._old_paths.existed(f"{around.word}/{below}") and below.split("/")[0] not in self.ignored:
            return BELOW
        is_taken = any(
            regex.search(around.before)
            for regex in (PATH_CALL, OWN_CALL, VARIABLE, FLAG, CHANGE_FOLDER, COMMAND_FOLDER)
        )
        return FIELD if not is_taken and engine.is_test(around.path) else None

    def _entry(self, word: str, folder: str, origin: str) -> tuple[str, str] | None:
        """The moved path that a word means, counted from its file's folder or the top, unless it still exists there."""
        for here in {join(folder, word), word}:
            if self._old_paths.is_there(here):
                return None
        for there in (join(folder, word), join(origin, word), word):
            if there in self._old_paths.places and not self._old_paths.is_there(there):
                return there, self._old_paths.places[there]
        return None

    def holds_as_whole(self, name: str) -> bool:
        """Whether a file or folder of the tree has a name."""
        return name in self._old_paths.names


def is_reserved_word(around: Around, words: Words, *, in_own: bool) -> bool:
    """Whether only a path can stand in the place of a word; `in_own` if it counts only from the folder of its file."""
    before, after = around.before, around.after
    if is_ignore_file(around.path):
        return PATTERN.search(before) is not None and (
            before.endswith("/") or after.startswith("/") or not words.holds_as_whole(around.word)
        )
    if CHANGE_FOLDER.search(before) or FLAG.search(before) or VARIABLE.search(before):
        return True
    if around.kind is FileKind.PROSE and not around.in_code:
        return False
    if LABEL.search(before):
        return after.startswith((":", "/")) or is_bazel(around.path)
    if before.endswith(words.roots) and COPY_ALL.search(around.text):
        return True
    if before.endswith("/") and not before.endswith("./"):
        return slashed_key(around)
    if is_ignored_below(around, words) or is_target(around):
        return True
    if OWN_CALL.search(before) or BUILD_CALL.search(before):
        return True
    if around.kind is FileKind.CODE and in_own:
        return False
    if around.kind is FileKind.CODE:
        return PATH_CALL.search(before) is not None or is_named(around)
    if ALTERNATIVE.search(before) and OTHERS.match(after):
        return True
    return is_argument(around) or is_named(around) or PATH_CALL.search(before) is not None


def is_half(around: Around, new: str) -> bool:
    """Whether a line of commands names something below the old place, and the new place as well."""
    if not (around.is_command and around.after.startswith("/") and EDGE_BEFORE.search(around.before)):
        return False
    return re.search(rf"(?<![\w-]){re.escape(new)}(?![\w-])", around.before + around.after) is not None


def slashed_key(around: Around) -> bool:
    """Whether `/web` is the value of a key that names folders: `directory: /web`, not the `path: /web` of a URL."""
    key = key_at(around.text, around.start)
    return key is not None and "director" in key.lower()


def is_ignored_below(around: Around, words: Words) -> bool:
    """Whether the word is followed by what git ignores, as in `web/node_modules`."""
    name = IGNORED.match(around.after[1:]) if around.after.startswith("/") else None
    return name is not None and name[0] in words.ignored and EDGE_BEFORE.search(around.before) is not None


def is_target(around: Around) -> bool:
    """Whether it is in a target or prerequisite of a makefile: `bin/x: web/main.c`."""
    return is_makefile(around.path) and around.after.startswith("/") and TARGET.search(around.before) is not None


def is_argument(around: Around) -> bool:
    """Whether it is an argument of a command that takes paths."""
    before, after = around.before, around.after
    if NAMED.search(before) or after.startswith((":", "=")):
        return False
    if COPY.search(before):
        return re.match(r"/?\S*[ \t]+\S", after) is not None
    if (loop := LOOP.search(before)) is not None:
        return is_path_name(loop[1]) or walks(loop[1], around.text)
    if MOUNT.search(before):
        return "type=bind" in before
    found = (regex.search(before) for regex in (ARGUMENT, FIND, TESTED, INCLUDED))
    return any(found) or (COPY_LIST.search(before) is not None and "," in after)


@lru_cache(maxsize=16)
def walks(variable: str, text: str) -> bool:
    """Whether a script changes into the folder that a variable holds, or names something below it.

    The variables of a workflow's matrix are such variables too: `cd ${{ matrix.module }}`.
    """
    name = rf"\$(?:[{{(]?|\{{\{{[ \t]*matrix\.){re.escape(variable)}\b[ \t]*"
    into = r"(?:\bcd|\bpushd|-C|\bdir(?:ectory)?:|\bcontext:|\bpath:)"
    return re.search(rf"{into}[ \t]+[\"']?(?:\./)?{name}|{name}[)}}]{{0,2}}/", text) is not None


def is_named(around: Around) -> bool:
    """Whether it is the value of a key or variable that holds paths."""
    key = key_at(around.text, around.start)
    if key is None:
        return False
    return is_path_key(key, around.path, around.text, around.word) or (around.is_command and walks(key, around.text))
