"""Every file that a step changes, with notes for a person."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from migrate.engines.notes import Note, Remark
from migrate.engines.python.header import import_statements
from migrate.engines.python.headings import heading_edits
from migrate.engines.python.mentions import unreserved_mentions
from migrate.engines.python.notebooks import read_notebook
from migrate.engines.python.pages import page_edits
from migrate.engines.python.reserved import PINNED
from migrate.engines.python.rewrite import PythonRewrite, borrowed_names
from migrate.engines.python.step import PythonStep
from migrate.engines.python.texts import ModuleTexts, in_string
from migrate.engines.splice import Splice, splice
from migrate.text import decode
from migrate.tree.allowed import Allowed


class ChangedFiles:
    """The new contents by new path, and notes. `sources` are the Python files that may change, by old path."""

    def __init__(
        self,
        step: PythonStep,
        sources: Mapping[str, bytes],
        leaves: Collection[str],
        allowed: Sequence[Allowed] = (),
    ) -> None:
        """`leaves` are the last names of what moves; `allowed` says which lines may keep the old names."""
        self._step = step
        self._allowed = allowed
        self._taken = {
            pair for path, text in sources.items() for pair in borrowed_names(step, path, import_statements(text))
        }
        self._pinned = {decode(name) for text in sources.values() for name in PINNED.findall(text)}
        self._may_name = in_string(leaves).search
        self.changed: dict[str, bytes] = {}
        self.notes: list[Note] = []
        for path, content in sources.items():
            self._finish(path, content, self._source(path, content))

    def pages(self, contents: Iterable[tuple[str, bytes]]) -> None:
        """Edit files that are not Python code."""
        for path, content in contents:
            if b"\0" not in content:
                self._finish(path, content, self._page(path, content))

    def _page(self, path: str, content: bytes) -> bytes:
        notebook = read_notebook(path, content)
        if notebook is None:
            return splice(content, page_edits(self._step, path, content))
        code, remarks = self._code(path, notebook.code)
        # Line numbers would be those of the code, not of the file.
        self.notes += [remark._replace(place=self._step.moves.resolve(path)) for remark in remarks]
        return notebook.with_code(code)

    def _source(self, path: str, content: bytes) -> bytes:
        code, remarks = self._code(path, content)
        self.notes += remarks
        return code

    def _code(self, path: str, content: bytes) -> tuple[bytes, list[Remark]]:
        """The code after the step, and the notes on its places."""
        rewriting = PythonRewrite(self._step, path, content, self._taken)
        edits = rewriting.edits()
        texts = ModuleTexts(self._step, path, rewriting.source, self._pinned)
        if self._may_name(content):
            edits += [edit for edit in texts.edits() if not meets(edit, edits)]
        if b">>>" in content or b":`" in content or b"::" in content:
            edits += [edit for edit in page_edits(self._step, path, content) if not meets(edit, edits)]
        edits += [edit for edit in heading_edits(self._step, path, content) if not meets(edit, edits)]
        return splice(content, edits), [*rewriting.remarks, *texts.remarks]

    def _finish(self, path: str, old: bytes, new: bytes) -> None:
        if new != old:
            self.changed[self._step.moves.resolve(path)] = new
        self.notes += unreserved_mentions(self._step, path, new, self._allowed)


def meets(edit: Splice, others: Iterable[Splice]) -> bool:
    """Whether two edits overlap."""
    return any(edit.start < other.end and other.start < edit.end for other in others)
