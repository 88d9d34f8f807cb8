"""The command `simsvc sweep`: many runs over a design, kept so that nothing is lost."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simsvc.cli.frame import end, print_json, typed, working
from simsvc.cli.options import Dask, Json, Own, Workers, number_option, text_option
from simsvc.errors import InputError, printable

if TYPE_CHECKING:
    from simsvc.sweeps.design import Design
    from simsvc.sweeps.results import Results
    from simsvc.sweeps.sweep import Trial


def sweep(
    design: Annotated[Path | None, typer.Argument(metavar="DESIGN.toml",
        help="File that says what is run; see below.")] = None,
    out: Annotated[Path | None, text_option("DIR",
        "Folder of results. [default: a folder beside you, named as the design]")] = None,
    workers: Workers = None, dask: Dask = None, own: Own = None,
    on_error: Annotated[str, text_option("continue|stop",
        "What to do after a run has failed; failures are rows too.")] = "continue",
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Run again what failed before.")] = False,
    estimate: Annotated[bool, typer.Option("--estimate",
        help="Check the design, try one run, tell time and disk, and stop.")] = False,
    limit: Annotated[int | None, number_option(
        "Stop after so many runs; the same command goes on. [default: all]")] = None,
    until: Annotated[str | None, text_option("TIME",
        "Be done by then: 07:30, '2030-05-01 07:30', or 90min, 2h from now; resumes likewise.")] = None,
    metric: Annotated[list[str] | None, text_option("NAME",
        "Metric of points.csv and overview.png; may be repeated. [default: the headlines]")] = None,
    status: Annotated[Path | None, text_option("DIR",
        "Tell how far the sweep of this folder has come; with --metric also its points so far. Runs nothing.")] = None,
    as_json: Json = False,
) -> None:  # fmt: skip
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
      simsvc sweep design.toml --until 07:30 --metric profit --metric morale
      simsvc sweep --status results/phase --metric mean_wait
      simsvc export results/phase runs.xlsx
    """
    if status is not None:
        if design is not None:
            raise InputError(f"--status {status}: needs no design; {design} is not looked at, so leave it out")
        runs = {"--limit": limit, "--until": until, "--estimate": estimate, "--retry-failed": retry_failed,
                "--dask": dask, "--workers": workers}  # fmt: skip
        if without := [option for option, value in runs.items() if value]:
            raise InputError(f"--status {status}: runs nothing; leave out {' and '.join(without)}")
        _show_status(status, out or status, metric, as_json)
        return
    if design is None:
        raise InputError("missing argument 'DESIGN.toml' (see 'simsvc sweep --help')")
    if limit is not None and limit < 1:
        raise InputError(f"--limit: {limit} is out of range; allowed: 1 or more")
    deadline = _moment(until) if until else None
    from simsvc.runs.metrics import HEADLINES, check_metrics
    from simsvc.runs.result import plain_data
    from simsvc.show.terminal import ProgressReport, say
    from simsvc.sweeps.files import load_design
    from simsvc.sweeps.manifest import MANIFEST
    from simsvc.sweeps.store import NOT_RUN
    from simsvc.sweeps.sweep import Sweep

    with ProgressReport("points checked") as checking:
        plan = load_design(design, checking.update, own)
    check_metrics(metric or None, plan.first_scenario)
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
            sweeping.perform(retry_failed=retry_failed, limit=limit, until=deadline)
        done, failed, begun, results = sweeping.store.done, sweeping.store.failed, sweeping.found, sweeping.results
    if not estimate:
        say(f"{done:,} of {len(plan):,} runs done, {begun:,} of them found done, {failed:,} failed.")
        if done + failed < len(plan):
            said = " and ".join(f"--{name} {value}" for name, value in (("limit", limit), ("until", until)) if value)
            say(f"Stopped as asked ({said}); give the same command again to go on.")
    if as_json:
        changes = plain_data(results.changes(metric or HEADLINES)) if done else []
        counts = {"folder": str(folder), "runs": len(plan), "done": done, "failed": failed, "found": begun}
        print_json(counts | {"changes": changes})
    elif not estimate and done:
        _show_points(results, folder, metric)
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


