"""Stories for the tests of engines."""

from __future__ import annotations

from tests.story import story

__all__ = ["story"]
