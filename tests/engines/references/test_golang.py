"""Go source outside import declarations."""

from __future__ import annotations

from migrate.engines.references.rewrite.unresolved import parent_relative_notes
from migrate.engines.references.verify.records import StaleVerdict
from migrate.engines.references.verify.stale import stale_references
from tests.engines.references.conftest import left

IMPORTS = """\
// Package main serves; see internal/config.
package main // import "github.com/acme/shop/cmd/server"

import "github.com/acme/shop/internal/auth"

/* internal/auth */ import (
\t// internal/auth (signs)
\tc "github.com/acme/shop/internal/config" // from internal/config
\t_ `github.com/acme/shop/internal/ui`
)

"""


def test_import_specs_stay_and_comments_among_them_follow(program):
    ws = program.workspace({"cmd/server/main.go": IMPORTS})
    ws.relocate({"internal/auth": "internal/core/auth", "internal/config": "internal/core/config"})
    ws.references.update()
    assert ws.read_text("cmd/server/main.go") == (
        IMPORTS.replace("see internal/config", "see internal/core/config")
        .replace("/* internal/auth", "/* internal/core/auth")
        .replace("// internal/auth", "// internal/core/auth")
        .replace("from internal/config", "from internal/core/config")
    )
    assert {item.text.strip() for item in left(ws)} == {
        'import "github.com/acme/shop/internal/auth"',
        'c "github.com/acme/shop/internal/config" // from internal/core/config',
    }


PACKAGES = 'import (\n\t"fmt"\n\t"net/http"\n\t"os"\n\t"os/exec"\n\t"path/filepath"\n)\n'
LOADERS = """\
func load(name string) { read(0, name) }

func read(_ int, names ...string) { os.ReadFile(filepath.Join(names...)) }
"""
LINES = [
    ('load("internal/config")', 'load("internal/core/config")'),
    ('load("internal/config/prices.json")', 'load("internal/core/config/prices.json")'),
    ("load(`internal/config`)", "load(`internal/core/config`)"),
    (
        'filepath.Join(root, "internal", "config", "prices.json")',
        'filepath.Join(root, "internal", "core", "config", "prices.json")',
    ),
    ('filepath.Join("internal/config", name)', 'filepath.Join("internal/core/config", name)'),
    (
        "// As internal/auth/auth.go and [internal/config.load] say.",
        "// As internal/core/auth/auth.go and [internal/config.load] say.",
    ),
    ("// [Service] is in internal/auth.", "// [Service] is in internal/core/auth."),
    (
        "//go:generate mockgen -source internal/auth/auth.go",
        "//go:generate mockgen -source internal/core/auth/auth.go",
    ),
    ("//go:generate tool ../../internal/auth/x.yaml", "//go:generate tool ../../internal/core/auth/x.yaml"),
    ('os.Open("internal/config/prices.json")', 'os.Open("internal/core/config/prices.json")'),
    (
        'for _, p := range []string{"internal/config"} { os.Stat(p) }',
        'for _, p := range []string{"internal/core/config"} { os.Stat(p) }',
    ),
    (
        'tests := []struct{ in string }{{in: "internal/config"}}; load(tests[0].in)',
        'tests := []struct{ in string }{{in: "internal/core/config"}}; load(tests[0].in)',
    ),
    ('exec.Command("go", "test", "./internal/auth/...")', 'exec.Command("go", "test", "./internal/core/auth/...")'),
    ('http.FileServer(http.Dir("internal/config"))', 'http.FileServer(http.Dir("internal/core/config"))'),
    (
        'exec.Command("go", "build", filepath.Join("github.com", "acme", "shop", "internal", "auth"))',
        'exec.Command("go", "build", filepath.Join("github.com", "acme", "shop", "internal", "core", "auth"))',
    ),
    ('exec.Command("go", "build", filepath.Join("github.com", "acme", "else", "internal", "auth"))', None),
    ('os.Mkdir(filepath.Join(state, "internal", "config"), 0)', None),
    (
        'os.ReadDir(filepath.Join(repoRoot, "internal/config")); os.Open(filepath.Join(x, "internal/config/prices.json"))',
        'os.ReadDir(filepath.Join(repoRoot, "internal/core/config")); '
        'os.Open(filepath.Join(x, "internal/core/config/prices.json"))',
    ),
    ('Check(Resource{Type: "internal/config"})', None),
    ('fmt.Sprintf("%s/internal/config/x", base)', None),
    ('otel.Tracer("github.com/acme/shop/internal/auth")', None),
    ('names := []string{"internal/config/prices.json"}', None),
    ('exec.Command("docker", "build", "-t", "internal/auth")', None),
    ('os.WriteFile(filepath.Join(t.TempDir(), "internal", "auth", "x.go"), nil, 0)', None),
    ('os.WriteFile(tmp + "/internal/auth/auth.go", nil, 0)', None),
    (
        'const code = `import "github.com/acme/shop/internal/auth"`',
        'const code = `import "github.com/acme/shop/internal/core/auth"`',
    ),
    ('mux.Handle("/internal/config", h)', None),
    ('mux.Handle("/internal/config/", h)', None),
    ('if strings.Contains(p, "..") || strings.HasPrefix(p, "../") {', None),
    ('open("../../etc/passwd")', None),
]


