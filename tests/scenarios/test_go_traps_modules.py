"""Moving Go packages, traps 17 to 19: what an importer may see, which module a path belongs to, and vendor/."""

from __future__ import annotations

import pytest

from tests.scenarios.moving import MODULE, Moving
from tests.story import Story

WORKSPACE = {"GOFLAGS": ""}
"""The go tool takes no -mod=mod in a workspace."""


def package(name: str, *imports: str, main: bool = False) -> str:
    """A package with one function that calls those of others, given by their import paths."""
    lines = "".join(f'\t"{path}"\n' for path in imports)
    calls = "".join(f"\t{path.rpartition('/')[2]}.F()\n" for path in imports)
    head = f"package {'main' if main else name}\n\n" + (f"import (\n{lines})\n\n" if imports else "")
    return head + f"func {'main' if main else 'F'}() {{\n{calls}}}\n"


SHOP = "example.com/shop"
INTERNAL = {
    "core/internal/secret/s.go": package("secret"),
    "core/api/a.go": package("api", f"{SHOP}/core/internal/secret"),
    "core/api/a_windows_test.go": package("api", f"{SHOP}/core/internal/secret").replace("func F", "func _"),
    "open/o.go": package("open"),
    "main.go": package("main", f"{SHOP}/core/api", f"{SHOP}/open", main=True),
}


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ('go.move("core/api", "api")', f'api/a.go:4 may not import "{SHOP}/core/internal/secret"'),
        ('go.move("core/api", "api")', f'api/a_windows_test.go:4 may not import "{SHOP}/core/internal/secret"'),
        ('go.move("core/internal/secret", "x/internal/secret")', 'core/api/a.go:4 may not import "'),
        ('go.move("open", "core/internal/open")', f'main.go:5 may not import "{SHOP}/core/internal/open"'),
        ('go.split("core/api", {"front": ["a.go"]})', 'front/a.go:4 may not import "'),
    ],
)
def test_trap_17_an_importer_that_could_not_see_the_package_is_named(story: Story, call: str, said: str) -> None:
    """17. `internal/` at the new place, whichever of the two moves, and whatever system the importer is for."""
    refused = Moving(story, INTERNAL).refused(call)
    assert "the move would break the internal/ rule:" in refused
    assert said in refused


def test_trap_17_what_may_be_seen_moves_and_internal_at_the_top_is_for_all(story: Story) -> None:
    """17. Package and importers move together, and into the `internal/` at the top of the module."""
    program = Moving(story, INTERNAL).moved('go.move("core", "internal/core")', 'go.move("open", "internal/open")')
    program.builds().builds_elsewhere("windows")


def test_trap_17_an_import_cycle_is_refused_whatever_system_has_it(story: Story) -> None:
    """17. A 1:1 move makes no cycle; files that join another package can, here one that only Windows would show."""
    program = Moving(
        story,
        {
            "parts/x.go": package("parts", f"{SHOP}/middle").replace("func F", "func X"),
            "parts/y.go": package("parts").replace("func F", "func Y"),
            "middle/m.go": package("middle"),
            "middle/m_windows.go": package("middle", f"{SHOP}/base").replace("func F", "func M"),
            "base/b.go": package("base"),
        },
    )
    said = program.refused('go.split("parts", {"base": ["x.go"]})')
    assert "the move would make an import cycle:" in said
    assert f'base/x.go:4 imports "{SHOP}/middle"' in said
    assert f'middle/m_windows.go:4 imports "{SHOP}/base"' in said


CORE = "example.com/core"
MODULES: dict[str, str | bytes] = {
    "go.mod": f"module {SHOP}\n\ngo 1.21\n\nrequire {CORE} v0.0.0\n\n"
    f"replace {CORE} => ./libs/core // ours\n\nreplace (\n\texample.com/tool v1.0.0 => ./tools\n)\n",
    "main.go": package("main", f"{CORE}/auth", f"{SHOP}/web", main=True),
    "web/w.go": package("web", f"{CORE}/auth", f"{CORE}"),
    "libs/core/go.mod": f"module {CORE}\n\ngo 1.21\n",
    "libs/core/core.go": package("core"),
    "libs/core/auth/a.go": package("auth", CORE),
    "tools/go.mod": "module example.com/tool\n\ngo 1.21\n",
    "tools/gen/g.go": package("gen", main=True),
    "Makefile": "gen:\n\tcd tools && go build ./gen\n\tgo vet ./libs/core/auth/...\n",
}


def test_trap_18_a_path_belongs_to_the_nearest_go_mod(story: Story) -> None:
    """18. Packages move within nested modules, by the paths of those; `replace` binds the modules together."""
    program = Moving(story, MODULES).moved(
        'go.move("libs/core/auth", "libs/core/identity/auth")',
        'go.move("tools/gen", "tools/cmd/gen")',
        'go.move("web", "internal/web")',
    )
    program.builds()
    assert f'"{CORE}/identity/auth"' in program.text("main.go")
    assert (
        program.text("Makefile") == "gen:\n\tcd tools && go build ./cmd/gen\n\tgo vet ./libs/core/identity/auth/...\n"
    )
    for module in ("libs/core", "tools"):
        program.run("go", "-C", module, "vet", "./...")


