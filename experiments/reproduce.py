"""All published results again: every experiment, the calibration table, and docs/claims/.

    python experiments/reproduce.py                       # results/ and docs/claims/; about three hours on 2 cores
    python experiments/reproduce.py --worlds              # the ensembles of worlds, and the findings in them, too
    python experiments/reproduce.py --quick               # results/quick/, few replications
    python experiments/reproduce.py --only flip --only robust_flip

The same command goes on where it was interrupted: an experiment whose results are of this commit and command is not
run again, unless sources have changed since the commit, or with --again. At full size and with the seed that was
published, every value is compared with what lay in results/ before, and it is said which experiments differ.
Results of a quick or partial reproduction, or of one into another folder, leave docs/claims/ alone unless
they go to results/ at full size; the pages then are written beside them, into claims/.

Others make what is left: `experiments/bank_calls.py RECORDS` (the records are not part of the project),
`benchmarks/run.py`, `sweep.py` and `demo.py` there (an idle machine), `simsvc odd --out docs/odd.md --force`,
`tests/tutorial.py --renew` (the notebook).
"""

from __future__ import annotations

import functools
import json
import shutil
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer

from simsvc.errors import InputError, nearest
from simsvc.evidence.claims import write_document
from simsvc.model.warm import compile_all
from simsvc.process import run_script
from simsvc.runs.folder import commit, note_of
from simsvc.runs.same import Sameness
from simsvc.show.numbers import counted, listed
from simsvc.show.terminal import duration, say
from simsvc.studies.scripts import load_script, study_names
from simsvc.studies.study import PUBLISHED, QUICK

HERE = Path(__file__).parent
LONG = ("robust_flip", "validation_worlds")
"""What takes hours, in the order in which it has to be made."""
FOLDERS = {"robust_flip": "robust"}
"""Of results, of scripts that are no studies."""


def seconds_published(name: str) -> float:
    """How long an experiment took when its results were published; a minute if they never were."""
    try:
        return float(json.loads((PUBLISHED / FOLDERS.get(name, name) / "manifest.json").read_text("utf-8"))["seconds"])
    except (OSError, KeyError, ValueError):
        return 60.0


def reproduce(
    quick: Annotated[bool, typer.Option(help="Few replications.")] = False,
    worlds: Annotated[bool, typer.Option(help="Also what takes hours: ensembles, and the findings in them.")] = False,
    only: Annotated[list[str] | None, typer.Option(help="Only this experiment. May be repeated.")] = None,
    again: Annotated[bool, typer.Option(help="Run also what is there already, of this commit.")] = False,
    out: Annotated[Path | None, typer.Option(help="Folder. [default: results, quick: results/quick]")] = None,
    seed: Annotated[int, typer.Option(help="Root of all luck, 0 or more.")] = 1,
    workers: Annotated[int | None, typer.Option(help="Threads. [default: as many as cores]")] = None,
) -> None:
    """Run all experiments, say which differ from what was published, and write what they answer to each claim."""
    known = [*(name for name in study_names(HERE) if name not in LONG), *LONG]
    for name in only or []:
        if name not in known:
            raise InputError(
                f"--only {name}: there is no such experiment{nearest(name, known)}; have: {', '.join(known)}"
            )
    names = [name for name in known if (name in only if only else worlds or name not in LONG)]
    folder = out or (QUICK if quick else PUBLISHED)
    compile_all(say)
    planned = {name: seconds_published(name) for name in names}
    begun, expected = time.monotonic(), 0.0
    apart: list[str] = []
    for number, name in enumerate(names, 1):
        spent = time.monotonic() - begun
        left = spent / expected * (sum(planned.values()) - expected) if expected else 0.0
        say(f"{number} of {len(names)}: {name}" + (f" (about {duration(left)} left)" if left else ""))
        options = " --quick" * quick + (f" --seed {seed}" if seed != 1 else "")
        command, place = f"python experiments/{name}.py{options}", folder / FOLDERS.get(name, name)
        if not again and is_made(place, command):
            say(f"{place} is of this commit already.")
            continue
        module = load_script(HERE / f"{name}.py")
        perform = module.perform if name in FOLDERS else functools.partial(module.STUDY.perform, module.main)
        with tempfile.TemporaryDirectory(prefix="simsvc-") as temporary:
            before = Path(temporary) / "before"
            if (PUBLISHED / place.name).is_dir():
                shutil.copytree(PUBLISHED / place.name, before)
            finding = perform(quick=quick, out=place, seed=seed, workers=workers, command=command)
            print(f"{name}: {finding}", flush=True)
            if before.is_dir() and not options:
                found = Sameness()
                found.folders(before, place)
                say(" ".join([found.sentence(), *found.first[:1], *found.lacking[:1]]))
                apart += [name] * (not found.same)
        expected += planned[name]
    published = not quick and folder == PUBLISHED
    if published and not only:
        calibrate(folder)
    write_document(folder, Path("docs/claims") if published else folder / "claims")
    say(f"Reproduced {counted(len(names), 'experiment')} in {duration(time.monotonic() - begun)}.")
    if apart:
        say(f"Not as they were published: {listed(apart)}.")


def is_made(place: Path, command: str) -> bool:
    """Whether results are of this commit and this command, and no source has changed since."""
    note, now = note_of(place), commit()
    return bool(now) and not now.endswith("-dirty") and (note.get("commit"), note.get("command")) == (now, command)


def calibrate(folder: Path) -> None:
    """Write the table of levels that the baseline reaches."""
    try:
        load_script(HERE / "calibrate_baseline.py").main(out=folder / "calibration")
    except SystemExit as end:
        if end.code:
            say("The baseline misses levels; see the table above.")


if __name__ == "__main__":
    run_script(reproduce, "reproduce")
