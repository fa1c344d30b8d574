"""How much is taken of what comes from outside: one place, each with its unit and its reason.

They bound what one file, line or text can cost, and what many hold together. What is beyond a limit is said in a
sentence, or counted; nothing is left out silently.
"""

from __future__ import annotations

KILOBYTE = 2**10
MEGABYTE = 2**20

PLAN_BYTES = MEGABYTE
"""Bytes of a plan file: its parser needs up to 120 bytes for each (tables without a key)."""
MODULE_BYTES = 256 * KILOBYTE
"""Bytes of a Python module whose syntax tree is made: that takes up to 940 bytes for each (one name a line)."""
TEMPLATE_BYTES = MEGABYTE
"""Bytes of a template: Jinja compiles it to a program several times as large."""
TEMPLATE_SECONDS = 20.0
"""Seconds of processor time for one template: the longest of ours takes 0.1 s for ten thousand files."""
RENDERED_CHARACTERS = 16 * MEGABYTE
"""Characters that a template may write: a loop in it can go on for ever."""
DESCRIPTION_BYTES = 4 * MEGABYTE
"""Bytes of a description that is written again. GitHub ends one at 65,536 characters."""

MESSAGE_CHARACTERS = 4000
"""Characters of an error: it may quote what somebody wrote, or the end of an output."""
AUTHORED_CHARACTERS = 20_000
"""Characters of a docstring that is read as Markdown: 20,000 brackets take three seconds, and twice as many twelve."""

PHASE_FILES_BYTES = 64 * MEGABYTE
"""Bytes that are read of one file beside the phases, and of all those that one phase is made from."""
FOLDER_ENTRIES = 10_000
"""Entries of a folder of phases or templates that are looked at, with everything below it."""
SEARCHED_BYTES = MEGABYTE
"""Bytes of a file beside the phases in which the names of other files are looked for."""

NAME_BYTES = 200
"""Bytes of a name that becomes part of a ref or of a log file: a file's name has 255, and git adds `.lock`."""
PREFIX_BYTES = 1000
"""Bytes of the prefix of branches: the path of a ref's file has 4,095 in all."""
PATH_BYTES = 4095
"""Bytes of a path in the repository: the longest that Linux opens (PATH_MAX without its NUL byte)."""
PATH_PART_BYTES = 255
"""Bytes between two slashes of a path: the longest name of a file (NAME_MAX)."""

LINE_BYTES = 4 * KILOBYTE
"""Bytes that are looked at of one line of output; of the rest a digest is kept, so that comparing stays sound."""
REASON_CHARACTERS = 500
"""Characters of the reason that a receipt holds: it is pushed, and read in a table."""
PROBLEM_LINES, PROBLEM_CHARACTERS = 10_000, 1_000_000
"""Lines of output that a baseline may select: a receipt holds them all, and more are a baseline that fits anything."""
BASELINE_SECONDS = 10.0
"""Seconds of our own processor time for all searches of one baseline in one output; a usual one takes 1 µs a line."""

UNOWNED_BRANCHES = 200
"""Branches of no phase whose commits are read: whoever can push makes any number of them, each with commits."""

COMPARED_BYTES = 2 * MEGABYTE
"""Bytes of a file whose two sides are compared for a description; counting lines takes up to 70 bytes for each."""
SEARCHED_TEXT_BYTES = 16 * MEGABYTE
"""Bytes of a file of the repository in which references are looked for; its text takes up to four times as many."""
READ_BYTES = 64 * MEGABYTE
"""Bytes of files of the repository that are held to be read again: all Go code of a module of 20,000 files."""
PARSED_BYTES = 16 * MEGABYTE
"""Bytes of Go files whose syntax trees are held to be asked again; the last one is, however large it is."""
WRITTEN_BYTES = 32 * MEGABYTE
"""Bytes of new files that are held until they are committed; beyond it they go to the object database before that."""
BATCH_BYTES = 16 * MEGABYTE
"""Bytes of files that are held at once while many are compared or laid out."""


def limit_words(size: int) -> str:
    """A number of bytes in words: `256 KB`, `4 MB`."""
    return f"{size // MEGABYTE:,} MB" if size >= MEGABYTE else f"{size // KILOBYTE} KB"


TOO_LARGE = f"more than {limit_words(SEARCHED_TEXT_BYTES)}"
"""Why a file of the repository was not searched."""
