"""Markdown as a forge reads it."""

from tests.describe.conftest import markdown

__all__ = ["markdown"]