def test_trap_18_a_module_that_moves_keeps_its_path_and_is_found(story: Story) -> None:
    """18. A folder with its own `go.mod` moves: no import changes, `replace` and `use` follow, as `./` and `../`."""
    work = "go 1.21\n\nuse (\n\t.\n\t./libs/core\n)\n\nuse ./tools // generators\n"
    nested = f"module example.com/tool\n\ngo 1.21\n\nrequire {CORE} v0.0.0\n\nreplace {CORE} => ../libs/core\n"
    uses = package("gen", CORE, main=True)
    program = Moving(story, {**MODULES, "go.work": work, "tools/go.mod": nested, "tools/gen/g.go": uses}).moved(
        'go.move("libs/core", "internal/libs/core")', 'go.move("tools", "internal/build/tools")'
    )
    assert program.text("go.work") == work.replace("./libs/core", "./internal/libs/core").replace(
        "./tools", "./internal/build/tools"
    )
    assert "=> ./internal/libs/core // ours\n" in program.text("go.mod")
    assert "v1.0.0 => ./internal/build/tools\n" in program.text("go.mod")
    assert program.text("internal/build/tools/go.mod").endswith("=> ../../libs/core\n")
    assert program.text("main.go") == MODULES["main.go"]
    program.builds(**WORKSPACE)
    program.run("go", "-C", "internal/build/tools", "vet", "./...", GOWORK="off")


TOOLS = f"""\
module {SHOP}

go 1.25

tool {SHOP}/internal/gen

tool (
	{SHOP}/internal/store/check // by hand
)

ignore ./internal/web
"""


def test_trap_18_tools_and_ignored_folders_of_go_mod_follow(story: Story) -> None:
    """18. `tool` names a program by its import path, `ignore` a folder: `go tool` runs what moved."""
    program = Moving(
        story,
        {
            "go.mod": TOOLS,
            "internal/gen/main.go": 'package main\n\nfunc main() { print("generated") }\n',
            "internal/store/s.go": package("store"),
            "internal/store/check/main.go": 'package main\n\nfunc main() { print("checked") }\n',
            "internal/web/w.go": "package web\n\nthis does not compile\n",
        },
    ).moved(
        'go.move("internal/gen", "tools/gen")',
        'go.move("internal/store", "pkg/store")',
        'go.move("internal/web", "web")',
    )
    assert program.builds().run("go", "tool", "gen") == "generated"
    assert program.run("go", "tool", "check") == "checked"
    assert program.text("go.mod") == (
        TOOLS.replace("internal/gen", "tools/gen").replace("internal/store", "pkg/store").replace("internal/web", "web")
    )


def test_trap_18_a_published_version_of_a_module_is_another_one(story: Story) -> None:
    """18. A nested module that is not bound to this tree's copy of what it imports is left as it is."""
    app = package("app", f"{SHOP}/pkg/a", main=True)
    program = Moving(
        story,
        {
            "pkg/a/a.go": package("a"),
            "main.go": package("main", f"{SHOP}/pkg/a", main=True),
            "examples/go.mod": f"module example.com/examples\n\ngo 1.21\n\nrequire {SHOP} v1.2.3\n",
            "examples/app/main.go": app,
        },
    )
    program.phase('go.move("pkg/a", "pkg/core/a")').story.type("next").ended(0)
    program.builds()
    assert program.text("examples/app/main.go") == app


def test_trap_19_vendored_code_is_left_alone(story: Story) -> None:
    """19. A copy under vendor/ imports by the old path and its files name it: nothing of it changes."""
    vendored = f'package v\n\n// See internal/a and {SHOP}/internal/a.\nimport _ "{SHOP}/internal/a"\n'
    listed = "# example.com/v v1.0.0\n## explicit; go 1.21\nexample.com/v\n"
    program = Moving(
        story,
        {
            "go.mod": MODULE + "\nrequire example.com/v v1.0.0\n",
            "internal/a/a.go": package("a"),
            "main.go": package("main", f"{SHOP}/internal/a", main=True).replace(
                "import (\n", 'import (\n\t_ "example.com/v"\n'
            ),
            "vendor/modules.txt": listed,
            "vendor/example.com/v/v.go": vendored.replace(f'"{SHOP}/internal/a"', '"fmt"'),
            "vendor/example.com/v/own.go": f'//go:build never\n\npackage v\n\nimport _ "{SHOP}/internal/a"\n',
            "web/vendor/x/x.go": f'package x\n\nimport _ "{SHOP}/internal/a"\n',
        },
    )
    story.git("add", "--all", "--force")
    program.moved('go.move("internal/a", "internal/core/a")')
    program.run("go", "build", ".", GOFLAGS="-mod=vendor")
    program.run("go", "vet", ".", GOFLAGS="-mod=vendor")
    assert story.git("diff", "--name-only", "main", "HEAD", "--", "vendor", "web") == ""