def test_literals_and_comments_follow(program):
    sources = [f"package main\n\n{PACKAGES}\nfunc main() {{\n\t{text}\n}}\n" for text, _ in LINES]
    files = {f"cmd/server/{number}.go": source for number, source in enumerate(sources)}
    ws = program.workspace(files | {"cmd/server/load.go": f"package main\n\n{PACKAGES}\n{LOADERS}"})
    ws.relocate({"internal/auth": "internal/core/auth", "internal/config": "internal/core/config"})
    ws.references.update()
    assert [ws.read_text(f"cmd/server/{number}.go") for number in range(len(LINES))] == [
        source.replace(text, expected or text) for source, (text, expected) in zip(sources, LINES, strict=True)
    ]


def test_relative_paths_of_a_file_whose_depth_changed_are_written_anew(program):
    source = (
        'package auth\n\nimport (\n\t_ "embed"\n\t"path/filepath"\n)\n\n//go:embed testdata/x.json\nvar x string\n\nvar paths = []string{\n'
        '\t"../config/prices.json", "../../docs/guide", "../none/x", "testdata/x.json", "..",\n'
        '\tfilepath.Join("..", "..", "docs", "logo.svg"), filepath.Join("..", ".."), filepath.Join(dir, ".."),\n}\n'
    )
    ws = program.workspace({"internal/auth/auth_test.go": source, "internal/auth/testdata/x.json": "{}"})
    ws.relocate({"internal/auth": "internal/core/auth", "internal/config": "settings"})
    ws.references.update()
    assert ws.read_text("internal/core/auth/auth_test.go") == (
        source.replace("../config/prices.json", "../../../settings/prices.json")
        .replace('"..", "..", "docs", "logo.svg"', '"..", "..", "..", "docs", "logo.svg"')
        .replace('filepath.Join("..", "..")', 'filepath.Join("..", "..", "..")')
    )
    note, _ = ws.notes
    assert note.startswith("1 string of Go code spells a moved path and was not changed")
    assert note.endswith("internal/core/auth/auth_test.go:12")


def test_import_comments_linknames_and_manifests_are_the_go_engines(program):
    files = {
        "internal/auth/doc.go": 'package auth // import "github.com/acme/shop/internal/auth"\n',
        "cmd/server/link.go": "package main\n\n//go:linkname key github.com/acme/shop/internal/auth.key\n",
        "go.work": "go 1.24\n\nuse ./internal/auth\n",
    }
    ws = program.workspace(files)
    ws.move("internal/auth", "internal/core/auth")
    assert ws.references.update() == 0
    assert {item.path for item in left(ws)} == {"cmd/server/link.go", "internal/core/auth/doc.go", "go.work"}


def test_generated_go_is_left_for_its_generator_and_listed(program):
    source = "// Code generated by mockgen. DO NOT EDIT.\n// Source: internal/auth/auth.go\n\npackage mocks\n"
    ws = program.workspace({"internal/mocks/auth.go": source})
    ws.move("internal/auth", "internal/core/auth")
    assert ws.references.update() == 0
    (item,) = stale_references(ws.overlay, ws.moved)
    assert (item.path, item.line, item.verdict) == ("internal/mocks/auth.go", 2, StaleVerdict.GENERATED)


