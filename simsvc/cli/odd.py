"""The command `simsvc odd`: what is simulated, in full."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simsvc.cli.frame import print_json, write_new
from simsvc.cli.options import Json


def odd(
    element: Annotated[str | None, typer.Option(
        help="Only this element: purpose, entities, scheduling, concepts, initialisation, input or submodels.")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", dir_okay=False,
        help="Write it to this file instead.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if there is one.")] = False,
    as_json: Json = False,
) -> None:  # fmt: skip
    """What exactly is simulated?

    The description of the model by the ODD protocol, complete enough to build it again: entities and states, settings,
    schedule, initial distributions, the pseudocode of a day and the equation of every rule. Tables and equations are
    made from the program itself.

    \b
      simsvc odd --element entities
      simsvc odd --out odd.md
      simsvc odd --json
    """
    from simsvc.odd.document import as_json as everything
    from simsvc.odd.document import document
    from simsvc.show.terminal import say

    text = document(element)
    if out is not None:
        write_new(out, text, "exists; give another name, or --force to replace it", force)
        say(f"Written to {out}.")
    if as_json:
        print_json(everything(element))
    elif out is None:
        typer.echo(text, nl=False)
