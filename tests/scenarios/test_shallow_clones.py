"""A clone that lacks history or branches gives the answer of a whole one, or says what it cannot see."""

from __future__ import annotations

import pytest

from tests.scenarios.clones import FIRST, SECOND, Clones, clone, sync
from tests.story import Story

UNSHALLOW = "git fetch --unshallow origin"
FOLLOW = "git remote set-branches --add origin 'migrate/tidy/*' && git fetch origin"
FETCH_BOTH = FOLLOW.replace("git fetch origin", UNSHALLOW)
SHALLOW = (
    ("--depth=1", "--no-single-branch"),
    ("--depth=2", "--no-single-branch"),
    ("--depth=4", "--no-single-branch"),
    ("--depth=5", "--no-single-branch"),
    ("--shallow-since=2024-05-03", "--no-single-branch"),
)
LOOKING = (
    *(("status",), ("status", "p01"), ("log",), ("journal",), ("where", "old/a.txt"), ("where", "old")),
    *(("pr", "--all"), ("pr", "p02"), ("validate", "--all"), ("validate", "p01"), ("plan",), ("verify",)),
)
STEPPING = (
    *(("next",), ("run",), ("restack",), ("land", "--yes"), ("rollback", "p01", "--yes")),
    *(("carry", "origin/topic"), ("carry", "--all"), ("finish", "--yes"), ("finish", "--abandon", "--yes")),
)


@pytest.fixture
def landed(clones: Clones, monkeypatch: pytest.MonkeyPatch) -> Clones:
    """The first phase has landed by a squash, the second stands on that with a hand edit, and the base went on."""
    ada = clones.ada
    for number in range(4):
        ada.commit(f"Before {number}")
    day(monkeypatch, 2)
    ada.made("run", "--to", "p02")
    ada.git("switch", "--quiet", "main")
    ada.git("merge", "--quiet", "--squash", FIRST)
    ada.commit(ada.git("log", "-1", "--format=%B", FIRST))
    ada.type("land", "--yes").ended(0)
    ada.git("switch", "--quiet", SECOND)
    ada.commit("Say more", {"guide.md": "Read new/a.txt first, and new/b.txt.\n"})
    ada.git("switch", "--quiet", "-c", "topic", "main~1")
    ada.commit("A topic", {"topic.txt": "old/a.txt\n"})
    ada.git("switch", "--quiet", "main")
    day(monkeypatch, 4)
    for number in range(3):
        ada.commit(f"More {number}", {f"more/{number}.txt": ""})
    ada.git("push", "--quiet", "origin", "main", "topic")
    clones.sync(ada)
    return clones


