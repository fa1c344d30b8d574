"""`where` takes paths as git does, from the folder that one is in, and knows which never were."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.story import PHASES, Story, prepared


@pytest.fixture
@prepared
def moved(story: Story) -> Story:
    """A repository in which `old` has become `new`, with a folder beside it."""
    story.commit("Beside", {"docs/guide/page.md": "x\n", "docs/gone.md": "x\n"})
    story.git("rm", "--quiet", "docs/gone.md")
    return story.begin().made("next")


@pytest.mark.parametrize(
    ("folder", "typed", "printed", "top"),
    [
        ("", "old/a.txt", "new/a.txt", ("old/a.txt", "new/a.txt")),
        ("", "./old/a.txt", "new/a.txt", ("old/a.txt", "new/a.txt")),
        ("", "old/", "new", ("old", "new")),
        ("", "docs/../old/a.txt", "new/a.txt", ("old/a.txt", "new/a.txt")),
        ("", ".", ".", ("", "")),
        ("docs/guide", "page.md", "page.md", ("docs/guide/page.md", "docs/guide/page.md")),
        ("docs/guide", "./page.md", "page.md", ("docs/guide/page.md", "docs/guide/page.md")),
        ("docs/guide", "../../old/b.txt", "../../new/b.txt", ("old/b.txt", "new/b.txt")),
        ("docs", "../old", "../new", ("old", "new")),
        ("docs", ".", ".", ("docs", "docs")),
        ("docs", "gone.md", "gone.md", ("docs/gone.md", "docs/gone.md")),
        ("new", "a.txt", "a.txt", ("new/a.txt", "new/a.txt")),
    ],
)
def test_a_path_means_what_it_means_to_git(
    moved: Story, folder: str, typed: str, printed: str, top: tuple[str, str]
) -> None:
    place = moved.path / folder
    assert moved.type("where", typed, cwd=place).ended(0).out == f"{printed}\n"
    said = moved.type("where", typed, "--json", cwd=place).ended(0).json
    assert (said["old"], said["new"]) == top
    assert said["moved"] is (top[0] != top[1])


def test_a_path_from_the_root_of_the_machine_is_known_inside_the_repository(moved: Story, tmp_path: Path) -> None:
    assert moved.type("where", str(moved.path / "old/a.txt"), cwd=moved.path / "docs").out == "../new/a.txt\n"
    moved.type("where", str(tmp_path)).ended(2, "leads out of the repository")


def test_the_folder_of_c_is_the_one_that_counts(moved: Story, tmp_path: Path) -> None:
    done = moved.type("-C", str(moved.path / "docs"), "where", "../old/a.txt", cwd=tmp_path)
    assert done.ended(0).out == "../new/a.txt\n"


@pytest.mark.parametrize("typed", ["nowhere.txt", "old/c.txt", "new/c.txt", "docs/guide/pgae.md", "\x1b[31m"])
def test_a_path_that_never_was_is_an_error(moved: Story, typed: str) -> None:
    done = moved.type("where", typed).ended(1, "was never in the history of migrate/tidy/p01-move-old")
    assert done.out == ""
    assert "\x1b" not in done.err
    assert moved.type("where", typed, "--json").ended(1).json["error"]["code"] == "not-found"


def test_a_path_that_was_mistyped_is_answered_with_the_nearest(moved: Story) -> None:
    moved.type("where", "docs/guide/pgae.md").ended(1, 'did you mean "docs/guide/page.md"?')


def test_the_advice_finds_a_path_of_another_branch(moved: Story) -> None:
    moved.git("switch", "--quiet", "-c", "other", "main")
    moved.commit("Only here", {"there.txt": ""})
    moved.git("switch", "--quiet", "main")
    done = moved.type("where", "there.txt").ended(1, "git log --all -- :/there.txt looks on the other branches")
    assert "Only here" in moved.git(*done.err.splitlines()[-1].partition(" looks")[0].split()[1:])


def test_a_path_leads_out_of_the_repository(moved: Story) -> None:
    moved.type("where", "../../x", cwd=moved.path / "docs").ended(2, "leads out of the repository", "git ls-files")
    moved.type("where", "").ended(2, "the path is empty", "git ls-files")


def test_a_bare_repository_has_its_paths_from_the_top(story: Story, tmp_path: Path) -> None:
    story.begin(p01_move_old=PHASES["p01_move_old.py"]).made("run")
    story.git("clone", "--quiet", "--bare", str(story.path), str(tmp_path / "bare.git"))
    assert story.type("where", "old/a.txt", cwd=tmp_path / "bare.git").ended(0).out == "new/a.txt\n"
