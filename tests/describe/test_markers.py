from __future__ import annotations

from migrate.cli.pr import Description, write_all
from migrate.describe.markers import mark_generated, renew_generated

OLD = mark_generated("pllm p03", "old text")
NEW = mark_generated("pllm p03", "new text")


def test_writing_again_keeps_what_a_person_wrote_around_it():
    assert (
        renew_generated(f"Please look at the cache.\n\n{OLD}\nThanks!\n", NEW)
        == f"Please look at the cache.\n\n{NEW}\nThanks!\n"
    )


def test_a_persons_own_description_is_never_overwritten():
    assert renew_generated("I wrote this.\n", NEW) == f"I wrote this.\n\n{NEW}"


def test_an_empty_description_is_filled():
    assert renew_generated("\n", NEW) == NEW


def test_the_description_of_another_phase_is_left_alone():
    other = mark_generated("pllm p04", "of another phase")
    assert renew_generated(f"{other}\nmine\n\n{OLD}", NEW) == f"{other}\nmine\n\n{NEW}"


def test_writing_again_changes_nothing_when_nothing_changed():
    assert renew_generated(renew_generated(OLD, NEW), NEW) == NEW


def test_a_subject_cannot_close_its_comment():
    first = mark_generated("pllm x--><b>", "text").partition("\n")[0]
    assert first == "<!-- migrate: generated for pllm x-b- -->"


def test_a_file_written_again_keeps_what_a_person_wrote(tmp_path):
    [file] = write_all(tmp_path / "out", [Description("p03", "branch", "title", OLD)])
    file.write_text(f"Mine.\n\n{file.read_text()}")
    write_all(tmp_path / "out", [Description("p03", "branch", "title", NEW)])
    assert file.read_text() == f"Mine.\n\n{NEW}"
