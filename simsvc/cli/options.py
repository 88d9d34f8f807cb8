"""Options that several commands share, and how the command line behaves in general."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from simsvc.errors import LARGEST, MOST_WORKERS, check_range


def help_if_alone(context: typer.Context) -> None:
    """Print the help of a group of commands that is called without any of them."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def completed_by(module: str, names: str) -> Callable[[str], list[str]]:
    """What completes a name in the shell: those that a function of a module, loaded only then, gives."""

    def complete(incomplete: str) -> list[str]:
        return [name for name in getattr(import_module(module), names)() if name.startswith(incomplete)]

    return complete


complete_scenario = completed_by("simsvc.scenario.loading", "presets")
complete_structure = completed_by("simsvc.scenario.loading", "structures")


def whole_number(text: str) -> int:
    """An integer, or an error that shows what was given."""
    try:
        number = int(text)
    except ValueError:
        raise typer.BadParameter(f"'{text}' is not a whole number") from None
    if abs(number) > LARGEST:
        raise typer.BadParameter(f"'{text}' is out of range; allowed: up to {LARGEST}")
    return number


def _some(workers: int | None) -> int | None:
    if workers is not None:
        check_range("--workers", workers, 1, MOST_WORKERS)
    return workers


def number_option(meaning: str, *names: str, metavar: str = "N") -> Any:
    """An option that takes a whole number."""
    return typer.Option(*names, metavar=metavar, parser=whole_number, help=meaning)


def text_option(metavar: str, meaning: str, *names: str) -> Any:
    """An option that takes a text, or a fraction."""
    return typer.Option(*names, metavar=metavar, help=meaning)


def structure_option(meaning: str, *names: str) -> Any:
    """An option that takes the name or file of a structure."""
    return typer.Option(*names, metavar="NAME", help=meaning, autocompletion=complete_structure)


# fmt: off
ScenarioName = Annotated[str, typer.Argument(metavar="SCENARIO", autocompletion=complete_scenario,
    help="What is simulated: a preset's name (simsvc scenario list) or a TOML file.")]
StructureName = Annotated[str | None, structure_option(
    "Structure: a name (simsvc structure list) or a TOML file. [default: the scenario's own]")]
Days = Annotated[int | None, number_option("Working days of each run; 250 are a year. [default: the scenario's]")]
Seed = Annotated[int | None, number_option(
    "Root of all luck, 0 or more: the same seed, the same result. [default: scenario's]")]
Overrides = Annotated[list[str] | None, text_option("KEY=VALUE",
    "Change a setting, for example workforce.frontline=30. May be repeated. 'simsvc scenario show' lists all settings "
    "with their units.", "--set")]
Out = Annotated[Path | None, text_option("DIR",
    "Folder for tables, figures and a manifest that allows to repeat all this.")]
Workers = Annotated[int | None, typer.Option(metavar="N", parser=whole_number, callback=_some,
    help="Runs at the same time; changes no result. [default: one per core]")]
Dask = Annotated[str | None, text_option("URL",
    "Run on the workers of a Dask scheduler, for example tcp://host:8786, instead of here (pip install "
    "'simsvc[cluster]').")]
# fmt: on
Own = Annotated[
    Path | None,
    text_option(
        "FILE.py",
        "Own rules, phases and metrics: a Python file that names rules, phases or metrics (docs/extending.md). It is "
        "run as a program: name only files that you trust.",
        "--with",
    ),
]
_RUN_OF_SWEEP = "One run of the sweep in this folder, as it was run there, instead of SCENARIO; see --number."
SweepFolder = Annotated[Path | None, text_option("DIR", _RUN_OF_SWEEP, "--sweep")]
SweepFolderFrom = Annotated[Path | None, text_option("DIR", _RUN_OF_SWEEP, "--sweep", "--from")]
RunNumber = Annotated[
    int | None, number_option("Which run of that sweep: as in the column 'number' of 'simsvc export'.", "--number")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output, and nothing else there.")]
