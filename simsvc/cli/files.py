"""The commands `simsvc scenario` and `simsvc structure`: files that say what is simulated."""

# ruff: noqa: D301  the parser of the command line keeps the lines of a paragraph that begins with \b
from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simsvc.cli.options import TYPER, complete_scenario, complete_structure, help_if_alone
from simsvc.errors import InputError

scenario_app = typer.Typer(help="List, show, check and begin scenarios: what is simulated.", **TYPER)
structure_app = typer.Typer(help="List and show structures: the charts that are compared.", **TYPER)


scenario_app.callback()(help_if_alone)
structure_app.callback()(help_if_alone)


@scenario_app.command("list")
def scenario_list() -> None:
    """The scenarios that come with the program."""
    from simsvc.scenario.loading import about, presets

    _list({name: about("scenario", name) for name in presets()})


@structure_app.command("list")
def structure_list() -> None:
    """The structures that come with the program."""
    from simsvc.scenario.loading import about, structures

    _list({name: about("structure", name) for name in structures()})


def _list(entries: dict[str, str]) -> None:
    from simsvc.show.terminal import new_table, output, show

    console = output()
    table = new_table(console)
    table.add_column("name", no_wrap=True)
    table.add_column("what it is")
    for name, text in entries.items():
        table.add_row(name, text)
    show(console, table)


@scenario_app.command("show")
def scenario_show(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A preset's name or a file.", autocompletion=complete_scenario)
    ] = "contact_centre",
) -> None:
    """All settings of a scenario, as a file.

    With meaning, unit, range and source of each; to be saved, changed and given back.

    \b
      simsvc scenario show classroom > mine.toml
    """
    from simsvc.scenario.loading import about, load_scenario, presets
    from simsvc.scenario.writing import scenario_toml

    typer.echo(scenario_toml(load_scenario(name), about=about("scenario", name) if name in presets() else ""), nl=False)


@scenario_app.command("check")
def scenario_check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Scenario in TOML.")],
) -> None:
    """Is a file valid, and what does it change?

    \b
      simsvc scenario check mine.toml
    """
    from simsvc.scenario.loading import differences, load_scenario
    from simsvc.scenario.settings import Scenario
    from simsvc.scenario.writing import change_words, toml_value
    from simsvc.show.terminal import new_table, output, show

    scenario = load_scenario(file)
    console = output()
    changes = differences(scenario, Scenario())
    if not changes:
        show(console, f"{file} is valid; every setting has its default.")
    else:
        count = "1 setting differs" if len(changes) == 1 else f"{len(changes)} settings differ"
        show(console, f"{file} is valid; {count} from the defaults:", "")
        table = new_table(console)
        for heading in ("setting", "here", "default"):
            table.add_column(heading, overflow="fold")
        for setting, values in changes.items():
            table.add_row(setting, *(toml_value(value) for value in values))
        show(console, table)
    for change in scenario.timeline:
        late = f"; never comes in runs of {scenario.run.days} days" if change.day >= scenario.run.days else ""
        note = f" ({change.note})" if change.note else ""
        show(console, f"From day {change.day}: {change_words(change)}{note}{late}")


@scenario_app.command("new")
def scenario_new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="File to write; its name ends in .toml.")],
    preset: Annotated[
        str,
        typer.Option(
            "--from", metavar="PRESET", help="Preset or file to begin with.", autocompletion=complete_scenario
        ),
    ] = "contact_centre",
    force: Annotated[bool, typer.Option("--force", help="Replace the file if there is one.")] = False,
) -> None:
    """Write a scenario file that explains itself.

    With every setting, its meaning, unit, range and source; to be changed in an editor.

    \b
      simsvc scenario new mine.toml --from classroom
    """
    from simsvc.scenario.loading import about, load_scenario, presets
    from simsvc.scenario.writing import scenario_toml
    from simsvc.show.terminal import say

    text = scenario_toml(
        load_scenario(preset),
        about=f"Begun from '{preset}'." + (f" {about('scenario', preset)}" if preset in presets() else ""),
    )
    if file.suffix != ".toml":
        raise InputError(f"{file}: the name of a scenario file ends in .toml; did you mean '{file}.toml'?")
    try:
        with file.open("w" if force else "x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise InputError(f"{file}: exists; give another name, or --force to replace it") from None
    except OSError as error:
        raise InputError(f"{file}: cannot be written: {error.strerror}") from None
    say(f"Written: {file}. Change it, then: simsvc scenario check {file}; simsvc compare {file}")


@structure_app.command("show")
def structure_show(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="A structure's name or a file.", autocompletion=complete_structure),
    ],
) -> None:
    """All levers of a structure, as a file.

    With meaning, unit and range of each, and beside it the value of the traditional structure where that
    differs; to be saved, changed and given back.

    \b
      simsvc structure show inverted > mine.toml
    """
    from simsvc.scenario.loading import about, load_structure, structures
    from simsvc.scenario.writing import structure_toml

    words = about("structure", name) if name in structures() else ""
    other = None if name == "traditional" else load_structure("traditional")
    typer.echo(structure_toml(load_structure(name), about=words, other=other, other_name="traditional"), nl=False)
