from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from migrate.describe.links import Links, links_of
from migrate.describe.pull_request import describe_phase, pull_request_title
from migrate.describe.review import Review
from migrate.errors import MigrateError
from migrate.plan.dependencies.digest import PhaseFolder
from migrate.plan.phase_source import read_phase
from migrate.plan.validation import Validation
from migrate.stack.phase_state import State
from migrate.templating.resources import DESCRIPTION_TEMPLATES, shipped
from migrate.validation.outcome import Outcome

GITHUB = links_of("git@github.com:andreimerfu/pllm.git")
WHY = (
    "Retry and load balancing know nothing of this program.\nUnder `pkg/` any program can import them.\n\n- one\n- two"
)


def utilities(model, **more):
    """The phase that moves generic utilities, with a file of every class."""
    api = 'package api\n\nimport "pllm/{}/retry"\n\nvar Wait = retry.Wait\n'
    files = {
        "retry.go": "package retry\n\nvar Wait = 1\n",
        "retry_test.go": "package retry\n",
        "old": api.format("internal/services"),
        "new": api.format("pkg"),
    }
    blob = {name: model.blob(text) for name, text in files.items()}
    changes = {
        "internal/services/retry/retry.go": (blob["retry.go"], None),
        "internal/services/retry/retry_test.go": (blob["retry_test.go"], None),
        "pkg/retry/retry.go": (None, blob["retry.go"]),
        "pkg/retry/retry_test.go": (None, blob["retry_test.go"]),
        "internal/api/api.go": (blob["old"], blob["new"]),
        "README.md": (model.blob("See internal/services/retry.\n"), model.blob("See pkg/retry.\n")),
        "Makefile": (model.blob("a:\n\tb\n"), model.blob("a:\n\tc\n")),
        "pkg/README.md": (None, model.blob("# pkg\n\nFor any program.\n")),
        "internal/services/retry/TODO": (model.blob("later\n"), None),
        "docs/lru.md": (model.blob("lru\n"), None),
        "docs/cache/lru.md": (None, model.blob("lru\n")),
    }
    given = {
        "changes": changes,
        "moves": {"docs/lru.md": "docs/cache/lru.md", "internal/services/retry": "pkg/retry"},
        "notes": ["The pricing half of the cache stays where it is."],
        "hand_edits": [
            model.commit("Mend the test | again, fixes #12 for @ada", author="Grace Hopper <g@example.com>"),
            model.commit("Raise the limit"),
        ],
        "validations": model.every_outcome(),
        **more,
    }
    return model.phase(model.source("p02-generic-utilities", "Move generic utilities to pkg/", WHY), **given)


def stack_of(model, phase, *, title="Restructure the pllm Go codebase", around=True):
    """A stack with that phase between two others, or alone."""
    first, last = model.source("p01-analysis", "Analyse"), model.source("p03-core", "Reorganise core")
    sources = [first, phase.source, last] if around else [phase.source]
    plan = model.plan(*sources, title=title)
    if not around:
        return plan, model.stack(plan, phase)
    return plan, model.stack(plan, model.phase(first), phase, model.phase(last, State.PENDING))


def description(model, phase, where=GITHUB, **more):
    """Its description."""
    plan, stack = stack_of(model, phase, **more)
    return describe_phase(plan, stack, phase, model.review(phase), where)


def test_the_whole_description(model, golden):
    golden("pull_request.md", description(model, utilities(model, state=State.WAITING, reason="gate: smoke test")))


def test_a_phase_that_failed_says_so_first(model, golden):
    failed = model.validation(
        Validation("build", run="make"), Outcome.FAILED, seconds=1.9, reason="jwt.go:12: no package"
    )
    phase = utilities(
        model,
        state=State.FAILED,
        reason="failed build: jwt.go:12: no package",
        validations=[failed],
        hand_edits=[],
        notes=[],
    )
    golden("pull_request_failed.md", description(model, phase, Links(), around=False))


def test_a_phase_that_changes_nothing_and_has_nothing_to_validate(model, golden):
    phase = model.phase(model.source("p01-marker", "Mark the start"))
    golden("pull_request_empty.md", description(model, phase, Links(), around=False))


