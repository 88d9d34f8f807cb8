"""What all commands share: settings, a folder for results, compilation, progress, and how results are shown.

The body of a command reads its settings, performs its work and shows what came of it:

    settings = load_settings(scenario, overrides, days=days)
    with working("runs", out, as_json, workers, dask) as work:
        result = simsvc.compare(settings, **work.where, watch=work.told)
        work.show(result, show_comparison)
"""

from __future__ import annotations

import contextlib
import json
import shlex
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from simsvc.errors import InputError

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from simsvc.runs.executors import Where
    from simsvc.runs.progress import Progress
    from simsvc.runs.result import Result
    from simsvc.scenario.settings import Scenario
    from simsvc.show.terminal import ProgressReport
    from simsvc.sweeps.again import Recorded


_recorded: ContextVar[Scenario | None] = ContextVar("recorded", default=None)


@contextlib.contextmanager
def in_place_of_named(scenario: Scenario | None) -> Iterator[None]:
    """Let commands begin with a recorded scenario instead of the one that they name, if there is any."""
    before = _recorded.set(scenario)
    try:
        yield
    finally:
        _recorded.reset(before)


def load_settings(
    name: str,
    overrides: list[str] | None,
    structure: str | None = None,
    *,
    levers_are: str = "",
    own: Path | None = None,
    **options: int | None,
) -> Scenario:
    """The scenario with everything that the command line changes in it.

    Args:
        name: preset or file.
        overrides: values of --set.
        structure: name or file.
        levers_are: where a command takes all levers of structures from, if --set cannot change them.
        own: file of own rules, phases and metrics.
        options: settings of the section `run` that have options of their own.

    Raises:
        InputError: if anything of it is not valid.
    """
    from simsvc.scenario.loading import changed, load_scenario, parse_override, with_structure

    scenario = _recorded.get() or load_scenario(name)
    if structure is not None:
        scenario = with_structure(scenario, structure)
    scenario = changed(scenario, dict(parse_override(text) for text in overrides or []), "--set")
    for option, value in options.items():
        if value is not None:
            scenario = changed(scenario, {f"run.{option}": value}, f"--{option}")
    if levers_are:
        for text in overrides or []:
            if text.startswith("structure."):
                raise InputError(f"--set {text}: {levers_are}")
    if own is None:
        return scenario
    from simsvc.runs.own import with_own

    return with_own(scenario, own)


@dataclass(frozen=True)
class OneRun:
    """A single run that is asked for.

    Attributes:
        settings: what is simulated, with its structure and its days.
        seed: root seed.
        luck: which run of that seed.
        scenario: name.
        structure: name.
        recorded: the same run as the folder of its sweep has it; none if it is of no sweep.
    """

    settings: Scenario
    seed: int
    luck: int
    scenario: str
    structure: str
    recorded: Recorded | None = None


def one_run(
    scenario: str, structure: str | None, days: int | None, seed: int | None, overrides: list[str] | None,
    own: Path | None, sweep: Path | None, number: int | None,
) -> OneRun:  # fmt: skip
    """The run that options of these names ask for: one of its own, or one of a sweep.

    Raises:
        InputError: for one of --sweep and --number without the other, with anything besides, or no such run.
    """
    if sweep is None and number is None:
        from simsvc.scenario.loading import name_of

        settings = load_settings(scenario, overrides, structure, days=days, seed=seed, own=own)
        has_own_levers = structure is None or any(text.startswith("structure.") for text in overrides or [])
        asked = "" if has_own_levers else Path((structure or "").removesuffix(".toml")).name
        return OneRun(settings, settings.run.seed, 0, scenario, asked or name_of(settings.structure))
    if sweep is None or number is None:
        raise InputError("--sweep DIR and --number N go together: one run of that sweep")
    if scenario != "contact_centre" or any(one is not None for one in (structure, days, seed, overrides)):
        raise InputError("--sweep: the run has scenario, structure, settings, days and seed of its own; leave them out")
    from simsvc.sweeps.again import recorded_run

    one = recorded_run(sweep, number, own)
    return OneRun(one.settings, one.seed, one.task.luck, one.task.scenario, one.task.structure, one)


def compile_first(settings: Scenario | None = None) -> None:
    """Compile the model if need be, and the day with own rules that settings may carry, and say so."""
    from simsvc.model.compiling import is_compiled_before
    from simsvc.model.warm import compile_all, load
    from simsvc.show.terminal import say

    with contextlib.nullcontext() if is_compiled_before() else _compiling_shown():
        compile_all(say)
    if settings and settings.own and settings.own.rules:
        say(f"Compiling the day with the rules of {settings.own.path} ...")
        load(settings.own)


