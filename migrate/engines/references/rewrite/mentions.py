"""Mentions: what a token in a text would name if it is a path, and its replacement.

`evidence.py` judges whether it is a path.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from posixpath import join

from migrate.engines.module_folder import ModuleFolder, module_at, module_named
from migrate.engines.references.common.edits import ReferenceEdit
from migrate.engines.references.common.scope import is_run_in_place
from migrate.engines.references.rewrite.context import RewriteContext
from migrate.engines.references.rewrite.labels import full_label, has_labels
from migrate.engines.references.rewrite.prefixes import Prefix, Surroundings, joins_module, prefix_at, versioned_module
from migrate.engines.references.rewrite.source_file import SourceFile
from migrate.engines.references.rewrite.tokens import Token
from migrate.git.paths import folder_of, is_under

EARLIER_ARGUMENT = re.compile(r"""["']\s*,\s*["']$""")
# The folder of the file itself as the first argument of a join: Node.js, Python.
FROM_FILE = re.compile(r"""(?:__dirname|import\.meta\.dirname|dirname\(__file__\))\s*,\s*["']$""")
WILDCARDS = ("*", "?", "[", "{", "%")
UNFINISHED = re.compile(r"\$[\w{(]|<[\w.-]+>")
ESCAPED = re.compile(r"\\[ntr]")
BRACKETS = ("]", "}", ")")
IN_PLACE = re.compile(r"(?:GNUm|[mM])akefile(?:\.|$)")
"""Files that are run in their own folder, wherever that is."""


@dataclass(frozen=True)
class MentionPart:
    """The part of a token that names a moved path: `old`, where that is now, and how many components name it."""

    old: str
    new: str
    end: int
    rest: int = 0
    """Where the component behind it starts; 0 where none does."""


@dataclass(frozen=True)
class NamedPath:
    """The path that a token names if it is one."""

    edit: ReferenceEdit
    path: str
    """The whole path, from the top of the tree before."""
    old: str
    """The moved path at or above it; the path itself if only the file that names it moved."""
    own: bool = False
    """Whether it counts from the file's own folder."""
    imported: bool = False
    """Whether it is a whole import path."""


@dataclass(frozen=True)
class PathMention:
    """A token on a page, and what stands before it."""

    token: Token
    prefix: Prefix
    source_file: SourceFile
    context: RewriteContext
    strict: bool
    """Whether only a path can stand there, so that a single word is enough."""

    @classmethod
    def of(
        cls, token: Token, source_file: SourceFile, context: RewriteContext, around: Surroundings, *, strict: bool
    ) -> PathMention:
        """The mention of a token; `around` holds the facts about tree and file for reading prefixes."""
        prefix = prefix_at(source_file.text, token.start, around)
        if prefix is Prefix.LABEL and has_labels(source_file.new):
            prefix = Prefix.TOP
        if token.joined and EARLIER_ARGUMENT.search(source_file.text, max(0, token.start - 60), token.start):
            # The path that a join call names starts with an argument before.
            prefix = Prefix.MODULE if joins_module(source_file.text, token.start, around.modules) else Prefix.FOREIGN
        elif token.joined and FROM_FILE.search(source_file.text, max(0, token.start - 80), token.start):
            prefix = Prefix.OWN
        return cls(token, prefix, source_file, context, strict)

    def named(self) -> NamedPath | None:
        """The named path and its replacement, if it is a path; None when nothing would change."""
        if self.token.dots:
            return self._climbing()
        module = module_named(self.context.modules_before, self.token.path)
        if module is not None:
            return self._imported(module)
        if self.prefix is Prefix.MODULE:
            return self._imported_from_top()
        if self.prefix in (Prefix.FOREIGN, Prefix.PINNED):
            return None
        if self.prefix is Prefix.NESTED:
            return self._inside(versioned_module(self.source_file.text, self.token.start, self.context.modules_before))
        if (module := self._module_of_line()) is not None:
            return self._inside(module, one_word=True)
        if self._is_own():
            return self._own()
        if self._left_top and self.context.destination(self.spelled) == join(self.source_file.new_folder, self.spelled):
            return None  # they moved together
        return self._plain() or self._of_own_module()

    @property
    def _left_top(self) -> bool:
        """Whether the file was at the top, and runs in its own folder: a test, or a makefile."""
        return (
            not self.source_file.old_folder
            and self.source_file.new_folder != ""
            and (IN_PLACE.match(self.source_file.old) is not None or is_run_in_place(self.source_file.old))
        )

    @property
    def has_slash(self) -> bool:
        """Whether a slash follows the first word; `\\n` in a string is none."""
        text, end = self.source_file.text, self.token.ends[0]
        return text.startswith(("/", "\\/"), end) or (len(self.token.parts) > 1 and not ESCAPED.match(text, end))

    @property
    def goes_on(self) -> bool:
        """Whether the last component is only the beginning of a name: a wildcard or a variable follows."""
        text, end = self.source_file.text, self.token.end
        goes_on = text.startswith(WILDCARDS, end) or UNFINISHED.match(text, end) is not None
        return goes_on and not self.context.existed(self.token.path)

    @property
    def spelled(self) -> str:
        """The token's path without wildcards: `internal/auth` for `internal/auth/...`, `internal/auth/x*`."""
        parts = list(self.token.parts)
        text, last = self.source_file.text, self.token.starts[-1]
        is_escape = ESCAPED.match(text, last - 1) and not self.context.existed(self.token.path)
        if len(parts) > 1 and (is_escape or self.goes_on):
            parts.pop()
        while len(parts) > 1 and not parts[-1].strip("."):
            parts.pop()
        return "/".join(parts)

    def _named(self, end: int, new: str, path: str, old: str, **kinds: bool) -> NamedPath:
        return NamedPath(ReferenceEdit(self.token.start, end, new), path, old, **kinds)

    def _own(self) -> NamedPath | None:
        """What a path counted from the file's own folder names."""
        source_file = (self.source_file.itself or self.source_file) if self.prefix is Prefix.OWN else self.source_file
        new = source_file.relocated(self.token.path, self.context)
        path = source_file.resolve(self.spelled)
        if new is None or path is None:
            return None
        start = self.token.start
        if new.startswith("../") and self.source_file.text.startswith("./", max(0, start - 2), start):
            start -= 2
        return NamedPath(ReferenceEdit(start, self.token.end, self.token.spell(new)), path, self._entry(path), own=True)

    def _entry(self, path: str) -> str:
        found = self.context.moves.entry(path)
        return found[0] if found else path

    def _plain(self) -> NamedPath | None:
        """What a path counted from the top names."""
        part = self._part(self.token, self.token.path, imported=False)
        if part is None:
            return None
        new = self.token.spell(part.new)
        if not part.new:
            return self._named(part.rest or part.end, "" if part.rest else ".", self.spelled, part.old)
        if self.prefix is Prefix.TOP and has_labels(self.source_file.new) and part.end == self.token.end:
            new += full_label(part.old, part.new, self.source_file.text, part.end)
        return self._named(part.end, new, self.spelled, part.old)

    def _of_own_module(self) -> NamedPath | None:
        """What a path counted from the top of the file's module names, where that is not the tree's."""
        if self.prefix not in (Prefix.NONE, Prefix.DOT) or self.context.existed(self.token.path):
            return None
        return self._inside(module_at(self.context.modules_before, self.source_file.old))

    def _module_of_line(self) -> ModuleFolder | None:
        """The nested module whose packages `./x/...` names, because an earlier line of the file names its folder.

        So scripts run one command in several modules: `run_for_module "tests" go_test "./e2e/..."`.
        """
        text, path = self.source_file.text, self.spelled
        if self.prefix is not Prefix.DOT or self.token.parts[-1] != "...":
            return None
        for module in self.context.modules_before:
            if module.folder and self.context.existed(f"{module.folder}/{path}"):
                line = rf"^[^\n#]*[\s\"'](?:\./)?{re.escape(module.folder)}[\"']?[ \t][^\n]*\./{re.escape(path)}/\.\.\."
                if re.search(line, text, re.MULTILINE):
                    return module
        return None

    def _inside(self, module: ModuleFolder | None, *, one_word: bool = False) -> NamedPath | None:
        """What a path of several components names, counted from the top of a nested module."""
        if module is None or not module.folder:
            return None
        part = self._part(self.token, f"{module.folder}/{self.token.path}", imported=False)
        if part is None or not is_under(part.old, module.folder):
            return None
        if not one_word and "/" not in part.old[len(module.folder) + 1 :]:
            return None
        home_module = module_at(self.context.modules_after, part.new)
        if home_module is None or home_module.import_path != module.import_path:
            return None  # no path from there leads to it
        new = self.token.spell(part.new[len(home_module.folder) :].lstrip("/"))
        return self._named(part.end, new, f"{module.folder}/{self.spelled}", part.old)

    def _is_own(self) -> bool:
        """Whether the path counts from the file's own folder: something was there, or the prefix says so."""
        if self.prefix is Prefix.OWN:
            return True
        own = self.source_file.resolve(self.spelled)
        says_so = "/" in self.token.path or self.source_file.text.startswith("/", self.token.end)
        sure = self.strict or self.prefix is Prefix.DOT or says_so
        bare = self.prefix in (Prefix.NONE, Prefix.DOT)
        if not (sure and bare and (self.source_file.old_folder or self._left_top) and own):
            return False
        if self.context.is_known(own):
            return True
        # Output of a build in a folder beside the file, `rm debian/files`.
        beside = folder_of(own)
        if self.strict and beside != self.source_file.old_folder and not self.context.existed(self.token.parts[0]):
            return self.context.existed(beside)
        # Files that a command makes below its own folder count from there, too.
        is_made = self.source_file.itself is not None and not self.context.existed(self.spelled)
        return is_made and self.context.destination(own) is not None

    def _part(self, token: Token, path: str, *, imported: bool) -> MentionPart | None:
        """The part of a token that was moved, if any; `path` is the token's from the top.

        `internal/auth.Service` names a symbol of the package in `internal/auth`, unless the tree had a file of that
        name. `imported` says that the path is an import path, of which any symbol may be named.
        """
        found = self.context.moves.entry(path)
        if found is not None and found[0] == path and UNFINISHED.match(self.source_file.text, token.end):
            return None  # a variable ends the name
        if found is not None:
            kept = len(token.parts) - (path.count("/") - found[0].count("/"))
            rest = token.starts[kept] if 0 < kept < len(token.parts) else 0
            return MentionPart(*found, token.ends[kept - 1], rest) if kept > 0 else None
        if self.context.existed(path):
            return None
        for dot in re.finditer(r"\.", token.parts[-1]):
            stem, symbol = token.parts[-1][: dot.start()], token.parts[-1][dot.end() :]
            entry = self.context.moves.entry(path.removesuffix(f".{symbol}"))
            qualified = imported or symbol[:1].isupper() or self.source_file.text.startswith("=", token.end)
            is_package = entry is not None and entry[0] in self.context.packages
            if symbol and qualified and is_package and entry is not None and path == f"{entry[0]}.{symbol}":
                return MentionPart(*entry, token.starts[-1] + len(token.spell(stem)))
        return None

    def _imported(self, module: ModuleFolder) -> NamedPath | None:
        """What an import path in text or in a linker flag names."""
        start = self.token.start
        part = self._part(self.token, module.folder_of(self.token.path), imported=True)
        if part is None or not is_under(part.old, module.folder) or part.old == module.folder:
            return None
        if start and (self.source_file.text[start - 1].isalnum() or self.source_file.text[start - 1] in "_-."):
            return None
        home_module = module_at(self.context.modules_after, part.new)
        if home_module is None:
            return None
        new = self.token.spell(home_module.import_path_of(part.new))
        return self._named(part.end, new, module.folder_of(self.spelled), part.old, imported=True)

    def _imported_from_top(self) -> NamedPath | None:
        """The same behind the import path of the module at the top."""
        modules = self.context.modules_before
        top = next(module for module in modules if not module.folder)
        part = self._part(self.token, self.token.path, imported=True)
        home_module = module_at(self.context.modules_after, part.new) if part else None
        if part is None or home_module is None or module_named(modules, f"{top.import_path}/{part.old}") != top:
            return None
        if (
            home_module == top or module_at(modules, part.old) != top
        ):  # the address of the repository, not of a module in it
            return self._named(part.end, self.token.spell(part.new), self.spelled, part.old, imported=True)
        start = self.token.start - len(top.import_path) - 1
        written = self.source_file.text.startswith(top.import_path, max(0, start))
        edit = ReferenceEdit(start, part.end, self.token.spell(home_module.import_path_of(part.new)))
        return NamedPath(edit, self.spelled, part.old, imported=True) if written else None

    def _climbing(self) -> NamedPath | None:
        """What `../…` names.

        It counts from the file's own folder. If nothing is there, a command changed the folder first, and the part
        after `../` counts from the top.
        """
        token, text = self.token, self.source_file.text
        if self.prefix in (
            Prefix.FOREIGN,
            Prefix.PINNED,
            Prefix.MODULE,
            Prefix.ADDRESS,
            Prefix.TEMPORARY,
        ) or text.startswith(BRACKETS, max(0, token.start - 1), token.start):
            return None
        rest = token.behind(token.dots)
        if (named := self._relocated(len(token.parts))) is not None:
            return named
        path = self.source_file.resolve(token.path)
        if not rest.parts or (path is not None and self.context.is_known(path)):
            return None
        is_pattern = len(rest.parts) > 1 and self.goes_on
        if is_pattern and (named := self._relocated(len(token.parts) - 1)) is not None:  # its folder tells enough
            return named
        part = self._part(rest, rest.path, imported=False)
        if part is None or "/" not in part.old or not part.new:
            return None
        return NamedPath(ReferenceEdit(rest.start, part.end, rest.spell(part.new)), rest.path, part.old)

    def _relocated(self, count: int) -> NamedPath | None:
        """What the first components of a `../` path name, counted from the file's own folder."""
        token = self.token
        written = "/".join(token.parts[:count])
        new, path = self.source_file.relocated(written, self.context), self.source_file.resolve(written)
        if new is None or path is None:
            return None
        new = token.spell(new.removeprefix("./") if token.joined else new)
        return self._named(token.ends[count - 1], new, path, self._entry(path), own=True)
