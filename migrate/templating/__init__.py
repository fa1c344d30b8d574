"""Texts: templates, Markdown, and files of people, read within limits and written whole."""
