"""Does what turning the chart does hold under every assumption that fits what is known, and what does it hang on?

    python experiments/robust_flip.py                                # three organisations, 600 draws each: hours
    python experiments/robust_flip.py --draws 300 fast_food          # fewer draws, one organisation
    python experiments/robust_flip.py --quick                        # 100 draws of 250 days, which tell little

Runs are kept in the folder `--runs`, so that the same command goes on where it stopped. Only the
traditional baseline is looked at when draws are kept. Writes effects.csv, drivers.csv, variance.csv, boxes.csv,
regret.csv, levels.csv, a figure of each kind for every organisation, and finding.txt.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

import simsvc
from simsvc.model.warm import compile_all
from simsvc.process import run_script
from simsvc.robustness.result import LIMITS, Robustness
from simsvc.runs.folder import check_writable, save_figure, table_files, written
from simsvc.show.terminal import ProgressReport, say

PRESETS = ("contact_centre", "fast_food", "private_bank")
DRAWS, QUICK = 600, 100


def main(
    presets: Annotated[list[str] | None, typer.Argument(help="Organisations. [default: all three]")] = None,
    draws: Annotated[int, typer.Option(help="Most draws of which the baseline is run.")] = DRAWS,
    replications: Annotated[int, typer.Option(help="Runs of every draw.")] = 2,
    over: Annotated[str, typer.Option(help="assumptions, settings or both.")] = "assumptions",
    quick: Annotated[bool, typer.Option(help="Few draws of short runs.")] = False,
    out: Annotated[Path | None, typer.Option(help="Folder of results. [default: results/robust]")] = None,
    runs: Annotated[Path | None, typer.Option(help="Folder of runs. [default: results/quick/robust_runs]")] = None,
    seed: Annotated[int, typer.Option(help="Root of all luck.")] = 1,
    workers: Annotated[int | None, typer.Option(help="Threads. [default: as many as cores]")] = None,
) -> None:
    """Is the effect of the flip robust against assumptions?"""
    compile_all(say)
    folder = out or Path("results/quick/robust" if quick else "results/robust")
    check_writable(folder)
    found = {}
    for name in presets or PRESETS:
        kept = (runs or Path("results/quick/robust_runs")) / ("quick" if quick else "full") / name
        with ProgressReport("runs at most") as bar:
            found[name] = simsvc.robust(
                name,
                draws=QUICK if quick else draws,
                replications=replications,
                over=over,
                days=250 if quick else None,
                seed=seed,
                workers=workers,
                out=kept,
                watch=lambda progress, bar=bar: bar.update(progress.done, progress.total, progress.failed),  # type: ignore[misc]
            )
        found[name].scenario_name = name
    publish(found, folder)


def publish(found: dict[str, Robustness], folder: Path) -> None:
    """Write tables of all organisations, figures of each, and what was found."""
    tables: dict[str, list[pd.DataFrame]] = {}
    for name, result in found.items():
        for table, frame in result.small_tables().items():
            tables.setdefault(table, []).append(frame.assign(organisation=name)[["organisation", *frame.columns]])
        for figure, draw in result.figures().items():
            save_figure(draw(), folder, f"{figure}_{name}", f"simsvc, {result.size()}", ("png",))
    for table, frames in tables.items():
        table_files(pd.concat(frames, ignore_index=True), folder, table, ("csv",))
    told = [f"{name}: {result.sentence()}" for name, result in found.items()]
    written(folder / "finding.txt", "\n\n".join([*told, LIMITS]) + "\n")
    print("\n\n".join(told))
    sys.stdout.flush()


if __name__ == "__main__":
    run_script(main, "robust_flip")
