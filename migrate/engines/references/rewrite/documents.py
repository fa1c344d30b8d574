"""Parts of documents that are not about this tree: about a project of the reader's, or the output of a program."""

from __future__ import annotations

import re

from migrate.engines.references.common.scope import DOCUMENTS
from migrate.engines.references.rewrite.links import MANUALS
from migrate.engines.references.rewrite.mentions import NamedPath, PathMention
from migrate.text import line_after, line_before

# A text that tells readers what to do in a project of their own.
YOURS = re.compile(
    r"\byour (?:own )?(?:[\w-]+ )?(?:projects?|apps?|applications?|repo\w*|packages?|code\w*|tests?|modules?|"
    r"workspace|root|folder|directory|machine|plugins?)\b|\bmy[-_ ]?(?:project|app|package|plugin|module)\b",
    re.IGNORECASE,
)
MAKING = re.compile(r"\b(?:create|add|make|touch|write|save|new|named|called)\b[^.\n]{0,40}$", re.IGNORECASE)
CONTENT_OF = re.compile(
    r"^[ \t]*(?:#|//|--|;|<!--|/\*)[ \t]*(?:content of|contents of|file:?|filename:?)?[ \t]*`?$", re.IGNORECASE
)
FENCE = re.compile(r"^[ \t]*(?:```|~~~)[^\n]*$|::[ \t]*$|^[ \t]*\.\. code", re.MULTILINE)
# What log, zap, logrus, slog, klog and capnslog print before a message.
LOGGED = re.compile(
    r"\b\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d|^\W*\d\d:\d\d:\d\d\b|^\W*[\d:.]+ [A-Z] \| |\blevel=\w+ |"
    r"^\W*[IWEF]\d{4} \d\d:\d\d:"
)
LOG_KEY = re.compile(r'"(?:level|ts|time|caller|msg)"[ \t]*:')
MESSAGE = re.compile(r": [a-z]")


def is_output(mention: PathMention) -> bool:
    """Whether a document shows what a program printed: a line of a log, or a message that begins with a package."""
    text, token = mention.source_file.text, mention.token
    if not any(mention.source_file.new.endswith(end) for end in (*DOCUMENTS, ".log") if end):
        return False
    if text.endswith('"', 0, token.start) and MESSAGE.match(text, token.end):
        return True
    line = line_before(text, token.start) + text[token.start : token.end] + line_after(text, token.end)
    return LOGGED.search(line) is not None or len(LOG_KEY.findall(line)) > 1


def is_for_readers(mention: PathMention, named: NamedPath) -> bool:
    """Whether a manual speaks of a project of the reader's: `tests/conftest.py` in a tutorial."""
    source_file, start = mention.source_file, mention.token.start
    if not MANUALS.search(source_file.new) or not any(source_file.new.endswith(end) for end in DOCUMENTS if end):
        return False
    before = line_before(source_file.text, start)
    if CONTENT_OF.match(before) or (named.path in mention.context.before and MAKING.search(before)):
        return True
    text = source_file.text
    begin = text.rfind("\n\n", 0, start)
    if FENCE.search(text, max(begin, 0), start):
        begin = text.rfind("\n\n", 0, max(begin, 0))
    end = text.find("\n\n", start)
    return YOURS.search(text, max(begin, 0), end if end >= 0 else len(text)) is not None
