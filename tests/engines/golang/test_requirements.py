"""Packages go from one module of the tree to another, and every module still builds, with no `go.mod` to be updated."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from migrate.errors import PhaseError
from tests.engines.golang.proxy import serve

if TYPE_CHECKING:
    from migrate.phase.workspace import Workspace
    from tests.engines.golang.conftest import GoRepo

Make = Callable[[Mapping[str, "str | bytes"]], "GoRepo"]
OUTSIDE = {
    ("third.io/z", "v1.0.0"): {"go.mod": "module third.io/z\n\ngo 1.21\n", "z.go": "package z\n\nfunc Z() {}\n"},
    ("third.io/y", "v1.0.0"): {
        "go.mod": "module third.io/y\n\ngo 1.21\n\nrequire third.io/z v1.0.0\n",
        "y.go": 'package y\n\nimport "third.io/z"\n\nfunc Y() { z.Z() }\n',
    },
    **{
        ("third.io/x", version): {
            "go.mod": "module third.io/x\n\ngo 1.21\n\nrequire third.io/y v1.0.0\n\n"
            "require third.io/z v1.0.0 // indirect\n",
            "x.go": 'package x\n\nimport "third.io/y"\n\nfunc X() { y.Y() }\n',
        }
        for version in ("v1.2.0", "v1.3.0")
    },
}
X_Y_Z = (
    "\nrequire third.io/x v1.2.0\n\nrequire (\n\tthird.io/y v1.0.0 // indirect\n\tthird.io/z v1.0.0 // indirect\n)\n"
)


@pytest.fixture(scope="session")
def outside(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment in which the modules from outside are there."""
    return serve(tmp_path_factory.mktemp("outside"), OUTSIDE)


