"""Refs of a migration that cannot be its own: what they name is no commit, or a fetch brought them.

Whoever can push to a remote can put anything into the names of a migration, and `git fetch origin '+refs/*:refs/*'`
brings it. One such ref must not stop a command, and must not be taken for what this clone did: by an intent a command
moves refs, and by what was withdrawn a sync deletes branches. Those are written here alone, always with a reason of
ours in the reflog, which no fetch brings.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from migrate.errors import GitFailedError
from migrate.git.history import read_history
from migrate.git.locks import clear_locks
from migrate.git.objects import CommitId
from migrate.git.refs import REASON, RefUpdate, exactly, last_reasons, move_refs, read_kinds, read_refs
from migrate.git.repository import Repository
from migrate.plan.names import RefNames
from migrate.stack.entries import EntryKind, read_entry


@dataclass(frozen=True)
class StrangeRef:
    """A ref that is passed over; `why` is the end of a sentence that begins with its name."""

    ref: str
    oid: CommitId
    why: str
    is_doubted: bool = False
    """Whether it tells of a landing that nothing shows; `land` checks again."""

    @property
    def sentence(self) -> str:
        """What it is, and how to be rid of it."""
        if self.is_doubted:
            return f"{self.ref} {self.why}, so it is ignored   (migrate land checks again)"
        return f"{self.ref} {self.why}: it is ignored   (git update-ref -d {self.ref} deletes it)"


def doubted_refs(ref: str, oid: CommitId) -> StrangeRef:
    """A ref that tells of a landing which nothing shows."""
    phase = ref.rpartition("/")[2]
    why = f"says that {phase} landed with {oid[:7]}, but that commit does not have its files"
    return StrangeRef(ref, oid, why, is_doubted=True)


BROUGHT = "was not made in this clone"
UNREADABLE = "leads to an object that git cannot read"


def ref_places(names: RefNames) -> tuple[str, ...]:
    """The refs that commands write beside branches and the archive, and the folders of such."""
    return (*single_refs(names), *ref_folders(names))


def single_refs(names: RefNames) -> tuple[str, ...]:
    """Those of the places that are no folders."""
    own = (names.journal, names.start, names.pending_conflict, names.intent)
    return (*own, names.receipts, names.resolutions, names.ended, names.kept_landings)


def ref_folders(names: RefNames) -> tuple[str, ...]:
    """Those of the places that are folders; each ends with a slash."""
    return (names.made(""), names.landed(""), names.withdrawn(""))


def stands_in_the_way(names: RefNames, ref: str) -> bool:
    """Whether a ref stands below a name that is no folder, so that git could not write that name."""
    return any(ref.startswith(f"{name}/") for name in single_refs(names)) or any(
        "/" in ref.removeprefix(folder) for folder in ref_folders(names) if ref.startswith(folder)
    )


def is_written_here(names: RefNames, ref: str) -> bool:
    """Whether only this clone ever writes a ref."""
    own = (names.intent, names.pending_conflict, names.ended, names.kept_landings)
    return ref in own or ref.startswith(names.withdrawn(""))


def strange_refs(
    repository: Repository, names: RefNames, kinds: Mapping[str, tuple[str, CommitId]]
) -> tuple[StrangeRef, ...]:
    """Those of some refs that are passed over."""
    why = {ref: f"is a {kind}, not a commit" for ref, (kind, _) in kinds.items() if kind != "commit"}
    placed = [ref for ref in kinds if ref.startswith(ref_places(names))]
    why |= {ref: "stands where there is no folder" for ref in placed if stands_in_the_way(names, ref)}
    found = [StrangeRef(ref, kinds[ref][1], said) for ref, said in why.items()]
    here = [ref for ref in placed if ref not in why and is_written_here(names, ref)]
    read = [*here, *(ref for ref in (names.journal,) if ref in kinds)]
    reasons = last_reasons(repository, read) if here else {}
    going = being_deleted(repository, names, kinds, reasons)
    # git forgets reasons in time, and leaves an empty reflog.
    ours = {ref for ref in here if reasons.get(ref, "of a fetch").startswith(REASON) or reasons.get(ref) == ""}
    brought = [ref for ref in here if ref not in ours | going]
    return (*found, *(StrangeRef(ref, kinds[ref][1], BROUGHT) for ref in brought))


def being_deleted(
    repository: Repository, names: RefNames, kinds: Mapping[str, tuple[str, CommitId]], reasons: Mapping[str, str]
) -> frozenset[str]:
    """The refs that the last operation of this clone takes away, where it was cut short.

    Where git deletes refs it first removes the reflogs of all of them, when everything else has moved, the journal too.
    """
    there = {ref: oid for ref, (_, oid) in kinds.items()}
    tip = there.get(names.journal)
    if tip is None or there.get(names.intent) != tip or not reasons.get(names.journal, "").startswith(REASON):
        return frozenset()
    updates = read_entry(repository, names, tip).refs
    gone = {update.ref for update in updates if update.new is None and there.get(update.ref) == update.old}
    return frozenset({names.intent, *gone})


def unreadable_refs(
    repository: Repository, refs: Mapping[str, CommitId], folder: str, base: CommitId
) -> frozenset[str]:
    """The refs below a folder of which git cannot read what they hold beyond the base, such as a tree made by hand."""
    found = set()
    for ref, oid in refs.items():
        if ref.startswith(folder):
            try:
                read_history(repository, [oid], [base])
            except GitFailedError:
                found.add(ref)
    return frozenset(found)


def set_aside(repository: Repository, names: RefNames) -> Mapping[str, CommitId]:
    """Give the strange refs of a migration other names, and say so; returns the refs of the places as they are now.

    Only for the holder of the repository's lock.
    """
    kinds = read_kinds(repository, *ref_places(names))
    # A name without a slash at its end is a folder to git, too.
    kinds = {ref: kind for ref, kind in kinds.items() if ref.startswith(ref_places(names))}
    strange = strange_refs(repository, names, kinds)
    put_aside(repository, names, strange)
    return read_refs(repository, *ref_places(names)) if strange else {ref: oid for ref, (_, oid) in kinds.items()}


def put_aside(repository: Repository, names: RefNames, found: Collection[StrangeRef]) -> None:
    """Give some refs other names, and say so. Only for the holder of the repository's lock."""
    if not found:
        return
    clear_locks(repository, [place for each in found for place in (each.ref, aside_name(names, each))])
    there = exactly(repository, *(aside_name(names, each) for each in found))
    # A git that was killed while it deleted a ref left it without its reflog: then nothing is lost with it.
    archive = frozenset(read_refs(repository, names.archive_prefix).values())
    needed = [each for each in found if not is_needless(repository, names, each, archive)]
    kept = [RefUpdate(name, None, each.oid) for each in needed if (name := aside_name(names, each)) not in there]
    move_refs(repository, [*kept, *(RefUpdate(each.ref, each.oid, None) for each in found)], "set aside")
    for line in refs_told(names, needed):
        repository.tell(line)


def is_needless(repository: Repository, names: RefNames, strange: StrangeRef, archive: Collection[CommitId]) -> bool:
    """Whether a ref without its reflog holds nothing: an intent of a mere switch, or what the archive has, too."""
    if strange.why != BROUGHT:
        return False
    if strange.ref != names.intent:
        return strange.ref.startswith(names.withdrawn("")) and strange.oid in archive
    entry = read_entry(repository, names, strange.oid)
    return entry.kind is not EntryKind.UNREADABLE and not entry.refs


def aside_name(names: RefNames, strange: StrangeRef) -> str:
    """The name of a ref that was set aside; without slashes of its own, for where one ends another may go on."""
    rest = strange.ref.removeprefix(f"refs/migrate/{names.migration}/").removeprefix("refs/")
    return f"refs/migrate/{names.migration}/set-aside/{strange.oid[:12]}/{rest.replace('/', '%2F')}"


def refs_told(names: RefNames, found: Iterable[StrangeRef]) -> list[str]:
    """What to say of refs that were set aside."""
    return [f"{each.ref} {each.why}: it was set aside as {aside_name(names, each)}" for each in found]
