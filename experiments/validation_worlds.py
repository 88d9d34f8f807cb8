"""In how many of the worlds that go with what is known are published findings reproduced?

    python experiments/validation_worlds.py                        # 10 worlds of the contact centre: 40 minutes
    python experiments/validation_worlds.py --sample 30            # more worlds, two hours
    python experiments/validation_worlds.py --quick                # 3 worlds

The same as `simsvc validate --worlds`. The worlds are those that `experiments/robust_flip.py` has kept in its folder of
runs; each world that is measured is kept beside them, so that the same command goes on where it stopped. Writes
findings.csv (values over the worlds against the range), charts.csv (share of findings met, by chart), values.csv (of
every world) and worlds.png.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Annotated

import typer

from simsvc.evidence.worlds import REPLICATIONS, validate_worlds
from simsvc.model.warm import compile_all
from simsvc.process import run_script
from simsvc.show.terminal import ProgressReport, say
from simsvc.studies.scripts import as_typed
from simsvc.studies.study import QUICK, Study

STUDY = Study(
    "validation_worlds",
    "In how many of the worlds that go with what is known are published findings reproduced?",
    [],
    replications=REPLICATIONS,
    quick=REPLICATIONS,
    timed=True,
)
SAMPLE, FEW = 10, 3
"""Worlds; with --quick."""


def main(study: Study, worlds: Path | None = None, sample: int = SAMPLE) -> None:
    """Measure every finding in a sample of the worlds."""
    sample = FEW if study.quick else sample
    worlds = worlds or QUICK / "robust_runs" / ("quick" if study.quick else "full") / "contact_centre"
    with ProgressReport("runs") as bar:
        found = validate_worlds(
            worlds,
            sample=sample,
            replications=study.replications,
            seed=study.seed,
            executor=study.executor,
            out=QUICK / "validation_worlds_runs" / f"{worlds.parent.name}-{worlds.name}-{study.seed}",
            watch=lambda progress: bar.update(progress.done, progress.total, progress.failed),
        )
    study.adopt(found, found.runs)


def command(
    worlds: Annotated[
        Path | None, typer.Option(help="Folder of an ensemble. [default: where robust_flip.py keeps its runs]")
    ] = None,
    sample: Annotated[int, typer.Option(help="Worlds, spread evenly over those kept.")] = SAMPLE,
    quick: Annotated[bool, typer.Option(help="Three worlds.")] = False,
    out: Annotated[Path | None, typer.Option(help="Folder of results. [default: results/validation_worlds]")] = None,
    seed: Annotated[int, typer.Option(help="Root of all luck, 0 or more.")] = 1,
    workers: Annotated[int | None, typer.Option(help="Threads. [default: as many as cores]")] = None,
) -> None:
    """In how many of the worlds that go with what is known are published findings reproduced?"""
    compile_all(say)
    asked = functools.partial(main, worlds=worlds, sample=sample)
    print(STUDY.perform(asked, quick=quick, out=out, seed=seed, workers=workers, command=as_typed()))


if __name__ == "__main__":
    run_script(command, "validation_worlds")
