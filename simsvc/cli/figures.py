"""The command `simsvc figures`: figures and tables of results for a paper or slides."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simsvc.cli.options import text_option


def figures(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of results, as --out of a command made it.")],
    style: Annotated[str, text_option("STYLE", "`paper` (two columns of a journal, 180 mm) or `slides`.")] = "paper",
    out: Annotated[Path | None, text_option("DIR", "Folder to write to. [default: STYLE in DIR]")] = None,
) -> None:
    """Draw the figures of results for a paper or slides, as PDF and SVG, and write their tables for LaTeX and Word.

    Nothing is run again. What stood above figures goes to captions.txt, names of settings become labels, axes that are
    not linear say so; tables.tex needs the package booktabs, tables.html opens in Word. Of experiments the
    tables alone (`python experiments/flip.py --style paper` draws their figures).

    \b
      simsvc figures results/flip
      simsvc figures phase --style slides --out talk
    """
    from simsvc.reports import write_figures
    from simsvc.show.terminal import say

    place = out or folder / style
    files = write_figures(folder, place, style)
    say(f"Written to {place}: {', '.join(file.name for file in files)}")