def test_one_word_that_need_not_be_the_package_is_listed_alone(program):
    words = '"linux/*"; `linux/`; "./linux"; "linux/linux.go"; "github.com/acme/shop/linux/"'
    ws = program.workspace(
        {
            "linux/linux.go": "package linux\n",
            "cmd/server/os.go": f"package main\n\n// {words}\n",
            "README.md": words,
            "Makefile": "x: $(shell find linux/ -name x)\n",
        }
    )
    ws.move("linux", "pkg/linux")
    ws.references.update()
    new = words.replace("./linux", "./pkg/linux").replace('"linux/l', '"pkg/linux/l').replace("shop/", "shop/pkg/")
    assert ws.read_text("README.md") == new
    assert ws.read_text("cmd/server/os.go") == f"package main\n\n// {new}\n"
    assert ws.read_text("Makefile") == "x: $(shell find pkg/linux/ -name x)\n"
    assert left(ws) == []
    assert {(item.path, item.reason) for item in stale_references(ws.overlay, ws.moved)} == {
        (path, "one word, which need not mean the package") for path in ("README.md", "cmd/server/os.go")
    }


def test_a_generator_that_holds_the_mark_of_what_it_writes_is_a_persons(program):
    mark = "// Code generated by gen. DO NOT EDIT.\n"
    code = f'import "os"\n\nvar top, _ = os.ReadDir("internal/auth")\n\nconst of = `\n{mark}`'
    source = f"/* Package main\nwrites */\n\npackage main\n\n{code}\n\n{mark}"
    assert program.updated("cmd/gen/main.go", source) == source.replace("internal/auth", "internal/core/auth")


def test_a_nested_module_is_named_by_its_own_import_path(program):
    files = {
        "tools/go.mod": "module github.com/acme/shop-tools\n",
        "tools/gen/gen.go": "package gen\n",
        "notes.txt": "github.com/acme/shop-tools/gen and tools/gen, at github.com/acme/shop/tools/gen\n",
    }
    ws = program.workspace(files)
    ws.move("tools/gen", "tools/internal/gen")
    ws.references.update()
    assert ws.read_text("notes.txt") == (
        "github.com/acme/shop-tools/internal/gen and tools/internal/gen, at github.com/acme/shop/tools/internal/gen\n"
    )


def test_files_of_a_nested_module_count_paths_from_its_top(program):
    doc = "`gen/api/v1` `./gen/api/v1/x.go` `gen/api.Run` gen/api$X other/gen/api other@main/gen/api api"
    link = "https://pkg.go.dev/github.com/acme/shop-tools@{}/gen/api#Run"
    files = {
        "tools/go.mod": "module github.com/acme/shop-tools\n",
        "tools/gen/api/v1/x.go": "package v1\n",
        "tools/gen/api/api.go": "package api\n\nfunc Run() {}\n",
        "tools/lint/doc.md": f"{doc} {link.format('main')}\n{link.format('v1.2.0')}\n",
        "tools/gen/cmd/main.go": "package main\n\n// See gen/api/v1 and api/v1.\n",
        "notes.txt": f"{doc} {link.format('master')}\n",
    }
    ws = program.workspace(files)
    ws.move("tools/gen/api", "tools/spec")
    assert {(item.path, item.line) for item in left(ws)} == {
        ("tools/lint/doc.md", 1),
        ("tools/gen/cmd/main.go", 3),
        ("notes.txt", 1),
    }
    ws.references.update()
    assert ws.read_text("tools/lint/doc.md") == (
        "`spec/v1` `./spec/v1/x.go` `spec.Run` gen/api$X other/gen/api other@main/gen/api api "
        f"https://pkg.go.dev/github.com/acme/shop-tools@main/spec#Run\n{link.format('v1.2.0')}\n"
    )
    assert ws.read_text("tools/gen/cmd/main.go") == "package main\n\n// See spec/v1 and api/v1.\n"
    assert ws.read_text("notes.txt") == f"{doc} {link.format('master').replace('gen/api', 'spec')}\n"
    assert left(ws) == []
    assert ws.references.update() == 0


