"""What the signature of a receipt is worth: by git, by a file of allowed signers, and by whom the receipt names."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from migrate.git.attestation import CheckedSignature
from migrate.plan.validation import Validation
from migrate.validation.receipt import Receipt, Signature, approval_receipt
from migrate.validation.signatures import allowed_signers, check_signatures, signature_worth, with_signature
from tests.conftest import Sandbox

SMOKE = Validation("smoke", manual="Log in.")
ADA = "Ada Lovelace <ada@example.com>"
GPG = """\
#!/bin/sh
if test "$*" != "${*#*--verify}"; then
  printf '[GNUPG:] NEWSIG\\n[GNUPG:] GOODSIG 0123456789ABCDEF Ada <ada@example.com>\\n'
  printf '[GNUPG:] VALIDSIG %s 2026-11-30 1 0 4 0 22 10 00 %s\\n[GNUPG:] TRUST_UNDEFINED 0 pgp\\n' FEED FACE
  exit 0
fi
cat > /dev/null
echo "[GNUPG:] SIG_CREATED D" >&2
printf -- '-----BEGIN PGP SIGNATURE-----\\n\\nx\\n-----END PGP SIGNATURE-----\\n'
"""


@pytest.fixture
def key(repo: Sandbox, tmp_path: Path) -> str:
    """A public key of ssh with which git signs here."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(tmp_path / "key")], check=True)
    repo.git("config", "--global", "gpg.format", "ssh")
    repo.git("config", "--global", "user.signingkey", str(tmp_path / "key"))
    return (tmp_path / "key.pub").read_text().strip()


@pytest.fixture
def approved(repo: Sandbox) -> Callable[[], Receipt]:
    """An approval, signed as git is told to."""
    tree = repo.repository.tree_of(repo.commit("x", {"file": "x"}))

    def made() -> Receipt:
        receipt = approval_receipt(SMOKE, tree, "c" * 40, who=ADA, note='"quoted" und schön', phase="p01")
        return with_signature(repo.repository, "m", receipt)

    return made


def test_a_signature_is_of_everything_that_a_receipt_says(
    repo: Sandbox, key: str, approved: Callable[[], Receipt]
) -> None:
    true, allowed = approved(), f"# people\nbob@example.com ssh-ed25519 AAAA\nada@example.com {key}\n"
    changes = [
        *({"tree": "d" * 40}, {"phase": "p02"}, {"who": "Bob <bob@example.com>"}, {"note": ""}, {"key": "0" * 16}),
        *({"when": "2026-01-01T00:00:00.000Z"}, {"commit": "d" * 40}, {"validation": "other"}, {"seconds": 1.0}),
        *({"reason": "x"}, {"problems": ("x",)}, {"base": "d" * 40}, {"code": 0}),
    ]
    forged = [replace(true, **change) for change in changes]
    found = check_signatures(repo.repository, "m", [true, *forged], allowed)
    assert [each for each, is_worth in found.items() if is_worth is Signature.SIGNED] == [true]
    assert check_signatures(repo.repository, "other", [true], allowed) == {true: Signature.WRONG}
    assert check_signatures(repo.repository, "m", [replace(true, signature="")], allowed) == {}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("*@example.com {}", Signature.SIGNED),
        ("bob@example.com,ada@example.com {}", Signature.SIGNED),
        ('ada@example.com namespaces="git" {}', Signature.SIGNED),
        ('ada@example.com namespaces="file" {}', Signature.WRONG),
        ('ada@example.com valid-before="20200101" {}', Signature.WRONG),
        ("*@example.com,!ada@example.com {}", Signature.WRONG),
        ("ada@example.com cert-authority {}", Signature.WRONG),
        ("bob@example.com {}", Signature.WRONG),
        ("", Signature.WRONG),
        ("ada@example.com valid-before=20200101 {0}\nbob@example.com {0}", Signature.WRONG),
        ("bob@example.com {0}\nada@example.com valid-after=29990101Z {0}", Signature.WRONG),
        ('ada@example.com namespaces="file" {0}\n*@example.org {0}', Signature.WRONG),
        ("ada@example.com CERT-AUTHORITY,valid-after=20200101 {0}\nbob@example.com {0}", Signature.WRONG),
        ("ada@example.com valid-before=20200101 {0}\nada@example.com {0}", Signature.SIGNED),
        ("*@example.com valid-before=20200101 {0}\nada@example.com {0}", Signature.SIGNED),
    ],
)
def test_a_line_of_the_allowed_signers_says_for_whom_and_for_what_a_key_is(
    repo: Sandbox, key: str, approved: Callable[[], Receipt], line: str, expected: Signature
) -> None:
    true = approved()
    assert check_signatures(repo.repository, "m", [true], line.format(key)) == {true: expected}


def test_a_key_of_gnupg_is_allowed_by_its_fingerprint(
    repo: Sandbox, tmp_path: Path, approved: Callable[[], Receipt]
) -> None:
    (tmp_path / "gpg").write_text(GPG)
    (tmp_path / "gpg").chmod(0o755)
    repo.git("config", "--global", "gpg.program", str(tmp_path / "gpg"))
    true = approved()

    def found(allowed: str | None) -> Signature:
        return check_signatures(repo.repository, "m", [true], allowed)[true]

    assert [found(f"ada@example.com openpgp {key}") for key in ("feed", "FACE")] == [Signature.SIGNED] * 2
    assert found("bob@example.com openpgp FEED") is Signature.WRONG
    assert found("ada@example.com openpgp FADE") is Signature.WRONG
    assert found(None) is Signature.UNKNOWN


def test_what_is_no_line_of_a_file_of_allowed_signers_allows_nobody() -> None:
    text = "ada@example.com\n\n#ada ssh-ed25519 AAAA\nada ssh-ed25519\nada ssh-ed25519 %%%\nssh-ed25519 AAAA\n\x00\n"
    assert allowed_signers(text) == []


@pytest.mark.parametrize("letter", ["B", "X", "Y", "R", ""])
def test_a_signature_that_git_does_not_call_good_is_wrong(letter: str) -> None:
    receipt = approval_receipt(SMOKE, "a" * 40, "c" * 40, who=ADA)
    checked = CheckedSignature(letter, "ada@example.com", ("FEED",))
    for signers in (None, allowed_signers("ada@example.com openpgp FEED")):
        assert signature_worth(receipt, checked, signers) is Signature.WRONG
        assert signature_worth(receipt, replace(checked, letter="E"), signers) is Signature.UNKNOWN
        assert signature_worth(receipt, replace(checked, letter="G"), signers) is Signature.SIGNED