@pytest.fixture(scope="session")
def sums(outside: dict[str, str], go_caches: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The `go.sum` of a module that requires third.io/x."""
    folder = tmp_path_factory.mktemp("sums")
    (folder / "go.mod").write_text(manifest("sums"))
    (folder / "s.go").write_text(imports("s", "third.io/x"))
    env = {**go_caches, **outside, "GOFLAGS": "-mod=mod -modcacherw", "GOTOOLCHAIN": "local"}
    assert go(folder, env, "get", "third.io/x@v1.2.0").startswith("go: ")
    return (folder / "go.sum").read_text()


def go(folder: Path, env: Mapping[str, str], *arguments: str) -> str:
    """What the go command says."""
    done = subprocess.run(
        ["go", *arguments], cwd=folder, capture_output=True, text=True, check=False, env={**os.environ, **env}
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return said


def judge(repo: GoRepo, ws: Workspace, env: Mapping[str, str], *modules: str) -> Path:
    """Every module builds and vets as it is, and its go.mod is formatted."""
    top = repo.write(ws)
    for module in modules:
        assert go(top / module, env, "vet", "./...") == ""
        before = (top / module / "go.mod").read_bytes()
        go(top / module, env, "mod", "edit", "-fmt")
        assert (top / module / "go.mod").read_bytes() == before
    return top


def manifest(path: str, *rest: str, go: str = "1.21") -> str:
    """A go.mod of example.com/`path`."""
    return f"module example.com/{path}\n\ngo {go}\n" + "".join(f"\n{line}\n" for line in rest)


def to_folder(path: str, folder: str) -> str:
    return f"replace example.com/{path} => {folder}"


def imports(package: str, *paths: str) -> str:
    """A Go file that only imports."""
    return f"package {package}\n\nimport (\n" + "".join(f'\t_ "{path}"\n' for path in paths) + ")\n"


def refusal(repo: GoRepo, old: str = "a/p", new: str = "b/p") -> tuple[str, str]:
    """Why a move is refused, and what is to be done."""
    ws = repo.workspace()
    ws.go.move(old, new)
    with pytest.raises(PhaseError) as refused:
        ws.flush()
    assert ws.overlay.changes() == {}
    return refused.value.message, refused.value.advice or ""


P = {"a/p/p.go": "package p\n\nfunc P() {}\n", "b/b.go": "package b\n"}
"""What most tests move: a/p to b/p."""


def test_requirements_follow_a_package_to_another_module(go_repo: Make, outside: dict[str, str], sums: str) -> None:
    repo = go_repo(
        {
            "go.mod": manifest(
                "m",
                "require example.com/a v0.3.0",
                "require (\n\tthird.io/x v1.2.0 // indirect\n\tthird.io/y v1.0.0 // indirect\n"
                "\tthird.io/z v1.0.0 // indirect\n)",
                "replace (\n\texample.com/a => ./a\n\texample.com/b => ./b\n)",
            ),
            "go.sum": sums,
            "main.go": imports("main", "example.com/a/p", "example.com/a/q") + "\nfunc main() {}\n",
            "a/go.mod": manifest("a") + X_Y_Z + f"\n{to_folder('b', '../b')}\n",
            "a/go.sum": sums,
            "a/p/p.go": 'package p\n\nimport (\n\t"example.com/a/k"\n\n\t"third.io/x"\n)\n\n'
            "func P() { k.K(); x.X() }\n",
            "a/k/k.go": "package k\n\nfunc K() {}\n",
            "a/q/q.go": 'package q\n\nimport "example.com/a/p"\n\nfunc Q() { p.P() }\n',
            "b/go.mod": manifest("b", to_folder("a", "../a")),
            "b/b.go": "package b\n",
            # It builds example.com/b/p only through others: what it needs is marked so.
            "u/go.mod": manifest(
                "u",
                "require example.com/a v0.0.0",
                "require (\n\tthird.io/x v1.2.0 // indirect\n\tthird.io/y v1.0.0 // indirect\n"
                "\tthird.io/z v1.0.0 // indirect\n)",
                to_folder("a", "../a"),
                to_folder("b", "../b"),
            ),
            "u/go.sum": sums,
            "u/u_test.go": imports("u", "example.com/a/q"),
        }
    )
    ws = repo.workspace()
    ws.go.move("a/p", "b/p")
    assert ws.read_text("b/go.mod") == manifest(
        "b",
        "require (\n\texample.com/a v0.3.0\n\tthird.io/x v1.2.0\n)",
        "require (\n\tthird.io/y v1.0.0 // indirect\n\tthird.io/z v1.0.0 // indirect\n)",
        to_folder("a", "../a"),
    )
    assert ws.read_text("b/go.sum") == sums
    assert "\n\texample.com/b v0.0.0-00010101000000-000000000000\n" in ws.read_text("go.mod")
    assert "\n\texample.com/b v0.0.0-00010101000000-000000000000 // indirect\n" in ws.read_text("u/go.mod")
    assert ws.notes == [
        "u/go.mod requires example.com/a v0.3.0 now, as what it uses does",
        "b/go.mod gets all that a/go.mod requires, because the tree does not say what is needed; "
        'ws.run("go", "-C", "b", "mod", "tidy") drops the rest',
    ]
    judge(repo, ws, outside, ".", "a", "b", "u")


def test_modules_of_one_go_work_require_nothing_of_each_other(
    go_repo: Make, outside: dict[str, str], sums: str
) -> None:
    crlf = (manifest("b") + "\nrequire third.io/z v1.0.0\n").replace("\n", "\r\n")
    of_z = "".join(line for line in sums.splitlines(keepends=True) if "third.io/z" in line)
    repo = go_repo(
        {
            "go.mod": manifest("m"),
            "go.work": "go 1.21\n\nuse (\n\t.\n\ta\n\t./b\n)\n",
            "main.go": imports("main", "example.com/a/p") + "\nfunc main() {}\n",
            "a/go.mod": manifest("a") + X_Y_Z,
            "a/go.sum": sums,
            "a/p/p.go": imports("p", "third.io/x"),
            "a/p/p_test.go": imports("p_test", "example.com/b"),
            "b/go.mod": crlf,
            "b/go.sum": of_z,
            "b/b.go": imports("b", "third.io/z"),
        }
    )
    ws = repo.workspace()
    ws.go.move("a/p", "b/p")
    assert ws.read_text("go.mod") == manifest("m")
    assert ws.read_text("b/go.mod") == (
        manifest("b")
        + "\nrequire (\n\tthird.io/x v1.2.0\n\tthird.io/z v1.0.0\n)\n\nrequire third.io/y v1.0.0 // indirect\n"
    ).replace("\n", "\r\n")
    assert ws.read_text("b/go.sum") == sums
    top = repo.write(ws)
    said = [go(top, outside, "vet", "./...", "./b/..."), go(top / "b", {**outside, "GOWORK": "off"}, "vet", "./...")]
    assert said == ["", ""], "b needs no other module of the tree, so it also builds alone"
    assert ws.notes[0] == (
        "go.mod sees example.com/b only through go.work: a build with GOWORK=off needs a replace there"
    )


def test_importers_that_do_not_see_the_new_module_are_named(go_repo: Make) -> None:
    repo = go_repo(
        {
            **P,
            "go.mod": manifest(
                "m", "require (\n\texample.com/a v0.0.0\n\texample.com/b v1.0.0\n)", to_folder("a", "./a")
            ),
            "m.go": 'package m\n\nimport (\n\t_ "fmt"\n\t_ "example.com/a/p"\n)\n',
            "a/go.mod": manifest("a"),
            "b/go.mod": manifest("b"),
            "c/go.mod": manifest("c", to_folder("a", "../a"), to_folder("b", "../b")),
            "c/c.go": imports("c", "example.com/a/p"),
            "c/deep/go.mod": manifest("deep", to_folder("a", "../../a"), to_folder("c", "..")),
            "c/deep/d.go": imports("d", "example.com/c"),
        }
    )
    message, advice = refusal(repo)
    assert message.splitlines()[1:] == [
        '  m.go:5 would import "example.com/b/p", but go.mod does not use example.com/b from this tree',
        '  c/c.go:4 would import "example.com/b/p", but c/deep/go.mod does not use example.com/b from this tree',
    ]
    assert advice == (
        'first add "replace example.com/b => ./b" to go.mod, or use both in one go.work; '
        'first add "replace example.com/b => ../../b" to c/deep/go.mod, or use both in one go.work'
    )


@pytest.mark.parametrize("published", [{}, {"b/c.go": imports("b", "example.com/a/k")}], ids=["new", "published"])
def test_what_a_package_leaves_behind_must_be_seen_from_its_new_module(
    go_repo: Make, published: dict[str, str]
) -> None:
    repo = go_repo(
        {
            "a/go.mod": manifest("a"),
            "a/p/p.go": imports("p", "example.com/a/k"),
            "a/k/k.go": "package k\n",
            "b/go.mod": manifest("b", "require example.com/a v1.0.0"),
            "b/b.go": "package b\n",
            **published,
        }
    )
    message, _ = refusal(repo)
    assert '  b/p/p.go:4 would import "example.com/a/k", but b/go.mod does not use example.com/a' in message


def test_a_published_module_of_the_tree_is_required_like_any_other(go_repo: Make) -> None:
    repo = go_repo(
        {
            "a/go.mod": manifest("a", "require example.com/k v1.4.0"),
            "a/p/p.go": imports("p", "example.com/k/k"),
            "b/go.mod": manifest("b"),
            "b/b.go": "package b\n",
            "k/go.mod": manifest("k"),
            "k/k/k.go": "package k\n",
        }
    )
    ws = repo.workspace()
    ws.go.move("a/p", "b/p")
    assert ws.read_text("b/go.mod") == manifest("b", "require example.com/k v1.4.0")
    assert ws.notes == ["no go.sum has the hashes of example.com/k v1.4.0 for b/go.mod"]


def test_a_package_does_not_go_to_a_module_of_an_older_language(go_repo: Make) -> None:
    files = {**P, "a/go.mod": manifest("a", go="1.23.4"), "b/go.mod": "module example.com/b\n"}
    assert refusal(go_repo(files)) == (
        'these packages cannot move to another module:\n  "a/p/p.go" is Go 1.23 by a/go.mod, but b/go.mod says 1.16',
        "first raise it: go mod edit -go=1.23.4 b/go.mod",
    )


def test_a_module_that_must_require_a_newer_one_is_named(go_repo: Make) -> None:
    files = {
        **P,
        "go.mod": manifest("m", to_folder("a", "./a"), to_folder("b", "./b")),
        "m.go": imports("m", "example.com/a/p"),
        "a/go.mod": manifest("a"),
        "b/go.mod": manifest("b", go="1.21.3"),
    }
    message, advice = refusal(go_repo(files))
    assert message.endswith("  m.go:4 makes go.mod (go 1.21) require example.com/b, which needs go 1.21.3")
    assert advice == "first raise it: go mod edit -go=1.21.3 go.mod"


def test_loops_that_come_to_mean_something_else_are_noted(go_repo: Make) -> None:
    ws = go_repo({**P, "a/go.mod": manifest("a"), "b/go.mod": manifest("b", go="1.22")}).workspace()
    ws.go.move("a/p", "b/p")
    ws.flush()
    assert ws.notes == [
        "what moved from a/go.mod (go 1.21) to b/go.mod (go 1.22) has loop variables of its own in each iteration now"
    ]


def test_a_module_keeps_its_own_versions(go_repo: Make) -> None:
    lines = "require (\n\tthird.io/x v1.1.0 // indirect; for tools\n\tthird.io/z v1.5.0\n)"
    repo = go_repo(
        {
            "a/go.mod": manifest("a") + X_Y_Z,
            "a/p/p.go": imports("p", "third.io/x", "third.io/z/sub", "fmt"),
            "b/go.mod": manifest("b", lines),
            "b/b.go": imports("b", "third.io/z"),
        }
    )
    ws = repo.workspace()
    ws.go.move("a/p", "b/p")
    assert ws.read_text("b/go.mod") == manifest("b", lines.replace("// indirect; ", "// "))
    assert not ws.exists("b/go.sum")
    assert ws.notes == ["b/go.mod keeps third.io/x v1.1.0, older than v1.2.0 of a/go.mod"]


def test_who_requires_less_than_what_it_uses_is_raised(go_repo: Make) -> None:
    hashes = "third.io/x v1.2.0 h1:aaaa=\nthird.io/x v1.2.0/go.mod h1:bbbb=\n"
    old = "third.io/x v1.1.0 h1:cccc=\nthird.io/x v1.1.0/go.mod h1:dddd=\n"
    repo = go_repo(
        {
            "go.mod": manifest("m", "require (\n\texample.com/b v0.0.0\n\tthird.io/x v1.1.0\n)", to_folder("b", "./b")),
            "go.sum": old,
            "m.go": imports("m", "example.com/b", "third.io/x"),
            "a/go.mod": manifest("a", "require third.io/x v1.2.0"),
            "a/go.sum": hashes,
            "a/p/p.go": imports("p", "third.io/x"),
            "b/go.mod": manifest("b"),
            "b/b.go": "package b\n",
        }
    )
    ws = repo.workspace()
    ws.go.move("a/p", "b/p")
    assert "\tthird.io/x v1.2.0\n" in ws.read_text("go.mod")
    assert ws.read_text("go.sum") == old + hashes
    assert ws.notes == ["go.mod requires third.io/x v1.2.0 now, as what it uses does"]


FORK = "replace third.io/x => ../fork"


@pytest.mark.parametrize(
    ("theirs", "refused"), [((), True), (("replace third.io/x => ./fork",), True), ((FORK,), False)]
)
def test_what_the_old_module_replaces_the_new_one_must_replace_alike(
    go_repo: Make, theirs: tuple[str, ...], refused: bool
) -> None:
    repo = go_repo(
        {
            "a/go.mod": manifest("a", "require third.io/x v1.2.0", FORK),
            "a/p/p.go": imports("p", "third.io/x"),
            "b/go.mod": manifest("b", *theirs),
            "b/b.go": "package b\n",
            # A fork that keeps no module path is no module of the tree that imports could mean.
            "fork/go.mod": "module fork\n",
        }
    )
    if refused:
        message, advice = refusal(repo)
        assert message.endswith('b/p/p.go:4 imports "third.io/x", which a/go.mod replaces and b/go.mod does not')
        assert advice == "first give b/go.mod the same replace"
    else:
        ws = repo.workspace()
        ws.go.move("a/p", "b/p")
        assert ws.read_text("b/go.mod") == manifest("b", "require third.io/x v1.2.0", FORK)


def test_a_replaced_requirement_brings_the_hashes_of_its_replacement(go_repo: Make) -> None:
    fork = "replace third.io/x v1.2.0 => fork.io/x v1.9.0"
    hashes = "fork.io/x v1.9.0 h1:aaaa=\nfork.io/x v1.9.0/go.mod h1:bbbb=\n"
    repo = go_repo(
        {
            "a/go.mod": manifest("a", "require third.io/x v1.2.0", fork),
            "a/go.sum": hashes + "third.io/x v1.2.0 h1:cccc=\n",
            "a/p/p.go": imports("p", "third.io/x"),
            "b/go.mod": manifest("b", fork),
            "b/b.go": "package b\n",
        }
    )
    ws = repo.workspace()
    ws.go.move("a/p", "b/p")
    assert ws.read_text("b/go.sum") == hashes


def test_modules_of_one_go_work_share_what_they_replace(go_repo: Make) -> None:
    hashes = "third.io/z v1.0.0 h1:aaaa=\nthird.io/z v1.0.0/go.mod h1:bbbb=\n"
    repo = go_repo(
        {
            "w/go.work": "go 1.21\n\nuse (\n\t../a\n\t../b\n)\n",
            "w/go.work.sum": hashes,
            "a/go.mod": manifest("a", "require (\n\tthird.io/x v1.2.0\n\tthird.io/z v1.0.0\n)", FORK),
            "a/p/p.go": imports("p", "third.io/x", "third.io/z"),
            "b/go.mod": manifest("b"),
            "b/b.go": "package b\n",
        }
    )
    ws = repo.workspace()
    ws.go.move("a/p", "b/p")
    assert ws.read_text("b/go.mod") == manifest("b", "require (\n\tthird.io/x v1.2.0\n\tthird.io/z v1.0.0\n)")
    assert ws.read_text("b/go.sum") == hashes


def test_only_what_a_module_builds_and_tests_itself_is_required(go_repo: Make, outside: dict[str, str]) -> None:
    """Not what the tests of others need, nor what no build of `./...` sees; and what it comes to import is direct."""
    versioned = "replace example.com/b v0.5.0 => ./b"
    repo = go_repo(
        {
            "go.mod": manifest("m", "require example.com/a v0.0.0", to_folder("a", "./a"), versioned),
            "m.go": imports("m", "example.com/a/q"),
            "testdata/d.go": imports("d", "example.com/a/p"),
            "a/go.mod": manifest("a", to_folder("b", "../b")),
            "a/q/q.go": "package q\n",
            "a/q/q_test.go": imports("q_test", "example.com/a/p"),
            "a/p/p.go": "package p\n",
            "b/go.mod": manifest("b"),
            "b/b.go": "package b\n",
            "c/go.mod": manifest(
                "c",
                "require (\n\texample.com/a v0.0.0\n\texample.com/d v0.0.0\n)",
                "require example.com/b v0.5.0 // indirect",
                to_folder("a", "../a"),
                to_folder("b", "../b"),
                to_folder("d", "../d"),
            ),
            "c/c.go": imports("c", "example.com/a/p", "example.com/d"),
            "d/go.mod": manifest("d", "require example.com/b v0.5.0", to_folder("b", "../b")),
            "d/d.go": imports("d", "example.com/b"),
        }
    )
    ws = repo.workspace()
    ws.go.move("a/p", "b/p")
    assert "require example.com/b" not in ws.read_text("go.mod")
    assert "require example.com/b v0.5.0\n" in ws.read_text("a/go.mod"), "its own test imports it"
    assert "require example.com/b v0.5.0\n" in ws.read_text("c/go.mod")
    judge(repo, ws, outside, ".", "a", "b", "c")


def test_the_version_that_is_replaced_is_the_one_that_is_required(go_repo: Make) -> None:
    repo = go_repo(
        {
            **P,
            "go.mod": manifest("m", "replace (\n\texample.com/a => ./a\n\texample.com/b v0.5.0 => ./b\n)"),
            "m.go": imports("m", "example.com/a/p"),
            "a/go.mod": manifest("a"),
            "b/go.mod": manifest("b"),
        }
    )
    ws = repo.workspace()
    ws.go.move("a/p", "b/p")
    assert "\nrequire example.com/b v0.5.0\n" in ws.read_text("go.mod")


@pytest.mark.parametrize(
    ("importer", "refused"), [("example.com/a/x", True), ("example.com/a/x/sub", False)], ids=["outside", "inside"]
)
def test_the_internal_rule_goes_by_import_path_across_modules(go_repo: Make, importer: str, refused: bool) -> None:
    folder = importer.removeprefix("example.com/")
    repo = go_repo(
        {
            "a/go.mod": manifest("a", to_folder("a/x/sub", "./x/sub"), to_folder("b", "../b")),
            "a/p/p.go": "package p\n",
            f"{folder}/use.go": imports("use", "example.com/a/p"),
            "a/x/sub/go.mod": manifest("a/x/sub", to_folder("a", "../..")),
            "a/x/sub/sub.go": "package sub\n",
        }
    )
    ws = repo.workspace()
    ws.go.move("a/p", "a/x/sub/internal/p")
    if refused:
        with pytest.raises(PhaseError, match="would break the internal/ rule"):
            ws.flush()
    else:
        assert f'"{importer}/internal/p"' in ws.read_text(f"{folder}/use.go")


def test_callers_of_a_cut_package_require_the_half_that_they_use(go_repo: Make, outside: dict[str, str]) -> None:
    repo = go_repo(
        {
            "go.mod": manifest("m", "require example.com/a v0.0.0", to_folder("a", "./a"), to_folder("b", "./b")),
            "m.go": 'package m\n\nimport "example.com/a/p"\n\nvar _, _ = p.One(), p.Two()\n',
            "a/go.mod": manifest("a"),
            "a/p/one.go": "package p\n\nfunc One() int { return 1 }\n",
            "a/p/two.go": "package p\n\nfunc Two() int { return 2 }\n",
            "b/go.mod": manifest("b"),
        }
    )
    ws = repo.workspace()
    ws.go.split("a/p", {"b/q": ["two.go"]}, rename="q")
    judge(repo, ws, outside, ".", "a", "b")
    assert "\texample.com/b v0.0.0-" in ws.read_text("go.mod")


MODULES = ("", "a", "b", "c")
NEEDS = {"x": {"x", "y", "z"}, "y": {"y", "z"}, "z": {"z"}}


def generated(chance: random.Random, sums: str) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Modules that see each other, each with all that its packages need, and moves of some packages between them."""
    places = [f"{chance.choice(MODULES)}/k{n}".lstrip("/") for n in range(9)]
    paths = [f"example.com/{place}" if "/" in place else f"example.com/m/{place}" for place in places]
    local: list[set[int]] = []
    outside: list[set[str]] = []
    files = {}
    for n, place in enumerate(places):
        uses = set(chance.sample(range(n), min(n, chance.randrange(3))))
        third = chance.choice(["x", "y", "z", "", "", ""])
        files[f"{place}/k.go"] = imports(
            f"k{n}", *(paths[other] for other in sorted(uses)), *third and [f"third.io/{third}"]
        )
        local.append({n}.union(*(local[other] for other in uses)))
        outside.append(NEEDS.get(third, set()).union(*(outside[other] for other in uses)))
    for module in MODULES:
        own = [n for n, place in enumerate(places) if place.rpartition("/")[0] == module]
        reached = {places[other].rpartition("/")[0] for n in own for other in local[n]} - {module}
        third_party = sorted({name for n in own for name in outside[n]})
        required = [f"require example.com/{other or 'm'} v0.{len(other)}.0" for other in sorted(reached)]
        required += [f"require third.io/{name} {'v1.2.0' if name == 'x' else 'v1.0.0'}" for name in third_party]
        replaced = [
            to_folder(other or "m", f"./{other}" if not module else f"../{other}".rstrip("/"))
            for other in MODULES
            if other != module
        ]
        files[f"{module}/go.mod".lstrip("/")] = manifest(module or "m", *required, *replaced)
        if third_party:
            files[f"{module}/go.sum".lstrip("/")] = sums
    moves = [(places[n], f"{chance.choice(MODULES)}/new/k{n}".lstrip("/")) for n in sorted(chance.sample(range(9), 4))]
    return files, moves


@pytest.mark.parametrize("seed", range(3))
def test_modules_build_after_any_moves_between_them(
    go_repo: Make, outside: dict[str, str], sums: str, seed: int
) -> None:
    files, moves = generated(random.Random(seed), sums)
    ws = (repo := go_repo(files)).workspace()
    for old, new in moves:
        ws.go.move(old, new)
    top = repo.write(ws)
    for module in MODULES:
        go(top / module, outside, "build", "./...")