def test_a_package_that_leaves_its_module_takes_the_import_path_of_the_other(program):
    files = {
        "tools/go.mod": "module github.com/acme/shop-tools\n",
        "tools/gen/gen.go": "package gen\n",
        "notes.txt": "-X github.com/acme/shop-tools/gen.version=1 -X github.com/acme/shop/internal/auth.key=2\n",
    }
    ws = program.workspace(files)
    ws.relocate({"tools/gen": "pkg/gen", "internal/auth": "tools/auth"})
    ws.references.update()
    assert ws.read_text("notes.txt") == (
        "-X github.com/acme/shop/pkg/gen.version=1 -X github.com/acme/shop-tools/auth.key=2\n"
    )
    assert left(ws) == []


RELATIVE = [
    ("//go:generate gen -out=../config/x.go ../none/y.go", "//go:generate gen -out=../../config/x.go ../../none/y.go"),
    (
        "//go:generate sh -c 'gen <../config/x >../apidoc/y'",
        "//go:generate sh -c 'gen <../../config/x >../../apidoc/y'",
    ),
    ("//go:generate protoc -I../../proto -I. a/b.proto", "//go:generate protoc -I../../../proto -I. a/b.proto"),
    (
        "//go:generate gen -out keys/k.go ./keys/j.go keys",
        "//go:generate gen -out ../../keys/k.go ../../keys/j.go keys",
    ),
    (
        "//go:generate go run github.com/acme/shop/internal/auth/keys/gen",
        "//go:generate go run github.com/acme/shop/internal/keys/gen",
    ),
    ("//go:generate gen https://example.com/../x", None),
    (
        'const root = "../.."; os.Open(filepath.Join(root, "x"))',
        'const root = "../../.."; os.Open(filepath.Join(root, "x"))',
    ),
    ('const root = "../.."', None),
    ('run(Options{Dir: "../..", Name: ".."})', None),
    ('(&exec.Cmd{Dir: "../..", Args: nil}).Run()', '(&exec.Cmd{Dir: "../../..", Args: nil}).Run()'),
    ('cmd := exec.Command("ls"); cmd.Dir = "../.."', 'cmd := exec.Command("ls"); cmd.Dir = "../../.."'),
    ('os.Chdir("..")', 'os.Chdir("../..")'),
    ('open("../" + name)', 'open("../../" + name)'),
    ('glob("../config/*.json", "../../docs/g*")', 'glob("../../config/*.json", "../../../docs/g*")'),
    ('list("../config/*.json", "../../docs/g*")', None),
    ('list("../config/prices.json")', 'list("../../config/prices.json")'),
    ('{"../..", ".."}', None),
    ('strings.Contains(p, "..") || p == "../.." || p != ".."', None),
    ('filepath.Join(dir, "..")', None),
    ('filepath.Join(here, "..", "..")', 'filepath.Join(here, "..", "..", "..")'),
    ('filepath.Join(filepath.Dir(file), "..")', 'filepath.Join(filepath.Dir(file), "../..")'),
    ('os.Open("keys/k.pem")', 'os.Open("../../keys/k.pem")'),
]
OPENERS = """\
func open(path string) { os.Open(path) }

func glob(patterns ...string) {
	for _, pattern := range patterns {
		filepath.Glob(pattern)
	}
}
"""
CALLER = "\t_, file, _, ok := runtime.Caller(0)\n\there := filepath.Dir(file)\n"


def test_what_runs_in_the_files_own_folder_counts_from_there(program):
    sources = [f"package auth\n\n{PACKAGES}\nfunc f() {{\n{CALLER}\n\t_ = ok\n{text}\n}}\n" for text, _ in RELATIVE]
    files = {f"internal/auth/f{number}.go": source for number, source in enumerate(sources)}
    files["internal/auth/open.go"] = f"package auth\n\n{PACKAGES}\n{OPENERS}"
    ws = program.workspace(files | {"proto/a.proto": "", "internal/auth/keys/k.pem": "", "internal/auth/keys/j.go": ""})
    ws.relocate({"internal/auth": "internal/core/auth", "internal/auth/keys": "internal/keys"})
    ws.references.update()
    texts = [ws.read_text(f"internal/core/auth/f{number}.go") for number in range(len(RELATIVE))]
    assert texts == [s.replace(text, new or text) for s, (text, new) in zip(sources, RELATIVE, strict=True)]


