"""`migrate analyze`"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict

import click

from migrate.cli.output import Output
from migrate.cli.settings import options, settings_of
from migrate.engines.registry import engine_of_file
from migrate.engines.sources import all_sources
from migrate.engines.structure import Structure, structure_of
from migrate.errors import Exit, RepositoryError
from migrate.text import plural, printable
from migrate.tree.overlay import Overlay


@click.command(name="analyze", short_help="Report the structure of the code.")
@click.argument("revision", default="HEAD")
@click.option("--mermaid", is_flag=True, help="Print only the import graph, as a Mermaid diagram.")
@options
@click.pass_context
def command(context: click.Context, revision: str, mermaid: bool) -> int:
    """Report the structure of the code: files by area, packages, what is reusable, import cycles.

    Analyzes the current commit, or REVISION. No plan is needed.
    """
    settings = settings_of(context)
    repository = settings.repository()
    commit = repository.commit(revision)
    if commit is None:
        raise RepositoryError(f'there is no commit "{revision}" here', advice="name a branch or a commit")
    overlay = Overlay.of(repository.objects, commit)
    files = list(all_sources(overlay))
    structure = structure_of(files)
    languages = Counter(owner.language for file in files if (owner := engine_of_file(file.path)) is not None)
    if settings.json:
        settings.output.json(
            {
                "commit": commit,
                "files": structure.files,
                "languages": languages,
                **asdict(structure),
                "reusable": [p.folder for p in structure.reusable],
            }
        )
    elif mermaid:
        settings.output.result(structure.mermaid())
    else:
        report_structure(settings.output, structure, languages)
    return Exit.DONE


def report_structure(out: Output, structure: Structure, languages: Mapping[str, int]) -> None:
    """Print the structure for a person; `languages` counts the files of each language."""
    counted = [plural(count, f"{language} file") for language, count in languages.items()]
    out.result(", ".join(counted) or "no source code that an engine knows", bold=True)
    if not structure.files:
        return
    width = max((len(area.folder) for area in structure.areas), default=0)
    for area in structure.areas:
        out.result(f"  {printable(area.folder):<{width}}  {area.files:>5,}  {area.share:>4.0%}")
    out.result("\n" + plural(len(structure.packages), "package"), bold=True)
    width = max((len(named_folders(package.folder)) for package in structure.packages), default=0)
    out.result(f"  {'':<{width}}  files  imported by  imports")
    for package in structure.packages:
        reusable = "  reusable" if package.is_reusable else ""
        out.result(
            f"  {named_folders(package.folder):<{width}}  {package.files:>5,}  {package.fan_in:>11,}"
            f"  {package.fan_out:>7,}{reusable}"
        )
    out.result(
        "\n"
        + plural(len(structure.reusable), "package imports", "packages import")
        + " nothing of this program (reusable)."
    )
    if structure.cycles:
        for cycle in structure.cycles:
            out.result("import cycle: " + " → ".join(named_folders(folder) for folder in (*cycle, cycle[0])))
    else:
        out.result("No import cycle.")


def named_folders(folder: str) -> str:
    """A folder as it is printed; the top of the repository has no name of its own."""
    return printable(folder) or "(top)"
