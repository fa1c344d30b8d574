"""Go files that hold much are read, parsed and rewritten one at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from migrate.limits import MEGABYTE
from migrate.phase.workspace import Workspace
from migrate.tree.overlay import Overlay
from tests.memory import measured

if TYPE_CHECKING:
    from tests.conftest import Sandbox

FILES, EACH = 24, MEGABYTE
USER = 'package u{0}\n\nimport "example.com/m/old/a"\n\nvar Y = a.X\n\nvar data = "{0}'


@pytest.mark.parametrize("line", ["word ", 'word"+\n"'])
def test_a_move_holds_a_few_of_many_large_importers(repo: Sandbox, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    repo.git("config", "core.compression", "0")
    body = line * (EACH // len(line)) + '"\n'
    files = {"go.mod": "module example.com/m\n\ngo 1.21\n", "old/a/a.go": "package a\n\nvar X = 1\n"}
    repo.commit("a", {**files, **{f"u{n}/u.go": USER.format(n) + body for n in range(FILES)}})
    for bound in ("READ_BYTES", "WRITTEN_BYTES", "PARSED_BYTES"):
        monkeypatch.setattr(f"migrate.limits.{bound}", 2 * EACH)
    ws = Workspace(Overlay.of(repo.repository.objects, repo.git("rev-parse", "HEAD")))

    def move() -> None:
        ws.go.move("old/a", "new/a")
        ws.flush()

    _, grown = measured(move)
    assert ws.read_text("u7/u.go").startswith(USER.format(7).replace("old/a", "new/a"))
    assert grown < FILES * EACH * 3 // 4
