"""Rendering templates that may come from the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.errors import MigrateError
from migrate.templating.templates import render_template


def rendered(folder: Path, text: str, **values: object) -> str:
    (folder / "t.md").write_text(text)
    return render_template("t.md", folder, values)


def failure(folder: Path, text: str, **values: object) -> MigrateError:
    with pytest.raises(MigrateError) as failed:
        rendered(folder, text, **values)
    return failed.value


def test_values_and_filters_are_filled_in(tmp_path: Path) -> None:
    text = "{% for name in names %}\n- {{ name | code }}\n{% endfor %}\n"
    assert rendered(tmp_path, text, names=["a", "b`c"]) == "- `a`\n- ``b`c``\n"


def test_text_is_not_taken_for_html(tmp_path: Path) -> None:
    assert rendered(tmp_path, "{{ said }}", said="a < b & c") == "a < b & c"


@pytest.mark.parametrize(
    "escape",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ value.__init__.__globals__ }}",
        "{{ cycler.__init__.__globals__.os.popen('id') }}",
        "{{ self.__init__.__globals__ }}",
        "{{ '{0.__class__}'.format(value) }}",
        "{{ (value|attr('__class__')).__name__ }}",
        "{{ render.__code__ }}",
        "{% set _ = names.append('x') %}{{ names }}",
        "{{ range(999999999) | list }}",
    ],
)
def test_a_template_cannot_leave_the_sandbox(tmp_path: Path, escape: str) -> None:
    names = ["a"]
    error = failure(tmp_path, f"fine\n{escape}\n", value=ValueError(), names=names, render=render_template)
    assert error.where == "t.md:2"
    assert names == ["a"]


@pytest.mark.parametrize(
    ("text", "where", "said"),
    [
        ("one\n{{ missing }}\n", "t.md:2", "'missing' is undefined"),
        ("one\n\n{% if %}\n", "t.md:3", "Expected an expression"),
        ("{{ 1 / 0 }}", "t.md:1", "ZeroDivisionError: division by zero"),
        ("one\n{{ 'x' | nothing }}", "t.md:2", "No filter named 'nothing'"),
        ("one\ntwo\n{{ 1 + 'x' }}", "t.md:3", "TypeError"),
    ],
)
def test_an_error_names_template_and_line(tmp_path: Path, text: str, where: str, said: str) -> None:
    error = failure(tmp_path, text)
    assert error.where == where
    assert said in error.message


def test_an_error_in_an_included_template_names_that_one(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts/head.md").write_text("\n\n{{ missing }}\n")
    assert failure(tmp_path, "{% include 'parts/head.md' %}").where == "parts/head.md:3"
    (tmp_path / "parts/head.md").write_text("{% for %}\n")
    assert failure(tmp_path, "\n{% include 'parts/head.md' %}").where == "parts/head.md:1"


def test_a_template_that_is_not_utf8_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "t.md").write_bytes(b"\xff\xfe")
    with pytest.raises(MigrateError, match=r"^t\.md: UnicodeDecodeError"):
        render_template("t.md", tmp_path, {})


def test_a_template_that_is_not_there_is_named_with_the_nearest_one(tmp_path: Path) -> None:
    (tmp_path / "package-readme.md").write_text("")
    with pytest.raises(MigrateError, match=r'no template "package_readme.md"; did you mean "package-readme.md"\?'):
        render_template("package_readme.md", tmp_path, {})


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "a/../../secret"])
def test_no_template_is_read_from_outside_the_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "in").mkdir()
    with pytest.raises(MigrateError, match="there is no template"):
        render_template(name, tmp_path / "in", {})


WITHOUT_END = {
    "a loop that writes": (
        "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}",
        "writes more",
    ),
    "a loop that writes nothing": (
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "it does not end within 0.2 s",
    ),
    "a text that is repeated": ("{{ 'x' * 10000000000 }}", "the result would be too large"),
    "a list that is repeated": ("{{ 10000000000 * [1] }}", "the result would be too large"),
    "a power": ("{{ 9 ** 99999 }}", "the result would be too large"),
    "a template that includes itself": ("{% include 't.md' %}", "RecursionError"),
    "a template without end": ("{#" + "x" * 2**20 + "#}", "a template holds at most 1 MB"),
}


@pytest.mark.parametrize("case", WITHOUT_END)
def test_a_template_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    monkeypatch.setattr("migrate.limits.TEMPLATE_SECONDS", 0.2 if "nothing" in case else 20)
    monkeypatch.setattr("migrate.limits.RENDERED_CHARACTERS", 100_000)
    text, said = WITHOUT_END[case]
    error = failure(tmp_path, text)
    assert said in error.message
    assert (error.where or "").startswith("t.md")


def test_a_name_is_looked_for_among_so_many_templates_and_no_more(tmp_path: Path) -> None:
    with pytest.raises(MigrateError, match=r'there is no template "nope\.md"'):
        render_template("nope.md", Path("/"), {})
    (tmp_path / "notes.md").touch()
    with pytest.raises(MigrateError, match=r'there is no template "note\.md"; did you mean "notes\.md"\?'):
        render_template("note.md", tmp_path, {})


def test_products_of_a_usual_size_are_made(tmp_path: Path) -> None:
    assert rendered(tmp_path, "{{ 'ab' * 3 }}{{ 2 ** 10 }}{{ 3 * 4 }}{{ 1.5 * 2 }}") == "ababab1024123.0"
