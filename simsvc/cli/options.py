"""Options that several commands share, and how the command line behaves in general."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simsvc.errors import InputError

if TYPE_CHECKING:
    from simsvc.scenario.settings import Scenario

TYPER: dict[str, Any] = {
    "rich_markup_mode": None,
    "pretty_exceptions_enable": False,
    "context_settings": {"help_option_names": ["--help", "-h"], "max_content_width": 100},
}


def help_if_alone(context: typer.Context) -> None:
    """Print the help of a group of commands that is called without any of them."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def complete_scenario(incomplete: str) -> list[str]:
    """Presets that begin so, for the shell."""
    from simsvc.scenario.loading import presets

    return [name for name in presets() if name.startswith(incomplete)]


def complete_structure(incomplete: str) -> list[str]:
    """Structures that begin so, for the shell."""
    from simsvc.scenario.loading import structures

    return [name for name in structures() if name.startswith(incomplete)]


def whole_number(text: str) -> int:
    """An integer, or an error that shows what was given."""
    try:
        return int(text)
    except ValueError:
        raise typer.BadParameter(f"'{text}' is not a whole number") from None


ScenarioName = Annotated[
    str,
    typer.Argument(
        metavar="SCENARIO",
        help="What is simulated: a preset's name (simsvc scenario list) or a TOML file.",
        autocompletion=complete_scenario,
    ),
]
StructureName = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Structure: a name (simsvc structure list) or a TOML file. [default: the scenario's own]",
        autocompletion=complete_structure,
    ),
]
Days = Annotated[
    int | None,
    typer.Option(
        metavar="N", parser=whole_number, help="Working days of each run; 250 are a year. [default: the scenario's]"
    ),
]
Seed = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        parser=whole_number,
        help="Root of all luck, 0 or more: the same seed, the same result. [default: scenario's]",
    ),
]
Overrides = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Change a setting, for example workforce.frontline=30. May be repeated. "
        "'simsvc scenario show' lists all settings with their units.",
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Folder for tables, figures and a manifest that allows to repeat all this."),
]
Workers = Annotated[
    int | None,
    typer.Option(
        metavar="N", parser=whole_number, help="Runs at the same time; changes no result. [default: one per core]"
    ),
]
Dask = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="Run on the workers of a Dask scheduler, for example tcp://host:8786, instead of here "
        "(pip install 'simsvc[cluster]').",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output, and nothing else there.")]


def load_settings(
    name: str, overrides: list[str] | None, options: dict[str, int | None], structure: str | None = None
) -> Scenario:
    """The scenario with everything that the command line changes in it."""
    from simsvc.scenario.loading import changed, load_scenario, parse_override, with_structure

    scenario = load_scenario(name)
    if structure is not None:
        scenario = with_structure(scenario, structure)
    scenario = changed(scenario, dict(parse_override(text) for text in overrides or []), "--set")
    for option, value in options.items():
        if value is not None:
            scenario = changed(scenario, {f"run.{option}": value}, f"--{option}")
    return scenario


def run_script(function: Callable[..., None], name: str) -> None:
    """Be the command of a script with one function: its arguments are options, wrong input is one line and code 2."""
    app = typer.Typer(add_completion=False, **TYPER)
    app.command()(function)
    try:
        app()
    except InputError as error:
        print(f"{name}: {error}", file=sys.stderr)
        sys.exit(2)


def compile_first() -> None:
    """Compile the model if need be, and say so."""
    from simsvc.model.warm import compile_all
    from simsvc.show.terminal import say

    compile_all(say)
