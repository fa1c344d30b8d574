"""Take from GitHub's own description of its API the calls that `submit` makes, and write them beside this file.

npm pack @octokit/openapi && tar xzf octokit-openapi-*.tgz
python tests/forges/schema/extract.py package/generated/api.github.com.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

REPOSITORY = "/repos/{owner}/{repo}"
WANTED = {
    "/user": ("get",),
    f"{REPOSITORY}/pulls": ("get", "post"),
    f"{REPOSITORY}/pulls/{{pull_number}}": ("get", "patch"),
    f"{REPOSITORY}/pulls/{{pull_number}}/merge": ("put",),
    f"{REPOSITORY}/pulls/{{pull_number}}/merge-async": ("put",),
    f"{REPOSITORY}/pulls/{{pull_number}}/requested_reviewers": ("post",),
    f"{REPOSITORY}/pulls/{{pull_number}}/reviews": ("get",),
    f"{REPOSITORY}/issues/{{issue_number}}": ("patch",),
    f"{REPOSITORY}/issues/{{issue_number}}/comments": ("get", "post"),
    f"{REPOSITORY}/issues/{{issue_number}}/labels": ("post",),
    f"{REPOSITORY}/issues/{{issue_number}}/assignees": ("post",),
    f"{REPOSITORY}/issues/comments/{{comment_id}}": ("patch", "delete"),
    f"{REPOSITORY}/milestones": ("get",),
    f"{REPOSITORY}/statuses/{{sha}}": ("post",),
    f"{REPOSITORY}/commits/{{ref}}/status": ("get",),
    f"{REPOSITORY}/git/refs/{{ref}}": ("delete",),
    f"{REPOSITORY}/stacks": ("get", "post"),
    f"{REPOSITORY}/stacks/{{stack_number}}/add": ("post",),
}
PROSE = ("description", "summary", "example", "examples", "externalDocs", "x-github", "tags", "title")


def trimmed(value: Any, *, names: bool = False) -> Any:
    """A description without prose; `names` says that the keys are names and not words of OpenAPI."""
    if isinstance(value, dict):
        kept = {key: each for key, each in value.items() if names or key not in PROSE}
        return {key: trimmed(each, names=key in ("properties", "schemas", "responses")) for key, each in kept.items()}
    return [trimmed(each) for each in value] if isinstance(value, list) else value


def references(value: Any) -> set[str]:
    """What a value refers to."""
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*map(references, value.values()))
    return set().union(*map(references, value)) if isinstance(value, list) else set()


def main(source: Path) -> None:
    """Write `github.json`."""
    whole = json.loads(source.read_text())
    paths = {path: {m: trimmed(whole["paths"][path][m]) for m in methods} for path, methods in WANTED.items()}
    found: dict[str, Any] = {"openapi": whole["openapi"], "info": {"version": whole["info"]["version"]}, "paths": paths}
    found["components"] = {}
    left = references(paths)
    while left:
        reference = left.pop()
        _, _, kind, name = reference.split("/")
        if name not in found["components"].setdefault(kind, {}):
            value = trimmed(whole["components"][kind][name])
            found["components"][kind][name] = value
            left |= references(value)
    text = json.dumps(found, sort_keys=True, separators=(",", ":"))
    (Path(__file__).parent / "github.json").write_text(text + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
