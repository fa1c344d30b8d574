"""The places that are reserved in files without keys, each with the source that says so."""

from __future__ import annotations

import re
from dataclasses import dataclass

from migrate.engines.references.rewrite.positions import WORKFLOWS, PositionKind


@dataclass(frozen=True)
class Spelling:
    """A place in files that have no keys: what stands in the group of the expression."""

    files: tuple[str, ...]
    expression: re.Pattern[str]
    kind: PositionKind = PositionKind.PATH


def spelling(files: str, expression: str, kind: PositionKind = PositionKind.PATH) -> Spelling:
    """A place of these files, whose names are parted by spaces."""
    return Spelling(tuple(files.split()), re.compile(expression, re.MULTILINE), kind)


SPELLINGS = (
    # https://docs.github.com/actions/reference/workflows-and-actions/expressions#hashfiles
    Spelling(WORKFLOWS, re.compile(r"\bhashFiles\(\s*'([^'\n]+)'")),
    Spelling(WORKFLOWS, re.compile(r"\bhashFiles\([^()\n]*',\s*'([^'\n]+)'")),
    # https://cmake.org/cmake/help/latest/manual/cmake-commands.7.html, https://mesonbuild.com/Reference-manual_functions.html
    spelling(
        "CMakeLists.txt *.cmake",
        r"\b(?:add_subdirectory|include_directories|link_directories|configure_file|install\s*\(\s*DIRECTORY)\s*\(?\s*"
        r"([^)\s][^)]*)",
    ),
    spelling("meson.build", r"\b(?:subdir|files|include_directories|configure_file)\s*\(\s*['\"]([^'\"\n]+)"),
    # https://docs.gradle.org/current/userguide/working_with_files.html
    spelling(
        "*.gradle *.gradle.kts",
        r"\b(?:file|files|fileTree|dir|from|into|srcDirs?|apply from:)\s*\(?\s*['\"]([^'\"\n]+)",
    ),
    # https://www.jenkins.io/doc/pipeline/steps/workflow-basic-steps/
    spelling(
        "Jenkinsfile* *.jenkinsfile", r"\b(?:dir|archiveArtifacts|stash|readFile|fileExists)\s*\(?\s*['\"]([^'\"\n]+)"
    ),
    spelling(
        "Jenkinsfile* *.jenkinsfile",
        r"\b(?:sh|bat|powershell)\s*\(?\s*(?:script:\s*)?['\"]{1,3}([^'\"]+)",
        PositionKind.COMMAND,
    ),
    # https://maven.apache.org/pom.html
    spelling("pom.xml", r"<(?:module|\w*[dD]irectory|relativePath|outputFile|inputSpec)>\s*([^<\s]+)"),
    # https://learn.microsoft.com/visualstudio/msbuild/msbuild-items
    spelling(
        "*.csproj *.fsproj *.vbproj *.vcxproj *.props *.targets *.sln *.proj",
        r"\b(?:Include|Project|Update|Remove|HintPath|Exclude)=\"([^\"\n]+)|^Project\([^)]*\)[^,\n]*,\s*\"([^\"\n]+)",
    ),
    # https://nginx.org/en/docs/http/ngx_http_core_module.html#root, https://devcenter.heroku.com/articles/procfile
    spelling("nginx*.conf *.nginx", r"^\s*(?:root|alias|include)\s+([^;\s]+)"),
    spelling("Procfile*", r"^[\w-]+:[ \t]*([^\n]+)", PositionKind.COMMAND),
    # https://developer.hashicorp.com/terraform/language/modules/sources: without a dot it is one of a registry
    spelling("*.tf *.hcl", r"\bsource\s*=\s*\"(\.[^\"\n]*)|\b(?:file|templatefile|filebase64|fileset)\(\"([^\"\n]+)"),
    # https://docs.docker.com/build/bake/reference/#targetcontext
    spelling("docker-bake*.hcl", r"\b(?:context|dockerfile)\s*=\s*\"([^\"\n]+)"),
    # https://docs.tilt.dev/api.html, https://developer.hashicorp.com/vagrant/docs/synced-folders
    spelling(
        "Tiltfile* *.tiltfile",
        r"\b(?:docker_build|custom_build)\([^,\n]*,\s*['\"]([^'\"\n]+)|\b(?:k8s_yaml|load|include|read_file|"
        r"docker_compose|helm|kustomize|watch_file|sync)\(\s*['\"]([^'\"\n]+)",
    ),
    spelling("Vagrantfile*", r"\bsynced_folder\s+['\"]([^'\"\n]+)"),
)
