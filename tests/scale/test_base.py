"""What a look reads of a base that has gone on for long: what is new, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.git.history import Commit, read_history
from migrate.stack import ground
from migrate.stack.searched import searched_since
from tests.conftest import Sandbox
from tests.scale.conftest import Counting, begin
from tests.story import Story

MANY = 60


def commits(story: Sandbox, count: int, start: int = 0) -> None:
    """So many commits on the branch that is checked out, each of one file."""
    head = story.git("symbolic-ref", "HEAD")
    tip = story.git("rev-parse", "HEAD")
    stream = "".join(
        f"commit {head}\nmark :{n + 1}\ncommitter A <a@b> {1_800_000_000 + start + n} +0000\ndata 2\nx\n"
        f"from {f':{n}' if n else tip}\nM 100644 inline src/{n % 7}\ndata 3\n{start + n:03}\n"
        for n in range(count)
    )
    story.repository.git.run("fast-import", "--quiet", stdin=stream.encode())
    story.git("reset", "-q", "--hard")


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many commits each walk from the branches down to the base brought."""
    found: list[int] = []

    def noting(*given: object) -> dict[str, Commit]:
        walked = read_history(*given)  # type: ignore[arg-type]
        found.append(len(walked))
        return walked

    monkeypatch.setattr(ground, "read_history", noting)
    return found


def test_what_only_the_remote_has_of_the_base_is_not_read(
    story: Story, counted: Counting, read: list[int], tmp_path: Path
) -> None:
    begin(story, 3).made("run", "--no-validate")
    story.git("switch", "-q", "main")
    commits(story, MANY)
    story.made("restack", "--no-validate")
    place = tmp_path / "origin.git"
    story.git("clone", "-q", "--bare", str(story.path), str(place))
    story.git("remote", "add", "origin", str(place))
    story.git("fetch", "-q", "origin")
    story.git("switch", "-q", "main")
    story.git("reset", "-q", "--hard", f"main~{MANY}")
    read.clear()
    assert "origin/main" in story.type("status").ended(0).text
    assert max(read) <= 6
    read.clear()
    assert len(counted("status").of("log", "--walk-reflogs")) == 0


def test_the_history_is_searched_once_and_then_what_is_new(story: Story, counted: Counting) -> None:
    begin(story, 3).made("run", "--no-validate")
    story.git("switch", "-q", "main")
    story.commit("Squashed (#1)", {"made/p001_step.txt": "made\n"})
    commits(story, MANY)
    assert story.states()[0] == "landed"
    again = counted("status")
    assert len(again.of("log", "--extended-regexp")) == 0
    assert len(again.of("rev-list", "--first-parent")) == 0
    commits(story, 5, start=MANY)
    assert story.states()[0] == "landed"


def test_a_search_goes_on_where_the_last_one_ended(repo: Sandbox) -> None:
    start = repo.commit("start", {"a": "1"})
    asked: list[list[str]] = []

    def search(newer, known):  # type: ignore[no-untyped-def]
        asked.append(list(newer))
        return [*repo.git("rev-list", *newer).split(), *known]

    def found(base: str) -> list[str]:
        return searched_since(repo.repository, "test", start, base, search, first_parent=True)

    one = repo.commit("one")
    assert found(one) == [one]
    assert found(one) == [one]
    two = repo.commit("two")
    assert found(two) == [two, one]
    assert asked == [[one, f"^{start}"], [two, f"^{one}"]]
    repo.git("switch", "-q", "--detach", start)
    other = repo.commit("other")
    assert found(other) == [other]
    repo.git("merge", "-q", "--no-ff", "-m", "merge", two)
    merge = repo.git("rev-parse", "HEAD")
    assert set(found(merge)) == {merge, other}.union(repo.git("rev-list", merge, f"^{other}").split())
    assert asked[-2:] == [[other, f"^{start}"], [merge, f"^{other}"]]
    (repo.path / ".git/migrate/cache/searched-test.json").write_text("{")
    assert set(found(two)) == {one, two}
