"""Who owns which files, by `CODEOWNERS`, as GitHub and GitLab read it. Gitea has another syntax and asks owners itself.

docs.github.com, "About code owners"; docs.gitlab.com, "Code Owners": patterns are like those of `.gitignore`, the last
one that matches counts, on GitLab in each section.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from migrate.tree.wildmatch import wildmatch_regex

PLACES = {
    "github": (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"),
    "gitlab": ("CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"),
}
"""Where each forge looks; the first that is there counts."""
MOST_BYTES = 3 * 2**20
"""Bytes of a file that GitHub reads."""
MOST = 15
"""Owners that are asked to review one request: GitHub takes no more."""
SECTION = re.compile(r"\^?\[[^\]]+\](?:\[\d+\])?\s*(.*)")
WORD = re.compile(r"(?:\\.|\S)+")


@dataclass
class Section:
    """Some rules of which the last one that matches counts; `owners` are those of rules that name none."""

    owners: tuple[str, ...] = ()
    rules: list[tuple[re.Pattern[str], tuple[str, ...]]] = field(default_factory=list)

    def of(self, path: str) -> tuple[str, ...]:
        """The owners of one file."""
        return next((owners for pattern, owners in reversed(self.rules) if pattern.fullmatch(path)), ())


def owners_of(text: str, paths: Iterable[str]) -> tuple[str, ...]:
    """Everybody who owns one of some files, each once: `ann`, `shop/core`. Addresses of mail name nobody on a forge."""
    sections = [*sections_of(text)]
    found = dict.fromkeys(owner for path in paths for section in sections for owner in section.of(path))
    return tuple(found)[:MOST]


def sections_of(text: str) -> Iterator[Section]:
    """The rules of a file; on GitHub all of them are one section."""
    section = Section()
    for line in text.splitlines():
        rest = line.strip()
        heading = SECTION.fullmatch(rest)
        if not rest or rest.startswith("#"):
            continue
        if heading is not None:
            yield section
            section = Section(named(heading[1].split()))
            continue
        pattern, *words = WORD.findall(rest.partition(" #")[0])
        section.rules.append((rule(pattern), named(words) or section.owners))
    yield section


def named(words: Iterable[str]) -> tuple[str, ...]:
    """The people and teams among the words of a rule."""
    return tuple(word[1:] for word in words if re.fullmatch(r"@[\w.-]+(?:/[\w.-]+)*", word))


def rule(pattern: str) -> re.Pattern[str]:
    """The files of a pattern: a name alone stands for itself anywhere, and a folder for all that is in it."""
    text = pattern.replace("\\ ", " ")
    inner = text.strip("/")
    start = "" if "/" in text.rstrip("/") else "(?:.*/)?"
    end = "/.*" if text.endswith("/") else "" if text.endswith("/*") else "(?:/.*)?"
    return re.compile(start + wildmatch_regex(inner) + end, re.DOTALL)
