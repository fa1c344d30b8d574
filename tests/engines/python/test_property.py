"""Whatever moves in whatever packages: it imports as before, and comes back byte for byte.

The cases are the same each time. `PROPERTY_EXAMPLES=500` draws that many, other ones each time:

    PROPERTY_EXAMPLES=500 pytest tests/engines/python/test_property.py
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from tests.engines.python.conftest import committed, contents, execute
from tests.engines.python.generated import Case, case_of

MANY = int(os.environ.get("PROPERTY_EXAMPLES", "0"))

SHOW = """
import importlib
for name in {names!r}:
    module = importlib.import_module(name)
    if hasattr(module, "SEEN"):
        print(module.VALUE, module.SEEN)
"""


def shown(case: Case, files: dict[str, bytes], paths: list[str], folder: Path) -> str:
    """What all modules say that they see."""
    said = execute(files, folder, SHOW.format(names=case.modules(paths)), case.root)
    return "\n".join(sorted(said.splitlines()))


@settings(
    max_examples=MANY or 40,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
    derandomize=not MANY,
    deadline=None,
)
@given(seed=st.integers(0, 2**32))
def test_what_imported_imports_after_any_moves_and_the_inverse_brings_everything_back(seed: int) -> None:
    case = case_of(seed)
    note(repr(case))
    with tempfile.TemporaryDirectory() as place:
        top = Path(place)
        ws = committed(case.files, top / "repo")
        files = contents(ws)
        for old, new in case.moves.items():
            ws.python.move(old, new)
        after = contents(ws)
        for path in set(after) - set(files):
            note(f"{path}\n{after[path].decode()}")
        assert len(after) == len(files)
        before_said = shown(case, files, list(files), top / "before")
        assert shown(case, after, list(after), top / "after") == before_said
        again = committed(dict(after), top / "again")
        for old, new in case.moves.items():
            again.python.move(new, old)
        if case.comes_back:
            assert contents(again) == files
