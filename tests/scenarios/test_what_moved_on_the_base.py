"""A phase that names a path which the base has moved meanwhile is told where that went, and is not left to guess."""

from __future__ import annotations

import pytest

from tests.story import Story

MODULE = "module example.com/m\n\ngo 1.21\n"
PLAN = '[migration]\nname = "tidy"\n'
MODELS = {
    f"internal/models/{name}.go": f"package models\n\n// {name} is one.\ntype {name} struct{{}}\n" for name in "ABC"
}


def phase(*verbs: str) -> str:
    """A module that does some things."""
    return '"""Move."""\n\n\ndef apply(ws):\n' + "".join(f"    {verb}\n" for verb in verbs)


def on_a_newer_base(story: Story, *verbs: str) -> str:
    """A repository in which the base moved `internal/models` to `internal/core/models`; the commit, shortened."""
    story.begin(PLAN, p01_move=phase(*verbs))
    story.commit("Go", {"go.mod": MODULE, "internal/modes/m.go": "package modes\n", **MODELS})
    (story.path / "internal/core").mkdir()
    story.git("mv", "internal/models", "internal/core/models")
    moved = story.commit("Reorganise")
    story.commit("Else", {"else.txt": ""})
    return moved[:7]


@pytest.mark.parametrize(
    ("verb", "what", "new"),
    [
        (
            'ws.go.move("internal/models", "pkg/models")',
            'there is no package "internal/models"',
            "internal/core/models",
        ),
        ('ws.go.split("internal/models", {"p": "A"})', 'there is no package "internal/models"', "internal/core/models"),
        (
            'ws.go.merge("internal/models", "internal/modes")',
            'there is no package "internal/models"',
            "internal/core/models",
        ),
        (
            'ws.move("internal/models", "pkg/models")',
            'there is nothing at "internal/models" to move',
            "internal/core/models",
        ),
        ('ws.delete("internal/models")', 'there is nothing at "internal/models" to delete', "internal/core/models"),
        ('ws.read("internal/models/A.go")', 'there is no file "internal/models/A.go"', "internal/core/models/A.go"),
    ],
)
def test_error_says_where_it_went_with_which_commit_and_when(story: Story, verb: str, what: str, new: str) -> None:
    commit = on_a_newer_base(story, verb)
    story.type("next").ended(1, f'{what}; it was moved to "{new}" in {commit} on 2024-05-01')


def test_file_of_a_package_that_moved_is_looked_up_too(story: Story) -> None:
    story.begin(PLAN, p01_move=phase('ws.go.split("internal/models", {"p": "A.go"})'))
    story.commit("Go", {"go.mod": MODULE, **MODELS})
    (story.path / "internal/other").mkdir()
    story.git("mv", "internal/models/A.go", "internal/other/A.go")
    commit = story.commit("Reorganise")[:7]
    story.type("next").ended(1, f'it was moved to "internal/other/A.go" in {commit} on 2024-05-01')


def test_restack_onto_a_base_that_moved_the_package_says_so(story: Story) -> None:
    story.begin(PLAN, p01_move=phase('ws.go.move("internal/models", "pkg/models")'))
    story.commit("Go", {"go.mod": MODULE, **MODELS})
    story.made("next")
    story.git("switch", "--quiet", "main")
    (story.path / "internal/core").mkdir()
    story.git("mv", "internal/models", "internal/core/models")
    commit = story.commit("Reorganise")[:7]
    story.type("restack").ended(1, f'it was moved to "internal/core/models" in {commit} on 2024-05-01')


def test_what_was_deleted_is_said_beside_the_nearest_name(story: Story) -> None:
    story.begin(PLAN, p01_read=phase('ws.read("guide/one.txt")'))
    story.commit("Two", {"guide/one.txt": "1\n", "guide/once.txt": "2\n"})
    story.git("rm", "--quiet", "guide/one.txt")
    commit = story.commit("One less")[:7]
    story.type("next").ended(1, f'; it was deleted in {commit} on 2024-05-01; did you mean "guide/once.txt"?')


def test_typing_error_is_answered_with_the_nearest_name(story: Story) -> None:
    on_a_newer_base(story, 'ws.go.move("internal/core/modles", "pkg/models")')
    story.type("next").ended(1, 'there is no package "internal/core/modles"; did you mean "internal/core/models"?')


def test_what_a_phase_below_moved_is_known_without_git(story: Story) -> None:
    below, above = phase('ws.move("old", "new")'), phase('ws.read("old/a.txt")')
    story.begin(PLAN, p01_move=below, p02_read=above)
    story.type("plan").ended(1, 'there is no file "old/a.txt"; it is at "new/a.txt" since an earlier step')


def test_history_that_cannot_be_read_leaves_the_nearest_name(story: Story) -> None:
    on_a_newer_base(story, 'ws.go.move("internal/modls", "pkg/models")')
    first = story.git("rev-list", "--max-parents=0", "HEAD")
    (story.path / ".git/objects" / first[:2] / first[2:]).unlink()
    story.type("next").ended(1, 'there is no package "internal/modls"; did you mean "internal/mod')
