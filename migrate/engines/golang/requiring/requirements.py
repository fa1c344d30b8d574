"""Works out `go.mod` and `go.sum` when packages move from one module of the tree to another.

A module that will build a package of another module of the tree must use that module from this tree. Either one
`go.work` uses both; then it need not be required. Or the module replaces the other by its folder; then it must require
it, too. What to replace is a person's decision, so no `replace` is ever written.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from migrate.engines.golang.modules import GoModule, ModuleBinding
from migrate.engines.golang.plan import GoPlan
from migrate.engines.golang.refusal import Refusal
from migrate.engines.golang.requiring.external import Outside
from migrate.engines.golang.requiring.gomod import Requirement
from migrate.engines.golang.requiring.gomod_changes import GoModChanges
from migrate.engines.golang.requiring.reach import BuildReach, Importers, Site
from migrate.engines.golang.requiring.versions import is_older, language, semver
from migrate.engines.golang.tree import GoTree
from migrate.git.paths import folder_of

LOOP_VARIABLES = "1.22"
"""The language version from which each iteration of a loop has variables of its own."""
NO_VERSION = "0.0.0-00010101000000-000000000000"
"""What `go mod tidy` writes for a module that is replaced by a folder."""

_MAJOR = re.compile(r"[/.]v(\d+)$")


@dataclass(frozen=True)
class BoundRequirements:
    """The new content of `go.mod` and `go.sum` files, by their paths after the map, and what a person should know."""

    files: Mapping[str, bytes]
    notes: tuple[str, ...]


def bind_requirements(plan: GoPlan, result: GoTree) -> BoundRequirements:
    """The new requirements; `result` is the tree after the map, with rewritten imports.

    Raises `PhaseError` with the list of importers that could not be built any more.
    """
    crossings = list(_crossings(plan))
    if not crossings:
        return BoundRequirements({}, ())
    binder = _Binder(plan, result)
    for old, new, path in crossings:
        binder.check_language(old, new, path)
    binder.bind_all()
    return binder.bound()


def _crossings(plan: GoPlan) -> Iterator[tuple[GoModule, GoModule, str]]:
    """The pairs of modules that files leave and join, each once with the first such file."""
    seen = set()
    for path, new in plan.files.items():
        if path.endswith(".go"):
            old_module = plan.before.modules.of(folder_of(path))
            new_module = plan.after.modules.of(folder_of(new))
            if old_module is None or new_module is None:
                continue
            pair = (old_module.folder, new_module.folder)
            if plan.place(old_module.manifest) != new_module.manifest and pair not in seen:
                seen.add(pair)
                yield old_module, new_module, path


class _Binder:
    def __init__(self, plan: GoPlan, result: GoTree) -> None:
        self._plan = plan
        self._modules = result.modules
        self._built = set(result.files)
        self._changes = GoModChanges(plan, result)
        self._importers = Importers(result)
        self._refusal = Refusal("these packages cannot move to another module")
        self._outside = Outside(self._changes, self._importers, self._refusal)
        self._notes: list[str] = []

    def bound(self) -> BoundRequirements:
        """The result. Raises `PhaseError` when the move is impossible."""
        self._refusal.check()
        return BoundRequirements(self._changes.files(), tuple(dict.fromkeys([*self._notes, *self._outside.notes])))

    def check_language(self, old: GoModule, new: GoModule, path: str) -> None:
        """Refuse code that moves to a module with an older language version, where it may not compile."""
        before, after = self._changes.old_manifest(old).go, self._changes.manifest(new).go
        if is_older(language(after), language(before)):
            self._refusal.add(
                f'"{path}" is Go {language(before)} by {old.manifest}, but {new.manifest} says {language(after)}',
                f"first raise it: go mod edit -go={before} {new.manifest}",
            )
        elif is_older(language(before), LOOP_VARIABLES) and not is_older(language(after), LOOP_VARIABLES):
            self._notes.append(
                f"what moved from {old.manifest} (go {before}) to {new.manifest} (go {after}) has loop variables of "
                "its own in each iteration now"
            )

    def bind_all(self) -> None:
        """Work out the changes of every module of the tree."""
        for user in (module for module in self._changes.modules if module.manifest):
            before, after = self._before[user.folder], self._after[user.folder]
            for folder, site in after.local.items():
                if folder not in before.local or (folder in after.own and folder not in before.own):
                    self._bind_local(user, self._modules.by_folder[folder], site)
            published = self._bind_hidden(user, before, after)
            new = {path: site for path, site in after.foreign.items() if path not in before.foreign}
            self._outside.bind(user, after, {**new, **published})
        self._raise_users()

    @cached_property
    def _after(self) -> Mapping[str, BuildReach]:
        return {user.folder: self._importers.reach(user) for user in self._changes.modules}

    @cached_property
    def _before(self) -> Mapping[str, BuildReach]:
        """The reach of each module before the map, by the new folders of modules."""
        importers = Importers(self._plan.before)
        by_folder = self._plan.before.modules.by_folder
        place = {folder: self._changes.moved(module).folder for folder, module in by_folder.items()}
        found = {}
        for folder, module in by_folder.items():
            reach = importers.reach(module)
            local = {place[other]: site for other, site in reach.local.items()}
            own = {place.get(name, name) for name in reach.own}
            found[place[folder]] = BuildReach(local, reach.foreign, reach.hidden, own)
        return found

    def _bind_local(self, user: GoModule, used: GoModule, site: Site) -> None:
        """Let a module require another one of the tree that it reaches now."""
        manifest = self._changes.manifest(user)
        if self._modules.binding(user, used) is ModuleBinding.WORK:
            self._notes.append(
                f"{user.manifest} sees {used.path} only through go.work: a build with GOWORK=off needs a replace there"
            )
            return
        if is_older(manifest.go, needed := self._changes.manifest(used).go):
            self._refusal.add(
                f"{self._importers.line(site)} makes {user.manifest} (go {manifest.go}) require {used.path}, which "
                f"needs go {needed}",
                f"first raise it: go mod edit -go={needed} {user.manifest}",
            )
        is_direct = used.folder in self._after[user.folder].own
        present = manifest.requirements.get(used.path)
        if present is None:
            self._changes.change(user, Requirement(used.path, self._version(user, used), not is_direct))
        elif is_direct and present.indirect:
            self._changes.change(user, present._replace(indirect=False))

    def _version(self, user: GoModule, used: GoModule) -> str:
        """The version for requiring a replaced module: any works, so the highest in the tree."""
        replacement = self._changes.manifest(user).replacements.get(used.path)
        if replacement is not None and replacement.version:
            return replacement.version
        required = [self._changes.manifest(other).requirements.get(used.path) for other in self._changes.modules]
        versions = [one.version for one in required if one is not None and not one.version.endswith("+incompatible")]
        major = _MAJOR.search(used.path)
        return max(versions, key=semver, default=f"v{NO_VERSION if major is None else major[1] + NO_VERSION[1:]}")

    def _bind_hidden(self, user: GoModule, before: BuildReach, after: BuildReach) -> dict[str, Site]:
        """Refuse imports that were built from this tree and would mean a published version.

        Returns new imports that meant a published version before.
        """
        new = {path: site for path, site in after.hidden.items() if path not in before.hidden}
        published = {}
        for path, site in {**new, **self._hidden_in_moved.get(user.folder, {})}.items():
            origin = self._changes.origin(site.path)
            if path in self._new_paths or self._plan.before.modules.seen_from(origin, path) is not None:
                self._refuse_hidden(user, path, site)
            elif path in new:
                published[path] = site
        return published

    @cached_property
    def _new_paths(self) -> set[str | None]:
        """The import paths that packages got by the map."""
        old, new = self._plan.before.modules, self._plan.after.modules
        folders = {
            (folder_of(path), folder_of(place)) for path, place in self._plan.files.items() if path.endswith(".go")
        }
        return {new.import_path(place) for path, place in folders if new.import_path(place) != old.import_path(path)}

    def _refuse_hidden(self, user: GoModule, path: str, site: Site) -> None:
        folder = self._modules.folder(path)
        used = None if folder is None else self._modules.of(folder)
        assert used is not None, "a hidden import belongs to a module of the tree"
        written = posixpath.relpath(used.folder or ".", user.folder or ".")
        written = written if written.startswith("..") else f"./{written}"
        self._refusal.add(
            f'{self._importers.line(site)} would import "{path}", but {user.manifest} does not use {used.path} from '
            "this tree",
            f'first add "replace {used.path} => {written}" to {user.manifest}, or use both in one go.work',
        )

    @cached_property
    def _hidden_in_moved(self) -> Mapping[str, dict[str, Site]]:
        """The imports in moved files that their new module does not use from this tree."""
        found: dict[str, dict[str, Site]] = {}
        for new in sorted(self._built.intersection(self._plan.files.values())):
            user = self._modules.of(folder_of(new))
            hidden = {
                spec.path: Site(new, spec.start)
                for spec in self._importers.specs(new)
                if self._modules.folder(spec.path) is not None and self._modules.seen_from(user, spec.path) is None
            }
            if user is not None and hidden:
                found.setdefault(user.folder, {}).update(hidden)
        return found

    def _raise_users(self) -> None:
        """Raise versions that are lower than those in the modules that a module uses (minimal version selection)."""
        waiting = list(self._changes.modules)
        while waiting:
            user = waiting.pop()
            used = self._after[user.folder].local
            while (raised := self._changes.too_low(user, used)) is not None:
                folder, wanted = raised
                self._notes.append(f"{user.manifest} requires {wanted.path} {wanted.version} now, as what it uses does")
                self._changes.change(user, wanted, self._changes.hashes(folder, wanted))
                waiting = list(self._changes.modules)
