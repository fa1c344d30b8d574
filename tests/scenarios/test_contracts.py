"""`verify` holds the result against the target tree and the layers that the plan states."""

from __future__ import annotations

import re

import pytest

from tests.story import PLAN, Ran, Story, prepared

STATED = """
[[allow]]
files = "docs/*.md"
reason = "they tell the past"

[layout]
tree = '''
tidy/
├── core/
│   └── auth/
├── api/        # HTTP
├── pkg/
│   └── cache/
└── go.mod
'''

[[layer]]
name = "api"
folders = ["api"]

[[layer]]
name = "core"
folders = ["core"]
imports_nothing_of = ["api"]

[[layer.except]]
files = "core/**/*_test.go"
imports = "api"
reason = "tests may ask the API"

[[layer.except]]
files = "core/*.go"
imports = "api"
reason = "it was so once"

[[layer]]
name = "pkg"
folders = ["pkg"]
may_import = []
"""
MOVE = '''
"""Move {0}."""


def apply(ws):
    ws.go.move("{0}", "{1}")
'''
FILES = {
    "go.mod": "module example.com/tidy\n",
    "api/api.go": "package api\n",
    "auth/auth.go": 'package auth\n\nimport "example.com/tidy/cache"\n\nvar _ = cache.New\n',
    "auth/auth_test.go": 'package auth\n\nimport _ "example.com/tidy/api"\n',
    "auth/auth_windows.go": 'package auth\n\nimport (\n\t"os"\n\n\t_ "example.com/tidy/api"\n)\n',
    "cache/cache.go": 'package cache\n\nimport _ "example.com/tidy/auth/names"\n\nfunc New() {}\n',
    "auth/names/names.go": "package names\n",
    "old/old.go": "package old\n",
    "docs/a.md": "`cache/cache.go` and `cache/` and `auth/auth.go`\n\nand `auth/names`\n",
}


@pytest.fixture
@prepared
def begun(story: Story) -> Story:
    """A program whose packages are to go to core/ and pkg/."""
    story.plan(PLAN, STATED)
    story.phase("p01_cache.py", MOVE.format("cache", "pkg/cache").lstrip())
    story.phase("p02_auth.py", MOVE.format("auth", "core/auth").lstrip())
    story.commit("Begin", FILES)
    return story


def verified(story: Story, code: int) -> Ran:
    """What `verify` says, each line on 80 columns."""
    done = story.type("verify").ended(code)
    assert [line for line in done.out.split("\n") if len(line) > 80] == []
    return done


def test_what_is_not_as_the_plan_states_is_listed_with_file_and_line_and_fails(begun: Story) -> None:
    begun.made("run")
    done = verified(begun, 1)
    files = re.search(r"p02-auth, (\d+) files", done.out)
    assert files is not None
    assert (
        done.out
        == f"""\
allowed: they tell the past
  docs/a.md:1: auth, and 2 more
excepted: tests may ask the API
  core/auth/auth_test.go:3: core imports api: api
main:migrate.toml:38: no import needs this exception
docs/ is not in the target tree
old/ is not in the target tree
core/auth/auth_windows.go:6: core imports api: api
pkg/cache/cache.go:3: pkg imports core: core/auth/names
migrate/tidy/p02-auth, {files[1]} files
  references  0 stale, 3 allowed; 2 moved paths looked for
  layout      6 drawn, 0 missing; 2 folders not drawn
  layers      2 of 4 imports forbidden, 1 excepted
"""
    )
    assert done.err.partition("\n")[2] == (
        "Change a phase, or the tree in the plan's [layout]; a line … says that there are others.\n"
        "Fix the imports in a phase, or except them in the plan: [[layer.except]] files, imports, reason.\n"
    )


def test_while_phases_are_pending_what_they_leave_is_to_come_and_fails_nothing(begun: Story) -> None:
    begun.made("next")
    done = verified(begun, 0)
    assert done.out.endswith("""\
  layout      4 of 6 drawn are there, 2 to come; 3 folders not drawn
  layers      1 of 1 import to be fixed
1 phase is to come, p02-auth first: until then only references fail.
""")
    told = begun.type("verify", "--json").ended(0).json
    assert told["to_come"] == ["p02-auth"]
    assert [place["path"] for place in told["layout"]["missing"]] == ["core/", "core/auth/"]
    begun.made("run")
    begun.type("verify", "p01").ended(0, "1 phase is to come, p02-auth first")


