"""Names that follow from a workflow's file name: badges, `gh workflow run ci.yml`, addresses of the code host's API."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from posixpath import basename

from migrate.engines.code_proof import Hit
from migrate.engines.old_paths import OldPaths

WORKFLOW = re.compile(r"\.(?:github|gitea|forgejo)/workflows/[^/]+")
NAMED = re.compile(
    r"(?:/([\w.-]+)/actions/workflows/|/workflow/status/[\w.-]+/([\w.-]+)/|(?<![\w./-])workflows/|"
    r"\bgh[ \t]+workflow[ \t]+\w+[ \t]+(?:-\S+[ \t]+)*|[ \t](?:-w|--workflow)[ \t=]|"
    r"workflow(?:_id|Id|s|_file|-file|_file_name|-name)?[\"']?[ \t]*[:=][ \t]*\[?)[\"']?$"
)


def workflow_names(old_paths: OldPaths) -> dict[str, str]:
    """The names of workflow files that have another name now, each with its old path."""
    olds = {old: new for old, new in old_paths.places.items() if WORKFLOW.fullmatch(old)}
    return {basename(old): old for old, new in olds.items() if basename(old) != basename(new)}


def workflow_hits(
    text: str, names: dict[str, str], old_paths: OldPaths, is_ours: Callable[[str], bool]
) -> Iterator[Hit]:
    """The places of a text that name a workflow by its old file name."""
    for name, old in names.items():
        for match in re.finditer(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", text):
            named = NAMED.search(text[max(0, match.start() - 200) : match.start()].rpartition("\n")[2])
            repository = named and (named[1] or named[2])
            if named is not None and (not repository or is_ours(repository)):
                yield Hit(*match.span(), old, old_paths.places[old])