def day(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Let commits be made on another day."""
    monkeypatch.setenv("GIT_COMMITTER_DATE", f"2024-05-0{number}T12:00:00+00:00")


def other(clones: Clones, name: str, *options: str) -> Story:
    """Somebody's clone."""
    return clone(clones.ada, clones.origin, clones.origin.path.parent / name, name, *options)


def test_looking_says_the_same_or_what_it_cannot_see(landed: Clones) -> None:
    whole = other(landed, "Whole")
    there = {command: whole.type(*command)[:2] for command in LOOKING}
    for number, options in enumerate(SHALLOW):
        cut = other(landed, f"Cut{number}", *options)
        for command in LOOKING:
            here = cut.type(*command)
            assert "Traceback" not in here.text, here
            assert here[:2] == there[command] or UNSHALLOW in here.text, (options, command, here)


@pytest.mark.parametrize("options", SHALLOW[:2])
def test_what_steps_is_refused(landed: Clones, options: tuple[str, ...]) -> None:
    cut = other(landed, "Cut", *options)
    sync(cut, "--fetch-only")
    before = cut.refs("refs/heads", "refs/migrate")
    for command in STEPPING:
        cut.type(*command).ended(6, UNSHALLOW)
    assert cut.refs("refs/heads", "refs/migrate") == before


def test_a_phase_that_may_have_landed_is_unknown_until_the_history_is_here(landed: Clones) -> None:
    cut = other(landed, "Cut", "--depth=1", "--no-single-branch")
    status = cut.status()
    assert (status["shallow"], status["base"]["newer"], status["next"]) == (True, None, "migrate sync")
    assert [phase["state"] for phase in status["phases"]] == ["unknown", "unknown", "unknown"]
    cut.type("status", "--exit-code").ended(8)
    sync(cut, "--fetch-only")
    cut.type("validate", "--all").ended(0, UNSHALLOW)
    cut.type("status").ended(0, f"The next step depends on what landed: {UNSHALLOW} fetches it.")
    cut.type("next").ended(6, f"{UNSHALLOW} brings it; then run migrate next again")
    cut.git(*UNSHALLOW.split()[1:])
    assert [phase["state"] for phase in cut.status()["phases"]] == ["landed", "passed", "pending"]


def test_a_history_that_goes_back_to_the_start_is_enough(landed: Clones) -> None:
    cut = other(landed, "Cut", "--depth=5", "--no-single-branch")
    assert cut.status()["shallow"]
    sync(cut, "--fetch-only")
    assert not cut.status()["shallow"]
    assert UNSHALLOW not in cut.type("restack").ended(0).text


def test_a_history_that_is_cut_later_hides_what_landed_meanwhile(landed: Clones) -> None:
    landed.bob.git("pull", "--quiet", "origin", "main")
    sync(landed.bob)
    assert landed.bob.states()[0] == "landed"
    landed.ada.git("switch", "--quiet", "main")
    for number in range(3, 6):
        landed.ada.commit(f"More {number}", {f"more/{number}.txt": ""})
    landed.ada.git("push", "--quiet", "origin", "main")
    landed.bob.git("fetch", "--quiet", "--depth=1", "origin")
    landed.bob.type("status").ended(0, UNSHALLOW)
    landed.bob.type("restack", "--fetch").ended(6, UNSHALLOW)


def test_a_path_that_moved_before_the_history_begins_is_not_said_to_have_never_been(landed: Clones) -> None:
    cut = other(landed, "Cut", "--depth=1")
    cut.type("where", "old/a.txt").ended(1, '"old/a.txt" is not in main', UNSHALLOW)
    found = cut.type("where", "new/a.txt", "--json").ended(0, UNSHALLOW)
    assert found.json == {"old": "new/a.txt", "new": "new/a.txt", "moved": False, "shallow": True}


def test_a_path_that_moved_in_the_history_that_is_here_is_known_though_its_file_was_deleted_later(
    landed: Clones,
) -> None:
    landed.ada.git("rm", "--quiet", "new/b.txt")
    landed.ada.commit("Drop b")
    landed.ada.git("push", "--quiet", "origin", "main")
    cut = other(landed, "Cut", "--depth=6")
    assert cut.type("where", "old/b.txt").ended(0, UNSHALLOW).out == "new/b.txt\n"
    cut.type("where", "new/b.txt").ended(1, '"new/b.txt" is not in main', UNSHALLOW)


def test_what_no_phase_that_is_here_moved_cannot_be_verified(clones: Clones) -> None:
    clones.ada.commit("More", {"more.txt": ""})
    clones.ada.git("push", "--quiet", "origin", "main")
    other(clones, "Cut", "--depth=1").type("verify").ended(
        6, "no phase has a branch here, and this clone is shallow", UNSHALLOW
    )


def test_no_pull_request_is_advised_of_a_phase_that_may_have_landed(clones: Clones) -> None:
    clones.ada.made("run")
    clones.sync(clones.ada)
    for number in range(3):
        clones.ada.git("switch", "--quiet", "main")
        clones.ada.commit(f"More {number}", {f"more/{number}.txt": ""})
    clones.ada.git("push", "--quiet", "origin", "main")
    cut = other(clones, "Cut", "--depth=2", "--no-single-branch")
    said = "The next step depends on what landed"
    sync(cut, "--fetch-only").ended(0, said)
    status = cut.status()
    assert status["next"] is None
    assert said in status["conclusion"]
    cut.git(*UNSHALLOW.split()[1:])
    assert cut.status()["next"].startswith("migrate pr")


def test_a_journal_that_is_cut_says_so(landed: Clones) -> None:
    cut = other(landed, "Cut", "--depth=1", "--no-single-branch")
    ref = "refs/migrate/tidy/journal"
    cut.git("fetch", "--quiet", "--depth=1", "origin", f"{ref}:{ref}")
    cut.type("journal").ended(0, f"{UNSHALLOW} {ref}")
    cut.git("fetch", "--quiet", "--unshallow", "origin", ref)
    assert UNSHALLOW not in cut.type("journal").ended(0).text


def test_a_description_is_not_made_of_a_commit_whose_parent_is_not_here(clones: Clones) -> None:
    clones.ada.made("run")
    clones.sync(clones.ada)
    cut = other(clones, "Cut", "--depth=1", "--no-single-branch")
    whole = clones.ada.type("pr", "p02").ended(0).out
    there = whole.partition("### Validation")[0]
    assert cut.type("pr", "p02").ended(0, UNSHALLOW).out.partition("### Validation")[0] == there  # Its parent is here.
    one = other(clones, "One", "--depth=1", f"--branch={SECOND}")
    one.git("fetch", "--quiet", "origin", "main:main")
    one.type("pr", "p02").ended(6, "p02-add-guide cannot be described", f"{UNSHALLOW} brings it; then run migrate pr")


def test_a_clone_of_one_branch_says_that_it_fetches_no_phases(landed: Clones) -> None:
    cut = other(landed, "Cut", "--single-branch")
    assert cut.status()["unfetched"]
    for command in (("status",), ("log",), ("plan",), ("pr", "--all"), ("validate",)):
        assert FOLLOW in cut.type(*command).text
    cut.git("remote", "set-branches", "--add", "origin", "migrate/tidy/*")
    cut.git("fetch", "--quiet", "origin")
    whole = other(landed, "Whole")
    assert cut.status() == whole.status()


def test_a_command_that_leaves_nothing_else_to_type_ends_with_what_brings_the_history(landed: Clones) -> None:
    cut = other(landed, "Cut", "--depth=1", "--no-single-branch")
    sync(cut, "--fetch-only")
    last = "The next step depends on what landed: git fetch --unshallow origin fetches it."
    for command in (("validate",), ("validate", "--all"), ("validate", SECOND.rpartition("/")[2])):
        assert cut.type(*command).ended(0).err.splitlines()[-1].endswith(last)


@pytest.mark.parametrize("options", [("--single-branch",), ("--depth=1",)])
def test_a_clone_of_one_branch_makes_nothing_that_the_remote_may_have(clones: Clones, options: tuple[str, ...]) -> None:
    clones.ada.made("run", "--to", "p02")
    clones.sync(clones.ada)
    cut = other(clones, "Cut", *options)
    for command in (("status",), ("plan",), ("log",)):
        said = cut.type(*command).text
        assert FOLLOW in said or UNSHALLOW in said
        assert "migrate next" not in said
    assert cut.status()["next"] is None
    brings = FETCH_BOTH if "--depth=1" in options else FOLLOW
    for command in (("next",), ("run",), ("next", "--no-validate"), ("run", "--to", "p01")):
        cut.type(*command).ended(6, "fetches no phase branches", f"{brings}; then run migrate {command[0]}")
    assert cut.refs("refs/heads/migrate", "refs/migrate") == {}
    cut.git("remote", "set-branches", "--add", "origin", "migrate/tidy/*")
    cut.git("fetch", "--quiet", "origin")
    assert cut.status()["next"] == "migrate sync"
    sync(cut, "--fetch-only").ended(0)
    assert cut.git("rev-parse", SECOND) == clones.ada.git("rev-parse", SECOND)


def test_a_clone_of_one_branch_may_begin_what_the_remote_does_not_have(clones: Clones) -> None:
    cut = other(clones, "Cut", "--single-branch")
    cut.type("next").ended(6, FOLLOW)
    cut.git("remote", "set-branches", "--add", "origin", "migrate/tidy/*")
    cut.git("fetch", "--quiet", "origin")
    cut.type("next").ended(0, "p01-move-old passed")


def test_a_clone_of_one_branch_that_synced_has_heard_of_the_phases(landed: Clones) -> None:
    cut = other(landed, "Cut", "--single-branch")
    sync(cut, "--fetch-only")
    assert not cut.status()["unfetched"]
    assert cut.states() == landed.ada.states()


def test_a_clone_of_one_branch_of_a_phase_says_what_to_fetch(landed: Clones) -> None:
    cut = other(landed, "Cut", "--depth=1", f"--branch={SECOND}")
    cut.type("status").ended(2, 'the base branch "main" of the plan is not here', "git fetch origin main:main")
    cut.git("fetch", "--quiet", "origin", "main:main")
    assert cut.states()[0] == "landed"
    cut.type("status").ended(0, UNSHALLOW, FETCH_BOTH)


def test_the_log_of_a_shallow_clone_says_so_where_it_is_kept(landed: Clones) -> None:
    sentence = "Written in a shallow clone: what happened before its history begins is not seen."
    assert sentence in other(landed, "Cut", "--depth=1").type("log").ended(0).out
    assert sentence not in other(landed, "Whole").type("log").ended(0).out


def test_a_sync_blames_nobody_where_the_history_that_tells_is_cut(landed: Clones) -> None:
    cut = other(landed, "Cut", "--depth=1", "--no-single-branch")
    cut.git("branch", SECOND, f"origin/{SECOND}")
    landed.ada.git("switch", "--quiet", SECOND)
    for number in range(2):
        landed.ada.commit(f"Guide {number}", {f"guide{number}.md": ""})
    landed.ada.git("push", "--quiet", "origin", SECOND)
    cut.git("fetch", "--quiet", "--depth=1", "origin")
    sync(cut, "--fetch-only").ended(6, "lacks the history to say which is newer", f"{UNSHALLOW} brings it")
    cut.git("fetch", "--quiet", "--unshallow")
    sync(cut, "--fetch-only").ended(0)
    assert cut.refs("refs/heads/migrate") == landed.ada.refs("refs/heads/migrate")


def test_a_branch_that_begins_above_what_it_shares_is_not_carried(landed: Clones) -> None:
    cut = other(landed, "Cut", "--depth=5")
    sync(cut, "--fetch-only")
    cut.git("fetch", "--quiet", "--depth=1", "origin", "topic:topic")
    cut.type("carry", "topic").ended(6, "does not have what topic stands on", UNSHALLOW)