def _moment(text: str) -> datetime:
    """The time that a text names: a time of day, the next such; a date and time; or a time span from now.

    Raises:
        InputError: for anything else, and for times that are past.
    """
    import pandas as pd

    now = datetime.now()
    allowed = "a time, 07:30 or '2030-05-01 07:30', or a span, 90min, 2h"
    try:
        if re.fullmatch(r"\d?\d:\d\d(:\d\d)?", text):
            moment = datetime.combine(now, time.fromisoformat(text.zfill(len(text) + (text[1] == ":"))))
            return moment if moment > now else moment + timedelta(days=1)
        if re.search(r"[A-Za-z]\s*$", text) and re.match(r"\s*\d", text) and "T" not in text:
            moment = now + pd.Timedelta(re.sub(r"(?<![a-z])d(?![a-z])", "D", text)).to_pytimedelta()
        else:
            moment = datetime.fromisoformat(text)
            moment = moment.astimezone().replace(tzinfo=None) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        raise InputError(f"--until {printable(text)}: should be {allowed}") from None
    if moment <= now:
        raise InputError(f"--until {text}: is past; it is {now:%Y-%m-%d %H:%M}")
    return moment


def _show_status(folder: Path, out: Path, metrics: list[str] | None, as_json: bool) -> None:
    """Say how far the sweep of a folder has come; write its points so far if metrics are asked for."""
    from simsvc.runs.metrics import check_metrics
    from simsvc.show.terminal import duration, output, show
    from simsvc.sweeps.results import Results
    from simsvc.sweeps.status import status

    found = status(folder)
    if metrics:
        check_metrics([name for name in metrics if name not in Results(folder).manifest["metrics"]] or None)
    if as_json:
        print_json(found.as_json())
    else:
        planned = "of a number that its version did not note" if found.runs is None else f"of {found.runs:,}"
        left = "" if found.left is None else f", {found.left:,} left"
        pace = ""
        if found.pace:
            pace = f" Pace: {found.pace:.3g} runs per s" if found.pace >= 1 else f" Pace: {60 * found.pace:.3g} per min"
            pace += f", about {duration(found.seconds_left)} for what is left." if found.seconds_left else "."
        work = {True: "Somebody is at work on it.", False: "Nobody is at work on it.",
                None: "Whether somebody is at work on it cannot be seen from here."}[found.at_work]  # fmt: skip
        last = f" The last run ended at {datetime.fromtimestamp(found.last):%Y-%m-%d %H:%M:%S}." if found.last else ""
        show(
            output(),
            f"{folder}: {found.done:,} {planned} runs done, at {found.points:,} points; {found.failed:,} failed{left}.",
            f"{work}{last}{pace}",
        )
    if metrics:
        if not found.done:
            raise InputError(f"{folder}: no run is finished yet; there are no points")
        out.mkdir(parents=True, exist_ok=True)
        _show_points(Results(folder), out, metrics, told=not as_json)


def _show_points(results: Results, folder: Path, metrics: list[str] | None, told: bool = True) -> None:
    """Write table and figure of what the points of a design tell, of some metrics or the headlines, and say it."""
    from simsvc.runs.folder import save_figure, table_files
    from simsvc.runs.metrics import HEADLINES, OUTCOMES
    from simsvc.show.terminal import output, say, show
    from simsvc.sweeps.views import MOST_PANELS, changes_told, overview, sentences

    table, changes = results.points(metrics or HEADLINES), results.changes(metrics or HEADLINES)
    seed = results.manifest["design"]["seed"]
    table_files(table, folder, "points", ("csv",))
    table_files(changes, folder, "changes", ("csv",))
    save_figure(
        overview(results, table, metrics or OUTCOMES), folder, "overview", f"simsvc sweep, seed {seed}", ("png",)
    )
    for line in (*sentences(table), *changes_told(changes)[:MOST_PANELS]) if told else ():
        show(output(), line)
    say(f"See overview.png, points.csv and changes.csv in {folder}; every run: simsvc export {results.folder} runs.csv")


def _size(count: float) -> str:
    for unit in ("bytes", "KB", "MB"):
        if count < 1000:
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:.3g} GB"
