"""The commands `simsvc sweep` and `simsvc export`: many runs over a design, kept so that nothing is lost."""

# ruff: noqa: D301  the parser of the command line keeps the lines of a paragraph that begins with \b
from __future__ import annotations

import json
import shlex
import sys
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simsvc.cli.options import Dask, Json, Workers, compile_first
from simsvc.errors import InputError

if TYPE_CHECKING:
    from simsvc.sweeps.sweep import Progress, Trial


def sweep(
    design: Annotated[Path, typer.Argument(metavar="DESIGN.toml", help="File that says what is run; see below.")],
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder of results. [default: a folder beside you, named as the design]"),
    ] = None,
    workers: Workers = None,
    dask: Dask = None,
    on_error: Annotated[
        str, typer.Option(metavar="continue|stop", help="What to do after a run has failed; failures are rows too.")
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
    from simsvc.runs.folder import check_writable
    from simsvc.show.terminal import ProgressReport, duration, output, say
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
    if estimate:
        dask = None  # the one run is tried here
    if dask is None:
        compile_first()
    keep: Path | None = folder
    if estimate and not known:
        new = not folder.exists()
        check_writable(folder)
        if new:
            folder.rmdir()
        keep = None  # a trial binds nobody to its design
    report = ProgressReport("runs")

    def tried(trial: Trial) -> None:
        if trial.failed:
            say(f"The first run failed: {trial.failed}")
        say(
            f"One run takes {trial.seconds:.2g} s; all that are left about {duration(trial.left)} on "
            f"{work.workers} cores, the folder about {_size(trial.bytes)} in the end."
        )

    def watch(progress: Progress) -> None:
        report.update(progress.done, progress.total, progress.failed)

    command = shlex.join(["simsvc", *sys.argv[1:]])
    with Sweep(
        plan, keep, workers=workers, dask=dask, on_error=on_error, watch=watch, tried=tried, say=say, command=command
    ) as work:
        found = f"; found {work.found:,} done" if work.found else ""
        twins = f" ({len(plan.twins)} that say the same as others are run once)" if plan.twins else ""
        say(
            f"{len(plan):,} runs: {plan.point_count:,} points, {len(plan.structure_names)} structures, "
            f"{plan.replication_count:,} replications{twins}{found}. Results in {folder}."
        )
        if estimate:
            left = (task for task in plan.tasks() if work.store.status[task.number] == NOT_RUN)
            work.perform(list(islice(left, 1)))
        else:
            with report:
                work.perform(retry_failed=retry_failed)
        done, failed = work.store.done, work.store.failed
        results, begun = work.results, work.found
    if not estimate:
        say(f"{done:,} of {len(plan):,} runs done, {begun:,} of them found done, {failed:,} failed.")
    if as_json:
        typer.echo(
            json.dumps(
                {"folder": str(folder), "runs": len(plan), "done": done, "failed": failed, "found": begun}, indent=2
            )
        )
    elif not estimate and done:
        from simsvc.runs.folder import guarded, save_figure, written
        from simsvc.show.terminal import show
        from simsvc.sweeps.views import overview, point_table, sentences

        table = point_table(results)
        written(folder / "points.csv", guarded(table).to_csv(index=False, float_format="%.6g"))
        save_figure(overview(results, table), folder, "overview", f"simsvc sweep, seed {plan.root_seed}", ("png",))
        for line in sentences(table):
            show(output(), line)
        say(f"See {folder / 'overview.png'} and {folder / 'points.csv'}; every run: simsvc export {folder} runs.csv")
    if failed:
        first = results.failures().iloc[0]
        say(f"simsvc: {failed} runs failed; the first, at point {first['point']}: {first['message']}")
        raise typer.Exit(1)


def _size(count: float) -> str:
    for unit in ("bytes", "KB", "MB"):
        if count < 1000:
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:.3g} GB"


def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a sweep, finished or not.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Ends in .csv, .xlsx or .parquet.")],
    table: Annotated[
        str, typer.Option(metavar="NAME", help="runs, failures, days (daily series) or traces (stories).")
    ] = "runs",
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
