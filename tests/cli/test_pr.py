"""`pr` describes what has a pull request to come, and says plainly when nothing has."""

from __future__ import annotations

import pytest

from tests.story import Story

AN_END = "Next: migrate finish   (deletes the data of the migration)\n"
FIRST, SECOND, THIRD = (f"migrate/tidy/{name}" for name in ("p01-move-old", "p02-add-guide", "p03-drop-notes"))


def landed(story: Story, branch: str) -> Story:
    """A stack of which the base has taken in everything up to a branch."""
    story.begin().made("run")
    story.git("switch", "--quiet", "main")
    story.git("merge", "--quiet", "--ff-only", branch)
    return story.made("land", "--yes")


@pytest.mark.parametrize("arguments", [("pr",), ("pr", "--all"), ("pr", "--all", "--out", "prs")])
def test_when_all_has_landed_there_is_nothing_to_describe(story: Story, arguments: tuple[str, ...]) -> None:
    done = landed(story, THIRD).type(*arguments).ended(4)
    assert done.out == ""
    assert done.err == f"Every phase has landed: there is no pull request to describe.\n{AN_END}"
    assert not (story.path / "prs").exists()
    assert story.type(*arguments, "--json").ended(4).json == []


def test_one_that_has_landed_is_said_to_be_done(story: Story) -> None:
    landed(story, FIRST)
    story.type("pr", "p01").ended(6, "p01-move-old has landed: its pull request is done", "migrate status")
    story.type("validate", "p01").ended(6, "p01-move-old has landed, so there is no branch to validate")


def test_when_all_that_was_made_has_landed_the_next_step_is_named(story: Story) -> None:
    story.begin().made("next")
    story.git("switch", "--quiet", "main")
    story.git("merge", "--quiet", "--ff-only", FIRST)
    story.made("land", "--yes")
    done = story.type("pr", "--all").ended(4, "1 of 3 phases landed, and no other has a branch yet")
    assert done.err.endswith("Next: migrate next   (p02-add-guide)\n")
    story.type("validate").ended(6, "what was made has landed, so there is nothing to validate")


def test_all_writes_those_that_have_not_landed(story: Story) -> None:
    landed(story, FIRST).type("pr", "--all", "--out", "prs").ended(0)
    assert sorted(path.name for path in (story.path / "prs").iterdir()) == ["p02-add-guide.md", "p03-drop-notes.md"]


def test_all_leaves_out_a_branch_that_holds_no_commit_of_its_phase(story: Story) -> None:
    story.begin().made("run", "--to", "p02")
    story.git("switch", "--quiet", "main")
    story.commit("Else", {"else.txt": ""})
    story.git("branch", "--force", SECOND, "main")
    story.git("branch", THIRD, FIRST)
    story.git("switch", "--quiet", THIRD)
    story.commit("By hand", {"hand.txt": ""})
    done = story.type("pr", "--all", "--json").ended(
        0, "p03-drop-notes is left out: its branch holds no commit of this"
    )
    assert [each["phase"] for each in done.json] == ["p01-move-old"]
    story.type("pr", "p03").ended(6, "p03-drop-notes cannot be described: its branch holds no commit of this phase")


def test_before_the_first_phase_it_says_how_to_make_one(story: Story) -> None:
    story.begin().type("pr").ended(6, "no phase has a branch yet", "migrate next makes the first one")
    story.type("pr", "--all").ended(6, "no phase has a branch yet")
    story.type("pr", "p02").ended(6, "p02-add-guide has no branch yet", "migrate run --to p02-add-guide makes it")
    story.made("run", "--to", "p02-add-guide").type("pr", "p02").ended(0)


def test_out_keeps_what_a_person_wrote_and_follows_no_symlink_out_of_the_folder(story: Story) -> None:
    story.begin().made("run", "--no-validate").made("pr", "--all", "--out", "prs")
    file = story.path / "prs/p01-move-old.md"
    mine = b"Mine.\r\n\r\n" + file.read_bytes().replace(b"\n", b"\r\n") + b"\r\nThanks!  \r\n"
    file.write_bytes(mine)
    story.made("pr", "--all", "--out", "prs")
    assert file.read_bytes() == mine
    outside = story.write("outside.md", "theirs")
    (story.path / "prs/p03-drop-notes.md").unlink()
    (story.path / "prs/p03-drop-notes.md").symlink_to(outside)
    file.write_bytes(b"all mine")
    said = 'prs/p03-drop-notes.md" is a symlink that leads out of "prs", so nothing was written'
    story.type("pr", "--all", "--out", "prs").ended(6, said, "remove the link")
    assert (file.read_bytes(), outside.read_text()) == (b"all mine", "theirs")
    (story.path / "prs/p03-drop-notes.md").unlink()
    (story.path / "prs/p03-drop-notes.md").mkdir()
    story.type("pr", "--all", "--out", "prs").ended(1, 'p03-drop-notes.md" cannot be written: it is not a regular file')
    assert file.read_bytes() == b"all mine"
