"""Texts: templates, Markdown, and people's own files, read within limits and written whole."""
