"""A Go module of 20,000 files, the same each time: what a command costs where the repository is large.

2,000 packages of ten files each import packages that come before them, so there is no import cycle, and everything
builds. One package is imported by every twentieth file.
"""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

MODULE = "example.com/large"
PACKAGES = 2000
FILES = 10
EVERY = 20
POPULAR = "internal/core/metrics"
"""The folder of the package that every twentieth file imports."""

STANDARD = {
    "context": "func (o *{kind}) Wait(ctx context.Context) error {{\n\treturn context.Cause(ctx)\n}}\n",
    "errors": 'var err{kind} = errors.New("{word} {verb} nothing")\n',
    "fmt": 'func (o *{kind}) String() string {{\n\treturn fmt.Sprintf("{word} %s (%d)", o.name, o.size)\n}}\n',
    "os": "func (o *{kind}) Host() (string, error) {{\n\treturn os.Hostname()\n}}\n",
    "strings": "func (o *{kind}) Title() string {{\n\treturn strings.ToUpper(strings.TrimSpace(o.name))\n}}\n",
    "time": "func (o *{kind}) Age(now time.Time) time.Duration {{\n\treturn now.Sub(time.Unix(int64(o.size), 0))\n}}\n",
}
WORDS = ["account", "batch", "carrier", "channel", "claim", "cursor", "invoice", "ledger", "member", "parcel"]
VERBS = [
    "accepts",
    "checks",
    "closes",
    "counts",
    "delivers",
    "drops",
    "holds",
    "keeps",
    "lists",
    "opens",
    "reads",
    "sends",
]
TYPE = "type {kind} struct {{\n\tname string\n\tsize int\n\topen bool\n}}\n"
STEP = (
    "func (o *{kind}) {name}(limit int) (total int) {{\n\tfor step := 0; step < limit; step++ {{\n"
    "\t\tif o.open && step%{number} == 0 {{\n\t\t\tcontinue\n\t\t}}\n\t\ttotal += o.size * step\n\t}}\n"
    "\treturn total\n}}\n"
)


def files() -> Iterator[tuple[str, str]]:
    """Every file: its path and text."""
    chance = random.Random(PACKAGES * FILES)
    yield "go.mod", f"module {MODULE}\n\ngo 1.21\n"
    for word in WORDS:
        count = f"// Count{word.title()} counts.\nfunc Count{word.title()}(n int) int {{\n\treturn n + 1\n}}\n"
        yield f"{POPULAR}/{word}.go", f"package metrics\n\n{count}"
    for package in range(PACKAGES - 1):
        for number, word in enumerate(WORDS):
            counts = (package * FILES + number) % EVERY == 0
            yield f"{folder(package)}/{word}.go", source(chance, package, word, counts=counts)


def folder(package: int) -> str:
    """Where a package stands."""
    return f"internal/area{package % 40:02}/{WORDS[package % FILES]}{package:04}"


def source(chance: random.Random, package: int, word: str, *, counts: bool) -> str:
    """One file of a package, of 1 to 4 KB; `counts` when it imports the popular package."""
    kind = word.title()
    standard = sorted(chance.sample(list(STANDARD), chance.randint(1, 4)))
    used = {folder(chance.randrange(package)) for _ in range(chance.randint(0, 3)) if package}
    local = sorted({*used, POPULAR} if counts else used)
    runs = ["".join(f'\t"{path}"\n' for path in standard), "".join(f'\t"{MODULE}/{path}"\n' for path in local)]
    name = folder(package).rpartition("/")[2]
    text = [f"// Package {name} {chance.choice(VERBS)} each {word}.\n"] if word == WORDS[0] else []
    text += [f"package {name}\n\nimport (\n", "\n".join(run for run in runs if run), ")\n"]
    text += [f"\n// {kind} {chance.choice(VERBS)} one {chance.choice(WORDS)}.\n", TYPE.format(kind=kind)]
    text += ["\n" + STANDARD[path].format(kind=kind, word=word, verb=chance.choice(VERBS)) for path in standard]
    for path in local:
        value = "CountParcel(1)" if path == POPULAR else "Parcel{}"
        text.append(f"\nvar _ = {path.rpartition('/')[2]}.{value}\n")
    for number in range(chance.randint(3, 14)):
        method = f"{chance.choice(VERBS).title()}{chance.choice(WORDS).title()}{number}"
        text.append(f"\n// {method} {chance.choice(VERBS)} each {chance.choice(WORDS)} up to a limit.\n")
        text.append(STEP.format(kind=kind, name=method, number=number + 2))
    return "".join(text)


def make(place: Path) -> None:
    """Make a repository of these files with one commit on `main`, checked out."""
    subprocess.run(["git", "init", "-q", "-b", "main", str(place)], check=True)
    with subprocess.Popen(["git", "fast-import", "--quiet"], cwd=place, stdin=subprocess.PIPE) as importing:
        assert importing.stdin is not None
        importing.stdin.write(b"commit refs/heads/main\ncommitter Bench <bench@example.com> 1700000000 +0000\ndata 0\n")
        for path, text in files():
            importing.stdin.write(f"M 100644 inline {path}\ndata {len(text)}\n{text}\n".encode())
    # As a clone from a forge is: what an import leaves behind takes twice as long to read.
    subprocess.run(["git", "repack", "-adfq"], cwd=place, check=True)
    subprocess.run(["git", "checkout", "-q", "main"], cwd=place, check=True)