def test_a_stale_phase_is_not_ready(model):
    text = description(model, utilities(model, state=State.STALE, reason="its module changed since it ran"))
    assert "> **Not ready**: stale: its module changed since it ran\n" in text


def test_long_lists_are_cut_and_counted(model, markdown):
    changes = {f"new/{n}.txt": (None, model.blob(f"{n}\n")) for n in range(300)}
    moves = {f"a{n}": f"b{n}" for n in range(300)}
    text = description(
        model, utilities(model, changes=changes, moves=moves, notes=["n"] * 300, hand_edits=[model.commit("s")] * 300)
    )
    assert len(text) < 65536
    assert text.count("and 250 more") == 4
    assert set(markdown(text).widths()) == {3}


def test_only_a_neighbour_that_has_a_branch_is_linked(model, markdown):
    read = markdown(description(model, utilities(model)))
    web = "https://github.com/andreimerfu/pllm"
    assert read.links()[:2] == [
        f"{web}/tree/migrate/pllm/p01-analysis",
        f"{web}/compare/migrate/pllm/p01-analysis...migrate/pllm/p02-generic-utilities",
    ]
    assert "p03-core" in read.code_spans()


def test_the_lowest_phase_stands_on_the_base(model):
    text = description(model, utilities(model), around=False)
    assert "stands on [main](https://github.com/andreimerfu/pllm/tree/main)" in text
    assert "**Phase 1 of 1**" in text
    assert "next" not in text.splitlines()[7]


def test_without_a_known_forge_there_is_no_link(model, markdown):
    assert markdown(description(model, utilities(model), Links())).links() == []


@pytest.mark.parametrize("outcome", [*(o for o in Outcome if o is not Outcome.PASSED), None])
def test_nothing_but_a_pass_is_called_passed(model, outcome):
    state = model.validation(Validation("build", run="make"), outcome, reason="r" if outcome else "")
    row = next(
        line for line in description(model, utilities(model, validations=[state])).splitlines() if "build:" in line
    )
    assert "passed" not in row
    assert "approved" not in row


def test_an_open_gate_says_how_to_approve_it(model):
    text = description(model, utilities(model))
    assert (
        "- [ ] smoke test: Log in, and ask for one completion · "
        "when done: `migrate approve p02-generic-utilities 'smoke test'`\n" in text
    )
    assert "- [ ] sign-off" not in text


def test_nobodys_mail_address_is_published(model):
    assert "@example.com" not in description(model, utilities(model)).replace("&#8288;", "")


def test_a_commit_on_which_nothing_ran_is_not_described(model):
    phase = model.phase(model.source("p02-x"), State.PENDING)
    plan, stack = stack_of(model, phase)
    with pytest.raises(MigrateError, match="p02-x has no commit to describe"):
        describe_phase(plan, stack, phase, Review(), Links())


def test_a_phase_that_landed_is_not_described(model):
    phase = utilities(model, state=State.LANDED)
    plan, stack = stack_of(model, phase)
    with pytest.raises(MigrateError, match="is part of main already"):
        describe_phase(plan, stack, phase, Review(), Links())


def test_a_plan_brings_its_own_template(model, tmp_path):
    phase = utilities(model)
    plan, stack = stack_of(model, phase)
    (tmp_path / "pull_request.md.j2").write_text(
        "{{ phase.title|md }} / {{ moves.count }} / {{ review.unread }}\n{% include 'validation_table.md.j2' %}"
    )
    text = describe_phase(replace(plan, templates_dir=tmp_path), stack, phase, Review(), Links())
    assert text.startswith(
        "<!-- migrate: generated for pllm p02-generic-utilities -->\nMove generic utilities to pkg/ / 2 / \n| valid"
    )


