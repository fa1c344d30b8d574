"""Shell command lines: scripts, Makefile recipes, Dockerfiles, steps of workflows. Some commands take only paths."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from migrate.engines.references.common.spans import Reading, Span, split_spans

QUOTED = r"\"(?:\\.|[^\"\\\n$]|\$(?!\())*\"|'[^'\n]*'"
VARIABLE = r"\$\([\w.-]+\)"
"""A variable of make; in a shell it would be a command without arguments, which contains no path either."""
PIECE = re.compile(
    rf"(?P<comment>(?:(?<=\s)|^)\#[^\n]*)|(?P<end>\r?\n|&&|\|\||[;|&()`])|(?P<to>[<>]+&?)|"
    rf"(?P<word>(?:{QUOTED}|\\\r?\n(?=\S)|\\[^\n]|{VARIABLE}|[^\s;&|()<>\"'`\\])+)|(?P<continued>\\\r?\n)|[\"'\\]",
    re.MULTILINE,
)
SKIPPED = re.compile(
    r"sudo|npx|bunx|pipx|poetry|uv|uvx|pdm|hatch|bundle|env|exec|time|command|eval|xargs|then|do|else|if|while|until|!|\$|\{|shell|RUN|CMD|ENTRYPOINT|run|[-@+]+|nohup|"
    r"[@+-]*[A-Za-z_]\w*=\S*|&&",
)
LED = re.compile(r"^(?:[@+-]|\$[({][\w.-]+[)}](?=\w))+")
"""The text right before the name of a command: make's signs, or a variable that holds one of them."""
CALLED = re.compile(r"\$[({]?([\w.-]+)[)}]?")
"""A variable in the place of the command, which usually has its name: `$(RM)`, `$(MAKE)`."""
QUIET = frozenset({"q", "v", "e", "s", "at", "quiet", "hide", "sudo"})
"""The names of makefile variables before a command that hide it or give it rights."""
ADDRESS = re.compile(r"(?!file:)[\w+.-]+://")