@contextlib.contextmanager
def _compiling_shown() -> Iterator[None]:
    """Show how many phases have been compiled, by the files that the compiler leaves from now on."""
    from simsvc.model.compiling import cache_folder
    from simsvc.model.phases import default_phases
    from simsvc.show.terminal import ProgressReport

    phases = {getattr(phase.function, "__name__", "") for phase in default_phases() if phase.is_compiled}
    ended, begun = threading.Event(), time.time()

    def look() -> None:
        with ProgressReport("phases compiled") as bar:
            while not ended.wait(0.5):
                new = (file for file in cache_folder().rglob("*.nbi") if file.stat().st_mtime >= begun - 1.0)
                there = {file.name.split(".")[1].partition("-")[0] for file in new}
                bar.update(len(phases & there), len(phases))

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    try:
        yield
    finally:
        ended.set()
        looking.join()


def print_json(content: dict[str, Any]) -> None:
    """One JSON object on standard output."""
    typer.echo(json.dumps(content, indent=2, allow_nan=False))


def typed() -> str:
    """The command as it was typed, for manifests."""
    return shlex.join(["simsvc", *sys.argv[1:]])


def print_list(entries: dict[str, str]) -> None:
    """A table of names and what they mean."""
    from simsvc.show.terminal import new_table, output, show

    console = output()
    table = new_table(console)
    table.add_column("name", no_wrap=True)
    table.add_column("what it is")
    for name, text in entries.items():
        table.add_row(name, text)
    show(console, table)


def write_new(file: Path, text: str, exists: str, force: bool = False) -> None:
    """Write a file that the user named; another one is replaced only with `force`.

    Raises:
        InputError: if there is such a file, with the words of `exists`, or it cannot be written.
    """
    try:
        with file.open("w" if force else "x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise InputError(f"{file}: {exists}") from None
    except OSError as error:
        raise InputError(f"{file}: cannot be written: {error.strerror}") from None


R = TypeVar("R", bound="Result")


@dataclass
class Work:
    """A command at work.

    Args:
        bar: its progress.
        out: folder of results.
        as_json: results are printed as JSON, not as tables.
        where: runs are performed.
    """

    bar: ProgressReport
    out: Path | None
    as_json: bool
    where: Where

    def told(self, progress: Progress) -> None:
        """Show how far it has come."""
        self.bar.update(progress.done, progress.total, progress.failed)

    def show(self, result: R, view: Callable[[Console, R], None]) -> None:
        """Print the result and write it to the folder."""
        from simsvc.runs.folder import BESIDE
        from simsvc.show.terminal import output, say

        self.bar.stop()
        if self.as_json:
            print_json(result.as_json())
        else:
            view(output(), result)
        if self.out is not None:
            files = result.save(self.out, typed())
            say(f"Written to {self.out}: {', '.join(str(file.relative_to(self.out)) for file in files)}")
            for file in files:
                if file.stem.endswith(BESIDE):
                    kept = file.with_stem(file.stem.removesuffix(BESIDE))
                    say(f"{kept}: was changed since it was written and is kept as it is; the new one is {file.name}.")


@contextlib.contextmanager
def working(
    unit: str, out: Path | None = None, as_json: bool = False, workers: int | None = None, dask: str | None = None
) -> Iterator[Work]:
    """Check and make the folder of results and show progress; a failure leaves no empty folder.

    The model is compiled as soon as an executor is made, so after everything that was asked for has been checked.

    Args:
        unit: what progress counts, in the plural.
        out: folder of results.
        as_json: whether results are printed as JSON.
        workers: see `simsvc.sweep`.
        dask: see `simsvc.sweep`; nothing is compiled here then.

    Raises:
        InputError: if nothing can be written to the folder.
    """
    from simsvc.runs.executors import make_ready
    from simsvc.runs.folder import check_writable
    from simsvc.show.terminal import ProgressReport

    new = out is not None and not out.exists()
    before = make_ready.set(compile_first)
    try:
        if out is not None:
            check_writable(out)
        with ProgressReport(unit) as bar:
            yield Work(bar, out, as_json, {"workers": workers, "dask": dask})
    except BaseException:
        if out is not None and new:
            with contextlib.suppress(OSError):
                out.rmdir()
        raise
    finally:
        make_ready.reset(before)


def end(failures: Sequence[dict[str, Any]] | pd.DataFrame, lacking: Iterable[str] = (), fails: bool = False) -> None:
    """Say what was asked for and is lacking in a result; exit code 1 if runs failed, or for that if it `fails`."""
    from simsvc.show.terminal import say

    for message in lacking:
        say(f"simsvc: {message}")
    if len(failures):
        rows = failures if isinstance(failures, Sequence) else failures.to_dict("records")
        place = f", at point {rows[0]['point']}" if "point" in rows[0] else ""
        say(f"simsvc: {len(rows)} runs failed; the first{place}: {rows[0]['message']}")
    elif not fails:
        return
    raise typer.Exit(1)
