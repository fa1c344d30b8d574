"""What the base says of phases, folded from the messages of its commits; and read from real histories."""

from __future__ import annotations

import pytest

from migrate.git.history import Commit
from migrate.stack.landings import Landing, cache_file, fold_landings, read_landings
from tests.conftest import Sandbox


def trailers(phase: str, *more: str, migration: str = "m") -> str:
    lines = (f"Migration: {migration}", f"Migration-Phase: {phase}", "Migration-Source: d1", *more)
    return "Do it\n\n" + "\n".join(lines) + "\n"


def commit(number: int, message: str) -> Commit:
    return Commit(oid(number), "tree", (), "Ada <a@b>", "2024-05-01T12:00:00Z", message, ())


def oid(number: int) -> str:
    return f"{number:040x}"


def told(*messages: str, brought: dict[str, list[str]] | None = None) -> dict[str, tuple[int, int | None]]:
    """By phase the number of the commit that brought it, and of the one that took it back."""
    found = fold_landings("m", [commit(number, message) for number, message in enumerate(messages, 1)], brought)
    return {phase: (int(each.commit.oid, 16), reverted(each)) for phase, each in found.items()}


def reverted(landing: Landing) -> int | None:
    return int(landing.reverted.oid, 16) if landing.reverted else None


def revert(number: int) -> str:
    return f"Revert it\n\nThis reverts commit {oid(number)}.\n"


def test_a_commit_with_the_trailers_of_a_phase_brought_it() -> None:
    assert told(trailers("p01"), trailers("p02")) == {"p01": (1, None), "p02": (2, None)}
    assert told(trailers("p01", migration="other")) == {}


def test_a_commit_may_bring_several() -> None:
    assert told(trailers("p01") + "\n" + trailers("p02")) == {"p01": (1, None), "p02": (1, None)}


def test_a_revert_takes_back_what_its_commit_brought() -> None:
    assert told(trailers("p01"), trailers("p02"), revert(1)) == {"p01": (1, 3), "p02": (2, None)}
    assert told(trailers("p01"), revert(7)) == {"p01": (1, None)}


def test_a_phase_lands_again_after_it_was_taken_back() -> None:
    assert told(trailers("p01"), revert(1), trailers("p01")) == {"p01": (3, None)}
    assert told(trailers("p01"), revert(1), trailers("p01"), revert(3)) == {"p01": (3, 4)}


def test_the_revert_of_a_revert_brings_it_back() -> None:
    assert told(trailers("p01"), revert(1), revert(2)) == {"p01": (1, None)}
    assert told(trailers("p01"), revert(1), revert(2), revert(1)) == {"p01": (1, 4)}


def test_our_own_revert_names_the_phase_however_it_was_merged() -> None:
    ours = f"Revert\n\nThis takes back p01 ({oid(99)}).\n\nMigration: m\nMigration-Reverts: p01\n"
    assert told(trailers("p01"), ours) == {"p01": (1, 2)}
    assert told(trailers("p01"), ours.replace("Migration: m", "Migration: other")) == {"p01": (1, None)}


def test_the_revert_of_a_merge_takes_back_what_came_in_with_it() -> None:
    assert told(trailers("p01"), revert(50), brought={oid(50): [oid(1)]}) == {"p01": (1, 2)}


def test_a_phase_that_landed_in_silence_is_told_by_the_one_above() -> None:
    above = trailers("p01", f"Migration-Landed: {oid(40)}") + "\n" + trailers("p02")
    found = fold_landings("m", [commit(1, above)], silently={oid(40): commit(40, "Squashed (#1)")})
    assert {phase: (int(each.commit.oid, 16), each.is_silent) for phase, each in found.items()} == {
        "p01": (40, True),
        "p02": (1, False),
    }


# -- real histories ---------------------------------------------------------------------------------------------


def landed(repo: Sandbox) -> dict[str, tuple[str, str | None]]:
    """By phase the subject of the commit that brought it, and of the one that took it back."""
    found = read_landings(repo.repository, "m", repo.git("rev-parse", "HEAD"))
    return {p: (e.commit.subject, e.reverted.subject if e.reverted else None) for p, e in found.items()}


def test_only_what_is_new_is_searched_the_second_time_and_the_answer_is_the_same(repo: Sandbox) -> None:
    repo.commit("Begin", {"old": "a\n"})
    repo.commit(trailers("p01"), {"new": "a\n"})
    assert landed(repo) == {"p01": ("Do it", None)}
    repo.git("revert", "--no-edit", "HEAD")
    assert landed(repo) == {"p01": ("Do it", 'Revert "Do it"')}
    cache_file(repo.repository, "m").unlink()
    assert landed(repo) == {"p01": ("Do it", 'Revert "Do it"')}


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"version": 1}', b"\xff"])
def test_a_file_that_nobody_can_read_is_searched_anew(repo: Sandbox, content: bytes) -> None:
    repo.commit(trailers("p01"), {"new": "a\n"})
    file = cache_file(repo.repository, "m")
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    assert landed(repo) == {"p01": ("Do it", None)}


def test_a_base_that_went_back_lost_what_it_had(repo: Sandbox) -> None:
    repo.commit("Begin")
    repo.commit(trailers("p01"), {"new": "a\n"})
    assert landed(repo) == {"p01": ("Do it", None)}
    repo.git("reset", "--quiet", "--hard", "HEAD~1")
    repo.commit("Other", {"other": ""})
    assert landed(repo) == {}


def test_a_file_that_names_a_commit_that_is_gone_is_searched_anew(repo: Sandbox) -> None:
    repo.commit(trailers("p01"), {"new": "a\n"})
    landed(repo)
    file = cache_file(repo.repository, "m")
    file.write_text(file.read_text().replace(repo.git("rev-parse", "HEAD"), "1" * 40))
    assert landed(repo) == {"p01": ("Do it", None)}


def test_what_a_person_took_back_by_hand_is_noticed(repo: Sandbox) -> None:
    repo.commit("Begin", {"old": "a\n"})
    repo.git("mv", "old", "new")
    repo.commit(trailers("p01"))
    repo.git("mv", "new", "old")
    repo.commit("Put it back where it was")
    assert landed(repo) == {"p01": ("Do it", "Put it back where it was")}


def test_what_a_later_phase_moves_on_or_deletes_was_not_taken_back(repo: Sandbox) -> None:
    repo.commit("Begin", {"old": "a\n"})
    repo.commit(trailers("p01"), {"guide": "read\n"})
    repo.git("mv", "guide", "docs-guide")
    repo.commit(trailers("p02"))
    assert landed(repo) == {"p01": ("Do it", None), "p02": ("Do it", None)}


def test_a_merge_that_brought_a_phase_is_reverted_as_a_whole(repo: Sandbox) -> None:
    repo.commit("Begin", {"old": "a\n"})
    repo.git("switch", "--quiet", "-c", "side")
    repo.git("mv", "old", "new")
    repo.commit(trailers("p01"))
    repo.git("switch", "--quiet", "main")
    repo.git("merge", "--quiet", "--no-ff", "-m", "Merge side", "side")
    assert landed(repo) == {"p01": ("Do it", None)}
    repo.git("revert", "--no-edit", "-m", "1", "HEAD")
    assert landed(repo) == {"p01": ("Do it", 'Revert "Merge side"')}
