"""Labels of Bazel and Buck: `//internal/auth` is short for `//internal/auth:auth` (bazel.build/concepts/labels)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from migrate.git.objects import TreeEntry
from migrate.text import decode
from migrate.tree.overlay import Overlay

MANIFESTS = ("MODULE.bazel", "WORKSPACE", "WORKSPACE.bazel")
NAMED = re.compile(r"^(?:module|workspace)\([^)]*?\b(?:name|repo_name)\s*=\s*[\"']([\w.-]+)[\"']", re.MULTILINE)
FILES = re.compile(r"(?:^|/)(?:BUILD|WORKSPACE|BUCK|MODULE)(?:\.\w+)?$|\.(?:bzl|bazel|bazelrc|star)$")
NAME_ENDS = ('"', "'")


def labels_of(overlay: Overlay, before: Mapping[str, TreeEntry]) -> frozenset[str]:
    """The beginnings of labels that name this repository: `@shop//`."""
    texts = [decode(overlay.content(before[path].oid)) for path in MANIFESTS if path in before]
    names = [found[1] for text in texts for found in NAMED.finditer(text)]
    return frozenset(f"{at}{name}//" for name in names for at in ("@", "@@"))


def has_labels(path: str) -> bool:
    """Whether `//` begins a label in a file of this name."""
    return FILES.search(path) is not None


def full_label(old: str, new: str, text: str, end: int) -> str:
    """The target to add to a label whose package gets another last name: the target keeps its own name."""
    name = old.rpartition("/")[2]
    is_short = text.startswith(NAME_ENDS, end)
    return f":{name}" if is_short and new.rpartition("/")[2] != name else ""
