"""A migration built from plain data, golden files, and Markdown as a forge reads it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from migrate.describe.review import Review, ReviewReader
from migrate.git.history import Commit, TreeChange
from migrate.git.objects import REGULAR, BlobId, TreeEntry
from migrate.plan.model import Plan
from migrate.plan.phase_source import Phase, PhaseSource
from migrate.plan.validation import Validation
from migrate.stack.model import Stack
from migrate.stack.phase_state import PhaseState, State, ValidationState
from migrate.stack.trailers import Trailers
from migrate.tree.moves import MoveMap
from migrate.validation.outcome import Outcome
from migrate.validation.receipt import Receipt

GOLDEN = Path(__file__).parent / "golden"
NULL = "0" * 40


def oid(text: str | bytes) -> BlobId:
    """An object name for a text."""
    return hashlib.sha1(
        text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text, usedforsecurity=False
    ).hexdigest()


@dataclass
class Model:
    """Makes the parts of a stack; every text can be given, so that a test can be hostile with it."""

    contents: dict[BlobId, bytes] = field(default_factory=dict)

    def blob(self, content: str | bytes, mode: str = REGULAR) -> TreeEntry:
        """A file with some content."""
        raw = content.encode() if isinstance(content, str) else content
        self.contents[oid(raw)] = raw
        return TreeEntry(mode, oid(raw))

    def source(self, name: str, title: str = "A title", body: str = "") -> PhaseSource:
        """A phase as its file describes it."""
        return PhaseSource(name, Path(f"phases/{name}.py"), f"phases/{name}.py", title, body, Phase(), "0" * 16)

    def plan(self, *phases: PhaseSource, title: str = "Restructure the pllm Go codebase") -> Plan:
        """A plan of some phases."""
        return Plan(
            path=Path("migrate.toml"),
            name="pllm",
            title=title,
            base="main",
            branch_prefix="migrate/pllm",
            remote="origin",
            phases_dir=Path("phases"),
            templates_dir=None,
            phases=phases,
            validations=(),
            allowed=(),
        )

    def commit(
        self,
        message: str,
        changes: Mapping[str, tuple[TreeEntry | None, TreeEntry | None]] | None = None,
        author: str = "Ada Lovelace <ada@example.com>",
    ) -> Commit:
        """A commit that changes some paths from one entry to another."""
        listed = []
        for path, (old, new) in (changes or {}).items():
            status = "A" if old is None else "D" if new is None else "M"
            before, after = old or TreeEntry("000000", NULL), new or TreeEntry("000000", NULL)
            listed.append(TreeChange(status, path, before.mode, after.mode, before.oid, after.oid))
        return Commit(
            oid(message), oid("tree " + message), (), author, "2024-05-01T12:00:00+00:00", message, tuple(listed)
        )

    def phase(
        self,
        source: PhaseSource,
        state: State = State.PASSED,
        *,
        changes: Mapping[str, tuple[TreeEntry | None, TreeEntry | None]] | None = None,
        moves: Mapping[str, str] | None = None,
        notes: Sequence[str] = (),
        hand_edits: Sequence[Commit] = (),
        validations: Sequence[ValidationState] = (),
        reason: str = "",
    ) -> PhaseState:
        """A phase that has run, or, pending, has not."""
        branch = f"migrate/pllm/{source.id}"
        if state is State.PENDING:
            return PhaseState(source, state, branch)
        commit = self.commit(source.title, changes)
        tip = None if state is State.LANDED else hand_edits[0] if hand_edits else commit
        return PhaseState(
            source,
            state,
            branch,
            reason=reason,
            tip=tip,
            commit=commit,
            trailers=Trailers("pllm", source.id, source.digest, MoveMap(moves or {}), tuple(notes)),
            above=tuple(hand_edits),
            validations=tuple(validations),
        )

    def stack(self, plan: Plan, *phases: PhaseState, newer: int = 0) -> Stack:
        """A stack on a base."""
        return Stack(plan, oid("base"), plan.base, newer, phases)

    def validation(
        self,
        spec: Validation,
        outcome: Outcome | None = None,
        *,
        seconds: float = 0.0,
        reason: str = "",
        note: str = "",
        who: str = "Grace Hopper <grace@example.com>",
    ) -> ValidationState:
        """A validation with the receipt of an outcome, or without one."""
        if outcome is None:
            return ValidationState(spec, None)
        receipt = Receipt(
            tree=oid("tree"),
            validation=spec.name,
            key=spec.key(),
            outcome=outcome,
            seconds=seconds,
            when="2024-05-02T09:30:00.000Z",
            who=who,
            commit=oid("commit"),
            reason=reason,
            note=note,
        )
        return ValidationState(spec, receipt)

    def every_outcome(self) -> tuple[ValidationState, ...]:
        """A validation for each way in which one can end."""
        go_build = Validation("build", run=("go", "build", "./..."))
        return (
            self.validation(go_build, Outcome.PASSED, seconds=3.04),
            self.validation(
                Validation("vet", run="go vet ./... | tee vet.log"), Outcome.FAILED, seconds=72, reason="vet"
            ),
            self.validation(
                Validation("test", run=("go", "test", "./...")),
                Outcome.NO_WORSE,
                seconds=3725.2,
                reason="fails as it does on the base (2 lines)",
            ),
            self.validation(
                Validation("docker-up", run=("make", "docker-up")),
                Outcome.UNAVAILABLE,
                reason="docker is not installed",
            ),
            self.validation(Validation("lint", run=("make", "lint"))),
            self.validation(Validation("smoke test", manual="Log in, and ask for one completion")),
            self.validation(Validation("sign-off", manual="Ask the owner"), Outcome.PASSED, note="by telephone"),
        )

    def review(self, phase: PhaseState) -> Review:
        """What a reviewer must read of it."""
        return Review(tuple(map(ReviewReader(phase.moves, self.contents.__getitem__).classify, phase.files)))

    def with_title(self, phase: PhaseState, title: str) -> PhaseState:
        """The phase under another title."""
        return replace(phase, source=replace(phase.source, title=title))


@pytest.fixture
def model() -> Model:
    """A maker of stacks."""
    return Model()


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compare a text with a file of `golden/`; `UPDATE_GOLDEN=1` writes the file instead."""

    def compare(name: str, text: str) -> None:
        if os.environ.get("UPDATE_GOLDEN"):
            (GOLDEN / name).write_text(text, encoding="utf-8")
        assert text == (GOLDEN / name).read_text(encoding="utf-8")

    return compare


