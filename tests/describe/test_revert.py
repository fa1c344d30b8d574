from __future__ import annotations

from migrate.describe.links import links_of
from migrate.describe.markers import renew_generated
from migrate.describe.revert import Reverted, describe_revert, revert_title

FIRST = Reverted("p03-generic-utilities", "90aa1c4" + "0" * 33, "Move generic utilities to pkg/")
SECOND = Reverted("p04-core", "c0ffee1" + "0" * 33, "Reorganise core | components")


def revert(model, *reverted, **more):
    """The description of the branch that takes them back."""
    return describe_revert(
        model.plan(model.source("p03-generic-utilities")),
        branch="migrate/pllm/revert-p03-generic-utilities",
        commit="5eed5ee" + "0" * 33,
        base="migrate/pllm/p04-core",
        reverted=reverted,
        **more,
    )


def test_the_whole_description(model, golden):
    text = revert(
        model,
        FIRST,
        SECOND,
        validations=model.every_outcome(),
        links=links_of("git@gitlab.com:group/pllm.git"),
    )
    golden("revert_pull_request.md", text)


def test_one_phase_on_which_nothing_ran(model, golden):
    golden("revert_pull_request_bare.md", revert(model, FIRST))


def test_the_highest_phase_is_undone_first(model):
    text = revert(model, FIRST, SECOND)
    assert text.index("p04-core` | `c0ffee1") < text.index("p03-generic-utilities` | `90aa1c4")


def test_titles():
    assert revert_title([FIRST]) == 'Revert "Move generic utilities to pkg/"'
    assert revert_title([FIRST, SECOND]) == "Revert 2 phases: p03-generic-utilities to p04-core"


def test_hostile_text_stays_text(model, markdown):
    bad = Reverted("p|3`", "<b>|" * 10, "# <script> | @ada ![x](y)\n\n# two")
    read = markdown(revert(model, bad, validations=model.every_outcome()))
    assert len(read.raw_html()) == 2
    assert set(read.widths()) == {3}
    assert read.headings() == ["Validation at 5eed5ee", "Waiting for a person"]


def test_writing_it_again_keeps_what_a_person_wrote(model):
    old, new = revert(model, FIRST), revert(model, FIRST, validations=model.every_outcome())
    assert renew_generated(f"Mine.\n\n{old}", new) == f"Mine.\n\n{new}"
