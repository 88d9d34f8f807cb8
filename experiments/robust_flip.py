"""Does what turning the chart does hold under every assumption that fits what is known, and what does it hang on?

    python experiments/robust_flip.py                           # as published: three organisations, an hour or two each
    python experiments/robust_flip.py fast_food                 # one organisation; what is there of others stays
    python experiments/robust_flip.py --draws 600 fast_food     # fewer draws: some minutes
    python experiments/robust_flip.py --quick                   # 100 draws of 250 days, which tell little

Runs are kept in the folder `--runs`, so that the same command goes on where it stopped. Only the traditional baseline
is looked at when draws are kept. What is there of organisations that are not named stays; the manifest says of each
when and how it was made. Writes effects.csv, drivers.csv, variance.csv, boxes.csv, regret.csv, levels.csv, a figure of
each kind for every organisation, finding.txt and manifest.json; in full and over the assumptions also the effects that
`simsvc compare` prints beside its intervals (on all metrics of its table, which cost no further run), and docs/claims/
anew, which tells of them.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
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
from simsvc.runs.folder import check_writable, manifest, note_of, save_figure, table_files, written
from simsvc.show.terminal import ProgressReport, say
from simsvc.studies.scripts import as_typed
from simsvc.studies.study import PUBLISHED, QUICK

DRAWS = {"contact_centre": 4500, "fast_food": 4500, "private_bank": 5000}
"""Organisations published, and draws of each: so many that at least 1,000 worlds are kept."""
PRESETS = tuple(DRAWS)
MANY, FEW = 4500, 100
"""Draws of any other, and of quick ones."""
QUESTION = "Does what turning the chart does hold under every assumption that fits what is known?"


def main(
    presets: Annotated[list[str] | None, typer.Argument(help="Organisations. [default: all three]")] = None,
    draws: Annotated[
        int | None, typer.Option(help="Most draws of which the baseline is run. [default: as published]")
    ] = None,
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
    draws: int | None = None,
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
                draws=draws if draws is not None else FEW if quick else DRAWS.get(name, MANY),
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
    if folder == PUBLISHED / "robust" and not quick and over == "assumptions":
        beside(pd.read_csv(TABLE), effects(found), list(found)).to_csv(TABLE, index=False)
        write_document(PUBLISHED, Path("docs/claims"))
    return told


def effects(found: dict[str, Robustness]) -> pd.DataFrame:
    """What `simsvc.evidence.robust_effects` holds: effects over the worlds of each organisation."""
    parts = [
        result.over_worlds(MEASURED).assign(organisation=name, kept=result.kept, runs=result.runs)
        for name, result in found.items()
    ]
    return pd.concat(parts, ignore_index=True)[list(COLUMNS)].round(6)


def beside(before: pd.DataFrame, now: pd.DataFrame, made: Sequence[str]) -> pd.DataFrame:
    """A table with the rows of organisations made now, and those of the others as they were; in the usual order."""
    both = pd.concat([before[~before["organisation"].isin(made)], now], ignore_index=True)
    rank = {name: k for k, name in enumerate(in_order(both["organisation"]))}
    return both.iloc[both["organisation"].map(rank).argsort(kind="stable")].reset_index(drop=True)


def in_order(names: Iterable[str]) -> list[str]:
    """Names of organisations, once each, ours first."""
    given = list(dict.fromkeys(names))
    return sorted(given, key=lambda name: PRESETS.index(name) if name in PRESETS else len(PRESETS))


def others(folder: Path, found: dict[str, Robustness]) -> dict[str, Any]:
    """What the manifest says of organisations that are there and were not made now, if they are of the same kind."""
    over = {result.over for result in found.values()}
    there = note_of(folder).get("organisations", {}) if (folder / "manifest.json").exists() else {}
    return {name: told for name, told in there.items() if name not in found and told["over"] in over}


def publish(found: dict[str, Robustness], folder: Path, seconds: float, command: str = "") -> str:
    """Write tables of all organisations, figures of each, what was found, and how to repeat it."""
    stay = others(folder, found)
    tables: dict[str, list[pd.DataFrame]] = {}
    for name, result in found.items():
        for table, frame in result.small_tables().items():
            tables.setdefault(table, []).append(frame.assign(organisation=name)[["organisation", *frame.columns]])
        for figure, draw in result.figures().items():
            save_figure(draw(), folder, f"{figure}_{name}", f"simsvc, {result.size()}", ("png",))
    for table, frames in tables.items():
        rows = pd.concat(frames, ignore_index=True)
        if stay:
            before = pd.read_csv(folder / f"{table}.csv")
            rows = beside(before[before["organisation"].isin(list(stay))], rows, list(found))
        table_files(rows, folder, table, ("csv",))
    said = (folder / "finding.txt").read_text("utf-8").split("\n\n") if stay else []
    told = {one.partition(": ")[0]: one for one in said if one.partition(": ")[0] in stay}
    told |= {name: f"{name}: {result.sentence()}" for name, result in found.items()}
    written(folder / "finding.txt", "\n\n".join([*(told[name] for name in in_order(told)), LIMITS]) + "\n")
    note = described(found, seconds, command)
    note["organisations"] = {name: (note["organisations"] | stay)[name] for name in in_order(told)}
    written(folder / "manifest.json", json.dumps(note, indent=1, default=str))
    return "\n\n".join(told[name] for name in found)


def described(found: dict[str, Robustness], seconds: float, command: str = "") -> dict[str, Any]:
    """The manifest: how to repeat it, on any machine and wherever runs are kept, and what was drawn of each."""
    note = manifest(
        next(iter(found.values())).scenario,
        command or as_typed(),
        kind="ensemble of worlds",
        name="robust_flip",
        question=QUESTION,
        seconds=round(seconds),
    )
    made = {key: note[key] for key in ("command", "commit", "model", "made")}
    return note | {"organisations": {name: result.details() | made for name, result in found.items()}}


if __name__ == "__main__":
    run_script(main, "robust_flip")
