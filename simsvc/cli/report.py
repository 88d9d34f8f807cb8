"""The command `simsvc report`: results as one page to send, print or publish."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simsvc.cli.options import text_option


def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of results, as --out of a command made it.")],
    out: Annotated[
        Path | None, text_option("FILE.html", "File to write. [default: report.html or handout.html in DIR]")
    ] = None,
    title: Annotated[str | None, text_option("TEXT", "Title in place of the report's own.")] = None,
    handout: Annotated[bool, typer.Option("--handout", help="Two sheets for students: guess first, then see.")] = False,
    show: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
) -> None:
    """Make one HTML file of results: question, answer, figures, tables, settings, provenance.

    The file holds everything, asks for nothing from elsewhere and runs no script, so it can be sent by mail, put on a
    course page or printed. For results of compare, run, sweep, decompose, best, sensitivity, robust, validate and of
    experiments.

    \b
      simsvc report results/flip
      simsvc report phase --out phase.html --title "When does it pay?" --open
      simsvc report flip --handout
    """
    from simsvc.reports import write_report
    from simsvc.show.terminal import say

    file = write_report(folder, out or folder / f"{'handout' if handout else 'report'}.html", title, handout=handout)
    say(f"Written: {file} ({file.stat().st_size / 1e6:.1f} MB)")
    if show:
        import webbrowser

        webbrowser.open(file.resolve().as_uri())
