"""The places of settings that their formats reserve for a path, a command or a name, each with the source that says so.

At such a place a single word is enough. `keys` are the last keys above a value: `*` is any key, a leading `^` the top
of the file. `base` names the value, beside it or above it, that holds the folder from which the path counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class PositionKind(Enum):
    """What stands at a place."""

    PATH = auto()
    MAYBE_PATH = auto()
    """A path where it has a dot or a slash; one word is the name of something else."""
    PAGE = auto()
    """A path, or the title of a page, which is a phrase or a word: `[guide/run.md, Guide, Run reference]`."""
    COMMAND = auto()
    NAME = auto()


@dataclass(frozen=True)
class Position:
    """A place that is reserved."""

    files: tuple[str, ...]
    keys: tuple[str, ...]
    kind: PositionKind = PositionKind.PATH
    base: tuple[str, ...] = ()
    """The keys of the value from whose folder it counts, the nearest first, parted by dots."""
    usual: str = ""
    """That folder if nothing names it."""


COMPOSE = ("docker-compose*.y*ml", "compose*.y*ml", "*.compose.y*ml")
WORKFLOWS = (".github/workflows/*", ".github/actions/*", "action.y*ml", "*.workflow.y*ml")
CI = (
    *WORKFLOWS,
    *(".gitlab-ci*.y*ml", ".gitlab/*", ".circleci/*", "azure-pipelines*.y*ml", ".drone.y*ml", ".woodpecker*"),
    *(".travis.yml", "appveyor.yml", ".buildkite/*", "bitbucket-pipelines.yml", "cloudbuild*.y*ml"),
)
TSCONFIG = ("tsconfig*.json", "jsconfig*.json", "*.tsconfig.json")


def position_of(
    files: str | tuple[str, ...], keys: str, kind: PositionKind = PositionKind.PATH, base: str = "", usual: str = ""
) -> Position:
    """A place, with its words parted by spaces."""
    return Position(
        tuple(files.split()) if isinstance(files, str) else files, tuple(keys.split()), kind, tuple(base.split()), usual
    )


POSITIONS = (
    # https://docs.docker.com/reference/compose-file/build/
    position_of(
        COMPOSE,
        "services.*.build build.context additional_contexts.* env_file env_file.path extends.file "
        "configs.*.file secrets.*.file ^include include.path include.project_directory watch.path",
    ),
    position_of(
        COMPOSE,
        "build.dockerfile",
        base="context",
    ),
    # https://docs.docker.com/reference/compose-file/services/#volumes: without a dot it is the name of a volume
    position_of(
        COMPOSE,
        "services.*.volumes volumes.source",
        PositionKind.MAYBE_PATH,
    ),
    position_of(
        COMPOSE,
        "services.*.image services.*.container_name services.*.hostname build.tags build.cache_from "
        "build.cache_to services.*.networks services.*.depends_on",
        PositionKind.NAME,
    ),
    # https://docs.docker.com/build/bake/reference/#targetcontext
    position_of(
        "docker-bake*.json",
        "target.*.context target.*.dockerfile",
    ),
    # https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax
    position_of(
        WORKFLOWS,
        "working-directory defaults.run.working-directory paths paths-ignore with.path with.file with.context "
        "with.workdir with.working-directory with.cache-dependency-path with.node-version-file "
        "with.go-version-file with.directory with.folder with.publish_dir with.source with.input with.config",
    ),
    position_of(
        WORKFLOWS,
        "steps.run runs.steps.run",
        PositionKind.COMMAND,
        base="working-directory defaults.run.working-directory",
    ),
    position_of(
        WORKFLOWS,
        "with.images with.tags with.repository with.image container.image services.*.image jobs.*.container",
        PositionKind.NAME,
    ),
    # an action of this repository begins with a dot, any other belongs to somebody else
    position_of(
        WORKFLOWS,
        "steps.uses jobs.*.uses",
        PositionKind.MAYBE_PATH,
    ),
    # https://docs.gitlab.com/ci/yaml/, https://circleci.com/docs/configuration-reference/ and their likes
    position_of(
        CI,
        "working_directory workingDirectory workdir artifacts.paths cache.paths changes changes.paths "
        "rules.exists include.local trigger.include store_artifacts.path store_test_results.path "
        "persist_to_workspace.paths save_cache.paths dir artifact_paths",
    ),
    position_of(
        CI,
        "script before_script after_script run run.command command commands install bash steps.script args",
        PositionKind.COMMAND,
        base="working_directory workingDirectory workdir dir",
    ),
    position_of(
        CI,
        "image image.name docker.image services services.name",
        PositionKind.NAME,
    ),
    # https://docs.github.com/code-security/dependabot/working-with-dependabot/dependabot-options-reference
    position_of(
        "dependabot.y*ml",
        "directory directories exclude-paths",
    ),
    # https://docs.npmjs.com/cli/configuring-npm/package-json, https://pnpm.io/pnpm-workspace_yaml, lerna.js.org
    position_of(
        "package.json",
        "workspaces workspaces.packages workspaces.nohoist files main module types typings browser bin bin.* "
        "man directories.* exports.* sideEffects jest.roots jest.rootDir nyc.include lint-staged.*",
    ),
    position_of(
        "package.json",
        "scripts.*",
        PositionKind.COMMAND,
    ),
    position_of(
        "package.json",
        "^name dependencies.* devDependencies.* peerDependencies.* keywords",
        PositionKind.NAME,
    ),
    position_of(
        "pnpm-workspace.yaml",
        "^packages",
    ),
    position_of(
        "lerna.json rush.json nx.json project.json turbo.json workspace.json angular.json",
        "packages packages.* projectFolder projects projects.* root sourceRoot outputs inputs outputPath main "
        "index tsConfig assets styles scripts cwd workspaceLayout.*",
    ),
    # https://www.typescriptlang.org/tsconfig
    position_of(
        TSCONFIG,
        "references.path ^extends ^include ^exclude ^files compilerOptions.baseUrl compilerOptions.outDir "
        "compilerOptions.rootDir compilerOptions.rootDirs compilerOptions.paths.* "
        "compilerOptions.declarationDir compilerOptions.typeRoots compilerOptions.tsBuildInfoFile "
        "compilerOptions.outFile",
    ),
    # https://code.visualstudio.com/docs/editor/variables-reference and launch and task schemas, devcontainers.github.io
    position_of(
        ".vscode/*.json *.code-workspace",
        "cwd program args env.* folders.path options.cwd outFiles webRoot localRoot sourceMaps envFile runtimeArgs",
    ),
    position_of(
        "devcontainer.json .devcontainer.json",
        "build.context build.dockerfile build.dockerFile dockerFile context dockerComposeFile",
    ),
    # https://docs.netlify.com/configure-builds/file-based-configuration/ and other hosts
    position_of(
        "netlify.toml",
        "build.base build.publish build.functions build.edge_functions functions.*.included_files functions.directory",
    ),
    position_of(
        "netlify.toml",
        "build.command build.ignore context.*.command",
        PositionKind.COMMAND,
        base="base",
    ),
    position_of(
        "vercel.json now.json",
        "rootDirectory outputDirectory builds.src",
    ),
    position_of(
        "vercel.json",
        "buildCommand installCommand ignoreCommand",
        PositionKind.COMMAND,
    ),
    position_of(
        "firebase.json",
        "public hosting.public functions.source rules",
    ),
    position_of(
        "render.yaml",
        "rootDir staticPublishPath dockerfilePath dockerContext buildFilter.paths",
    ),
    position_of(
        "fly.toml",
        "build.dockerfile",
    ),
    position_of(
        "wrangler.toml",
        "main site.bucket assets.directory",
    ),
    # https://www.mkdocs.org/user-guide/configuration/, docs.readthedocs.com, docusaurus, antora
    position_of(
        "mkdocs.y*ml",
        "docs_dir site_dir theme.custom_dir custom_dir hooks INHERIT",
    ),
    position_of(
        "mkdocs.y*ml",
        "nav nav.* nav.*.* nav.*.*.* pages pages.* pages.*.*",
        PositionKind.PAGE,
        base="docs_dir",
        usual="docs",
    ),
    position_of(
        "mkdocs.y*ml",
        "extra_css extra_javascript theme.logo theme.favicon exclude_docs",
        base="docs_dir",
        usual="docs",
    ),
    position_of(
        ".readthedocs.y*ml readthedocs.y*ml",
        "configuration requirements python.install.path path",
    ),
    # https://buf.build/docs/configuration/
    position_of(
        "buf*.yaml",
        "modules.path modules.includes modules.excludes build.roots roots excludes lint.ignore "
        "breaking.ignore lint.ignore_only.* breaking.ignore_only.* ignore inputs.directory plugins.out "
        "directories out directory",
    ),
    position_of(
        "buf*.yaml",
        "deps ^name modules.name plugins.remote",
        PositionKind.NAME,
    ),
    # https://github.com/containerd/protobuild: prefixes of import paths, and places from the top
    position_of(
        "Protobuild.toml",
        "includes.before includes.after includes.vendored includes.packages overrides.prefixes "
        "descriptors.prefix descriptors.target descriptors.ignore_files",
    ),
    # https://goreleaser.com/customization/, https://golangci-lint.run/docs/configuration/, github.com/air-verse/air
    position_of(
        ".goreleaser*.y*ml goreleaser*.y*ml",
        "builds.dir builds.main main dir dockerfile dockers.dockerfile extra_files extra_files.glob "
        "archives.files files files.src nfpms.contents.src contents.src",
    ),
    position_of(
        ".goreleaser*.y*ml goreleaser*.y*ml",
        "hooks hooks.* hooks.*.cmd builds.ldflags ldflags",
        PositionKind.COMMAND,
    ),
    position_of(
        ".goreleaser*.y*ml goreleaser*.y*ml",
        "image_templates",
        PositionKind.NAME,
    ),
    position_of(
        ".golangci.*",
        "path paths path-except exclude-dirs skip-dirs exclude-files files paths-except source-path",
    ),
    position_of(
        ".air.toml air.toml .air.*.toml",
        "build.cmd build.full_bin build.pre_cmd build.post_cmd",
        PositionKind.COMMAND,
    ),
    position_of(
        ".air.toml air.toml .air.*.toml",
        "root tmp_dir testdata_dir build.bin build.include_dir build.exclude_dir build.include_file "
        "build.exclude_file build.exclude_regex build.log",
    ),
    # https://skaffold.dev/docs/references/yaml/, https://docs.tilt.dev, https://kubectl.docs.kubernetes.io/references/kustomize/
    position_of(
        "skaffold*.yaml",
        "context artifacts.context requires.path configs.path manifests.rawYaml manifests.kustomize.paths "
        "chartPath valuesFiles helm.releases.chartPath",
    ),
    position_of(
        "skaffold*.yaml",
        "dockerfile",
        base="context",
    ),
    position_of(
        "skaffold*.yaml",
        "artifacts.image image",
        PositionKind.NAME,
    ),
    position_of(
        "kustomization.y*ml",
        "resources bases components patches.path patchesStrategicMerge configMapGenerator.files "
        "secretGenerator.files configMapGenerator.envs crds transformers generators",
    ),
    # https://helm.sh/docs/helm/helm_dependency/: file:// counts from the chart
    position_of(
        "Chart.yaml",
        "dependencies.repository",
        PositionKind.MAYBE_PATH,
    ),
    # https://docs.sqlc.dev/en/latest/reference/config.html, https://gqlgen.com/config/, https://vektra.github.io/mockery/
    position_of(
        "sqlc.y*ml sqlc.json",
        "schema queries out path",
    ),
    position_of(
        "gqlgen.y*ml",
        "schema exec.filename exec.dir model.filename resolver.dir resolver.filename federation.filename",
    ),
    position_of(
        ".mockery.y*ml",
        "dir output filename",
    ),
    # https://taskfile.dev, https://pre-commit.com, https://lefthook.dev, just
    position_of(
        "Taskfile*.y*ml taskfile*.y*ml",
        "dir includes.* includes.*.taskfile includes.*.dir sources generates dotenv",
    ),
    position_of(
        "Taskfile*.y*ml taskfile*.y*ml",
        "cmds cmds.cmd cmd sh vars.*.sh deps.cmd preconditions preconditions.sh status",
        PositionKind.COMMAND,
        base="dir",
    ),
    position_of(
        ".pre-commit-config.yaml",
        "files exclude",
    ),
    position_of(
        ".pre-commit-config.yaml",
        "entry args",
        PositionKind.COMMAND,
    ),
    position_of(
        "lefthook*.y*ml",
        "root",
    ),
    position_of(
        "lefthook*.y*ml",
        "run",
        PositionKind.COMMAND,
        base="root",
    ),
    position_of(
        "codecov.y*ml .codecov.y*ml",
        "ignore paths flags.*.paths",
    ),
    position_of(
        "labeler.y*ml",
        "changed-files.* any-glob-to-any-file all-globs-to-all-files *",
    ),
    position_of(
        "renovate.json* .renovaterc*",
        "includePaths ignorePaths matchFileNames matchPaths fileMatch",
    ),
    position_of(
        "release-please-config.json",
        "packages extra-files extra-files.path",
    ),
    # Modules, as an import statement names them: of setuptools and mypy (hatch and poetry take paths there).
    position_of(
        "pyproject.toml",
        "setuptools.packages setuptools.py-modules mypy.packages mypy.modules overrides.module",
        PositionKind.NAME,
    ),
    # https://packaging.python.org, https://docs.pytest.org, setuptools, hatch, ruff, mypy, coverage
    position_of(
        "pyproject.toml",
        "testpaths packages packages.include packages.from include exclude src extend-exclude "
        "per-file-ignores.* files mypy_path source omit where package-dir.* norecursedirs pythonpath "
        "known-first-party.path readme readme.file only-include sources force-include.* version.path "
        "license.file path",
    ),
    position_of(
        "setup.cfg tox.ini pytest.ini .coveragerc mypy.ini .flake8 .pylintrc",
        "testpaths changedir toxinidir source omit include exclude files mypy_path where norecursedirs "
        "pythonpath filename per-file-ignores",
    ),
    position_of(
        "tox.ini",
        "commands commands_pre allowlist_externals",
        PositionKind.COMMAND,
        base="changedir",
    ),
    # https://doc.rust-lang.org/cargo/reference/manifest.html
    position_of(
        "Cargo.toml",
        "workspace.members workspace.exclude workspace.default-members path readme build include exclude license-file",
    ),
    # https://maven.apache.org and others that list their modules are XML or code, and read as text
    position_of(
        ".gitlab-ci*.y*ml",
        "include",
    ),
    position_of(
        "sonar-project.properties",
        "*",
    ),
)
