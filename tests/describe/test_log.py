from __future__ import annotations

from dataclasses import replace

from migrate.describe.log import migration_log
from migrate.plan.validation import Validation
from migrate.stack.phase_state import State
from migrate.validation.outcome import Outcome


def ran(model):
    """What the phase that moves generic utilities did."""
    one, two = model.blob("package a\n"), model.blob("package b\n")
    return {
        "changes": {
            "internal/services/retry/retry.go": (one, None),
            "internal/services/retry/retry_test.go": (two, None),
            "pkg/retry/retry.go": (None, one),
            "pkg/retry/retry_test.go": (None, two),
            "README.md": (one, two),
            "pkg/README.md": (None, one),
            "TODO": (one, None),
        },
        "moves": {"internal/services/retry": "pkg/retry"},
    }


def test_the_whole_log(model, golden):
    sources = [
        model.source("p01-analysis", "Analyse the structure"),
        model.source("p02-structure", "Create the group folders"),
        model.source("p03-generic-utilities", "Move generic utilities to pkg/"),
        model.source("p04-core", "Reorganise core components"),
        model.source("p05-api", "Reorganise the api"),
        model.source("p06-business-services", "Group the services"),
    ]
    plan = model.plan(*sources)
    build = model.validation(Validation("build", run="make"), Outcome.PASSED, seconds=2.1)
    failed = model.validation(
        Validation("build", run="make"), Outcome.FAILED, seconds=1.9, reason="jwt.go:12: no package"
    )
    stack = model.stack(
        plan,
        model.phase(sources[0], State.LANDED),
        model.phase(sources[1], changes={"pkg/README.md": (None, model.blob("x"))}, validations=[build]),
        model.phase(
            sources[2],
            State.WAITING,
            reason="gate: smoke test",
            validations=model.every_outcome(),
            hand_edits=[model.commit("Mend the retry test")],
            **ran(model),
        ),
        model.phase(
            sources[3],
            State.FAILED,
            reason="failed build: jwt.go:12: no package",
            validations=[failed],
            moves={"internal/auth": "internal/core/auth"},
        ),
        model.phase(sources[4], State.STALE, reason="p04-core below it changed or is gone"),
        model.phase(sources[5], State.PENDING),
        newer=3,
    )
    golden("migration_log.md", migration_log(plan, stack))


def test_only_what_passed_or_was_approved_is_ticked(model):
    source = model.source("p01-x")
    plan = model.plan(source)
    text = migration_log(plan, model.stack(plan, model.phase(source, validations=model.every_outcome())))
    ticked = [line for line in text.splitlines() if line.startswith("- [x] ") and ":" in line]
    assert [line.split(":")[0] for line in ticked] == ["- [x] Validation build", "- [x] Gate sign-off"]


def test_a_phase_that_landed_says_what_it_moved_without_counting(model):
    source = model.source("p01-x", "Move")
    plan = model.plan(source)
    phase = model.phase(source, State.LANDED, moves={"a b": "c|d"})
    assert "- [x] Move `a b` to `c|d`\n" in migration_log(plan, model.stack(plan, phase))


def test_a_landed_phase_without_a_commit_and_a_branch_without_a_phase_are_still_listed(model):
    first, second = model.source("p01-x", "Landed somehow"), model.source("p02-y", "Never ran")
    plan = model.plan(first, second)
    landed = replace(model.phase(first, State.LANDED), commit=None, trailers=None)
    strange = replace(model.phase(second, State.STALE, reason="its branch holds no commit of this phase"), commit=None)
    text = migration_log(plan, model.stack(plan, landed, strange))
    assert "(landed)\n\n- [x] Landed somehow\n" in text
    assert "Not ready: its branch holds no commit of this phase\n\n- [ ] Never ran\n" in text


def test_hostile_text_stays_text(model, markdown):
    bad = "# x | <b> `\n\n- y <!-- ![a](b)"
    source = model.source("p01-x", bad)
    plan = model.plan(source, title=bad)
    blob = model.blob("1\n")
    phase = model.phase(
        source,
        State.FAILED,
        reason=bad,
        changes={bad: (blob, None), f"n{bad}": (None, blob), f"w{bad}": (None, blob)},
        moves={bad: f"n{bad}"},
        validations=[model.validation(Validation(bad, run=bad), Outcome.FAILED, reason=bad)],
    )
    read = markdown(migration_log(plan, model.stack(plan, phase)))
    assert not read.raw_html()
    assert len(read.headings()) == 2
    assert sum(token.type == "list_item_open" for token in read.tokens) == 3
    assert "image" not in read.kinds()