class Markdown:
    """A text as CommonMark with GitHub's tables and strikethrough reads it."""

    def __init__(self, text: str) -> None:
        self.tokens = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text)

    def inline(self) -> list[Token]:
        """Every inline token."""
        return [child for token in self.tokens for child in token.children or ()]

    def kinds(self) -> set[str]:
        """The kinds of all tokens."""
        return {token.type for token in [*self.tokens, *self.inline()]}

    def raw_html(self) -> list[str]:
        """What would reach the page as HTML."""
        return [t.content for t in [*self.tokens, *self.inline()] if t.type in ("html_block", "html_inline")]

    def headings(self) -> list[str]:
        """The text of every heading."""
        return [
            self.tokens[index + 1].content for index, token in enumerate(self.tokens) if token.type == "heading_open"
        ]

    def links(self) -> list[str]:
        """Where every link leads."""
        return [str(token.attrs["href"]) for token in self.inline() if token.type == "link_open"]

    def words(self) -> str:
        """The text that a person sees."""
        return "".join(t.content for t in self.inline() if t.type in ("text", "code_inline", "text_special"))

    def code_spans(self) -> list[str]:
        """The content of every code span."""
        return [token.content for token in self.inline() if token.type == "code_inline"]

    def widths(self) -> list[int]:
        """How many cells each row of each table has."""
        found: list[int] = []
        for token in self.tokens:
            if token.type == "tr_open":
                found.append(0)
            elif token.type in ("td_open", "th_open"):
                found[-1] += 1
        return found


@pytest.fixture(scope="session")
def markdown() -> type[Markdown]:
    """Reads Markdown as a forge does."""
    return Markdown


@pytest.fixture(scope="session")
def model_type() -> type[Model]:
    """Makes a model for each example of a property."""
    return Model
