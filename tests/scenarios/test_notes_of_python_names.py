"""A phase that moves a Python package says where its name stands."""

from __future__ import annotations

from tests.engines.python.test_kept_names import PACKAGE
from tests.story import Story


def test_the_phase_notes_a_few_places_and_its_log_has_them_all(story: Story) -> None:
    lines = "".join(f"\tpython -m tools.x {number}\n" for number in range(5))
    story.begin(p01_tools='"""Move the tools."""\n\n\ndef apply(ws):\n    ws.move("tools", "dev/tools")\n')
    story.commit("Tools", {**PACKAGE, "Makefile": f"a:\n{lines}"})
    story.made("next")
    (note,) = story.type("status", "p01", "--json").ended(0).json["notes"]
    assert note == (
        "tools is dev/tools now; Python may call it dev.tools, and tools is spelled in Makefile:2, Makefile:3, "
        "Makefile:4 and 2 more"
    )
    log = (story.path / ".git/migrate/logs/p01-tools/notes.log").read_text()
    assert all(f"Makefile:{line}: the Python name tools of tools\n" in log for line in range(2, 7))
