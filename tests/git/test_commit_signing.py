"""Signing commits that are written already."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from migrate.errors import GitFailedError
from migrate.git.commit_signing import sign_commits, signing_failure

if TYPE_CHECKING:
    from tests.conftest import Sandbox

PROGRAM = """\
#!/bin/sh
cat > /dev/null
echo "[GNUPG:] SIG_CREATED D" >&2
printf -- '-----BEGIN PGP SIGNATURE-----\\nx\\n-----END PGP SIGNATURE-----\\n'
"""
SIGNATURE = "gpgsig -----BEGIN PGP SIGNATURE-----\n x\n -----END PGP SIGNATURE-----\n"


@pytest.fixture
def signing(repo: Sandbox, tmp_path: Path) -> Sandbox:
    """A repository of which the commits are to be signed, with one commit that is not."""
    program = tmp_path / "program"
    program.write_text(PROGRAM)
    program.chmod(0o755)
    repo.commit("base", {"a": "a\n"})
    repo.git("config", "gpg.program", str(program))
    repo.git("config", "commit.gpgSign", "yes")
    return repo


def written(repo: Sandbox, raw: str, encoding: str = "utf-8") -> str:
    """Store a commit; `{tree}` and `{base}` are filled in."""
    filled = raw.format(tree=repo.git("rev-parse", "HEAD^{tree}"), base=repo.git("rev-parse", "HEAD"))
    file = repo.path / ".git/raw"
    file.write_bytes(filled.encode(encoding))
    return repo.git("hash-object", "-t", "commit", "-w", str(file))


def raw(repo: Sandbox, oid: str) -> bytes:
    """A commit as it is stored."""
    return repo.repository.objects.blob(oid)


COMMIT = "tree {tree}\nparent {base}\nauthor Ann <ann@x> 86400 +0545\ncommitter Bob B. Bobsen <> 99999 -0330\n"


def test_the_commit_of_somebody_else_is_signed_with_its_authors_and_dates(signing: Sandbox) -> None:
    plain = written(signing, COMMIT + "\nTitle\n\n\n# kept\n  \nno line feed behind this")
    [made] = sign_commits(signing.repository, [plain])
    before, after = raw(signing, plain).decode(), raw(signing, made).decode()
    assert after == before.replace("\n\nTitle", "\n" + SIGNATURE + "\nTitle")


def test_a_commit_in_another_encoding_keeps_it_byte_by_byte(signing: Sandbox) -> None:
    plain = written(signing, COMMIT + "encoding ISO-8859-1\n\nHöre\n", "latin-1")
    [made] = sign_commits(signing.repository, [plain])
    assert raw(signing, made).endswith(b"\n\nH\xf6re\n")
    assert b"\nencoding ISO-8859-1\n" in raw(signing, made)


def test_parents_among_the_commits_are_replaced_and_others_stay(signing: Sandbox) -> None:
    base = signing.git("rev-parse", "HEAD")
    first = written(signing, COMMIT + "\nfirst\n")
    second = written(signing, COMMIT.replace("{base}", first) + "\nsecond\n")
    merge = written(signing, COMMIT.replace("{base}", f"{second}\nparent {{base}}") + "\nmerge\n")
    made = sign_commits(signing.repository, [first, second, merge])
    parents = [signing.git("log", "-1", "--format=%P", oid).split(" ") for oid in made]
    assert parents == [[base], [made[0]], [made[1], base]]
    assert signing.git("cat-file", "commit", base).count("gpgsig") == 0


def test_who_signs_nothing_gets_the_same_commits(signing: Sandbox) -> None:
    commits = [written(signing, COMMIT + "\nfirst\n")]
    signing.git("config", "commit.gpgSign", "no")
    assert sign_commits(signing.repository, commits) == commits
    signing.git("config", "--unset", "commit.gpgSign")
    assert sign_commits(signing.repository, commits) == commits
    assert sign_commits(signing.repository, []) == []


def test_a_failure_is_said_in_one_line_that_cannot_move_the_cursor(signing: Sandbox) -> None:
    assert signing_failure("error: no \x1b[2J key\n\nfatal: failed to write\n") == r"no \x1b[2J key; failed to write"
    signing.git("config", "gpg.program", "false")
    with pytest.raises(GitFailedError, match=r"^a commit cannot be signed, so it was not made: gpg failed to sign"):
        sign_commits(signing.repository, [written(signing, COMMIT + "\nfirst\n")])