# POSIX utilities, GNU coreutils and formatters whose operands are files.
ALL_PATHS = frozenset(
    {
        *("cd", "pushd", "rmdir", "ls", "rm", "cp", "mv", "touch", "cat", "head", "tail", "ln", "du", "tree"),
        *("stat", "source", ".", "rsync", "diff", "cmp", "wc", "less", "file", "realpath", "readlink"),
        *("gofmt", "gofumpt", "goimports", "shellcheck", "shfmt", "prettier", "eslint", "ruff", "black"),
        *("isort", "mypy", "flake8", "pytest", "hadolint", "markdownlint", "yamllint", "buf-lint", "tflint"),
        *("bash", "sh", "zsh", "python", "python3", "node", "chdir", "copy", "move", "del", "rd", "dir"),
        *("type", "set-location", "push-location", "copy-item", "move-item", "remove-item", "get-childitem"),
        *("get-content",),
        *("scp", "tar", "zip", "unzip", "include", "-include", "sinclude", "vpath"),
    }
)
AFTER_FIRST = frozenset(["grep", "egrep", "fgrep", "rg", "ag", "sed", "awk", "chmod", "chown", "chgrp"])
"""Commands whose first operand is a pattern, a program or a mode."""
MADE = frozenset({"mkdir"})
TESTS = frozenset({"test", "[", "[["})
OF_FILES = re.compile(r"-[a-hkprstuwxGLNOS]|-[no]t|-ef")
"""The operators of a test that take files (POSIX test, bash conditional expressions); `==` compares texts."""
AFTER_WORD = {"git": frozenset(["add", "rm", "mv", "ls-files", "restore", "clean", "blame"])}
PYTHONS = frozenset({"python", "python3", "mypy", "pytest", "isort"})
MODULE_VALUES = frozenset({"-m", "-p", "--module", "--package"})
"""Options of Python's commands whose value is the name of a module, or of something else than a file."""
COMPILERS = frozenset({"protoc"})
"""Commands whose operands count from the `-I` folders (protobuf.dev/programming-guides/proto3/#generating)."""
FILTERS = frozenset({"grep", "egrep", "fgrep", "rg"})
# Flags that name a folder, of git, make, go, tar, npm, yarn, pnpm, uv, cargo, terraform, docker compose, cmake, gradle.
FOLDER_FLAG = re.compile(
    r"(?:-C|-chdir|--chdir|--prefix|--cwd|--dir|--directory|--project-directory|--project-dir|--working-directory|"
    r"-I|-L|--proto_path|--manifest-path|--rootdir|--root-dir|--source-dir|--docs-dir|--config-dir|-S)(?P<joined>=?)(?P<rest>\S*)$"
)
JOINED = ("-C", "-I", "-L")
"""Flags whose value follows without anything between."""
BUILDERS = frozenset({"docker", "podman", "nerdctl", "buildah"})
BUILD_VALUES = frozenset(
    {
        *("-t", "--tag", "--build-arg", "--target", "--platform", "--label", "--cache-from", "--cache-to", "--network"),
        *("--secret", "--ssh", "--progress", "--builder", "--add-host", "--pull"),
    }
)
"""The flags of `docker build` whose value is not a path (docs.docker.com/reference/cli/docker/buildx/build/)."""
REMOTE_PLACE = re.compile(r"[\w.@-]{2,}:(?!//)")
"""`host:folder`, a place on another machine."""
MOUNT = re.compile(r"(?:^|,)(?:source|src)=([^,\s]+)")
# A variable with the name of a folder, and what it holds.
ASSIGNED = re.compile(
    r"^[ \t]*(?:export[ \t]+|local[ \t]+|readonly[ \t]+|ARG[ \t]+|ENV[ \t]+)?\w*"
    r"(?:DIRS?|dirs?|FOLDERS?|folders?|ROOTS?|roots?|TOP|SRCS?|SOURCES|FILES?)"
    r"[ \t]*(?:[:+?!]{0,2}=)[ \t]*(\(?[\"']?[^\n#;&|]*)",
    re.MULTILINE,
)
ENTERED = re.compile(r"(?:\b(?:cd|pushd)|-C|--prefix|--cwd)[ \t]+[\"']?\$[({]?(\w+)")
"""A variable that names the folder to which a command changes."""
ABOVE = re.compile(
    r"""^[ \t]*(?:export[ \t]+)?\w+[ \t]*[:?]?=[ \t]*["']?((?:\.\./)*\.\.?/?)["']?[ \t]*$""", re.MULTILINE
)
LOOPED = re.compile(r"\w*(?:dir|folder|d|path|p|file|f|module|mod|pkg|package|component|project|service|app)s?")
"""The names of variables in loops over folders or files."""
COPY = re.compile(r"^[ \t]*(?:COPY|ADD)[ \t]+((?:\\\r?\n|[^\n])+)", re.MULTILINE | re.IGNORECASE)
WORKDIR = re.compile(r"^[ \t]*WORKDIR[ \t]+(\S+)", re.MULTILINE | re.IGNORECASE)
FROM = re.compile(r"^[ \t]*FROM[ \t]+[^\n]*|--from=\S+", re.MULTILINE | re.IGNORECASE)
IMAGE_TOP = re.compile(r"/[^/]*/?")
ARGUMENT = re.compile(r"""[^\s\[\]"',\\]+""")
PART = re.compile(r"[^|\\()\"']+")
SIMPLE = re.compile(r"[\"']?([\w./-]+)[\"']?")


def spans(text: str, path: str) -> Iterable[Span]:
    """The whole text as words, comments as prose, and the arguments of commands that take paths as paths."""
    each_line = path.rpartition("/")[2].lower().startswith(("makefile", "gnumakefile")) or path.endswith(".mk")
    return split_spans(text, shell_commands(text, 0, len(text), keeps_folder=not each_line), rest=Reading.WORDS)


def docker_spans(text: str, path: str) -> Iterable[Span]:  # noqa: ARG001 (every format is asked alike)
    """The same, with the sources and the destination of `COPY` and `ADD` read as paths, and without names of images."""
    copies = (Span(*span, Reading.OPERAND) for span in copied_operands(text))
    names = (found.span() for found in FROM.finditer(text))
    return split_spans(text, [*copies, *shell_commands(text, 0, len(text))], names, rest=Reading.WORDS)


