"""What can be undone and redone, told from the entries of the journal alone."""

from __future__ import annotations

from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from migrate.git.refs import RefUpdate
from migrate.orchestrator.undo import UndoableCommand, undo_history
from migrate.stack.entries import EntryKind, JournalEntry

ARCHIVE, STOPPED = "refs/migrate/m/archive/", "refs/migrate/m/stopped"
LEFT = (ARCHIVE, STOPPED)
NUMBERS = count(1)


def entry(
    title: str, *moves: tuple[str, str | None, str | None], kind: EntryKind = EntryKind.DONE, of: str = ""
) -> JournalEntry:
    """An entry of the command whose name the title begins with."""
    number = next(NUMBERS)
    refs = tuple(RefUpdate(*move) for move in moves)
    return JournalEntry(
        f"e{number}", number, title, "Ada", "now", refs, invocation=title.split(" ", maxsplit=1)[0], kind=kind, of=of
    )


def make(title: str) -> JournalEntry:
    return entry(title, (f"refs/heads/{title}", None, title))


def undo(of: str) -> JournalEntry:
    return entry(f"undo-{of}", kind=EntryKind.UNDO, of=of)


def redo(of: str) -> JournalEntry:
    return entry(f"redo-{of}", kind=EntryKind.REDO, of=of)


def told(*entries: JournalEntry) -> tuple[str, str]:
    """The commands that can be undone and redone, the next one last, each by one letter."""
    done, undone = undo_history(entries, LEFT)
    return "".join(c.invocation for c in done), "".join(c.invocation for c in undone)


def test_nothing_was_done() -> None:
    assert told() == ("", "")


def test_commands_are_taken_back_one_by_one_and_come_again_in_the_same_order() -> None:
    steps = [make("a"), make("b"), make("c")]
    assert told(*steps) == ("abc", "")
    steps += [undo("c"), undo("b")]
    assert told(*steps) == ("a", "cb")
    assert told(*steps, redo("b")) == ("ab", "c")
    assert told(*steps, redo("b"), redo("c")) == ("abc", "")
    assert told(*steps, redo("b"), undo("b"), undo("a")) == ("", "cba")


def test_a_new_command_ends_what_can_be_redone() -> None:
    assert told(make("a"), make("b"), undo("b"), make("c")) == ("ac", "")
    assert told(make("a"), undo("a"), make("b"), undo("b")) == ("", "b")


def test_facts_are_passed_over_and_end_nothing() -> None:
    fact = entry("f", ("refs/notes/x", "1", "2"), kind=EntryKind.FACT)
    assert told(fact, make("a"), fact, undo("a"), fact) == ("", "a")


def test_an_undo_of_what_is_not_the_last_command_changes_nothing() -> None:
    # Nothing writes such an entry; a journal that was put together by hand may hold one.
    assert told(make("a"), make("b"), undo("a")) == ("ab", "")
    assert told(make("a"), redo("a"), undo("b")) == ("a", "")


def test_all_operations_of_one_command_are_one_from_before_the_first_to_after_the_last() -> None:
    entries = [
        make("z"),
        entry("a one", ("refs/heads/x", "0", "1"), ("refs/heads/y", None, "1")),
        entry("a", ("refs/notes/x", None, "1"), kind=EntryKind.FACT),
        entry("a two", ("refs/heads/x", "1", "2"), ("refs/heads/y", "1", None), ("refs/heads/z", "0", None)),
    ]
    done, _ = undo_history(entries, LEFT)
    moved = (RefUpdate("refs/heads/x", "0", "2"), RefUpdate("refs/heads/z", "0", None))
    assert done[-1] == UndoableCommand("a", "a one, a two", moved)
    assert told(*entries, undo("a")) == ("z", "a")


def test_what_was_replaced_stays_in_the_archive_and_a_settled_conflict_stays_settled() -> None:
    kept = ((f"{ARCHIVE}1/x", None, "0"), (STOPPED, "s", None))
    done, _ = undo_history([entry("a", *kept, ("refs/heads/x", "0", "1"))], LEFT)
    assert done[0].updates == (RefUpdate("refs/heads/x", "0", "1"),)
    assert told(make("a"), undo("a"), entry("b", *kept)) == ("", "a")


NAMES = st.sampled_from(["refs/heads/x", "refs/heads/y", "refs/heads/z", "refs/migrate/m/made/x"])
VALUES = st.one_of(st.none(), st.sampled_from("1234"))
OPERATIONS = st.lists(st.tuples(st.sampled_from("abc"), st.dictionaries(NAMES, VALUES, max_size=3)), max_size=8)


def applied(refs: dict[str, str], updates: tuple[RefUpdate, ...]) -> dict[str, str]:
    """The refs after a transaction, each of which must have the value that it expects."""
    for update in updates:
        assert refs.get(update.ref) == update.old
    after = {**refs, **{update.ref: update.new for update in updates}}
    return {ref: oid for ref, oid in after.items() if oid is not None}


def back(updates: tuple[RefUpdate, ...]) -> tuple[RefUpdate, ...]:
    return tuple(RefUpdate(update.ref, update.new, update.old) for update in updates)


@given(OPERATIONS)
def test_undoing_gives_the_refs_before_each_command_and_redoing_those_after_it(
    operations: list[tuple[str, dict[str, str | None]]],
) -> None:
    refs: dict[str, str] = {}
    entries: list[JournalEntry] = []
    before: list[tuple[str, dict[str, str]]] = []
    for command, values in operations:
        moves = [(ref, refs.get(ref), new) for ref, new in values.items()]
        if not moves:
            continue
        if not before or before[-1][0] != command:
            before.append((command, refs))
        entries.append(entry(command, *moves))
        refs = applied(refs, entries[-1].refs)
    afterwards = [*(state for _, state in before), refs]
    for number in range(len(before), 0, -1):
        command = undo_history(entries, LEFT)[0][-1]
        refs = applied(refs, back(command.updates))
        assert refs == afterwards[number - 1]
        entries.append(entry("undo", kind=EntryKind.UNDO, of=command.invocation))
    assert undo_history(entries, LEFT)[0] == []
    for number in range(len(before)):
        command = undo_history(entries, LEFT)[1][-1]
        refs = applied(refs, command.updates)
        assert refs == afterwards[number + 1]
        entries.append(entry("redo", kind=EntryKind.REDO, of=command.invocation))
    assert undo_history(entries, LEFT)[1] == []
