"""What a note counts stands line by line in a log, and the program says where."""

from __future__ import annotations

from tests.story import PLAN, Story

PHASE = '''\
    """Give the package the name of its folder."""


    def apply(ws):
        ws.go.move("repo", "pkg/repo", rename="repo")
    '''


def test_the_log_of_a_note_is_named_and_has_every_place(story: Story) -> None:
    story.write("go.mod", "module example.com/m\n")
    story.write("repo/r.go", "package ghrepo\n\nfunc F() {}\n")
    for n in range(5):
        source = 'package u\n\nimport "example.com/m/repo"\n\nfunc f(repo int) { ghrepo.F() }\n'
        story.write(f"u{n}/u.go", source)
    story.begin(PLAN, p01_rename=PHASE)
    said = story.type("run").ended(0, "5 files still import repo as ghrepo: u0/u.go:3 (", "and 2 more")
    log = ".git/migrate/logs/p01-rename/notes.log"
    assert f"all of them: {log}\n" in said.err
    lines = (story.path / log).read_text("utf-8").splitlines()
    assert lines == [f"u{n}/u.go:3 still imports repo as ghrepo: u{n}/u.go:5 has a local repo" for n in range(5)]
