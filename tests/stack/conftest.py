"""The repository in which a test may tell its story."""

from tests.story import story

__all__ = ["story"]
