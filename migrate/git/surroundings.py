"""What tools find that look for their settings upwards from where they run.

`go` looks for go.mod and go.work in every folder above, node for node_modules, pytest for pyproject.toml, and so on. A
commit that is validated must not be decided by such a file of somebody else.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from migrate.git.files import remove

SUFFIXES = ("", ".js", ".cjs", ".mjs", ".ts", ".json", ".yaml", ".yml", ".toml")
SETTINGS_FILES = ("babel", "commitlint", "eslint", "jest", "lintstaged", "postcss", "prettier", "stylelint", "svelte")
"""Tools of node that read `.<name>rc` and `<name>.config`, in one of several languages."""

FOUND_UPWARDS = (
    *(".git", ".hg", ".jj", ".svn"),
    *("go.mod", "go.work", ".golangci.yml", ".golangci.yaml", ".golangci.toml", ".golangci.json"),
    *("package.json", "node_modules", "tsconfig.json", "jsconfig.json", ".pnp.cjs", ".yarnrc.yml", "yarn.lock"),
    *("pnpm-workspace.yaml", "lerna.json", "nx.json", "turbo.json", "rush.json", "biome.json", "biome.jsonc"),
    *("deno.json", "deno.jsonc", ".browserslistrc", ".eslintignore", ".swcrc"),
    *(f".{name}rc{suffix}" for name in SETTINGS_FILES for suffix in SUFFIXES),
    *(f"{name}.config{suffix}" for name in SETTINGS_FILES for suffix in SUFFIXES if suffix),
    *("pyproject.toml", "setup.cfg", "setup.py", "tox.ini", "pytest.ini", ".pytest.ini", "conftest.py", "mypy.ini"),
    *(".mypy.ini", "ruff.toml", ".ruff.toml", ".flake8", ".pylintrc", "pylintrc", "uv.toml", "Pipfile", "pixi.toml"),
    *("pyrightconfig.json", ".isort.cfg", ".coveragerc", ".venv", ".yamllint", ".yamllint.yaml", ".yamllint.yml"),
    *("Cargo.toml", "rustfmt.toml", ".rustfmt.toml", "clippy.toml", ".clippy.toml", "CMakePresets.json"),
    *(".clang-format", ".clang-tidy", ".clangd", "compile_commands.json", "WORKSPACE", "WORKSPACE.bazel"),
    *("MODULE.bazel", "REPO.bazel", ".buckconfig", "pants.toml", "meson.build", "BUILD_ROOT"),
    *("settings.gradle", "settings.gradle.kts", "pom.xml", ".mvn", "build.sbt", "Gemfile", "Rakefile", ".rubocop.yml"),
    *("composer.json", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json"),
    *("NuGet.Config", "nuget.config", "cabal.project", "stack.yaml", "dune-project", "dune-workspace", "mix.exs"),
    *("flake.nix", "Taskfile.yml", "Taskfile.yaml", "justfile", "Justfile", ".justfile", "buf.work.yaml"),
    *("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml", ".env", ".editorconfig"),
    *(".shellcheckrc", ".luacheckrc", ".stylua.toml", "stylua.toml", ".swiftlint.yml", ".swiftformat"),
)
"""Left out is what says which version of a language a person works with, such as `.tool-versions`, and what tools read
from the home folder wherever they run, such as `.npmrc`: that is the person's environment, not another project."""

SKIPPED = frozenset({".git", ".hg", ".svn", "node_modules"})
"""Folders of which tools leave out everything, however deep it is and wherever they were started."""


def found_above(folder: Path) -> Path | None:
    """What a tool in a folder below `folder` would find, looking upwards, or a part of the path that tools skip.

    `folder` need not be there yet.
    """
    for place in (folder, *folder.parents):
        if place.name in SKIPPED:
            return place
        if (found := next(project_files(place), None)) is not None:
            return found
    return None


def project_files(folder: Path) -> Iterator[Path]:
    """What of a folder tools below it find."""
    # Asked for by name, because a folder that can be passed need not be one that can be listed.
    return (folder / name for name in FOUND_UPWARDS if os.path.lexists(folder / name))


def sweep(folder: Path) -> None:
    """Remove what tools would find in a folder of ours, as a command leaves it that writes to `..`."""
    for found in project_files(folder):
        remove(found)
