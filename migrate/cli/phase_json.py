"""A phase and its validations for programs."""

from __future__ import annotations

from migrate.stack.phase_state import PhaseState, ValidationState


def phase_json(phase: PhaseState) -> dict[str, object]:
    """One phase for programs; `seconds` is null for what did not run."""
    tip = phase.tip or phase.commit
    counts = phase.counts
    return {
        "id": phase.id,
        "title": phase.source.title,
        "state": str(phase.state),
        "reason": phase.reason or None,
        "into": phase.into or None,
        "formerly": phase.former.name.shown if phase.former is not None else None,
        "branch": phase.branch,
        "commit": tip.oid if tip else None,
        "parent": phase.commit.parents[0] if phase.commit and phase.commit.parents else None,
        "hand_edits": len(phase.hand_edits),
        "merges": len(phase.merges),
        "amended": phase.is_amended,
        "published": phase.published,
        "remote": {
            "place": str(phase.remote.place),
            "ahead": phase.remote.ahead,
            "behind": phase.remote.behind,
        },
        "files": {
            "moved": counts.moved,
            "rewritten": counts.rewritten,
            "written": counts.written,
            "deleted": counts.deleted,
        },
        "validations": [validation_json(validation) for validation in phase.validations],
    }


def validation_json(validation: ValidationState) -> dict[str, object]:
    """One validation for programs."""
    return {
        "name": validation.spec.name,
        "outcome": validation.word,
        "seconds": validation.receipt.seconds if validation.receipt else None,
        "reason": (validation.receipt.reason if validation.receipt else validation.before) or None,
        "signature": validation.signed or None,
    }
