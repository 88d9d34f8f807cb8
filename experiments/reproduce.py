"""All published results again: every experiment, the calibration table, and docs/claims/.

    python experiments/reproduce.py                       # results/ and docs/claims/; 1.5 hours on 2 cores
    python experiments/reproduce.py --quick               # results/quick/, few replications
    python experiments/reproduce.py --only flip --only promises

Not among them are the ensembles of worlds, which take half an hour of their own: `experiments/robust_flip.py`.
Results of a quick or partial reproduction, or of one into another folder, leave docs/claims/ alone unless
they go to results/ at full size; the pages then are written beside them, into claims/.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated

import typer

from simsvc.errors import InputError, nearest
from simsvc.evidence.claims import write_document
from simsvc.model.warm import compile_all
from simsvc.process import run_script
from simsvc.show.terminal import duration, say
from simsvc.studies.scripts import load_script, study_names
from simsvc.studies.study import PUBLISHED, QUICK

HERE = Path(__file__).parent


def seconds_published(name: str) -> float:
    """How long an experiment took when its results were published; a minute if they never were."""
    try:
        return float(json.loads((HERE.parent / "results" / name / "manifest.json").read_text("utf-8"))["seconds"])
    except (OSError, KeyError, ValueError):
        return 60.0


def reproduce(
    quick: Annotated[bool, typer.Option(help="Few replications.")] = False,
    only: Annotated[list[str] | None, typer.Option(help="Only this experiment. May be repeated.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder. [default: results, quick: results/quick]")] = None,
    seed: Annotated[int, typer.Option(help="Root of all luck, 0 or more.")] = 1,
    workers: Annotated[int | None, typer.Option(help="Threads. [default: as many as cores]")] = None,
) -> None:
    """Run all experiments and write what they answer to each claim."""
    names = study_names(HERE)
    for name in only or []:
        if name not in names:
            raise InputError(
                f"--only {name}: there is no such experiment{nearest(name, names)}; have: {', '.join(names)}"
            )
    names = [name for name in names if not only or name in only]
    folder = out or (QUICK if quick else PUBLISHED)
    compile_all(say)
    planned = {name: seconds_published(name) for name in names}
    begun, expected = time.monotonic(), 0.0
    for number, name in enumerate(names, 1):
        spent = time.monotonic() - begun
        left = spent / expected * (sum(planned.values()) - expected) if expected else 0.0
        say(f"{number} of {len(names)}: {name}" + (f" (about {duration(left)} left)" if left else ""))
        module = load_script(HERE / f"{name}.py")
        options = " --quick" * quick + (f" --seed {seed}" if seed != 1 else "")
        finding = module.STUDY.perform(
            module.main, quick=quick, out=folder / name, seed=seed, workers=workers,
            command=f"python experiments/{name}.py{options}",
        )  # fmt: skip
        print(f"{name}: {finding}", flush=True)
        expected += planned[name]
    published = not quick and folder == PUBLISHED
    if published and not only:
        calibrate(folder)
    write_document(folder, Path("docs/claims") if published else folder / "claims")
    say(f"Reproduced {len(names)} experiments in {duration(time.monotonic() - begun)}.")


def calibrate(folder: Path) -> None:
    """Write the table of levels that the baseline reaches."""
    try:
        load_script(HERE / "calibrate_baseline.py").main(out=folder / "calibration")
    except SystemExit as end:
        if end.code:
            say("The baseline misses levels; see the table above.")


if __name__ == "__main__":
    run_script(reproduce, "reproduce")
