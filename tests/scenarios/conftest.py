"""The repository in which every test here tells its story."""

from tests.story import story

__all__ = ["story"]
