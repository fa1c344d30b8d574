"""Mentions: what a token in a text means, and what must stand there now."""

from __future__ import annotations

import re
from dataclasses import dataclass

from migrate.paths import is_under
from migrate.references.atlas import Atlas
from migrate.references.modules import Module, module_at, module_named
from migrate.references.page import Edit, Page
from migrate.references.prefixes import Prefix, prefix_at, versioned_module
from migrate.references.scope import PROSE
from migrate.references.tokens import Token

EARLIER_ARGUMENT = re.compile(r"""["']\s*,\s*["']$""")
LISTED = re.compile(r"\bgo list\b.*\bgrep\b")
WILDCARDS = ("*", "?", "[", "{", "%", "$")
UNFINISHED = re.compile(r"\$[\w{(]")
COMMAND_BEFORE = re.compile(r"(?:^[ \t]*(?:[$#>][ \t]+)?|[;&|(`][ \t]*|\bsudo[ \t]+)\./$")
BRACKETS = ("]", "}", ")")


@dataclass(frozen=True)
class Part:
    """The part of a token that names a moved path: `old`, where that is now, and where in the text it ends."""

    old: str
    new: str
    end: int


@dataclass(frozen=True)
class Mention:
    """A token on a page, and what stands before it."""

    token: Token
    prefix: Prefix
    page: Page
    atlas: Atlas
    strict: bool
    """Whether nothing but a path can stand there, so that one word is enough."""

    @classmethod
    def of(cls, token: Token, page: Page, atlas: Atlas, *, strict: bool) -> Mention:
        """The mention that a token is."""
        prefix = prefix_at(page.text, token.start, atlas.roots, atlas.modules_before)
        if token.joined and EARLIER_ARGUMENT.search(page.text, max(0, token.start - 60), token.start):
            prefix = Prefix.FOREIGN  # the path that a join call names starts with an argument before
        return cls(token, prefix, page, atlas, strict)

    def edit(self) -> Edit | None:
        """The edit that the mention needs."""
        if self.token.dots:
            return self._climbing()
        module = module_named(self.atlas.modules_before, self.token.path)
        if module is not None:
            return self._imported(module)
        if self.prefix is Prefix.MODULE:
            return self._imported_from_top()
        if self.prefix in (Prefix.FOREIGN, Prefix.PINNED):
            return None
        if self.prefix is Prefix.NESTED:
            return self._inside(versioned_module(self.page.text, self.token.start, self.atlas.modules_before))
        return self._own() if self._is_own() else self._plain() or self._of_own_module()

    def _own(self) -> Edit | None:
        """The edit that a path counted from the file's own folder needs."""
        new = self.page.relocated(self.token.path, self.atlas)
        return None if new is None else Edit(self.token.start, self.token.end, self.token.spell(new))

    def _plain(self) -> Edit | None:
        """The edit that a path counted from the top needs."""
        part = self._part(self.token, self.token.path, imported=self.prefix is Prefix.VARIABLE)
        if part is None or not (self._is_expected() or self._is_evident(part)):
            return None
        return Edit(self.token.start, part.end, self.token.spell(part.new))

    def _of_own_module(self) -> Edit | None:
        """The edit that a path counted from the top of the file's module needs, where that is not the tree's."""
        if self.prefix not in (Prefix.NONE, Prefix.DOT) or self.atlas.existed(self.token.path):
            return None
        return self._inside(module_at(self.atlas.modules_before, self.page.old))

    def _inside(self, module: Module | None) -> Edit | None:
        """The edit that a path of several components needs, counted from the top of a module below the tree's top."""
        if module is None or not module.folder:
            return None
        part = self._part(self.token, f"{module.folder}/{self.token.path}", imported=False)
        if part is None or not is_under(part.old, module.folder) or "/" not in part.old[len(module.folder) + 1 :]:
            return None
        home = module_at(self.atlas.modules_after, part.new)
        if home is None or home.import_path != module.import_path:
            return None  # no path from there leads to it
        return Edit(self.token.start, part.end, self.token.spell(part.new[len(home.folder) :].lstrip("/")))

    def _is_own(self) -> bool:
        """Whether the path counts from the file's own folder: something was there."""
        own = self.page.resolve(self.token.path)
        says_so = "/" in self.token.path or self.page.text.startswith("/", self.token.end)
        sure = self.strict or self.prefix is Prefix.DOT or says_so
        bare = self.prefix in (Prefix.NONE, Prefix.DOT)
        return bool(sure and bare and self.page.old_folder and own and self.atlas.existed(own))

    def _is_expected(self) -> bool:
        """Whether a path of the tree must stand here. Behind a slash it may be one of the machine, `/sys/fs`."""
        return self.strict and (self.prefix is not Prefix.SLASH or self.atlas.existed(self.token.path))

    def _is_evident(self, part: Part) -> bool:
        """Whether a token is surely a path, wherever it stands.

        One word is so only where a slash says it or the tree had the rest; not in code or prose where it is a Go
        package, for `linux/` may be anything there. Behind one slash only a file is, and in a document a folder that
        ends with one, `/internal/auth/`: any other could be the route of a server.
        """
        if self.prefix is Prefix.SLASH:
            ends = self.page.new.endswith(".md") and self.page.text.startswith("/", self.token.end)
            return ((ends or self._filters()) and "/" in part.old) or self.token.path in self.atlas.before
        if "/" in part.old:
            return True
        if len(self.token.parts) > 1:
            return self.atlas.existed(self.token.path)
        slash_follows = self.page.text.startswith("/", self.token.end)
        if self.prefix is Prefix.NONE and part.old in self.atlas.packages and self.page.new.endswith(PROSE):
            return False
        if self.prefix is Prefix.DOT:
            return slash_follows or not self._is_program()
        return slash_follows and self.prefix in (Prefix.NONE, Prefix.TOP)

    def _is_program(self) -> bool:
        """Whether a word is run, `./shop -v`: that is a program which somebody built, no folder."""
        text, start = self.page.text, self.token.start
        line = text.rfind("\n", 0, start) + 1
        return text.startswith(" ", self.token.end) and COMMAND_BEFORE.search(text[line:start]) is not None

    def _filters(self) -> bool:
        """Whether the line sorts out import paths: `go list ./... | grep -v /internal/auth`."""
        return (
            LISTED.search(self.page.text, self.page.text.rfind("\n", 0, self.token.start) + 1, self.token.start)
            is not None
        )

    def _part(self, token: Token, path: str, *, imported: bool) -> Part | None:
        """The part of a token that was moved, if any; `path` is the token's from the top.

        `internal/auth.Service` names a symbol of the package in `internal/auth`, unless the tree had a file of that
        name. `imported` says that the path is an import path, of which any symbol may be named.
        """
        found = self.atlas.moves.entry(path)
        if found is not None and found[0] == path and UNFINISHED.match(self.page.text, token.end):
            return None  # a variable ends the name
        if found is not None:
            kept = len(token.parts) - (path.count("/") - found[0].count("/"))
            return Part(*found, token.ends[kept - 1]) if kept > 0 else None
        if self.atlas.existed(path):
            return None
        for dot in re.finditer(r"\.", token.parts[-1]):
            stem, symbol = token.parts[-1][: dot.start()], token.parts[-1][dot.end() :]
            entry = self.atlas.moves.entry(path.removesuffix(f".{symbol}"))
            qualified = imported or symbol[:1].isupper() or self.page.text.startswith("=", token.end)
            if symbol and qualified and entry is not None and path == f"{entry[0]}.{symbol}":
                return Part(*entry, token.starts[-1] + len(token.spell(stem)))
        return None

    def _imported(self, module: Module) -> Edit | None:
        """The edit that an import path in text or in a linker flag needs."""
        start = self.token.start
        part = self._part(self.token, module.folder_of(self.token.path), imported=True)
        if part is None or not is_under(part.old, module.folder) or part.old == module.folder:
            return None
        if start and (self.page.text[start - 1].isalnum() or self.page.text[start - 1] in "_-."):
            return None
        home = module_at(self.atlas.modules_after, part.new)
        return None if home is None else Edit(start, part.end, self.token.spell(home.import_path_of(part.new)))

    def _imported_from_top(self) -> Edit | None:
        """The same behind the import path of the module at the top."""
        modules = self.atlas.modules_before
        top = next(module for module in modules if not module.folder)
        part = self._part(self.token, self.token.path, imported=True)
        home = module_at(self.atlas.modules_after, part.new) if part else None
        if part is None or home is None or module_named(modules, f"{top.import_path}/{part.old}") != top:
            return None
        if home == top or module_at(modules, part.old) != top:  # the address of the repository, not of a module in it
            return Edit(self.token.start, part.end, self.token.spell(part.new))
        start = self.token.start - len(top.import_path) - 1
        written = self.page.text.startswith(top.import_path, max(0, start))
        return Edit(start, part.end, self.token.spell(home.import_path_of(part.new))) if written else None

    def _climbing(self) -> Edit | None:
        """The edit that `../…` needs.

        It counts from the file's own folder. Where nothing is there, a command changed the folder first, and what
        stands behind the climb counts from the top. Dots alone are a word like any other in most code.
        """
        token, text = self.token, self.page.text
        if self.prefix in (Prefix.FOREIGN, Prefix.PINNED, Prefix.MODULE) or text.startswith(
            BRACKETS, max(0, token.start - 1), token.start
        ):
            return None
        rest = token.behind(token.dots)
        opens_call = token.joined and text.endswith("(", 0, max(0, token.start - 1))
        is_path = len(token.parts) > 1 and not self.page.new.endswith(".go")
        if not (rest.parts or is_path or self.strict or opens_call or self.prefix in (Prefix.SLASH, Prefix.VARIABLE)):
            return None
        if (edit := self._relocated(len(token.parts))) is not None:
            return edit
        path = self.page.resolve(token.path)
        if not rest.parts or (path is not None and self.atlas.is_known(path)):
            return None
        is_pattern = len(rest.parts) > 1 and text.startswith(WILDCARDS, token.end)
        if is_pattern and (edit := self._relocated(len(token.parts) - 1)) is not None:  # its folder tells enough
            return edit
        part = self._part(rest, rest.path, imported=False)
        return Edit(rest.start, part.end, rest.spell(part.new)) if part and "/" in part.old else None

    def _relocated(self, count: int) -> Edit | None:
        """The edit that the first components of a climb need, counted from the file's own folder."""
        token = self.token
        new = self.page.relocated("/".join(token.parts[:count]), self.atlas)
        if new is None:
            return None
        return Edit(token.start, token.ends[count - 1], token.spell(new.removeprefix("./") if token.joined else new))
