"""Links to code hosts: which of them lead into this repository.

The tree itself decides: the import paths of its modules and the manifests at its top. The remotes of a
clone do not matter, because the same tree must give the same result in every clone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from migrate.engines.module_folder import ModuleFolder
from migrate.git.objects import TreeEntry
from migrate.text import decode
from migrate.tree.overlay import Overlay

HOSTED = re.compile(
    r"//[^/]+/((?:[^/]+/)*?(?!-/)[^/]+)/(?:-/)?(?:blob|tree|raw|edit|blame|src/branch)/(refs/heads/)?([^/]+)/"
)
RAW = re.compile(r"//raw\.githubusercontent\.com/([^/]+/[^/]+)/(refs/heads/)?([^/]+)/")
FIXED = re.compile(r"[0-9a-f]{7,64}|v?\d+\.\d[\w.-]*")
# Hosts on which an import path is the address of the repository (cmd/go/internal/vcs).
FORGE = re.compile(r"(?:github\.com|bitbucket\.org|codeberg\.org|gitee\.com|git\.sr\.ht|gitlab\.[\w.-]+)/([^/]+/[^/]+)")
MANIFESTS = frozenset(
    [
        "package.json",
        "Cargo.toml",
        "pyproject.toml",
        "composer.json",
        "setup.py",
        "setup.cfg",
        "mkdocs.yml",
        "mkdocs.yaml",
        "Chart.yaml",
        "README.md",
        "README.rst",
        "pubspec.yaml",
        "antora.yml",
    ]
)
DECLARED = re.compile(
    r"(?:\b(?:repository|repo_url|source(?:-code)?|homepage|url)\b[\"']?[ \t]*[:=][ \t]*[\"'{]*|git clone )"
    r"(?:[\w+]*:?//|git@|\"?url\"?[ \t]*:[ \t]*\"(?:git\+)?\w+://)?"
    r"(?:\w+@)?(?:[\w-]+\.)+\w+[/:]([\w.-]+/[\w.-]+?)(?:\.git)?(?=[\"'/#\s)]|$)",
    re.IGNORECASE,
)


class Leads(Enum):
    """Where a link to a code host leads."""

    HERE = auto()
    PINNED = auto()
    """To one commit or release of this repository: the old path stays right."""
    MAYBE = auto()
    """To a fork, or to a repository that may be this one."""
    ELSEWHERE = auto()


@dataclass(frozen=True)
class HostIdentity:
    """What this repository is called."""

    full: frozenset[str]
    """Owner and name, in lower case."""
    loose: frozenset[str]
    """Names that may be the repository's, of modules whose import paths are no address."""

    @classmethod
    def of(cls, overlay: Overlay, before: Mapping[str, TreeEntry], modules: Sequence[ModuleFolder]) -> HostIdentity:
        """What the modules and manifests of a tree say."""
        found = [(module, FORGE.match(module.import_path)) for module in modules]
        full = {address[1].lower() for _, address in found if address}
        loose = {part for module, address in found if not address for part in module.import_path.lower().split("/")}
        texts = (decode(overlay.content(before[name].oid)) for name in MANIFESTS & before.keys() if not full)
        return cls(frozenset(full | set(declared_identity(texts))), frozenset(loose))

    def leads(self, address: str) -> Leads:
        """Where a link with this beginning and a path leads."""
        found = HOSTED.fullmatch(address) or RAW.fullmatch(address)
        if found is None:
            return Leads.ELSEWHERE
        repository = found[1].lower()
        if repository in self.full or (not self.full and repository.rpartition("/")[2] in self.loose):
            return Leads.PINNED if not found[2] and FIXED.fullmatch(found[3]) else Leads.HERE
        names = {known.rpartition("/")[2] for known in self.full}
        is_fork = repository.rpartition("/")[2] in names or not (self.full or self.loose)
        return Leads.MAYBE if is_fork else Leads.ELSEWHERE


def declared_identity(texts: Iterable[str]) -> set[str]:
    """The repositories that manifests name as their own."""
    return {found[1].lower() for text in texts for found in DECLARED.finditer(text)}
