"""What happens to customers, staff and profit when a service organisation's chart is turned upside down?

simsvc simulates a service organisation person by person and day by day: customers with needs and
memories, the staff who serve them, the managers above or below. It runs the same organisation, with the
same luck, under different charts, and tells what differs and where the difference comes from.

\b
  simsvc compare                      traditional against inverted, in a contact centre
  simsvc sweep design.toml            settings varied, thousands of runs, resumed by itself
  simsvc sensitivity design.toml      what decides the outcome, and what is only luck
  simsvc decompose                    which part of turning the chart does the work
  simsvc best                         which of all structures is best, and how sure that is
  simsvc calibrate calls.csv          your call records or monthly figures become a scenario
  simsvc run classroom --days 250     watch one small organisation for a year
  simsvc trace --customer 17          the story of one customer: who decided what, why, and what it did
  simsvc structure show inverted      what is different in an inverted organisation
  simsvc scenario new mine.toml       a file of your own organisation, to change and to compare
  simsvc claims C15                   what practitioners claim, and what the experiments answered
  simsvc demo                         two organisations side by side in the browser; the chart turns
  simsvc report flip                  a folder of results as one page to send, print or publish
  simsvc verify                       does the program compute what theory knows exactly?

Results go to standard output, messages and progress to standard error. Exit codes: 0 done, 1 some runs
failed or a check did not hold, 2 wrong input (one line says what and where), 130 stopped with Ctrl-C.
"""

# ruff: noqa: D301  the parser of the command line keeps the lines of a paragraph that begins with \b
from __future__ import annotations

import contextlib
import gc
import json
import math
import os
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simsvc import __version__
from simsvc.cli.best import best
from simsvc.cli.calibrate import calibrate
from simsvc.cli.claims import claims
from simsvc.cli.decompose import decompose
from simsvc.cli.demo import demo
from simsvc.cli.files import scenario_app, structure_app
from simsvc.cli.options import (
    TYPER,
    Dask,
    Days,
    Json,
    Out,
    Overrides,
    ScenarioName,
    Seed,
    StructureName,
    Workers,
    compile_first,
    complete_structure,
    help_if_alone,
    load_settings,
    whole_number,
)
from simsvc.cli.report import report
from simsvc.cli.sensitivity import sensitivity
from simsvc.cli.sweep import export, sweep
from simsvc.cli.trace import trace
from simsvc.errors import AllRunsFailed, InputError, StoppedEarly, nearest

if TYPE_CHECKING:
    from simsvc.comparison.compute import Progress

app = typer.Typer(help=__doc__, invoke_without_command=True, **TYPER)
app.add_typer(scenario_app, name="scenario", invoke_without_command=True)
app.add_typer(structure_app, name="structure", invoke_without_command=True)

_UsageError: type[Exception] = typer.BadParameter.__mro__[1]
"""Every wrong use of the command line; some versions of Typer take it from Click, others have their own."""


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"simsvc {__version__}")
        raise typer.Exit


