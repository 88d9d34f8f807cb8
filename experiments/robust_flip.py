"""Does what turning the chart does hold under every assumption that fits what is known, and what does it hang on?

    python experiments/robust_flip.py                                # three organisations, 600 draws each: half an hour
    python experiments/robust_flip.py --draws 300 fast_food          # fewer draws, one organisation
    python experiments/robust_flip.py --quick                        # 100 draws of 250 days, which tell little

Runs are kept in the folder `--runs`, so that the same command goes on where it stopped. Only the
traditional baseline is looked at when draws are kept. Writes effects.csv, drivers.csv, variance.csv, boxes.csv,
regret.csv, levels.csv, a figure of each kind for every organisation, finding.txt and manifest.json; in full, over the
assumptions and for all three organisations, also the effects that `simsvc compare` prints beside its intervals (on all
metrics of its table, which cost no further run), and docs/claims/ anew, which tells of them.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

import simsvc
from simsvc.evidence.claims import write_document
from simsvc.evidence.robust_effects import COLUMNS, MEASURED, TABLE
from simsvc.model.warm import compile_all
from simsvc.process import run_script
from simsvc.robustness.result import LIMITS, Robustness
from simsvc.runs.folder import check_writable, manifest, save_figure, table_files, written
from simsvc.show.terminal import ProgressReport, say
from simsvc.studies.scripts import as_typed
from simsvc.studies.study import PUBLISHED, QUICK

PRESETS = ("contact_centre", "fast_food", "private_bank")
DRAWS, FEW = 600, 100
QUESTION = "Does what turning the chart does hold under every assumption that fits what is known?"


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
    print(
        perform(presets or PRESETS, draws, replications, over, quick=quick, out=out, runs=runs, seed=seed,
                workers=workers)
    )  # fmt: skip


def perform(
    presets: Sequence[str] = PRESETS,
    draws: int = DRAWS,
    replications: int = 2,
    over: str = "assumptions",
    *,
    quick: bool = False,
    out: Path | None = None,
    runs: Path | None = None,
    seed: int = 1,
    workers: int | None = None,
    command: str = "",
) -> str:
    """Make the ensembles, publish what they tell, and say it; arguments as those of the command."""
    folder = out or (QUICK if quick else PUBLISHED) / "robust"
    check_writable(folder)
    found, begun = {}, time.monotonic()
    for name in presets:
        kept = (runs or QUICK / "robust_runs") / ("quick" if quick else "full") / name
        with ProgressReport("runs at most") as bar:
            found[name] = simsvc.robust(
                name,
                draws=FEW if quick else draws,
                replications=replications,
                over=over,
                days=250 if quick else None,
                seed=seed,
                workers=workers,
                out=kept,
                watch=lambda progress, bar=bar: bar.update(progress.done, progress.total, progress.failed),  # type: ignore[misc]
            )
        found[name].scenario_name = name
    told = publish(found, folder, time.monotonic() - begun, command)
    if folder == PUBLISHED / "robust" and not quick and over == "assumptions" and set(found) == set(PRESETS):
        effects(found).to_csv(TABLE, index=False)
        write_document(PUBLISHED, Path("docs/claims"))
    return told


def effects(found: dict[str, Robustness]) -> pd.DataFrame:
    """What `simsvc.evidence.robust_effects` holds: effects over the worlds of each organisation."""
    parts = [
        result.over_worlds(MEASURED).assign(organisation=name, kept=result.kept, runs=result.runs)
        for name, result in found.items()
    ]
    return pd.concat(parts, ignore_index=True)[list(COLUMNS)].round(6)


def publish(found: dict[str, Robustness], folder: Path, seconds: float, command: str = "") -> str:
    """Write tables of all organisations, figures of each, what was found, and how to repeat it."""
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
    written(folder / "manifest.json", json.dumps(described(found, seconds, command), indent=1, default=str))
    return "\n\n".join(told)


def described(found: dict[str, Robustness], seconds: float, command: str = "") -> dict[str, Any]:
    """The manifest: how to repeat it, on any machine and wherever runs are kept, and what was drawn of each."""
    return manifest(
        next(iter(found.values())).scenario,
        command or as_typed(),
        kind="ensemble of worlds",
        name="robust_flip",
        question=QUESTION,
        seconds=round(seconds),
        organisations={name: result.details() for name, result in found.items()},
    )


if __name__ == "__main__":
    run_script(main, "robust_flip")
