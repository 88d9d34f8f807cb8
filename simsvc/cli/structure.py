"""The command `simsvc structure`: the charts that are compared."""

from __future__ import annotations

from typing import Annotated

import typer

from simsvc.cli.frame import print_list
from simsvc.cli.options import complete_structure, help_if_alone
from simsvc.process import TYPER

structure_app = typer.Typer(help="List and show structures: the charts that are compared.", **TYPER)
structure_app.callback()(help_if_alone)


@structure_app.command("list")
def structure_list() -> None:
    """The structures that come with the program."""
    from simsvc.scenario.loading import about, structures

    print_list({name: about("structure", name) for name in structures()})


@structure_app.command("show")
def structure_show(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A structure's name or a file.", autocompletion=complete_structure)
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
