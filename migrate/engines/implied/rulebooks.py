"""Reads files of patterns, each into a function that says how it treats a path."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from migrate.engines.implied.dockerfiles import dockerfile_copies, is_dockerfile_name
from migrate.git.paths import folder_of, is_under
from migrate.tree.gitignore import Pattern, compile_pattern, octets
from migrate.tree.wildmatch import below_pattern, wildmatch_regex

Says = Callable[[str], str]
"""How a file treats a path, worded to follow "is": `copied`, `owned by @core`."""

FILTER = re.compile(
    r"^(?P<indent>[ \t]*)(?P<key>paths|paths-ignore)[ \t]*:[ \t]*(?:\[(?P<inline>[^\]\n]*)\]|(?:#[^\n]*)?\n"
    r"(?P<items>(?:[ \t]*(?:#[^\n]*)?\n|[ \t]*-[ \t]+[^\n]*(?:\n|$))+))",
    re.MULTILINE,
)
ITEM = re.compile(r"""^[ \t]*-[ \t]+(?:'([^'\n]*)'|"([^"\n]*)"|([^\s#'"][^\n#]*))""", re.MULTILINE)
INLINE = re.compile(r"""'([^'\n]*)'|"([^"\n]*)"|([^\s,'"]+)""")

PATTERN_RULE = re.compile(r"^[^\s#:=][^\n#:=]*%[^\n#:=]*::?(?![:=])[ \t]*([^\n;#]*)", re.MULTILINE)
MADE_FROM = re.compile(r"[\w./-]+/[\w.-]*%[\w./%-]*")
"""A prerequisite of a pattern rule that names a folder, and no variable."""
STARS = 12
"""A pattern with more stars could be made to take years to match; no real pattern has so many."""
NOTHING = re.compile("(?!)")


@dataclass(frozen=True)
class Rulebook:
    """A file of patterns, and how it treats a path."""

    file: str
    says: Says


def rulebooks(file: str, text: str, exists: Callable[[str], bool]) -> Iterator[Rulebook]:
    """The rulebooks in a file, if its name is that of a file of patterns; `exists` knows the files and folders."""
    folder, _, name = file.rpartition("/")
    if name == ".gitattributes":
        yield Rulebook(file, attributes(folder, text))
    elif name == "CODEOWNERS":
        yield Rulebook(file, owners(text))
    elif name.endswith(".dockerignore"):
        yield Rulebook(file, left_out(text))
    elif is_dockerfile_name(name):
        yield from (Rulebook(file, says) for says in dockerfile_copies(text, folder, exists))
    elif is_makefile_name(name):
        yield from (Rulebook(file, says) for says in pattern_rules(folder, text))
    elif file.startswith(".github/workflows/") and name.endswith((".yml", ".yaml")):
        yield from (Rulebook(file, says) for says in filters(text))


def attributes(folder: str, text: str) -> Says:
    """The attributes that a `.gitattributes` file gives (gitattributes(5)): of each the last line that names it."""
    rules = ruled(text)

    def says(path: str) -> str:
        if not is_under(path, folder):
            return "without attributes"
        inside = octets(path[len(folder) :].lstrip("/"))
        given: dict[str, str] = {}
        for pattern, words in reversed(rules):
            if not pattern.folders_only and pattern.matches(inside, is_folder=False):
                given |= {word.lstrip("-!").partition("=")[0]: word for word in words}
        return f"given {' '.join(given.values())}" if given else "without attributes"

    return says


def owners(text: str) -> Says:
    """The owners of a path by a CODEOWNERS file: the last line that covers the path, or a folder above it, counts.

    https://docs.github.com/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository
    """
    rules = ruled(text)

    @cache
    def last(place: str, is_folder: bool) -> int:
        """The number, from the end, of the last line that covers a place; the number of lines when none does."""
        octets_of = octets(place)
        own = (n for n, (pattern, _) in enumerate(rules) if pattern.matches(octets_of, is_folder=is_folder))
        above = last(folder_of(place), True) if "/" in place else len(rules)
        return min(next(own, len(rules)), above)

    def says(path: str) -> str:
        number = last(path, False)
        words = rules[number][1] if number < len(rules) else []
        return f"owned by {' '.join(words)}" if words else "owned by nobody"

    return says


