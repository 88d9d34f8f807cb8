"""The command `simsvc scenario`: files that say what is simulated."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simsvc.cli.frame import print_json, print_list, write_new
from simsvc.cli.options import Json, complete_scenario, help_if_alone
from simsvc.errors import InputError, printable
from simsvc.process import TYPER

if TYPE_CHECKING:
    from simsvc.scenario.sources import Kind

scenario_app = typer.Typer(help="List, show, check and begin scenarios: what is simulated.", **TYPER)
scenario_app.callback()(help_if_alone)


@scenario_app.command("list")
def scenario_list() -> None:
    """The scenarios that come with the program: organisations, then firms of the past that turn."""
    from simsvc.scenario.loading import about, histories, presets

    kinds: dict[Kind, list[str]] = {"scenario": presets(), "history": histories()}
    print_list({name: about(kind, name) for kind, names in kinds.items() for name in names})


@scenario_app.command("show")
def scenario_show(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A preset's name or a file.", autocompletion=complete_scenario)
    ] = "contact_centre",
    assumptions: Annotated[
        bool, typer.Option("--assumptions", help="With the coefficients of all rules, not only those changed.")
    ] = False,
    as_json: Json = False,
) -> None:
    """All settings of a scenario, as a file.

    With meaning, unit, range and source of each; to be saved, changed and given back.

    \b
      simsvc scenario show classroom > mine.toml
      simsvc scenario show mine.toml --json
    """
    from simsvc.scenario.loading import about, histories, load_scenario, presets
    from simsvc.scenario.writing import scenario_toml

    scenario = load_scenario(name)
    said = about("scenario", name) if name in presets() else about("history", name) if name in histories() else ""
    if as_json:
        print_json({"name": name, "description": said, "scenario": scenario.model_dump(mode="json")})
    else:
        typer.echo(scenario_toml(scenario, about=said, assumptions=assumptions), nl=False)


@scenario_app.command("check")
def scenario_check(file: Annotated[Path, typer.Argument(metavar="FILE", help="Scenario in TOML.")]) -> None:
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
    for key, value in scenario.about:
        if value:
            show(console, printable(f"{key.capitalize()}: {value if isinstance(value, str) else '; '.join(value)}"))
    for change in scenario.timeline:
        late = f"; never comes in runs of {scenario.run.days} days" if change.day >= scenario.run.days else ""
        note = f" ({change.note})" if change.note else ""
        show(console, f"From day {change.day}: {change_words(change)}{note}{late}")


@scenario_app.command("new")
def scenario_new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="File to write; its name ends in .toml.")],
    preset: Annotated[str, typer.Option("--from", metavar="PRESET", help="Preset or file to begin with.",
        autocompletion=complete_scenario)] = "contact_centre",
    assumptions: Annotated[bool, typer.Option("--assumptions", help="With the coefficients of all rules.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if there is one.")] = False,
) -> None:  # fmt: skip
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
        assumptions=assumptions,
    )
    if file.suffix != ".toml":
        raise InputError(f"{file}: the name of a scenario file ends in .toml; did you mean '{file}.toml'?")
    write_new(file, text, "exists; give another name, or --force to replace it", force)
    say(f"Written: {file}. Change it, then: simsvc scenario check {file}; simsvc compare {file}")
