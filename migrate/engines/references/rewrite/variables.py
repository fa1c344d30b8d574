"""The meaning of a variable before a path: `$ROOT/api/v1` is a folder, `$BASE_URL/api/v1` a route of a server.

The value that the file assigns to it tells most; otherwise its name, because people use similar names.
"""

from __future__ import annotations

import re
from enum import Enum, auto


class Holds(Enum):
    """The content of a variable, as far as it is known."""

    FOLDER = auto()
    TOP = auto()
    """The top of the repository."""
    OWN = auto()
    """The folder of the file itself."""
    ADDRESS = auto()
    TEMPORARY = auto()
    """A temporary folder."""
    UNKNOWN = auto()


# Each with who says so: cmd.exe (call /?), IntelliJ's path macros, CMake, MSBuild, PowerShell, Terraform, tox, SCons.
OWN = re.compile(
    r"%~dp0|\$MODULE_DIR\$|CMAKE_CURRENT_(?:SOURCE|LIST)_DIR|MSBuild(?:ThisFileDirectory|ProjectDirectory)|"
    r"PSScriptRoot|path\.module|toxinidir|SRCDIR|__dirname|BASH_SOURCE|dirname|CURDIR|fileDirname$"
)
# VS Code (variables reference), IntelliJ, GitHub Actions, GitLab CI, Azure Pipelines, Bitbucket, CMake.
TOP = re.compile(
    r"workspaceFolder|workspaceRoot|\$PROJECT_DIR\$|github\.workspace|GITHUB_WORKSPACE|CI_PROJECT_DIR|"
    r"BUILD_SOURCESDIRECTORY|Build\.SourcesDirectory|BITBUCKET_CLONE_DIR|show-toplevel"
)
FOLDER = re.compile(
    r"(?:roots?|dirs?|directory|paths?|folders?|pwd|cwd|src|source|sources|workspace|home|top|toplevel|project|repo|"
    r"here|tree|checkout|module|mod|package|pkg|import|go list)$",
    re.IGNORECASE,
)
ADDRESS = re.compile(
    r"ur[li]s?|api|hosts?|hostname|addr(?:ess)?|endpoint|server|origin|domain|site|registry|image|proxy|cdn|https?|port|"
    r"bucket|remote|gateway|href|service|client",
    re.IGNORECASE,
)
AMBIGUOUS = ("path", "root")
"""`API_PATH` is the path of an address."""
WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
COMMAND = re.compile(r"\$?\$\(|`")
NAME = re.compile(r"[A-Za-z_]\w*")
IS_ADDRESS = re.compile(r"://|\blocalhost\b|\b\d+\.\d+\.\d+\.\d+\b|:\d{2,5}\b")
OWN_FOLDER = re.compile(r"dirname[ \t\"'-]*\$(?:\{?BASH_SOURCE|\{?0\b)")
"""`$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)`, in the ways in which scripts say it."""
# mktemp(1), $TMPDIR of POSIX (environ(7)), runner.temp of GitHub Actions, tempfile of Python.
IS_TEMPORARY = re.compile(r"\bmktemp\b|\bTE?MP(?:DIR)?\b|^[\"']?/(?:var/)?tmp\b|runner\.temp|RUNNER_TEMP|tempfile")
TEMPORARY = re.compile(r"te?mp|scratch", re.IGNORECASE)
IS_FOLDER = re.compile(
    r"\bpwd\b|PWD|dirname|CURDIR|BASH_SOURCE|show-toplevel|__file__|go list -m|^[\"']?\.{0,2}/|^[\"']?\.\.?[\"']?$"
)


def variable_holds(variable: str, text: str) -> Holds:
    """What a variable holds; `text` is the file in which it is used."""
    if TOP.search(variable):
        return Holds.TOP
    if OWN.search(variable):
        return Holds.FOLDER if ".." in variable else Holds.OWN
    if COMMAND.match(variable) and IS_FOLDER.search(variable):
        return Holds.FOLDER
    if variable.startswith("<"):
        return _by_name(variable.strip("<>"))
    names = NAME.findall(variable)
    if len(names) == 1:
        assigned = _assigned_value(names[0], text)
        if assigned is not Holds.UNKNOWN:
            return assigned
    return _by_name(variable) if names else Holds.UNKNOWN


def _assigned_value(name: str, text: str) -> Holds:
    """The content by the value that the file assigns."""
    found = re.search(rf"\b{re.escape(name)}[ \t]*(?:[:?+]?=|:)[ \t]*([^\n]+)", text)
    if found is None:
        return Holds.UNKNOWN
    if IS_ADDRESS.search(found[1]):
        return Holds.ADDRESS
    if OWN_FOLDER.search(found[1]) and ".." not in found[1]:
        return Holds.OWN
    if IS_TEMPORARY.search(found[1].strip()):
        return Holds.TEMPORARY
    return Holds.FOLDER if IS_FOLDER.search(found[1].strip()) else Holds.UNKNOWN


def _by_name(variable: str) -> Holds:
    """The content by the name: its last word says what it is, its other words to what it belongs."""
    words = WORDS.findall(variable)
    if not words:
        return Holds.UNKNOWN
    if any(map(TEMPORARY.fullmatch, words)) or IS_TEMPORARY.search(variable):
        return Holds.TEMPORARY
    of_address = len(words) > 1 and ADDRESS.fullmatch(words[-2]) and words[-1].lower() in AMBIGUOUS
    if FOLDER.search(variable.strip("$(){}%<>` ")) and not of_address:
        return Holds.FOLDER
    return Holds.ADDRESS if any(map(ADDRESS.fullmatch, words)) else Holds.UNKNOWN
