"""The command `simsvc export`: the runs of a sweep as a table."""

# ruff: noqa: D301  the parser of the command line keeps the lines of a paragraph that begins with \b
from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simsvc.cli.options import text_option


def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a sweep, finished or not.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Ends in .csv, .xlsx or .parquet.")],
    table: Annotated[str, text_option("NAME", "runs, failures, days (daily series) or traces (stories).")] = "runs",
    force: Annotated[bool, typer.Option("--force", help="Replace a file of that name.")] = False,
) -> None:
    """Write the runs of a sweep as one table for Excel, R or any other program.

    \b
      simsvc export results/phase runs.csv
      simsvc export results/phase runs.xlsx
      simsvc export results/phase days.parquet --table days
    """
    from simsvc.show.terminal import say
    from simsvc.sweeps.results import Results

    Results(folder).export(file, table, force=force)
    say(f"Written: {file}")