@dataclass
class ShellCommand:
    """One simple command as it is read word by word."""

    name: str = ""
    operands: int = 0
    flag: str = ""
    """The flag before the word, where it takes one."""
    folder: str = ""
    """The folder into which it changes first: `go -C web`."""
    value: bool = False
    """Whether the flag before the word takes one that is no path."""
    after_dashes: bool = False
    """Whether `--` stood before, behind which git has paths alone."""
    redirected: bool = False
    variable: str = ""
    """What a loop calls its variable."""
    lists: bool = False
    """Whether `go list` stands before it in the pipe."""
    words: list[str] = field(default_factory=list)

    def takes(self, word: str) -> Reading | None:
        """How the next word of the command is to be read, None for an ordinary word; the word is counted."""
        plain = word.strip("\"'")
        self.words.append(plain)
        if self.redirected:
            self.redirected = False
            return Reading.OPERAND
        if self.name in TESTS:
            return self._tested(plain)
        if self.flag and ADDRESS.match(plain):
            self.flag = ""
            return None
        if self.flag:
            self.folder = plain if self.flag == "-C" and self.name != "tar" and SIMPLE.fullmatch(plain) else self.folder
            self.flag = ""
            return Reading.OPERAND
        if word.startswith("-") and len(word) > 1:
            return self._flag(word)
        if not self.name:
            if not SKIPPED.fullmatch(word):
                self.name = called_commands(plain)
            return None
        self.operands += 1
        if self.value or REMOTE_PLACE.match(plain) or ADDRESS.match(plain):
            self.value = False
            return None
        return self._operand(plain)

    def _tested(self, word: str) -> Reading | None:
        operator, self.flag = self.flag, word if OF_FILES.fullmatch(word) else ""
        return Reading.OPERAND if operator and not self.flag else None

    @property
    def is_open(self) -> bool:
        """Whether it is a test in brackets that continues after `&&`."""
        return self.name == "[[" and self.words[-1] != "]]"

    def _flag(self, word: str) -> Reading | None:
        if self.name == "git" and word == "--":
            self.after_dashes = True
        self.value = (self.name in BUILDERS and word in BUILD_VALUES) or (
            self.name in PYTHONS and word in MODULE_VALUES
        )
        found = FOLDER_FLAG.match(word)
        if found and not found["rest"]:
            self.flag = word
        if self.name == "find":
            self.operands = -1000  # what follows are its tests
        return Reading.OPERAND if found and found["rest"] and (found["joined"] or word.startswith(JOINED)) else None

    def _operand(self, word: str) -> Reading | None:
        if self.name in FILTERS and self.lists:
            return Reading.FILTER
        if self.after_dashes or (self.name in BUILDERS and "build" in self.words[:-1]):
            return Reading.OPERAND
        if self.name in COMPILERS and word.endswith(".proto"):
            return Reading.ROOTED
        if self.name == "for":
            self.variable = self.variable or word
            return Reading.OPERAND if self.operands > 2 and LOOPED.fullmatch(self.variable) else None
        is_second = self.operands > 1
        if self.name in ALL_PATHS or (self.name == "find" and self.operands > 0):
            return Reading.OPERAND
        if self.name in AFTER_FIRST or (
            self.words[:1] and self.name in AFTER_WORD and self._subcommand() in AFTER_WORD[self.name]
        ):
            return Reading.OPERAND if is_second else None
        return Reading.OPERAND if self.name in MADE and "/" in word.strip("/") else None

    def _subcommand(self) -> str:
        after = self.words[self.words.index(self.name) + 1 :] if self.name in self.words else []
        return next((word for word in after if not word.startswith("-")), "")


def called_commands(word: str) -> str:
    """The name of the command that a word starts; "" when that is still to come."""
    if "/" in word:
        return word
    name = LED.sub("", word).lower()
    variable = CALLED.fullmatch(name)
    if variable is None:
        return name
    return "" if variable[1] in QUIET else variable[1]