def test_a_climb_that_cannot_be_followed_is_noted_with_its_line(program):
    source = (
        "package auth\n\nvar _, file, _, _ = runtime.Caller(0)\n\nvar top = filepath.Dir(filepath.Dir(file))\n\n"
        'var known = "../config/prices.json"\n\nvar built = "../../bin/tool"\n\nvar other = "..", "../"\n'
    )
    ws = program.workspace({"internal/auth/a_test.go": source, "internal/ui/u_test.go": source})
    ws.relocate({"internal/auth": "internal/core/auth", "internal/ui": "internal/pages"})
    ws.references.update()
    assert ws.notes == [
        "2 lines have relative paths to what is not in the tree; check that they still lead there: "
        "internal/core/auth/a_test.go:5, internal/core/auth/a_test.go:9"
    ]


def test_climbs_of_many_files_are_counted_and_not_listed():
    (said,) = parent_relative_notes([(f"f{number}.go", [number]) for number in range(1, 9)])
    assert said.startswith("8 lines have relative paths to what is not in the tree")
    assert said.endswith("f1.go:1, f2.go:2, f3.go:3 and 5 more")


def test_a_climb_whose_end_moved_alike_is_not_noted(program):
    source = 'package a\n\nvar tool = "../bin/tool"\n'
    ws = program.workspace({"lib/a/a.go": source, "lib/b/b.go": "package b\n"})
    ws.move("lib", "pkg/lib")
    ws.references.update()
    assert ws.notes == []


FLOWS = [
    ('dir := flag.String("dir", "§", ""); os.Open(*dir)', True),
    ('flag.StringVar(&dir, "dir", "§", ""); os.Open(dir)', True),
    ('cmd.Flags().StringVarP(&o.dir, "dir", "d", "§", ""); os.Open(o.dir)', True),
    ('os.Open(env("DIR", "§"))', True),
    ('name := env("DIR", "§"); fmt.Println(name)', False),
    ('config.Load("§")', True),
    ('l.LoadFrom("§")', True),
    ('config.Name("§")', False),
    ('const dir = "§"; filepath.WalkDir(dir, nil)', True),
    ('paths := []string{"x", "§"}; for _, p := range paths { read(p) }', True),
    ('m := map[string]string{"a": "§"}; fmt.Println(m)', False),
    ('t.Chdir("§")', True),
    ('template.Must(template.ParseFiles("§/x.html"))', True),
    ('http.ServeFile(w, r, "§/prices.json")', True),
    ('packages.Load(nil, "./§/...")', True),
    ('errors.New("§: not found")', False),
    ('http.HandleFunc("/§", h)', False),
    ('go func() { os.ReadFile("§/prices.json") }()', True),
    ('x := struct{ a, b string }{"§", "y"}; os.Open(x.a)', False),
]
FLOWING = """\
package main

import (
	"example.com/x"
	"flag"
	"golang.org/x/tools/go/packages"
	"html/template"
	"net/http"
	"os"
	"path/filepath"

	"github.com/acme/shop/pkg/config"
)

func env(key, usual string) string {
	if v := os.Getenv(key); v != "" {
		return v
	}
	return usual
}

func read(path string) { os.ReadFile(path) }

func (l *loader) LoadFrom(path string) { read(path) }

"""
LOAD = 'package config\n\nimport "os"\n\nfunc Load(path string) { os.Open(path) }\n\nfunc Name(s string) string { return s }\n'


def test_a_string_follows_through_what_hands_it_on(program):
    rows = [(f"{FLOWING}func f{n}() {{\n\t{text}\n}}\n", follows) for n, (text, follows) in enumerate(FLOWS)]
    files = {f"cmd/x{n}/main.go": text.replace("§", "internal/config") for n, (text, _) in enumerate(rows)}
    ws = program.workspace({**files, "pkg/config/config.go": LOAD})
    ws.relocate({"internal/config": "internal/core/config"})
    ws.references.update()
    found = [ws.read_text(f"cmd/x{n}/main.go") for n in range(len(rows))]
    assert found == [
        text.replace("§", "internal/core/config" if follows else "internal/config") for text, follows in rows
    ]
