"""A package that brings an engine: every command knows the language, and nothing of ours was written for it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

import migrate
from tests.story import PLAN, Ran, Story

PLUGIN = Path(__file__).parent / "plugin"
MOVE = '''\
    """Move the tales."""


    def apply(ws):
        ws.engine("lore").move("tales", "books/tales")
        ws.engine("lore").move("songs", "books/songs")
    '''
CARELESS = '''\
    """Move the tales."""


    def apply(ws):
        ws.move("tales", "books/tales")
    '''
FILES = {
    "tales/fox.lore": "use songs\nThe fox sang.\n",
    "songs/hymn.lore": "La.\n",
    "shelf/list.lore": "use tales\nuse songs\n",
}
LAYER = '\n[[layer]]\nname = "shelf"\nfolders = ["shelf"]\nmay_import = []\n\n[[layer]]\nname = "books"\nfolders = ["books"]\n'


def path_of(folder: Path) -> str:
    """Where Python looks: a folder with a package, and this program, wherever it stands."""
    return os.pathsep.join([str(folder), str(Path(migrate.__file__).parents[1])])


class Lore(Story):
    """A repository of tales, and the program with the engine installed."""

    def run(self, *arguments: str, **options: Any) -> Ran:
        """Run the program where Python finds the package."""
        return self.migrate(*arguments, env={**os.environ, "PYTHONPATH": path_of(PLUGIN)}, **options)


@pytest.fixture
def lore(story: Story) -> Lore:
    """The repository, before its phase."""
    told = Lore(story.path)
    told.capture = story.capture
    for path, text in FILES.items():
        told.write(path, text)
    told.begin(p01_move_tales=MOVE)
    return told


def test_a_phase_moves_and_what_uses_it_follows(lore: Lore) -> None:
    lore.run("run").ended(0)
    assert (lore.path / "shelf/list.lore").read_text() == "use books/tales\nuse books/songs\n"
    assert (lore.path / "books/tales/fox.lore").read_text() == "use books/songs\nThe fox sang.\n"
    said = lore.run("pr", "--all").ended(0).out
    assert "2 differ by import paths alone" in said
    assert "the tale books/tales/fox.lore has another name now" in said
    assert "tales/fox.lore keeps its title" in said
    assert "**2 moved**: 2 tale" in said
    lore.run("verify").ended(0)


def test_what_the_engine_refuses_fails_the_phase(lore: Lore) -> None:
    lore.phase("p01_move_tales.py", CARELESS)
    lore.commit("Move carelessly")
    lore.run("run").ended(1, "the Lore code would have 1 flaw after this phase", "shelf/list.lore:1 uses tales")


def test_verify_finds_what_a_colleague_still_uses_by_its_old_name(lore: Lore) -> None:
    lore.run("run").ended(0)
    lore.commit("Add a page", {"shelf/page.lore": "use tales\n"})
    lore.run("verify").ended(1, "shelf/page.lore:1", 'it moved to "books/tales"')


def test_what_forwards_stays_where_it_is(lore: Lore) -> None:
    lore.run("run").ended(0)
    lore.commit("Forward", {"tales/old.lore": "forward\n", "shelf/page.lore": "use tales\n"})
    assert lore.run("verify", "--json").json["forwarded_imports"] == 1


def test_what_forwards_is_told_with_what_ends_it(lore: Lore) -> None:
    lore.run("run").ended(0)
    lore.commit("Forward", {"tales/old.lore": "forward\n", "shelf/page.lore": "use tales\n"})
    assert 'ws.engine("lore").unforward() rewrites them' in lore.run("verify").out


def test_its_table_of_the_plan_says_how_the_world_calls_a_folder(lore: Lore) -> None:
    lore.phase("p01_move_tales.py", MOVE + "    ws.flush()\n        ws.references.update()\n    ")
    lore.plan(PLAN, '\n[lore]\nlibrary = "lib.org/alexandria"\n')
    lore.commit("Name the library", {"GUIDE.md": "See `lib.org/alexandria/tales/fox.lore`.\n"})
    lore.run("run").ended(0)
    assert (lore.path / "GUIDE.md").read_text() == "See `lib.org/alexandria/books/tales/fox.lore`.\n"


def test_a_path_may_leave_out_the_ending_of_its_files(lore: Lore) -> None:
    lore.phase("p01_move_tales.py", MOVE + "    ws.flush()\n        ws.references.update()\n    ")
    lore.commit("Write a guide", {"GUIDE.md": "Begin with `tales/fox`.\n"})
    lore.run("run").ended(0)
    assert (lore.path / "GUIDE.md").read_text() == "Begin with `books/tales/fox`.\n"


def test_another_table_makes_what_ran_stale(lore: Lore) -> None:
    lore.run("run").ended(0)
    lore.plan(PLAN, '\n[lore]\nlibrary = "alexandria"\n')
    lore.commit("Name the library")
    assert lore.run("status", "--json").json["phases"][0]["state"] == "stale"


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('[lore]\nlibary = "x"', '[lore] knows no "libary"; did you mean "library"?'),
        ("[lore]\nlibrary = 1", "library must be a name"),
        ("[[lore]]", "write [lore] as one table"),
        ("[python]", 'unknown table or key "python"'),
        ("[loer]", 'unknown table or key "loer"; did you mean "lore"?'),
    ],
)
def test_what_is_wrong_in_its_table_is_told_with_the_line(lore: Lore, table: str, said: str) -> None:
    lore.plan(PLAN, f"\n{table}\n")
    done = lore.run("status")
    line = (lore.path / "migrate.toml").read_text().splitlines().index(table.split("\n", maxsplit=1)[0]) + 1
    done.ended(done.code, said)
    assert re.search(rf"migrate\.toml:{line}|migrate\.toml:{line + 1}", done.err + done.out)


def test_a_table_of_an_engine_that_is_not_installed_is_unknown(lore: Lore) -> None:
    lore.plan(PLAN, '\n[lore]\nlibrary = "alexandria"\n')
    done = lore.migrate("status")
    done.ended(done.code, 'unknown table or key "lore"')


def test_a_new_plan_runs_what_the_engine_says(lore: Lore) -> None:
    lore.write("saga.lore", "La.\n")
    (lore.path / "migrate.toml").unlink()
    (lore.path / "phases/p01_move_tales.py").unlink()
    lore.run("init").ended(0)
    written = (lore.path / "migrate.toml").read_text()
    assert '[[validation]]\nname = "recite"\nrun = ["lore", "recite"]\nrequires = ["lore"]\n\n#' in written
    assert '# ws.engine("lore").move(' in (lore.path / "phases/p01_first_step.py").read_text()


def test_a_layer_forbids_a_use_and_analyze_counts_files(lore: Lore) -> None:
    lore.plan(PLAN, LAYER)
    lore.commit("Draw layers")
    lore.run("run").ended(0)
    assert len(lore.run("verify", "--json").json["layers"]["broken"]) == 2
    assert lore.run("analyze", "--json").ended(0).json["languages"]["Lore"] == 3


def test_a_straggler_follows_once_the_phase_has_landed(lore: Lore) -> None:
    lore.run("run").ended(0)
    lore.git("switch", "--quiet", "main")
    lore.git("merge", "--quiet", "--no-ff", "--message", "Merge", "migrate/tidy/p01-move-tales")
    lore.commit("Add a late tale", {"tales/late.lore": "use songs\n"})
    lore.run("land", "--yes").ended(0)
    tip = "migrate/tidy/stragglers"
    assert lore.git("show", f"{tip}:books/tales/late.lore") == "use books/songs"


def test_where_it_is_not_installed_the_error_says_what_to_do(lore: Lore) -> None:
    lore.migrate("run").ended(1, 'there is no engine "lore"', "git_phases.engines")


@pytest.mark.parametrize("command", [("verify",), ("pr", "--all")])
def test_one_that_does_not_load_is_named(lore: Lore, tmp_path: Path, command: tuple[str, ...]) -> None:
    lore.run("run").ended(0)
    folder = tmp_path / "broken_engine-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: broken-engine\nVersion: 1.0\n")
    (folder / "entry_points.txt").write_text("[git_phases.engines]\nbroken = no_such_module:Engine\n")
    done = lore.migrate(*command, env={**os.environ, "PYTHONPATH": path_of(tmp_path)})
    done.ended(1, 'the engine "broken" of no_such_module:Engine does not load')


def test_a_repository_cannot_bring_an_engine(lore: Lore) -> None:
    lore.run("run").ended(0)
    lore.write("evil.py", "open('executed', 'w').close()\n")
    lore.write("evil-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n")
    lore.write("evil-1.0.dist-info/entry_points.txt", "[git_phases.engines]\nevil = evil:Engine\n")
    for command in (("verify",), ("pr", "--all"), ("analyze",)):
        lore.migrate(*command)
    assert not (lore.path / "executed").exists()