def shell_commands(text: str, start: int, end: int, base: str = "", *, keeps_folder: bool = True) -> Iterator[Span]:
    """The parts of command lines that are read in a special way, and all words after a change of the folder.

    `base` is the folder in which they run, where something says it; `keeps_folder` says that lines run in one shell.
    """
    assigned = [found.span(1) for regex in (ASSIGNED, ABOVE) for found in regex.finditer(text, start, end)]
    for name in {found[1] for found in ENTERED.finditer(text, start, end)}:
        value = re.compile(rf"^[ \t]*(?:export[ \t]+)?{name}[ \t]*[:?]?=[ \t]*([^\n#;&|]*)", re.MULTILINE)
        assigned += [found.span(1) for found in value.finditer(text, start, end)]
    yield from (Span(*span, Reading.OPERAND, base) for span in assigned)
    command, folder, outer = ShellCommand(), base, [base]
    for piece in PIECE.finditer(text, start, end):
        kind = piece.lastgroup
        if kind == "comment":
            yield Span(*piece.span(), Reading.TEXT)
        elif kind == "to":
            command.redirected = not piece[0].endswith("&") and not piece[0].startswith("<<")
        elif kind == "word":
            place = beneath(folder, base, command.folder)
            reading = command.takes(piece[0])
            if not any(first < piece.end() and piece.start() < last for first, last in assigned):
                yield from word_spans(text, piece.span(), reading, place)
        elif kind == "end" and command.is_open and piece[0] in ("&&", "||", "(", ")"):
            command.flag = ""
        elif kind == "end":
            folder = after(command, folder, base)
            if piece[0] == "(":
                outer.append(folder)
            elif piece[0] == ")":
                folder = outer.pop() if len(outer) > 1 else folder
            elif piece[0].endswith("\n") and not keeps_folder:
                folder, outer = base, [base]
            lists = piece[0] == "|" and (
                command.lists or command.words[:2] == ["go", "list"] or "list" in command.words[:3]
            )
            command = ShellCommand(lists=lists)


def command_spans(text: str, start: int, end: int, base: str = "") -> Iterator[Span]:
    """A stretch of command lines: what is read in its own way, and the words between."""
    inner = sorted(shell_commands(text, start, end, base), key=lambda span: (span.start, span.end))
    position = start
    for span in inner:
        if span.start >= position:
            if span.start > position:
                yield Span(position, span.start, Reading.WORDS, base)
            yield span
            position = span.end
    if position < end:
        yield Span(position, end, Reading.WORDS, base)


def word_spans(text: str, span: tuple[int, int], reading: Reading | None, folder: str) -> Iterator[Span]:
    """The regions of one word."""
    start, end = span
    if reading is Reading.ROOTED:
        yield Span(start, end, reading)
    elif reading is Reading.FILTER:
        yield from (Span(*part.span(), Reading.FILTER) for part in PART.finditer(text, start, end))
    elif reading is not None:
        yield Span(start, end, reading, folder)
    elif text.startswith("--mount", start):
        yield from (Span(*found.span(1), Reading.OPERAND, folder) for found in MOUNT.finditer(text[:end], start))
    elif folder:
        yield Span(start, end, Reading.WORDS, folder)


def after(command: ShellCommand, folder: str, base: str) -> str:
    """The folder in which the next command runs, as it is written; one that a variable names is not known."""
    if command.name not in ("cd", "pushd"):
        return folder
    target = next((word for word in command.words[1:] if word != "--" and not word.startswith("-")), "")
    if command.words[:1] != [command.name]:
        target = command.words[-1]
    if not SIMPLE.fullmatch(target) or target.startswith("/"):
        return base
    return beneath(folder, base, target)


def beneath(folder: str, base: str, target: str) -> str:
    """The folder that a command changes to from another."""
    if not target:
        return folder
    return target if not folder or folder == base == "" else f"{folder}/{target}"


def copied_operands(text: str) -> Iterator[tuple[int, int]]:
    """The sources and destinations of a Dockerfile's copies, and its working folders.

    A folder at the top of the image is not in the repository.
    """
    for found in COPY.finditer(text):
        for argument in ARGUMENT.finditer(text, *found.span(1)):
            if not (argument[0].startswith("--") or IMAGE_TOP.fullmatch(argument[0])):
                yield argument.span()
    yield from (found.span(1) for found in WORKDIR.finditer(text) if not IMAGE_TOP.fullmatch(found[1]))
