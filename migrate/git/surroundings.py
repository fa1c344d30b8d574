"""The files that tools find when they search for their settings in the folders above.

`go` looks for go.mod and go.work in every folder above, node for node_modules, pytest for pyproject.toml, and so on.
Such a file of somebody else must not affect the validation of a commit.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from migrate.git.files import remove_tree

PROJECT_FILES = """
.git .hg .jj .svn .editorconfig .env .ignore .rgignore
go.mod go.work .golangci.yml .golangci.yaml .golangci.toml .golangci.json
package.json node_modules tsconfig.json jsconfig.json .pnp.cjs .yarnrc.yml yarn.lock pnpm-workspace.yaml lerna.json
nx.json turbo.json rush.json biome.json biome.jsonc deno.json deno.jsonc .browserslistrc .eslintignore .swcrc .jshintrc
pyproject.toml setup.cfg setup.py tox.ini pytest.ini .pytest.ini conftest.py mypy.ini .mypy.ini ruff.toml .ruff.toml
.flake8 .pylintrc pylintrc .isort.cfg .coveragerc pyrightconfig.json uv.toml Pipfile pixi.toml .venv .sqlfluff
.yamllint .yamllint.yaml .yamllint.yml dbt_project.yml
Cargo.toml rustfmt.toml .rustfmt.toml clippy.toml .clippy.toml
.clang-format .clang-tidy .clangd compile_commands.json build.zig
Package.swift .swift-format .swiftformat .swiftlint.yml
WORKSPACE WORKSPACE.bazel MODULE.bazel REPO.bazel .buckconfig pants.toml BUILD_ROOT
settings.gradle settings.gradle.kts pom.xml .mvn Gemfile Rakefile .rubocop.yml
composer.json phpcs.xml .phpcs.xml phpcs.xml.dist .phpcs.xml.dist psalm.xml
Directory.Build.props Directory.Build.targets Directory.Packages.props global.json NuGet.Config nuget.config
cabal.project stack.yaml dune-project dune-workspace elm.json gleam.toml .clj-kondo analysis_options.yaml
foundry.toml Anchor.toml Move.toml flake.nix devbox.json dagger.json buf.work.yaml
Taskfile.yml Taskfile.yaml justfile Justfile .justfile
compose.yaml compose.yml docker-compose.yaml docker-compose.yml
.shellcheckrc .luacheckrc .stylua.toml stylua.toml .vale.ini typos.toml _typos.toml .typos.toml
"""
TOOLS_OF_NODE = "babel commitlint eslint jest lintstaged postcss prettier remark stylelint svelte hardhat"
"""Tools that read `.<tool>rc` or `<tool>.config` in one of several languages."""
LANGUAGES = ("", ".js", ".cjs", ".mjs", ".ts", ".json", ".yaml", ".yml", ".toml")

FOUND_UPWARDS = frozenset(PROJECT_FILES.split()).union(
    *({f".{tool}rc{end}", f"{tool}.config{end}"} for tool in TOOLS_OF_NODE.split() for end in LANGUAGES)
)
"""Left out is what says which version of a language a person works with, such as `.tool-versions`, and what tools read
from the home folder wherever they run, such as `.npmrc`: that is the person's environment, not another project."""

SKIPPED = frozenset({".git", ".hg", ".svn", "node_modules"})
"""Folders whose content tools skip, however deep it is and wherever they start."""


def found_above(folder: Path) -> Path | None:
    """The file that a tool in a folder below `folder` would find above it, or a part of the path that tools skip.

    `folder` need not exist yet.
    """
    for place in (folder, *folder.parents):
        if place.name in SKIPPED:
            return place
        if (found := next(project_files(place), None)) is not None:
            return found
    return None


def project_files(folder: Path) -> Iterator[Path]:
    """The files of a folder that tools below it find."""
    try:
        there = FOUND_UPWARDS.intersection(os.listdir(folder))  # noqa: PTH208  Names are enough, and far faster.
    except PermissionError:
        # A folder that can be entered cannot always be listed.
        there = frozenset(name for name in FOUND_UPWARDS if os.path.lexists(folder / name))
    except OSError:
        there = frozenset()
    return (folder / name for name in sorted(there))


def sweep(folder: Path) -> None:
    """Remove files that tools would find in a folder of ours, left by commands that write to `..`."""
    for found in project_files(folder):
        remove_tree(found)
