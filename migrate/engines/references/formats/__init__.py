"""The formats of files that name paths: which files each one serves, and where paths stand in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from migrate.engines.base import Engine
from migrate.engines.references.common.spans import Regions, code_spans, whole_span
from migrate.engines.references.formats import (
    gitmodules,
    ignorefile,
    markdown,
    native,
    patterned,
    rst,
    settings,
    shell,
    webcode,
)
from migrate.engines.registry import engine_of_file


@dataclass(frozen=True)
class Format:
    """One kind of file.

    `names` are patterns for a file's name, or for its path where they hold a slash; a name without `*` wins over a
    pattern, which wins over an ending. `local` says that a bare path in the file may also be counted from its own
    folder.
    """

    kind: str
    names: tuple[str, ...]
    spans: Regions = whole_span
    local: bool = False


SETTINGS = (settings.spans, settings.json_spans, settings.toml_spans, settings.ini_spans)
"""The formats that are read by keys."""

FORMATS = (
    Format("C", ("*.c", "*.h", "*.cc", "*.cpp", "*.hpp", "*.s", "*.S"), native.c_spans, local=True),
    Format(
        "source",
        (
            *("*.rs", "*.java", "*.kt", "*.kts", "*.scala", "*.groovy", "*.rb", "*.php"),
            *("*.cs", "*.fs", "*.swift", "*.dart", "*.lua", "*.pl", "*.pm", "*.ex", "*.exs", "*.zig", "*.nim", "*.jl"),
        ),
        code_spans,
        local=True,
    ),
    Format("Markdown", ("*.md", "*.mdx", "*.markdown"), markdown.spans),
    Format("Protocol Buffers", ("*.proto",), native.proto_spans, local=True),
    Format("reStructuredText", ("*.rst",), rst.spans),
    Format("Makefile", ("Makefile", "makefile", "GNUmakefile", "Makefile.*", "*.mk"), shell.spans, local=True),
    Format(
        "Dockerfile",
        ("Dockerfile*", "Containerfile*", "*.Dockerfile", "*.dockerfile"),
        shell.docker_spans,
        local=True,
    ),
    Format("ignore rules", (".dockerignore", "*.dockerignore"), ignorefile.context_spans),
    Format("ignore rules", (".*ignore",), ignorefile.spans),
    Format("git attributes", (".gitattributes",), ignorefile.attribute_spans),
    Format("git modules", (".gitmodules",), gitmodules.spans),
    Format("CODEOWNERS", ("CODEOWNERS",), ignorefile.owner_spans),
    Format("shell script", ("*.sh", "*.bash", "*.zsh", "*.bats", "justfile", "Justfile"), shell.spans, local=True),
    Format("workflow", (".github/workflows/*", ".github/actions/*", ".gitlab-ci.yml"), settings.spans),
    Format("compose file", ("docker-compose*.y*ml", "compose*.y*ml"), settings.spans, local=True),
    Format("linter configuration", (".golangci.*",), settings.spans),
    Format("air configuration", (".air.toml", "air.toml", ".air.*.toml"), settings.toml_spans),
    Format("YAML", ("*.yaml", "*.yml"), settings.spans, local=True),
    Format("TOML", ("*.toml",), settings.toml_spans, local=True),
    Format(
        "JSON",
        ("*.json", "*.jsonc", "*.json5", "*.code-workspace", ".babelrc", ".eslintrc", ".prettierrc", ".swcrc"),
        settings.json_spans,
        local=True,
    ),
    Format(
        "settings",
        ("*.ini", "*.cfg", "*.conf", "*.properties", ".coveragerc", ".flake8", ".pylintrc", ".editorconfig"),
        settings.ini_spans,
        local=True,
    ),
    Format(
        "build file",
        (
            *("CMakeLists.txt", "*.cmake", "meson.build", "pom.xml", "*.csproj", "*.fsproj", "*.vbproj", "*.vcxproj"),
            *("*.props", "*.targets", "*.sln", "*.proj", "nginx*.conf", "*.nginx", "Procfile*", "*.tf", "*.hcl"),
            "Vagrantfile*",
        ),
        patterned.spans,
        local=True,
    ),
    Format(
        "build script",
        ("*.gradle", "*.gradle.kts", "Jenkinsfile*", "*.jenkinsfile", "Tiltfile*", "*.tiltfile"),
        patterned.patterned_code_spans,
        local=True,
    ),
    Format("IDE project", ("*.iml", "*.ipr"), local=True),
    Format("batch file", ("*.bat", "*.cmd", "*.ps1"), shell.spans, local=True),
    Format(
        "web settings",
        (
            *("*.config.js", "*.config.ts", "*.config.mjs", "*.config.cjs", "*.config.mts", "*.conf.js", ".*rc.js"),
            *(".*rc.cjs", "gulpfile.*", "Gruntfile.*", "webpack.*.js", "vite.config.*.ts", "vitest.config.*.ts"),
        ),
        webcode.settings_spans,
        local=True,
    ),
    Format(
        "web source",
        ("*.js", "*.jsx", "*.mjs", "*.cjs", "*.ts", "*.tsx", "*.mts", "*.cts", "*.vue", "*.svelte", "*.css", "*.scss"),
        webcode.spans,
    ),
)
OTHER = Format("text", ("*",))

# Most names are found by a look-up; the few patterns cost a hundred times more.
EXACT = {name: known for known in FORMATS for name in known.names if "*" not in name}
ENDINGS = {name[1:]: known for known in FORMATS for name in known.names if name.rfind("*") == 0}
PATTERNS = [(name, known) for known in FORMATS for name in known.names if name.rfind("*") > 0]


INTERPRETED = re.compile(
    r"#!.*?\b(?:(?P<shell>(?:ba|z|da|k|a)?sh|bats)|(?P<make>make)|(?P<web>node|deno|bun)|python|ruby|perl)\b"
)
"""The interpreter of a script whose name has no ending."""


def format_of(path: str, text: str = "") -> Format:
    """The format of a file, by its name, or by the first line of its text where that has no ending."""
    name = path.rpartition("/")[2]
    known = EXACT.get(name)
    if known is not None:
        return known
    for pattern, known in PATTERNS:
        if fnmatchcase(path if "/" in pattern else name, pattern):
            return known
    engine = engine_of_file(path)
    if engine is not None:
        return code_format(engine)
    *_, before, last = ("", "", *PurePosixPath(name).suffixes)
    return ENDINGS.get(before + last) or ENDINGS.get(last) or interpreted(text)


def code_format(engine: Engine) -> Format:
    """The format of source code that an engine knows."""
    return Format(engine.language, (), engine.references.spans, local=True)


def interpreted(text: str) -> Format:
    """The format of a text whose first line names its interpreter."""
    found = INTERPRETED.match(text)
    if found is None:
        return OTHER
    ending = {"shell": ".sh", "make": ".mk", "web": ".js", None: ".rb"}[found.lastgroup]
    return ENDINGS[ending]
