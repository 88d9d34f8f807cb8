"""Options that several commands share, and how the command line behaves in general."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

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
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output, and nothing else there.")]
