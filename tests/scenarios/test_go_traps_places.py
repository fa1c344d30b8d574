"""Moving Go packages, traps 1, 2 and 20 to 22: which paths a move means, and where it may not lead."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.moving import Moving
from tests.story import Story


def package(name: str, *imports: str) -> str:
    """A package with one function that calls those of others."""
    lines = "".join(f'\t"example.com/shop/{path}"\n' for path in imports)
    calls = "".join(f"\t{path.rpartition('/')[2]}.F()\n" for path in imports)
    return f"package {name}\n\n" + (f"import (\n{lines})\n\n" if imports else "") + f"func F() {{\n{calls}}}\n"


def test_trap_01_a_path_that_only_begins_alike_is_another(story: Story) -> None:
    """1. `daemon/container` moves; `daemon/containerd` and `daemon/container-runtime` do not."""
    program = Moving(
        story,
        {
            "daemon/container/c.go": package("container"),
            "daemon/container/stream/s.go": package("stream", "daemon/container"),
            "daemon/containerd/d.go": package("containerd", "daemon/container"),
            "daemon/container-runtime/r.go": package("runtime", "daemon/containerd"),
            "daemon/container.go": package("daemon", "daemon/container", "daemon/container/stream"),
            "daemon/README.md": "daemon/container, daemon/containerd, daemon/container.go, ./daemon/container-runtime\n",
            "Makefile": "x:\n\tgo test ./daemon/container/... ./daemon/containerd/...\n",
        },
    ).moved('go.move("daemon/container", "engine/container")')
    program.builds().formatted()
    assert program.text("daemon/README.md") == (
        "engine/container, daemon/containerd, daemon/container.go, ./daemon/container-runtime\n"
    )
    assert program.text("Makefile") == "x:\n\tgo test ./engine/container/... ./daemon/containerd/...\n"


def test_trap_02_moves_of_one_phase_are_one_map(story: Story) -> None:
    """2. A chain, a swap, a child that goes elsewhere than its parent, a move below itself, and one out of itself."""
    program = Moving(
        story,
        {
            "chain/a/x.go": package("a"),
            "chain/b/x.go": package("b", "chain/a"),
            "swap/a/x.go": package("a"),
            "swap/b/y.go": package("b", "swap/a"),
            "tree/p/p.go": package("p", "tree/p/child", "tree/p/other"),
            "tree/p/child/c.go": package("child"),
            "tree/p/other/o.go": package("other"),
            "down/d.go": package("down"),
            "up/up/u.go": package("up"),
            "one/main.go": package("main", "chain/a", "chain/b", "tree/p", "tree/p/child", "down", "up/up")
            + "\nfunc main() {}\n",
            "two/main.go": package("main", "swap/a", "swap/b", "tree/p/other") + "\nfunc main() {}\n",
            "doc.txt": "chain/a chain/b swap/a swap/b tree/p tree/p/child/c.go tree/p/other/o.go down/d.go up/up/u.go\n",
        },
    ).moved(
        'go.move("chain/a", "chain/b")',
        'go.move("chain/b", "chain/c")',
        'go.move("swap/a", "swap/b")',
        'go.move("swap/b", "swap/a")',
        'go.move("tree/p", "q/p")',
        'go.move("tree/p/child", "tree/child")',
        'go.move("down", "down/v2/down")',
        'go.move("up/up", "up")',
    )
    program.builds()
    assert program.text("doc.txt") == (
        "chain/b chain/c swap/b swap/a q/p tree/child/c.go q/p/other/o.go down/v2/down/d.go up/u.go\n"
    )
    assert program.text("swap/a/y.go") == package("b", "swap/a").replace("swap/a", "swap/b")


@pytest.mark.parametrize(
    ("calls", "said"),
    [
        (['go.move("a", "b")'], 'there is a package in "b" already, so "a" cannot move there'),
        (['go.move("a", "B")'], '"b" differs from "B" by letter case alone'),
        (['go.move("a", "c/x")', 'go.move("b", "C/y")'], '"c" differs from "C" by letter case alone'),
        (['go.move("a", "c")', 'go.move("a", "d")'], '"a" would move to two places, "c" and "d"'),
        (['go.move("a", "c")', 'go.move("b", "c")'], '"c" would hold two packages: a ("c/a.go") and b ("c/b.go")'),
        (['go.move("a", "docs/page.md")'], '"docs/page.md" is there already'),
        (['go.move("a", "docs/page.md/a")'], "page.md"),
        (['go.move("a", "my pkg")'], '"my pkg" in "my pkg" cannot be part of an import path'),
        (['go.move("a", "pkg/aux.d/a")'], '"aux.d" in "pkg/aux.d/a" cannot be part of an import path'),
        (['go.move("a", "vendor/a")'], '"vendor/a" is in vendor/, which belongs to "go mod vendor"'),
        (['go.move("a", "../a")'], '"../a" leads out of the repository'),
        (['go.move("a", ".git/a")'], '".git/a" is inside git\'s own folder'),
    ],
)
def test_trap_20_a_place_that_is_taken_is_refused(story: Story, calls: list[str], said: str) -> None:
    """20. The destination exists, differs by letter case alone, is asked for twice, or is no place at all."""
    files = {"a/a.go": package("a"), "b/b.go": package("b"), "docs/page.md": ""}
    assert said in Moving(story, files).refused(*calls)


def test_trap_20_a_change_of_letter_case_alone_is_a_move(story: Story) -> None:
    """20. `Client` to `client`, which is one folder on macOS and Windows, and one package here."""
    program = Moving(story, {"Client/c.go": package("client"), "main.go": package("main", "Client").replace(
        "Client.F()", "client.F()").replace("func F", "func main")})  # fmt: skip
    program.moved('go.move("Client", "client")').builds()
    assert "client/c.go" in story.files("HEAD")


IGNORED = {
    "services/metrics/m.go": package("metrics"),
    "main.go": package("main", "services/metrics").replace("func F", "func main"),
    ".gitignore": "*.log\n# local state\ndata/\n",
}


def test_trap_21_a_place_that_an_ignore_rule_hides_is_refused(story: Story) -> None:
    """21. Files that are tracked survive below `data/`, but every later `git add` would skip new ones."""
    said = Moving(story, IGNORED).refused('go.move("services/metrics", "services/data/metrics")')
    assert '.gitignore:3 "data/" hides "services/data/metrics/m.go": new files there would never be added' in said
    assert 'allow it in the phase first: ws.gitignore.unhide("services/data")' in said


def test_trap_21_and_the_rule_can_be_changed_in_the_phase(story: Story) -> None:
    """21. What the refusal advises: the rule stays, new files at the new place are seen."""
    program = Moving(story, IGNORED).moved(
        'gitignore.unhide("services/data")', 'go.move("services/metrics", "services/data/metrics")'
    )
    program.builds()
    assert program.text(".gitignore") == "*.log\n# local state\ndata/\n!/services/data/\n"
    for path in ("services/data/metrics/new.go", "services/data/more/new.go", "data/state.db", "pkg/data/x.db"):
        story.write(path)
    story.git("add", "--all")
    new = ["services/data/metrics/new.go", "services/data/more/new.go"]
    assert story.git("diff", "--cached", "--name-only").splitlines() == new


def test_trap_22_modes_symlinks_and_submodules_travel(story: Story, tmp_path: Path) -> None:
    """22. Executables stay so, relative links lead where they led, a submodule keeps its commit and its entry."""
    lib = tmp_path / "lib"
    story.git("init", "--quiet", str(lib))
    story.git("commit", "--quiet", "--allow-empty", "--message", "one", cwd=lib)
    program = Moving(
        story,
        {
            "internal/a/a.go": package("a"),
            "internal/a/run.sh": "#!/bin/sh\n",
            "LICENSE": "free\n",
            "main.go": package("main", "internal/a").replace("func F", "func main"),
        },
    )
    (story.path / "internal/a/run.sh").chmod(0o755)
    for link, target in {"internal/a/own": "run.sh", "internal/a/LICENSE": "../../LICENSE", "a": "internal/a"}.items():
        (story.path / link).symlink_to(target)
    story.git("submodule", "--quiet", "add", str(lib), "internal/a/lib")
    commit = story.git("rev-parse", "HEAD", cwd=story.path / "internal/a/lib")
    program.moved('go.move("internal/a", "pkg/deep/a")').builds()
    entries = [line.split() for line in story.git("ls-tree", "-r", "HEAD", "pkg", "a").splitlines()]
    assert {path: mode for mode, _, _, path in entries} == {
        "a": "120000",
        "pkg/deep/a/LICENSE": "120000",
        "pkg/deep/a/a.go": "100644",
        "pkg/deep/a/lib": "160000",
        "pkg/deep/a/own": "120000",
        "pkg/deep/a/run.sh": "100755",
    }
    assert [one[2] for one in entries if one[0] == "160000"] == [commit]
    assert story.git("config", "-f", ".gitmodules", "submodule.internal/a/lib.path") == "pkg/deep/a/lib"
    links = {link: str((story.path / link).readlink()) for link in ("a", "pkg/deep/a/own", "pkg/deep/a/LICENSE")}
    assert links == {"a": "pkg/deep/a", "pkg/deep/a/own": "run.sh", "pkg/deep/a/LICENSE": "../../../LICENSE"}
