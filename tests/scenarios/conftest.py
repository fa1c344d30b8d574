"""The repository in which every test here tells its story, and the clones of it."""

from tests.scenarios.clones import clones
from tests.story import story

__all__ = ["clones", "story"]
