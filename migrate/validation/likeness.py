"""What may differ from run to run in a line of output that reports the same problem.

Positions, durations, addresses, ids of processes, temporary folders, times, and counts that are words of their own. A
digit is part of the problem when it belongs to a name (`parseV2`, `TestFoo2`, `utf8`, `TS2322`, `v1.22`), is quoted, or
says which one of several is meant (`argument 2`, `exit status 2`).
"""

from __future__ import annotations

import re

STEP = tuple[re.Pattern[str], str]

UNIT = r"(?:ns|us|µs|μs|ms|s|m|h)"
UNIT_WORD = r"(?:nanoseconds?|microseconds?|milliseconds?|seconds?|secs?|minutes?|mins?|hours?)"
ORDINAL = (
    r"(?:arg|argument|param|parameter|operand|overload|element|field|index|case|rule|version|release|status|code|"
    r"signal|errno|error|port|type|level|step|phase|stage|part|option|variant|python|java|go|node|es|http)"
)
"""After these words a number says which one is meant, not how many there are."""

COUNTED = r"(?:tests|failures|errors|skipped|warnings|passed|failed|count|total)"

FREE = r"(?<![\w.\-/\\@#$%^&~+'\"`<>|])(?<!\w[\[(])(?<![=:])"
"""Characters that do not stand before a number that is a word of its own."""

FREE_END = r"(?![\w\-/\\@#$%^&~+'\"`<>=])(?![.,:]\w)"
"""Characters that do not stand after it."""

STEPS: tuple[STEP, ...] = tuple(
    (re.compile(expression), replacement)
    for expression, replacement in (
        # A moment: 2026-11-30T12:00:01.5Z, 2026/11/30 12:00:01 (Go's log package).
        (r"(?<!\w)\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?(?!\w)", "N"),
        # A temporary folder by the random part of its name: /tmp/go-build2417859471, /tmp/tmpab3x9_k2, /tmp/tmp.Xy12Ab.
        (r"((?<![\w.~+-])/(?:[\w.+-]+/)*?(?:tmp|temp|Temp|T)/)tmp[\w.]{6,}", r"\1N"),
        (r"((?<![\w.~+-])/(?:[\w.+-]+/)*?(?:tmp|temp|Temp|T)/[A-Za-z_-]*?[A-Za-z_.-])\d{3,}(?![\w-])", r"\1N"),
        (r"((?<![\w.~+-])/(?:[\w.+-]+/)*?(?:tmp|temp|Temp|T)/pytest-of-[^/\s]+/pytest-)\d+", r"\1N"),
        # An address: 0xc000123abc, main.f+0x1d.
        (r"(?<![\w])0x[0-9a-fA-F]+(?!\w)", "N"),
        # A process: prog[4711]: at the beginning, ==4711==, (node:4711), pid 4711, goroutine 18.
        (r"^([A-Za-z][\w.-]*)\[\d+\]:(?= )(?<!make\[\d\]:)", r"\1[N]:"),
        (r"==\d+==", "==N=="),
        (r"\(node:\d+\)", "(node:N)"),
        (r"(?i)\b((?:pid|process|thread|goroutine)[ =:]+)\d+(?![\w-])", r"\1N"),
        # The lines that a diff is about.
        (r"^@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@", "@@"),
        # A position behind a file: a.go:12:5, a.rs:3, Makefile:7, a.go:1.2-3.4, a.ts(12,5), A.java:[12,5].
        (
            r"(\.[A-Za-z_]\w*|[>)\]]|(?<![\w.-])(?:GNU)?[Mm]akefile|file)"
            r":\d+(?:[:.]\d+)?(?:[-,]\d+(?:[:.]\d+)?)?(?!\w|-\w|\.\w)",
            r"\1:N",
        ),
        (r"(\w):\d+:\d+(?!\w)", r"\1:N"),
        (r"(\.[A-Za-z_]\w*):?[(\[]\d+(?:,\s?\d+)*[)\]]", r"\1:N"),
        # A position in words, and one that stands alone: line 12, lines 3-5, column 7, 12:5.
        (r"(?i)\b((?:lines?|columns?|cols?|offset)[ :=]+)\d+(?:\s?[-–,:]\s?\d+)*(?![\w-])", r"\1N"),
        (r"(?<![\w.:/\"'`=@-])\d+:\d+(?:-\d+:\d+)?(?!:?\w|[/\"'`.-]\w)", "N"),
        # A duration: 0.012s, 1m2.5s, 12.4 seconds, 0:01:03.
        (rf"(?<![\w.\"'`=-])(?:\d+(?:\.\d+)?{UNIT})+(?: (?:\d+(?:\.\d+)?{UNIT})+)*(?![\w\"'`])", "N"),
        (rf"(?<![\w.\"'`=-])\d+(?:\.\d+)?\s?(?:{UNIT}|{UNIT_WORD})(?![\w\"'`])", "N"),
        (r"(?<![\w.:/\"'`-])\d+:\d\d:\d\d(?:\.\d+)?(?![\w:\"'`])", "N"),
        # How far a run is: [ 66%].
        (r"\[\s*\d+%\]", "[N]"),
        # A count: 3 errors, errors=3, 1,204 files.
        (rf"(?i)(?<=[\s(,])({COUNTED})=\d+(?!\w)", r"\1=N"),
        (rf"(?i)(?<![\w-])({ORDINAL}:? #?)(\d+)(?!\w)", "\\1\0\\2\0"),
        (rf"{FREE}(?<!\0)\d+(?:,\d{{3}})*{FREE_END}(?!\0)", "N"),
        (r"\0", ""),
        (r"\s+", " "),
    )
)


def normalised(line: str) -> str:
    """A line without the parts that differ from run to run."""
    for pattern, replacement in STEPS:
        line = pattern.sub(replacement, line)
    return line.strip()