def test_a_template_for_descriptions_changes_no_phase(tmp_path):
    phase = tmp_path / "p01_first.py"
    phase.write_text('"""T."""\n\n\ndef apply(ws, name):\n    ws.render(f"{name}.j2", "x")\n')

    def digest():
        return read_phase(phase, phase.name, PhaseFolder(tmp_path, templates=tmp_path / "own")).digest

    (tmp_path / "own").mkdir()
    before = digest()
    for name in DESCRIPTION_TEMPLATES:
        assert (shipped("templates") / name).is_file()
        (tmp_path / "own" / name).write_text("other words")
    assert digest() == before
    (tmp_path / "own/readme.md.j2").write_text("what a phase writes")
    assert digest() != before


def test_a_template_of_a_plan_runs_in_the_sandbox(model, tmp_path):
    phase = utilities(model)
    plan, stack = stack_of(model, phase)
    (tmp_path / "pull_request.md.j2").write_text("{{ ''.__class__.__mro__ }}")
    with pytest.raises(MigrateError, match="unsafe"):
        describe_phase(replace(plan, templates_dir=tmp_path), stack, phase, Review(), Links())


def test_a_title_is_one_plain_line(model):
    assert pull_request_title(model.with_title(utilities(model), " Move\n  it\x1b[31m ")) == "Move it\\x1b[31m"


PIECES = ["a", " ", "\n", "|", "`", "``", "<b>", "<!--", "-->", "@ada", "#1", "# ", "- ", "](x)", "[", "*", "_", "\\"]
PIECES += [
    "\x1b[31m",
    "\u202e",
    "\udcff",
    "&lt;",
    "http://x.example",
    "<!-- migrate: end of the generated text -->",
    "$",
]
HOSTILE = st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join)


@given(hostile=HOSTILE, path=HOSTILE)
@settings(max_examples=75)
def test_no_text_of_a_repository_breaks_the_description(model_type, markdown, hostile, path):
    model = model_type()
    blob, other = model.blob("1\n"), model.blob("2\n")
    gate = Validation(hostile, manual=hostile)
    said = {"reason": hostile, "note": hostile, "who": f"{hostile} <x@example.com>"}
    build = Validation(hostile, run=(hostile, path))
    phase = utilities(
        model,
        state=State.FAILED,
        reason=hostile,
        changes={path: (blob, None), f"new/{path}": (None, blob), f"z/{path}": (blob, other)},
        moves={path: f"new/{path}"},
        notes=[hostile],
        hand_edits=[model.commit(hostile, author=f"{hostile} <x@example.com>")],
        validations=[
            model.validation(gate),
            model.validation(gate, Outcome.PASSED, **said),
            model.validation(build, Outcome.FAILED, **said),
        ],
    )
    read = markdown(description(model, phase, title=f"T{hostile}"))
    assert read.raw_html() == [
        "<!-- migrate: generated for pllm p02-generic-utilities -->\n",
        "<!-- migrate: end of the generated text -->\n",
    ]
    assert read.headings() == [
        "For the reviewer",
        "Notes",
        "Committed by hand",
        f"Validation at {phase.tip.oid[:7]}",
        "Waiting for a person",
    ]
    assert read.widths() == [3] * 6
    assert all(link.startswith("https://github.com/andreimerfu/pllm/") for link in read.links())
    assert not read.kinds() & {"image", "code_block", "fence", "s_open", "ordered_list_open"}
    shown = "".join(t.content for t in read.inline() if t.type == "text")
    assert not re.search(r"@ada|#1|://x", shown)


@given(body=st.lists(st.sampled_from([*PIECES, "\n\n", "```\n", "~~~", "<pre>", "    "]), max_size=8).map("".join))
@example(body="    ```\n")
@settings(max_examples=75)
def test_an_authors_text_hides_nothing_of_what_happened(model_type, markdown, body):
    model = model_type()
    phase = utilities(model)
    phase = replace(phase, source=replace(phase.source, body=body))
    text = description(model, phase)
    assert markdown(text).headings()[-5:] == [
        "For the reviewer",
        "Notes",
        "Committed by hand",
        f"Validation at {phase.tip.oid[:7]}",
        "Waiting for a person",
    ]
    assert text.count("\n<!-- migrate: end of the generated text -->\n") == 1
