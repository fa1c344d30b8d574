"""A repository on a fake GitHub, in which every test here tells its story."""

from tests.forges.on_github import github
from tests.story import story

__all__ = ["github", "story"]