def left_out(text: str) -> Says:
    """Whether a `.dockerignore` file keeps a path from the build; its patterns count from the top of the context.

    https://docs.docker.com/build/concepts/context/#dockerignore-files: the last line that matches decides.
    """
    rules = []
    for line in text.splitlines():
        rule = line.strip()
        if rule and not rule.startswith("#"):
            pattern = rule.removeprefix("!").strip().strip("/").removeprefix("./")
            rules.append((below_pattern(wildmatch_regex(pattern)), rule.startswith("!")))

    def says(path: str) -> str:
        for pattern, is_kept in reversed(rules):
            if pattern.fullmatch(path):
                return "sent to the build" if is_kept else "left out of the build"
        return "sent to the build"

    return says


def filters(text: str) -> Iterator[Says]:
    """Whether a change of a path starts a workflow, for each of its filters."""
    for found in FILTER.finditer(text):
        items = INLINE.findall(found["inline"]) if found["inline"] is not None else ITEM.findall(found["items"])
        patterns = [next(filter(None, item), "").strip() for item in items]
        yield started(tuple(filter(None, patterns)), excluding=found["key"] == "paths-ignore")


def started(patterns: tuple[str, ...], *, excluding: bool) -> Says:
    """Whether one filter lets a path start the workflow; the last pattern that matches it decides."""

    def says(path: str) -> str:
        matched = False
        for pattern in patterns:
            if filter_expression(pattern.removeprefix("!")).fullmatch(path):
                matched = not pattern.startswith("!")
        return "among the paths that start it" if matched != excluding else "not among the paths that start it"

    return says


@lru_cache(maxsize=1024)
def filter_expression(pattern: str) -> re.Pattern[str]:
    """A pattern of a workflow: `?` and `+` repeat the character before them, a star stops at a slash and two do not.

    https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet
    """
    if pattern.count("*") > STARS:
        return NOTHING
    out = []
    for found in re.finditer(r"\*\*/|\*+|[?+]|\[[^\]]*\]|\\.|.", pattern, re.DOTALL):
        word = found[0]
        if word == "**/":
            out.append("(?:.*/)?")
        elif word[0] == "*":
            out.append("[^/]*" if word == "*" else ".*")
        elif word in "?+" and out:
            out.append(word)
        elif word[0] == "[" and len(word) > 2:
            out.append("[" + word[1:-1].replace("\\", "\\\\").replace("[", "\\[") + "]")
        else:
            out.append(re.escape(word.removeprefix("\\") or word))
    try:
        return re.compile("".join(out))
    except re.error:  # The forge refuses such a pattern, too.
        return NOTHING


def is_makefile_name(name: str) -> bool:
    """Whether a file of this name holds rules for make."""
    return name.lower() in ("makefile", "gnumakefile") or name.endswith(".mk")


def pattern_rules(folder: str, text: str) -> Iterator[Says]:
    """Whether a path is a prerequisite of a makefile's pattern rules; none if no rule names a folder.

    https://www.gnu.org/software/make/manual/html_node/Pattern-Intro.html: `%` stands for any text that is not empty.
    """
    wanted = [word for found in PATTERN_RULE.finditer(text) for word in found[1].split() if MADE_FROM.fullmatch(word)]
    if not wanted:
        return
    inside = re.escape(f"{folder}/") if folder else ""
    paths = (re.escape(word.removeprefix("./")).replace("%", "[^/]+") for word in wanted)
    pattern = below_pattern(inside + f"(?:{'|'.join(paths)})")
    yield (
        lambda path: (
            "a prerequisite of a pattern rule" if pattern.fullmatch(path) else "a prerequisite of no pattern rule"
        )
    )


def ruled(text: str) -> list[tuple[Pattern, list[str]]]:
    """The lines of a file as patterns with the words after them, the last one first."""
    lines = text.split("\n")
    heads = [re.match(r"(?:\\.|[^\s\\])*", line.strip()) for line in lines]
    patterns = compile_pattern(octets("\n".join(head[0] if head else "" for head in heads)))
    return [(each, lines[each.index].strip()[len(head_of(heads[each.index])) :].split()) for each in patterns]


def head_of(found: re.Match[str] | None) -> str:
    """The pattern at the start of a line."""
    return found[0] if found else ""