@app.callback()
def _begin(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    help_if_alone(context)


def _precision(texts: list[str]) -> dict[str, float]:
    """Half-widths by metric."""
    from simsvc.runs.metrics import METRICS

    wanted = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise InputError(f"--precision {text}: should be METRIC=HALFWIDTH, for example retention=0.005")
        if name not in METRICS:
            raise InputError(f"--precision {text}: there is no metric '{name}'{nearest(name, METRICS)}")
        try:
            wanted[name] = float(value)
        except ValueError:
            raise InputError(f"--precision {text}: '{value}' is not a number") from None
        if not (math.isfinite(wanted[name]) and wanted[name] > 0):
            raise InputError(f"--precision {text}: a half-width is a finite number above 0, in {METRICS[name].unit}")
    return wanted


@contextlib.contextmanager
def _results_in(folder: Path | None) -> Iterator[None]:
    """Check that results can be written before the work begins; leave no empty folder if it never does."""
    if folder is None:
        yield
        return
    from simsvc.runs.folder import check_writable

    new = not folder.exists()
    check_writable(folder)
    try:
        yield
    except BaseException:
        if new:
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise


def _command() -> str:
    return shlex.join(["simsvc", *sys.argv[1:]])


def _print_json(content: dict[str, Any]) -> None:
    typer.echo(json.dumps(content, indent=2, allow_nan=False))


def _written(files: list[Path], folder: Path) -> None:
    from simsvc.show.terminal import say

    say(f"Written to {folder}: {', '.join(str(file.relative_to(folder)) for file in files)}")


@app.command()
def compare(
    scenario: ScenarioName = "contact_centre",
    structure: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Structure to compare: a name (simsvc structure list) or a TOML file. Give at least two; the first "
            "is the one the others are compared with. [default: traditional, inverted]",
            autocompletion=complete_structure,
        ),
    ] = None,
    replications: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            parser=whole_number,
            help="Pairs of runs; with --precision the most that may be run. [default: the scenario's]",
        ),
    ] = None,
    precision: Annotated[
        list[str] | None,
        typer.Option(
            metavar="METRIC=HALFWIDTH",
            help="Add pairs until the 95 % interval of this metric is at most this to either side, in the metric's own "
            "unit; shares count from 0 to 1, so retention=0.005 is half a point of percent. May be repeated.",
        ),
    ] = None,
    days: Days = None,
    seed: Seed = None,
    workers: Workers = None,
    dask: Dask = None,
    overrides: Overrides = None,
    no_decomposition: Annotated[
        bool,
        typer.Option(
            "--no-decomposition",
            help="Do not tell the effect of queueing from those of decisions and of behaviour; a third of the work.",
        ),
    ] = False,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """What differs between structures, and why?

    The same people, work, pay and luck, once under each structure, in many pairs of runs. Prints every
    metric's level, the difference with its 95 % interval and a verdict in words, and where the difference comes from:
    from queueing, from what is decided, or from how people change.

    \b
      simsvc compare
      simsvc compare classroom --replications 10 --days 500
      simsvc compare --precision retention=0.005 --out results/flip
      simsvc compare mine.toml --structure traditional --structure half_way.toml
    """
    options = {"days": days, "seed": seed, "replications": replications}
    settings = load_settings(scenario, overrides, options)
    charts = structure or ["traditional", "inverted"]
    for text in overrides or []:
        if text.startswith("structure."):
            raise InputError(
                f"--set {text}: compare takes all levers from the structures compared; "
                "write a structure file and name it with --structure"
            )
    from simsvc.scenario.loading import load_structure, name_of

    for chart in charts:
        load_structure(chart)
    if workers is not None and workers < 1:
        raise InputError(f"--workers: {workers} is out of range; allowed: 1 or more")
    wanted = _precision(precision or [])

    import simsvc
    from simsvc.comparison.views import show_comparison
    from simsvc.show.terminal import ProgressReport, output, say

    if name_of(settings.structure) == "own":
        say(f"Note: the section [structure] of {scenario} is not used; the structures compared take its place.")
    with _results_in(out):
        if dask is None:
            compile_first()
        with ProgressReport("runs") as report:

            def watch(progress: Progress) -> None:
                report.update(progress.done, progress.total, progress.failed)

            try:
                result = simsvc.compare(
                    settings,
                    charts,
                    replications=replications,
                    precision=wanted or None,
                    workers=workers,
                    dask=dask,
                    say=say,
                    decompose=not no_decomposition,
                    watch=watch,
                )
            except AllRunsFailed as error:
                say(f"simsvc: {error}")
                raise typer.Exit(1) from error
        result.scenario_name = scenario
        if as_json:
            _print_json(result.as_json())
        else:
            show_comparison(output(), result)
        if out is not None:
            _written(result.save(out, _command()), out)
    for metric, reached in result.not_reached.items():
        say(
            f"simsvc: precision not reached: {metric} +- {reached:.3g} after {result.replications} pairs, "
            f"asked for {result.precision[metric]:g}"
        )
    if result.failures:
        say(f"simsvc: {len(result.failures)} runs failed; the first: {result.failures[0]['message']}")
        raise typer.Exit(1)


