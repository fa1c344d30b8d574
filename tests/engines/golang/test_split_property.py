"""Whatever part of whatever package goes: the split is refused, or everything compiles, tests included.

The cases are the same each time. `PROPERTY_EXAMPLES=500` draws that many.
"""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from migrate.errors import PhaseError
from tests.engines.golang.conftest import MODULE

if TYPE_CHECKING:
    from tests.engines.golang.conftest import GoRepo

Make = Callable[[Mapping[str, "str | bytes"]], "GoRepo"]

CASES = int(os.environ.get("PROPERTY_EXAMPLES", "60"))
FILES = ("one.go", "two.go", "three_linux.go")


class Drawn:
    """A package whose declarations use earlier ones, with its tests and a caller."""

    def __init__(self, seed: int, module: str) -> None:
        self.random = random.Random(seed)
        self.module = module
        self.names: list[str] = []
        self._kinds: dict[str, str] = {}
        self._code: dict[str, list[str]] = {name: [] for name in FILES}
        self._tests: dict[str, list[str]] = {"one_test.go": [], "out_test.go": []}
        for number in range(self.random.randint(5, 9)):
            self._declare(number)

    def _declare(self, number: int) -> None:
        kind = self.random.choice(["type", "type", "func", "func", "var", "const", "group", "interface"])
        letters = {"type": "T", "func": "F", "var": "V", "const": "C", "group": "G", "interface": "I"}[kind]
        name = letters if self.random.random() < 0.7 else letters.lower()
        name = f"{name}{number}"
        code = getattr(self, f"_{kind}")(name)
        self._code[self.random.choice(FILES)].append(f"// {name} is one.\n{code}")
        self.names.append(name)
        self._kinds[name] = kind
        if self.random.random() < 0.4:
            test = f"func Test{number}(t *testing.T) {{\n{self._uses(2)}}}"
            self._tests["one_test.go"].append(test)
        if name[:1].isupper() and kind != "interface" and self.random.random() < 0.3:
            self._tests["out_test.go"].append(f"func TestOut{number}(*testing.T) {{\n{self._use(name, 'p.')}}}")

    def _type(self, name: str) -> str:
        fields = ["\tA int // first", "\tb string"]
        earlier = [other for other in self.names if self._kinds[other] == "type"]
        if earlier and self.random.random() < 0.6:
            other = self.random.choice(earlier)
            fields.append(self.random.choice([f"\t{other}", f"\tNext *{other}", f"\tnext []{other}"]))
        methods = [f"\nfunc (r *{name}) Say() string { { 0: '{ return r.b }', 1: f'{{ return {name}{{b: `x`}}.b }}' }[m] }"
                   for m in [self.random.randint(0, 1)]]  # fmt: skip
        if self.random.random() < 0.3:
            methods.append(f"\nfunc (r {name}) hide() int {{\n{self._uses(1)}\treturn r.A\n}}")
        return f"type {name} struct {{\n" + "\n".join(fields) + "\n}" + "\n" + "\n".join(methods)

    def _interface(self, name: str) -> str:
        return f"type {name} interface {{\n\t{self.random.choice(['Say() string', 'hide() int'])}\n}}"

    def _func(self, name: str) -> str:
        return f"func {name}() int {{\n{self._uses(2)}\treturn 1\n}}"

    def _var(self, name: str) -> str:
        earlier = [other for other in self.names if self._kinds[other] in ("func", "const")]
        other = self.random.choice(earlier) if earlier else ""
        value = f"{other}()" if other and self._kinds[other] == "func" else other or "1"
        return f"var {name} = {value} // a value"

    def _const(self, name: str) -> str:
        return f"const {name} = 3"

    def _group(self, name: str) -> str:
        return f"var (\n\t{name}      = 1 // short\n\tlong{name} int = 2 // long\n)"

    def _uses(self, most: int) -> str:
        chosen = self.random.sample(self.names, min(len(self.names), self.random.randint(1, most)))
        return "".join(self._use(name, "") for name in chosen)

    def _use(self, name: str, qualifier: str) -> str:
        full = qualifier + name
        match self._kinds[name]:
            case "type":
                inside = "" if qualifier else "x"
                fields = [f"\t_ = {full}{{A: 1}}\n", f"\t_ = (&{full}{{}}).Say()\n"]
                fields += [f"\t_ = new({full}).b\n", f"\t_ = {full}{{b: `y`}}\n"] if inside else []
                return self.random.choice(fields)
            case "func":
                return f"\t_ = {full}()\n"
            case "interface":
                return f"\tvar _ {full}\n"
        return f"\t_ = {full}\n"

    def files(self) -> dict[str, str]:
        """The files of a module of its own."""
        found = {}
        for name, code in self._code.items():
            found[f"p/{name}"] = "\n\n".join(["package p", *code]) + "\n"
        header = 'package p\n\nimport "testing"'
        found["p/one_test.go"] = "\n\n".join([header, "var _ testing.T", *self._tests["one_test.go"]]) + "\n"
        uses = "".join(self._use(n, "p.") for n in self.names if n[:1].isupper())
        if self._tests["out_test.go"]:
            header = f'package p_test\n\nimport (\n\t"testing"\n\n\t"{self.module}/p"\n)'
            found["p/out_test.go"] = "\n\n".join([header, *self._tests["out_test.go"]]) + "\n"
        if uses:
            found["use/u.go"] = f'package use\n\nimport "{self.module}/p"\n\nfunc U() {{\n{uses}}}\n'
        return found

    def items(self) -> list[str]:
        """What goes: some names, or a file."""
        if self.random.random() < 0.3:
            return [self.random.choice(FILES)]
        return self.random.sample(self.names, self.random.randint(1, max(1, len(self.names) - 2)))


def write(files: Mapping[str, str | bytes], folder: Path) -> None:
    """Files on disk."""
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())


def said(folder: Path, *command: str) -> str:
    """What a command says."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@pytest.mark.property
def test_a_random_split_is_refused_or_compiles(go_repo: Make, tmp_path: Path) -> None:
    drawn = {f"c{seed}": Drawn(seed, f"example.com/m/c{seed}") for seed in range(CASES)}
    files = {f"{case}/{path}": text for case, each in drawn.items() for path, text in each.files().items()}
    write(files, tmp_path / "drawn")
    assert said(tmp_path / "drawn", "gofmt", "-w", ".") == ""
    repo = go_repo({path: (tmp_path / "drawn" / path).read_text() for path in files})
    out = tmp_path / "done"
    asked: dict[str, list[str]] = {}
    refused: dict[str, str] = {}
    write({"go.mod": MODULE}, out)
    for case, each in drawn.items():
        ws = repo.workspace()
        items = each.items()
        try:
            ws.go.split(f"{case}/p", {f"{case}/q": items}, rename="q", export=each.random.random() < 0.7)
            ws.flush()
        except PhaseError as error:
            refused[case] = str(error)
        else:
            asked[case] = items
            write({path: ws.read(path) for path in ws.files(case)}, out)
    assert [case for case, message in refused.items() if f"{case}/p/" not in message] == [], "each names a place"
    assert len(asked) * 4 > CASES, "not nearly all of them are refused"
    assert said(out, "go", "vet", "./...") == "", asked
    assert said(out, "gofmt", "-l", ".") == ""
