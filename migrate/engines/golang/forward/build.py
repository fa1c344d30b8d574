"""Build constraints: a forwarding file must be built exactly when what it names is built.

A file may be constrained by its name (`x_linux_amd64.go`), by a `//go:build` line, and by `import "C"`, which needs cgo
(`go help buildconstraint`).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from migrate.engines.golang.header import Header
from migrate.text import decode

# Both lists are those of internal/syslist in Go 1.26.
_SYSTEM = (
    "aix|android|darwin|dragonfly|freebsd|hurd|illumos|ios|js|linux|nacl|netbsd|openbsd|plan9|solaris|wasip1|windows|"
    "zos"
)
_ARCHITECTURE = (
    "386|amd64|amd64p32|arm|armbe|arm64|arm64be|loong64|mips|mipsle|mips64|mips64le|mips64p32|mips64p32le|ppc|ppc64|"
    "ppc64le|riscv|riscv64|s390|s390x|sparc|sparc64|wasm"
)
_SUFFIX = re.compile(rf"[^_]*_(?:.*_)?((?:{_SYSTEM})_(?:{_ARCHITECTURE}))|[^_]*_(?:.*_)?({_SYSTEM}|{_ARCHITECTURE})")
_LINE = re.compile(rb"^//go:build[ \t]+([^\n]*?)[ \t\r]*$", re.MULTILINE)
_OLD_LINE = re.compile(rb"^//[ \t]*\+build[ \t]", re.MULTILINE)


class Constraint(NamedTuple):
    """`suffix` is that of the file's name ("_linux"), `expression` that of the `//go:build` line, "" for none."""

    suffix: str
    expression: str


ANYWHERE = Constraint("", "")


def constraint_of(path: str, content: bytes, header: Header) -> Constraint | None:
    """The constraint of a file; None when it has only a `// +build` line, which newer Go does not read."""
    above = content[: header.package_start]
    line = _LINE.search(above)
    if line is None and _OLD_LINE.search(above):
        return None
    expression = decode(line[1]) if line else ""
    if any(spec.path == "C" for spec in header.imports):
        expression = f"{_grouped_expression(expression)} && cgo" if expression else "cgo"
    return Constraint(suffix_of(path), expression)


def suffix_of(path: str) -> str:
    """The suffix of a file's name for a system or an architecture: `_linux_arm64`, or ""."""
    stem = path.rpartition("/")[2].partition(".")[0].removesuffix("_test")
    found = _SUFFIX.fullmatch(stem)
    return f"_{found[1] or found[2]}" if found else ""


def _grouped_expression(expression: str) -> str:
    return f"({expression})" if "||" in expression else expression
