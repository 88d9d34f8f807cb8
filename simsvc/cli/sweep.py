"""The command `simsvc sweep`: many runs over a design, kept so that nothing is lost."""

# ruff: noqa: D301  the parser of the command line keeps the lines of a paragraph that begins with \b
from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simsvc.cli.frame import end, print_json, typed, working
from simsvc.cli.options import Dask, Json, Workers, text_option
from simsvc.errors import InputError

if TYPE_CHECKING:
    from simsvc.sweeps.design import Design
    from simsvc.sweeps.results import Results
    from simsvc.sweeps.sweep import Trial


def sweep(
    design: Annotated[Path, typer.Argument(metavar="DESIGN.toml", help="File that says what is run; see below.")],
    out: Annotated[
        Path | None, text_option("DIR", "Folder of results. [default: a folder beside you, named as the design]")
    ] = None,
    workers: Workers = None,
    dask: Dask = None,
    on_error: Annotated[
        str, text_option("continue|stop", "What to do after a run has failed; failures are rows too.")
    ] = "continue",
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Run again what failed before.")] = False,
    estimate: Annotated[
        bool, typer.Option("--estimate", help="Check the design, try one run, tell time and disk, and stop.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Run a whole design: settings, structures and organisations varied, many times each.

    Whatever interrupts it - Ctrl-C, a crash, a full disk, the end of the night - give the same command again:
    it finds what is done and runs the rest. The whole design is checked before the first run.

    \b
    A design file:
      scenario = "contact_centre"            # a preset, a file, or a list of them
      structures = ["traditional", "inverted"]
      replications = 20                      # the k-th has the same luck at every point, unless
      days = 750                             #   common_random_numbers = false
      [vary]                                 # every combination of
      "demand.idiosyncrasy" = { low = 0.1, high = 0.9, steps = 9 }
      "workforce.frontline" = [20, 24, 28]
    With method = "latin_hypercube" or "sobol" and points = 256 at the top, ranges have no steps.
    method = "list" runs lists in parallel. [[block]] sections make a union of designs. series = ["loyalty"]
    keeps daily series, [trace] customer = [17] keeps stories.

    \b
      simsvc sweep design.toml
      simsvc sweep design.toml --out results/phase --estimate
      simsvc sweep design.toml --dask tcp://scheduler:8786
      simsvc export results/phase runs.xlsx
    """
    from simsvc.show.terminal import ProgressReport, say
    from simsvc.sweeps.files import load_design
    from simsvc.sweeps.manifest import MANIFEST
    from simsvc.sweeps.store import NOT_RUN
    from simsvc.sweeps.sweep import Sweep

    with ProgressReport("points checked") as checking:
        plan = load_design(design, checking.update)
    folder = out or Path(design.stem)
    if folder.resolve() == design.resolve():
        folder = Path(f"{design.stem}-results")
    known = (folder / MANIFEST).exists()
    if retry_failed and not known:
        raise InputError(f"{folder}: holds no results of a sweep, so there is nothing to run again (--retry-failed)")
    keep: Path | None = folder
    if estimate:
        dask = None  # the one run is tried here
        if not known:
            _try_folder(folder)
            keep = None  # a trial binds nobody to its design
    with (
        working("runs", workers=workers, dask=dask) as work,
        Sweep(
            plan,
            keep,
            on_error=on_error,
            watch=work.told,
            tried=lambda trial: _tell_trial(trial, sweeping.executor.workers),
            say=say,
            command=typed(),
            **work.where,
        ) as sweeping,
    ):
        say(_plan_told(plan, sweeping.found, folder))
        if estimate:
            left = (task for task in plan.tasks() if sweeping.store.status[task.number] == NOT_RUN)
            sweeping.perform(list(islice(left, 1)))
        else:
            sweeping.perform(retry_failed=retry_failed)
        done, failed, begun, results = sweeping.store.done, sweeping.store.failed, sweeping.found, sweeping.results
    if not estimate:
        say(f"{done:,} of {len(plan):,} runs done, {begun:,} of them found done, {failed:,} failed.")
    if as_json:
        print_json({"folder": str(folder), "runs": len(plan), "done": done, "failed": failed, "found": begun})
    elif not estimate and done:
        _show_points(results, folder, plan.root_seed)
    if failed:
        end(results.failures())


def _try_folder(folder: Path) -> None:
    """Check that results could be written to a folder, and leave nothing there."""
    from simsvc.runs.folder import check_writable

    new = not folder.exists()
    check_writable(folder)
    if new:
        folder.rmdir()


def _plan_told(plan: Design, found: int, folder: Path) -> str:
    """What is going to be run, and where it goes."""
    twins = f" ({len(plan.twins)} that say the same as others are run once)" if plan.twins else ""
    done = f"; found {found:,} done" if found else ""
    return (
        f"{len(plan):,} runs: {plan.point_count:,} points, {len(plan.structure_names)} structures, "
        f"{plan.replication_count:,} replications{twins}{done}. Results in {folder}."
    )


def _tell_trial(trial: Trial, cores: int) -> None:
    """Say what one run took, and what all of them are going to take."""
    from simsvc.show.terminal import duration, say

    if trial.failed:
        say(f"The first run failed: {trial.failed}")
    say(
        f"One run takes {trial.seconds:.2g} s; all that are left about {duration(trial.left)} on "
        f"{cores} cores, the folder about {_size(trial.bytes)} in the end."
    )


def _show_points(results: Results, folder: Path, seed: int) -> None:
    """Print what the points of a design tell, and write their table and figure."""
    from simsvc.runs.folder import guarded, save_figure, written
    from simsvc.show.terminal import output, say, show
    from simsvc.sweeps.views import overview, point_table, sentences

    table = point_table(results)
    written(folder / "points.csv", guarded(table).to_csv(index=False, float_format="%.6g"))
    save_figure(overview(results, table), folder, "overview", f"simsvc sweep, seed {seed}", ("png",))
    for line in sentences(table):
        show(output(), line)
    say(f"See {folder / 'overview.png'} and {folder / 'points.csv'}; every run: simsvc export {folder} runs.csv")


def _size(count: float) -> str:
    for unit in ("bytes", "KB", "MB"):
        if count < 1000:
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:.3g} GB"