@app.command()
def run(
    scenario: ScenarioName = "contact_centre",
    structure: StructureName = None,
    days: Days = None,
    seed: Seed = None,
    overrides: Overrides = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """How does one organisation fare, month by month?

    One run: every metric, and the course of retention, satisfaction, loyalty, morale and waiting. One run
    is one story; use compare before you draw a conclusion.

    \b
      simsvc run
      simsvc run classroom --structure inverted --days 500 --seed 7
      simsvc run --set demand.contacts_per_year=10 --out results/busy
    """
    from simsvc.scenario.loading import name_of

    settings = load_settings(scenario, overrides, {"days": days, "seed": seed}, structure)
    levers_changed = any(text.startswith("structure.") for text in overrides or [])
    named = structure.removesuffix(".toml") if structure is not None and not levers_changed else ""
    name = Path(named).name or name_of(settings.structure)

    from dataclasses import replace

    import simsvc
    from simsvc.show.terminal import ProgressReport, output
    from simsvc.single_run.views import show_run

    with _results_in(out):
        compile_first()
        with ProgressReport("days") as report:
            result = simsvc.run(settings, watch=lambda done: report.update(done, settings.run.days))
        result = replace(result, structure=name)
        if as_json:
            metrics = {key: value if math.isfinite(value) else None for key, value in result.summary.items()}
            head = {"scenario": scenario, "structure": name, "days": settings.run.days, "seed": settings.run.seed}
            _print_json({**head, "metrics": metrics})
        else:
            show_run(output(), result, scenario)
        if out is not None:
            from simsvc.runs.folder import save_run

            _written(save_run(result, out, _command(), scenario), out)


@app.command()
def verify(
    quick: Annotated[
        bool, typer.Option("--quick", help="A tenth of the runs and wider tolerances; about a minute.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Does the program compute what is known exactly?

    Switches behaviour off until queueing theory, decision theory or book-keeping gives the answer, and
    compares. Exit code 1 if anything does not hold.

    \b
      simsvc verify --quick
    """
    from simsvc.evidence import known_answers
    from simsvc.evidence.views import show_checks
    from simsvc.show.terminal import output, say

    compile_first()
    checks = known_answers.verify(quick=quick, watch=say)
    held = all(check.passed for check in checks)
    if as_json:
        names = ("name", "question", "value", "expected", "tolerance", "unit", "passed", "source")
        rows = [{name: getattr(check, name) for name in names} for check in checks]
        for row in rows:
            row["error"] = row["value"] - row["expected"]
        plain = [{k: None if isinstance(v, float) and not math.isfinite(v) else v for k, v in r.items()} for r in rows]
        _print_json({"passed": held, "checks": plain})
    else:
        show_checks(output(), checks)
    if not held:
        raise typer.Exit(1)


app.command()(sweep)
app.command()(export)
app.command()(sensitivity)
app.command()(decompose)
app.command()(best)
app.command()(calibrate)
app.command()(claims)
app.command()(trace)
app.command()(report)
app.command()(demo)


def main() -> None:
    """Entry point of the command `simsvc`: turns whatever goes wrong into one line and an exit code."""
    # Loading makes 200,000 objects that all stay; to look for garbage among them takes a tenth of a start or an end.
    gc.set_threshold(200_000)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        code = app(standalone_mode=False) or 0
        sys.stdout.flush()
    except InputError as error:
        code = _failed(str(error), 2)
    except _UsageError as error:
        code = _failed(_usage(error), 2)
    except StoppedEarly as error:
        code = _failed(str(error), 1)
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except (KeyboardInterrupt, typer.Abort):
        code = 130
    except OSError as error:
        place = f"{error.filename}: " if error.filename else "cannot write: "
        code = _failed(f"{place}{error.strerror or error}", 1)
    if code == 130:
        _failed("stopped by Ctrl-C", code)
    gc.freeze()
    sys.exit(code)


def _failed(message: str, code: int) -> int:
    print(f"simsvc: {' '.join(message.split())}", file=sys.stderr)
    return code


def _usage(error: Any) -> str:
    """A message of the parser in the form of ours."""
    message = error.format_message().rstrip(".")
    path = error.ctx.command_path if error.ctx else "simsvc"
    return f"{message[:1].lower()}{message[1:]} (see '{path} --help')"