def test_what_is_drawn_and_not_there_fails_when_all_has_run(begun: Story) -> None:
    tree = "├── gone/\n│   └── deep.go\n├── old/\n├── docs/\n├── phases/\n├── …\n└── go.mod"
    begun.plan(PLAN, STATED.replace("└── go.mod", tree))
    begun.made("run")
    done = verified(begun, 1)
    line = (begun.path / "migrate.toml").read_text().split("\n").index("├── gone/") + 1
    assert f"migrate.toml:{line}: gone/ is in the target tree but missing\n" in done.out
    assert f"migrate.toml:{line + 1}: gone/deep.go is in the target tree but missing\n" in done.out
    assert "  layout      11 drawn, 2 missing; 0 folders not drawn\n" in done.out


def test_a_result_that_is_as_stated_passes_and_says_what_is_left_open(begun: Story) -> None:
    layers = STATED[: STATED.index("[[layer]]")].replace("└── go.mod", "├── ...\n└── go.mod")
    rules = {"core": 'may_import = ["pkg", "api"]', "pkg": "", "api": ""}
    layers += "".join(f'[[layer]]\nname = "{name}"\nfolders = ["{name}"]\n{rule}\n' for name, rule in rules.items())
    begun.plan(PLAN, layers)
    begun.made("run")
    done = verified(begun, 0)
    assert 'left open by "…" in the tree:\n  docs/, old/\n' in done.out
    assert "  layout      6 drawn, 0 missing; 0 folders not drawn, 2 left open\n" in done.out
    assert "  layers      0 of 4 imports forbidden\n" in done.out
    assert done.err == "plan migrate.toml, from your work tree\n"


def test_a_layer_of_which_nothing_is_there_is_not_called_kept(begun: Story) -> None:
    begun.plan(PLAN, STATED.replace('folders = ["pkg"]', 'folders = ["pkg", "lib"]'))
    begun.made("run")
    done = verified(begun, 1)
    assert 'layer "pkg" holds no source code below lib\n' in done.out
    assert "; 1 folder without code\n" in done.out


def test_nothing_is_said_of_contracts_that_the_plan_does_not_state(begun: Story) -> None:
    begun.plan(PLAN, STATED[: STATED.index("[layout]")])
    begun.made("next")
    done = verified(begun, 0)
    assert not re.search(r"layout|layer|to come", done.text)
    told = begun.type("verify", "--json").ended(0).json
    assert (told["layout"], told["layers"]) == (None, None)


def test_what_has_landed_is_held_against_the_plan_on_the_base(begun: Story) -> None:
    begun.made("run")
    begun.git("switch", "-q", "main")
    begun.git("merge", "-q", "--no-ff", "--no-edit", "migrate/tidy/p02-auth")
    assert begun.states() == ["landed", "landed"]
    done = verified(begun, 1)
    assert re.search(r"^main, \d+ files$", done.out, re.MULTILINE)
    assert "  layers      2 of 4 imports forbidden, 1 excepted\n" in done.out


def test_a_phase_that_has_not_run_is_to_come_when_those_below_it_have_landed(begun: Story) -> None:
    begun.made("next")
    begun.git("switch", "-q", "main")
    begun.git("merge", "-q", "--no-ff", "--no-edit", "migrate/tidy/p01-cache")
    assert begun.states() == ["landed", "pending"]
    assert "1 phase is to come, p02-auth first" in verified(begun, 0).out


def test_what_is_too_long_for_a_line_goes_to_the_next_one(begun: Story) -> None:
    deep = "/".join(["core", *["deeper"] * 8])
    begun.commit("Deep", {f"{deep}/deep.go": 'package deep\n\nimport _ "example.com/tidy/api"\n'})
    begun.made("run")
    assert f"{deep}/deep.go:3:\n    core imports api: api\n" in verified(begun, 1).out
