"""What needs no merge is what git's merge would make of it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrate.errors import PathError
from migrate.git.history import TreeChange, changes_between, entries_after
from migrate.git.merge import cherry_pick
from migrate.git.objects import TreeId
from migrate.orchestrator.replay.apart import Elsewhere, check_entries
from tests.conftest import Sandbox

PATHS = ("a", "b", "d/x", "d/y", "d/e/z", "f/x", "f/g/x", "h")
TEXTS = ("".join(f"{word} {n}\n" for n in range(9)) for word in ("one", "two", "three"))
CONTENTS = (*TEXTS, "")
TREES = st.dictionaries(st.sampled_from(PATHS), st.sampled_from(CONTENTS), max_size=6)


def tree(repo: Sandbox, files: dict[str, str]) -> TreeId:
    """A tree of some files."""
    lines = []
    for path, text in files.items():
        blob = repo.repository.git.run("hash-object", "-w", "--stdin", stdin=text.encode()).text
        lines.append(f"100644 {blob}\t{path}\n")
    index = {"GIT_INDEX_FILE": str(repo.path / ".git/other")}
    (repo.path / ".git/other").unlink(missing_ok=True)
    repo.repository.git.run("update-index", "--index-info", stdin="".join(lines).encode(), env=index)
    return TreeId(repo.repository.git.run("write-tree", env=index).text)


def merged(files: dict[str, str], before: dict[str, str], after: dict[str, str]) -> dict[str, str]:
    """Files with what changed elsewhere."""
    gone = before.keys() - after.keys()
    changed = {path: text for path, text in after.items() if before.get(path) != text}
    return {**{path: text for path, text in files.items() if path not in gone}, **changed}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TREES, TREES, TREES)
def test_what_is_apart_is_merged_as_git_does(
    repo: Sandbox, before: dict[str, str], ours: dict[str, str], edited: dict[str, str]
) -> None:
    after = (
        {**before, **edited} if len(edited) % 2 else {path: text for path, text in before.items() if path not in edited}
    )
    here = {**before, **ours} if len(ours) % 2 else {path: text for path, text in before.items() if path not in ours}
    base, mine, theirs = (tree(repo, files) for files in (before, here, after))
    told = changes_between(repo.repository, {"there": (base, mine), "edit": (base, theirs)})
    if told["edit"] and Elsewhere(told["there"]).is_apart(told["edit"]):
        picked = cherry_pick(repo.repository, {}, base=base, ours=mine, theirs=theirs)
        assert picked == tree(repo, merged(here, before, after))


def change(status: str, path: str) -> TreeChange:
    """A change of one path."""
    return TreeChange(status, path, "100644", "100644", "1" * 40, "2" * 40)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("there", "edit", "expected"),
    [
        ("M a", "M b", True),
        ("M a", "M a", False),
        ("M d/x", "A d", False),
        ("A d", "A d/x", False),
        ("D d/x", "A d/y", False),
        ("D d/x", "M d/y", True),
        ("A d/x", "D d/y", False),
        ("A d/x", "A d/y", True),
    ],
)
def test_what_is_apart(there: str, edit: str, expected: bool) -> None:
    assert Elsewhere([change(*there.split())]).is_apart([change(*edit.split())]) is expected


def test_the_entries_of_changes() -> None:
    entries = entries_after([change("D", "a"), change("M", "b")])
    assert entries["a"] is None
    assert entries["b"] is not None
    assert entries["b"].oid == "2" * 40
    check_entries([change("D", ".git/x"), change("M", "b")])
    with pytest.raises(PathError):
        check_entries([change("A", ".git/x")])
