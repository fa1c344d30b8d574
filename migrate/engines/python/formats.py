"""Finds names of modules in files that are not Python code, where the format says so: settings, commands, docs.

https://packaging.python.org/en/latest/specifications/pyproject-toml/, https://setuptools.pypa.io/en/latest/userguide/,
https://mypy.readthedocs.io/en/stable/config_file.html, https://coverage.readthedocs.io/en/latest/config.html,
https://docs.pytest.org/en/stable/reference/reference.html#command-line-flags, https://import-linter.readthedocs.io,
https://www.sphinx-doc.org/en/master/usage/domains/python.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename

NAME = r"(?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)"
START = r"(?<![\w./~$-])"
END = r"(?![\w/-]|\.\w*/)"

_COMMANDS = [
    rf"""\bpython[\w.]*["']?,?(?:[ \t]+-[A-Za-ln-z]\w*(?:[ \t]+[\w:=.]+)??)*?[ \t"',\[]+-m[ \t"',]+{NAME}{END}""",
    rf"""["']-m["'],[ \t]*["']{NAME}{END}""",
    rf"""\b(?:coverage|kernprof|trace)[ \t]+run[ \t][^\n]*?-m[ \t]+{NAME}{END}""",
    rf"""\b(?:py\.?test|addopts)\b[^\n]*?(?:--pyargs|[ \t"']-p|--cov)[ \t=]+{NAME}{END}""",
    rf"""\b(?:mypy|pylint|pydoc3?)\b[^\n]*?[ \t](?:-p|-m|--package|--module)[ \t=]+{NAME}{END}""",
    rf"""\b(?:uvicorn|gunicorn|hypercorn|daphne|waitress-serve|granian)\b[^\n]*?[ \t"',]{NAME}(?=:\w)""",
    rf"""\b(?:celery|flask|uvicorn|dramatiq|huey_consumer|arq|faust)\b[^\n]*?(?:-A|--app)[ \t=]+{NAME}{END}""",
    rf"""\b(?:DJANGO_SETTINGS_MODULE|FLASK_APP|CELERY_APP)["']?[ \t]*[=:][ \t]*["']?{NAME}{END}""",
    rf"""\bpython[\w.]*[ \t]+-c[ \t]+["']\s*(?:import|from)[ \t]+{NAME}{END}""",
]
COMMAND = [re.compile(pattern) for pattern in _COMMANDS]
"""Commands in Makefiles, workflows, Dockerfiles and pages."""

DOCS = [
    re.compile(rf"^[ \t]*\.\.[ \t]+(?:py:)?(?:auto)?(?:current)?(?:module|class|function|exception|method|data|"
               rf"attribute|decorator|property|summary)::[ \t]+{NAME}{END}", re.MULTILINE),
    re.compile(rf":(?:py:)?(?:mod|class|func|meth|exc|attr|data|obj|const|deco):`(?:[^`<\n]*<)?[~!]?{NAME}{END}"),
    re.compile(rf"\{{(?:py:)?(?:mod|class|func|meth|exc|attr|data|obj|const)\}}`(?:[^`<\n]*<)?[~!]?{NAME}{END}"),
    re.compile(rf"^:::[ \t]+{NAME}{END}", re.MULTILINE),
]  # fmt: skip
"""Roles and directives of Sphinx, MyST and mkdocstrings."""

SETTINGS = re.compile(
    r"project\.(?:gui-)?scripts\..*|project\.entry-points\..*|tool\.poetry\.(?:scripts|plugins)\..*"
    r"|tool\.mypy\.overrides\.module|tool\.mypy\.(?:packages|modules|plugins)|mypy\.(?:packages|modules|plugins)"
    r"|(?:tool\.coverage\.|coverage:)?run\.(?:source|source_pkgs|plugins)"
    r"|(?:tool\.)?isort\..*(?:known|first_party).*|tool\.ruff\..*known-first-party"
    r"|(?:tool\.)?setuptools\.(?:packages(?:\.find\.(?:include|exclude))?|py-modules)"
    r"|tool\.setuptools\.dynamic\..*|metadata\.version"
    r"|options\.(?:packages(?:\.find\.(?:include|exclude))?|py_modules)"
    r"|options\.entry_points\..*|tool\.flit\.(?:module|metadata)\..*"
    r"|(?:tool\.)?importlinter.*\.(?:root_packages?|layers|modules|containers|\w*_modules|ignore_imports)"
    r"|(?:tool\.pytest\.ini_options|pytest|tool:pytest)\.(?:DJANGO_SETTINGS_MODULE|django_settings_module)"
    r"|(?:tool\.)?django-stubs\..*|build-system\.build-backend|tool\.pyright\..*|tool\.celery\..*"
)
"""The keys of TOML and INI files whose values name modules, each after its section."""

KEYED = re.compile(r"options\.(?:exclude_)?package_data|tool\.setuptools\.(?:(?:exclude-)?package-data|package-dir)")
"""The sections whose keys name packages."""

_SECTION = re.compile(r"^[ \t]*\[\[?[ \t]*([^\]\n]+?)[ \t]*\]\]?[ \t]*(?:[#;].*)?$")
_KEY = re.compile(r"""^(?P<indent>[ \t]*)["']?(?P<key>[\w.:-]+)["']?[ \t]*(?P<sign>[=:])[ \t]*""")
_MYPY_SECTION = re.compile(rf"^\[mypy-(?:[\w.*]+,)*?{NAME}(?=[.,\]])", re.MULTILINE)
_TOKEN = re.compile(START + NAME + END)


def module_names(path: str, text: str) -> Iterator[tuple[int, str]]:
    """Each name of a module in a file, and where it begins."""
    found: dict[int, str] = {}
    for pattern in [*COMMAND, *DOCS]:
        found |= {match.start("name"): match["name"] for match in pattern.finditer(text)}
    if path.endswith(".toml"):
        found |= dict(_in_settings(text, is_toml=True))
    elif path.endswith((".cfg", ".ini")) or basename(path) in {".coveragerc", ".isort.cfg", ".importlinter"}:
        found |= dict(_in_settings(text, is_toml=False))
        found |= {match.start("name"): match["name"] for match in _MYPY_SECTION.finditer(text)}
    return iter(sorted(found.items()))


def _in_settings(text: str, *, is_toml: bool) -> Iterator[tuple[int, str]]:
    section, key, offset = "", "", 0
    for line in text.splitlines(keepends=True):
        value = 0
        if (header := _SECTION.match(line.rstrip("\r\n"))) is not None:
            section, key, value = re.sub(r"[\"' ]", "", header[1]), "", len(line)
        elif (found := _KEY.match(line)) is not None and (is_toml or not found["indent"] or "entry_points" in section):
            key, value = found["key"], found.end()
            if KEYED.fullmatch(section):
                yield offset + found.start("key"), key
        if key and SETTINGS.fullmatch(f"{section}.{key}") and not line.lstrip().startswith(("#", ";")):
            # The module follows the name of the entry point.
            value = max(value, line.find("=", value) + 1) if "entry_points" in section else value
            for match in _TOKEN.finditer(line, value):
                yield offset + match.start("name"), match["name"]
        offset += len(line)
