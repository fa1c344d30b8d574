"""Files that come to an old place after it moved go where the map says, and what names it follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest

from migrate.errors import PhaseError
from migrate.phase.relocation import RelocatedTree, relocate_late_files
from migrate.phase.workspace import Workspace
from migrate.tree.allowed import Allowed
from migrate.tree.moves import MoveMap
from tests.engines.golang.conftest import go_repo

if TYPE_CHECKING:
    from tests.engines.golang.conftest import GoRepo

__all__ = ["go_repo"]

Make = Callable[[Mapping[str, "str | bytes"]], "GoRepo"]

RETRY = MoveMap({"internal/retry": "pkg/retry"})
LANDED = {
    "pkg/retry/retry.go": "package retry\n\nfunc Do() int { return 1 }\n",
    "pkg/retry/README.md": "# retry\n",
    "cmd/a/main.go": 'package main\n\nimport "example.com/m/pkg/retry"\n\nfunc main() { retry.Do() }\n',
}
USER = 'package main\n\nimport "example.com/m/internal/retry"\n\nfunc main() { retry.Late() }\n'


class After:
    """A tree after a relocation, to read and to compile."""

    def __init__(self, repo: GoRepo, moves: MoveMap, allowed: tuple[Allowed, ...] = ()) -> None:
        self.repo = repo
        self.before = repo.workspace().overlay
        self.result: RelocatedTree = relocate_late_files(self.before, moves, allowed=allowed)
        self.ws = Workspace(self.result.overlay)

    def compiles(self) -> bool:
        said = self.repo.vet(self.ws) + self.repo.unformatted(self.ws)
        assert said == ""
        return True


def test_a_late_file_joins_the_package_at_the_new_place_and_its_importers_follow(go_repo: Make) -> None:
    late = {
        "internal/retry/late.go": "package retry\n\nfunc Late() int { return Do() }\n",
        "internal/retry/late_test.go": 'package retry_test\n\nimport (\n\t"testing"\n\n\t"example.com/m/internal/retry"\n)\n\n'
        "func TestLate(t *testing.T) { retry.Late() }\n",
        "internal/retry/testdata/late.json": "{}\n",
        "cmd/b/main.go": USER,
        "cmd/c/main.go": 'package main\n\nimport (\n\told "example.com/m/internal/retry"\n\t"example.com/m/pkg/retry"\n)\n\n'
        "func main() { old.Late(); retry.Do() }\n",
    }
    after = After(go_repo({**LANDED, **late}), RETRY)
    assert after.ws.files("internal") == []
    assert after.ws.files("pkg/retry") == [
        f"pkg/retry/{name}" for name in ("README.md", "late.go", "late_test.go", "retry.go", "testdata/late.json")
    ]
    assert after.ws.read_text("cmd/b/main.go") == USER.replace("internal/retry", "pkg/retry")
    assert after.ws.read_text("cmd/c/main.go").count("pkg/retry") == 1
    assert after.result.moves == RETRY
    assert after.compiles()


def test_a_late_file_takes_the_name_of_the_package_that_it_joins(go_repo: Make) -> None:
    files = {
        "pkg/metrics/metrics.go": "package metrics\n\nvar Count int\n",
        "internal/services/metrics_late.go": "package services\n\nfunc Late() int { return Count }\n",
        "internal/services/metrics.md": "# About\n",
        "main.go": 'package main\n\nimport "example.com/m/internal/services"\n\nfunc main() { services.Late() }\n',
    }
    after = After(go_repo(files), MoveMap({"internal/services": "pkg/metrics"}))
    assert after.ws.read_text("pkg/metrics/metrics_late.go").startswith("package metrics\n")
    assert "metrics.Late()" in after.ws.read_text("main.go")
    assert after.compiles()


def test_a_late_package_below_an_old_place_moves_or_joins_as_the_new_place_wants(go_repo: Make) -> None:
    files = {
        **LANDED,
        "pkg/retry/there/there.go": "package there\n\nfunc There() {}\n",
        "internal/retry/there/late.go": "package there\n\nfunc Late() { There() }\n",
        "internal/retry/fresh/fresh.go": 'package fresh\n\nimport "example.com/m/internal/retry/there"\n\nfunc F() { there.Late() }\n',
        "internal/retry/notes/n.txt": "n\n",
    }
    after = After(go_repo(files), RETRY)
    assert after.ws.files("internal") == []
    assert after.ws.files("pkg/retry/fresh") == ["pkg/retry/fresh/fresh.go"]
    assert after.ws.files("pkg/retry/there") == ["pkg/retry/there/late.go", "pkg/retry/there/there.go"]
    assert after.ws.exists("pkg/retry/notes/n.txt")
    assert after.compiles()


@pytest.mark.parametrize(("clause", "word"), [("retry", "retry"), ("backoff", "retry"), ("backoff", "backoff")])
def test_an_import_of_an_old_place_follows_though_nothing_is_there(go_repo: Make, clause: str, word: str) -> None:
    files = {
        "pkg/retry/retry.go": f"package {clause}\n\nfunc Do() {{}}\n",
        "main.go": f'package main\n\nimport "example.com/m/internal/retry"\n\nfunc main() {{ {word}.Do() }}\n',
    }
    after = After(go_repo(files), RETRY)
    assert after.ws.files() == ["go.mod", "main.go", "pkg/retry/retry.go"]
    assert after.ws.read_text("main.go") == (
        f'package main\n\nimport "example.com/m/pkg/retry"\n\nfunc main() {{ {clause}.Do() }}\n'
    )
    assert after.result.moves == MoveMap()
    assert after.compiles()


def test_imports_of_two_old_places_that_became_one_follow(go_repo: Make) -> None:
    user = 'package main\n\nimport (\n\t"example.com/m/internal/again"\n\t"example.com/m/internal/retry"\n)\n\n'
    files = {**LANDED, "main.go": user + "func main() { again.Do(); retry.Do() }\n"}
    after = After(go_repo(files), MoveMap({**dict(RETRY), "internal/again": "pkg/retry"}))
    assert "internal" not in after.ws.read_text("main.go")
    assert after.compiles()


def test_an_import_of_generated_code_follows_the_folder_that_it_is_made_in(go_repo: Make) -> None:
    files = {**LANDED, "main.go": 'package main\n\nimport _ "example.com/m/internal/retry/gen"\n\nfunc main() {}\n'}
    after = After(go_repo(files), RETRY)
    assert '"example.com/m/pkg/retry/gen"' in after.ws.read_text("main.go")
    assert set(after.ws.files()) == {"go.mod", *files}


def test_files_go_where_a_split_sent_them_and_imports_of_its_old_place_are_left_to_a_person(go_repo: Make) -> None:
    split = MoveMap({"cache/cache.go": "pkg/cache/cache.go", "cache": "data/cache"})
    files = {
        "data/cache/price.go": "package cache\n\nfunc Price() {}\n",
        "pkg/cache/other.go": "package cache\n\nfunc Other() {}\n",
        "cache/cache.go": "package cache\n\nfunc Cache() {}\n",
        "cache/late.go": "package cache\n\nfunc Late() {}\n",
        "main.go": 'package main\n\nimport "example.com/m/cache"\n\nfunc main() { cache.Cache(); cache.Late() }\n',
    }
    after = After(go_repo(files), split)
    assert after.ws.files("pkg/cache") == ["pkg/cache/cache.go", "pkg/cache/other.go"]
    assert after.ws.files("data/cache") == ["data/cache/late.go", "data/cache/price.go"]
    assert after.result.notes == ("main.go:3 imports cache, whose package was split: data/cache, pkg/cache",)
    assert after.compiles()


def test_an_import_follows_files_that_went_one_by_one_to_one_place(go_repo: Make) -> None:
    files = {
        "pkg/metrics/metrics.go": "package metrics\n\nvar Count int\n",
        "services/redis/r.go": "package redis\n",
        "main.go": 'package main\n\nimport "example.com/m/services"\n\nfunc main() { _ = services.Count }\n',
    }
    moves = {"services/metrics.go": "pkg/metrics/metrics.go", "services/r_test.go": "services/redis/r_test.go"}
    after = After(go_repo(files), MoveMap(moves))
    assert 'import "example.com/m/pkg/metrics"' in after.ws.read_text("main.go")
    assert after.ws.exists("services/redis/r.go")
    assert after.compiles()


def test_a_go_file_gets_the_name_that_the_map_gives_it(go_repo: Make) -> None:
    files = {"a/a.go": "package a\n", "a/x.go": "package a\n\nfunc X() {}\n", "b/b.go": "package b\n"}
    after = After(go_repo(files), MoveMap({"a/x.go": "b/y.go"}))
    assert after.ws.files() == ["a/a.go", "b/b.go", "b/y.go", "go.mod"]
    assert dict(after.result.moves) == {"a/x.go": "b/y.go"}
    assert after.compiles()


def test_files_that_are_no_go_code_follow_alone_and_as_folders(go_repo: Make) -> None:
    files = {**LANDED, "docs/old/a.md": "a\n", "docs/old/b/c.md": "c\n", "scripts/x.sh": "x\n", "tools/y.sh": "y\n"}
    moves = MoveMap({"docs/old": "docs/new", "scripts/x.sh": "tools/x.sh", "nothing": "something"})
    after = After(go_repo(files), moves)
    assert after.ws.files("docs") == ["docs/new/a.md", "docs/new/b/c.md"]
    assert dict(after.result.moves) == {"docs/old": "docs/new", "scripts/x.sh": "tools/x.sh"}


def test_a_file_beside_go_code_goes_to_a_place_of_its_own(go_repo: Make) -> None:
    files = {**LANDED, "internal/retry/late.go": "package retry\n", "internal/retry/guide.md": "g\n"}
    after = After(go_repo(files), MoveMap({**dict(RETRY), "internal/retry/guide.md": "docs/retry.md"}))
    assert after.ws.exists("docs/retry.md")
    assert after.ws.exists("pkg/retry/late.go")
    assert not after.ws.exists("pkg/retry/guide.md")
    assert after.result.moves.resolve("internal/retry/guide.md") == "docs/retry.md"


@pytest.mark.parametrize("path", ["retry.go", "README.md"])
def test_a_file_that_is_at_both_places_is_refused_by_both_names(go_repo: Make, path: str) -> None:
    overlay = go_repo({**LANDED, f"internal/retry/{path}": "package retry\n"}).workspace().overlay
    with pytest.raises(PhaseError) as refused:
        relocate_late_files(overlay, RETRY)
    assert refused.value.message == (
        f'"internal/retry/{path}" cannot follow to "pkg/retry/{path}": a file of that name is there already'
    )
    assert refused.value.advice == "make one file of the two by hand, at the new place"


def test_two_late_files_of_one_name_are_refused_by_both_names(go_repo: Make) -> None:
    overlay = go_repo({"a/x.md": "a\n", "b/x.md": "b\n"}).workspace().overlay
    with pytest.raises(PhaseError, match=r'"b/x.md" cannot follow to "c/x.md": "a/x.md" goes there too'):
        relocate_late_files(overlay, MoveMap({"a": "c", "b": "c"}))


def test_a_tree_follows_a_map_that_has_changed(go_repo: Make) -> None:
    files = {**LANDED, "pkg/retry/sub/sub.go": "package sub\n", "README.md": "See pkg/retry/README.md.\n"}
    moves = MoveMap({"pkg/retry": "pkg/util/retry"})
    after = After(go_repo(files), moves)
    assert after.ws.files("pkg") == [
        "pkg/util/retry/README.md",
        "pkg/util/retry/retry.go",
        "pkg/util/retry/sub/sub.go",
    ]
    assert '"example.com/m/pkg/util/retry"' in after.ws.read_text("cmd/a/main.go")
    assert after.ws.read_text("README.md") == "See pkg/util/retry/README.md.\n"
    assert after.result.moves == moves
    assert after.compiles()


def test_a_chain_that_is_to_be_carried_out_moves_every_link(go_repo: Make) -> None:
    files = {f"{name}/{name}.go": f"package {name}\n" for name in "ab"}
    after = After(go_repo(files), MoveMap({"a": "b", "b": "c"}))
    assert after.ws.files() == ["b/a.go", "c/b.go", "go.mod"]


@pytest.mark.parametrize("moves", [{"a": "b", "b": "c"}, {"b": "c", "c": "b"}, {"b": "b/c"}, {"c/d": "c"}])
def test_what_has_arrived_is_left_alone(go_repo: Make, moves: Mapping[str, str]) -> None:
    files = {
        "b/c/x.go": "package c\n",
        "c/c.go": "package c\n",
        "README.md": "b/c/x.go and c/c.go\n",
        "u/u.go": 'package u\n\nimport (\n\t_ "example.com/m/b/c"\n\t_ "example.com/m/c"\n)\n',
    }
    after = After(go_repo(files), MoveMap(moves))
    assert not after.ws.overlay.changes()


def test_a_late_file_above_its_new_place_joins_it(go_repo: Make) -> None:
    files = {
        "b/c/x.go": "package c\n\nfunc X() {}\n",
        "b/late.go": "package b\n\nfunc Late() { X() }\n",
        "b/t/t.txt": "t\n",
    }
    after = After(go_repo(files), MoveMap({"b": "b/c"}))
    assert after.ws.files("b") == ["b/c/late.go", "b/c/t/t.txt", "b/c/x.go"]
    assert after.compiles()


def test_a_folder_that_holds_what_has_arrived_from_elsewhere_is_left_to_a_person(go_repo: Make) -> None:
    files = {"x/late.go": "package x\n", "y/y.go": "package x\n", "x/z/z.go": "package z\n"}
    overlay = go_repo(files).workspace().overlay
    with pytest.raises(PhaseError, match=r'"x/z/z\.go" has arrived where it belongs, inside a folder that moves to'):
        relocate_late_files(overlay, MoveMap({"x": "y", "z": "x/z"}))


def test_mentions_of_old_places_follow_whether_or_not_something_is_there(go_repo: Make) -> None:
    files = {
        **LANDED,
        "pkg/clock/clock.go": "package clock\n",
        "internal/retry/late.go": "package retry\n",
        "docs/guide.md": "See internal/retry/late.go, `internal/clock` and [clock](../internal/clock/clock.go).\n",
        "docs/record.md": "internal/clock was moved\n",
    }
    moves = MoveMap({**dict(RETRY), "internal/clock": "pkg/clock"})
    after = After(go_repo(files), moves, (Allowed("docs/record.md", None, reason="a record"),))
    assert after.ws.read_text("docs/guide.md") == (
        "See pkg/retry/late.go, `pkg/clock` and [clock](../pkg/clock/clock.go).\n"
    )
    assert after.ws.read_text("docs/record.md") == files["docs/record.md"]


def test_what_was_given_stays_as_it_is_and_a_second_time_changes_nothing(go_repo: Make) -> None:
    files = {**LANDED, "internal/retry/late.go": "package retry\n\nfunc Late() {}\n", "cmd/b/main.go": USER}
    after = After(go_repo(files), RETRY)
    assert not after.before.changes()
    assert set(after.before.entries) == {"go.mod", *files}
    again = relocate_late_files(after.result.overlay, RETRY)
    assert not again.overlay.changes()
    assert again.moves == MoveMap()


def test_packages_that_forward_from_an_old_place_are_no_late_files(go_repo: Make) -> None:
    repo = go_repo({"internal/retry/retry.go": "package retry\n\nfunc Do() {}\n", "a/a.go": USER.replace("main", "a")})
    ws = Workspace(repo.workspace().overlay, imports="forward")
    ws.go.move("internal/retry", "pkg/retry")
    ws.flush()
    assert ws.files("internal/retry") == ["internal/retry/forward.go"]
    assert not relocate_late_files(ws.overlay, RETRY).overlay.changes()
