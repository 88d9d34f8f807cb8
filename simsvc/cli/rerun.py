"""The command `simsvc rerun`: is every number of a folder of results the same when it is made again?"""

from __future__ import annotations

import contextlib
import io
import shlex
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simsvc.cli.frame import in_place_of_named, print_json, typed, working
from simsvc.cli.options import Json, Own, Workers, text_option
from simsvc.errors import InputError

if TYPE_CHECKING:
    from simsvc.runs.same import Sameness

_AGAIN = ("run", "compare", "decompose", "best", "staff", "robust", "sensitivity", "validate", "calibrate")
"""Commands that are given again as they were typed, into another folder; sweeps are made from their design."""
_OF_SCENARIO = ("run", "compare", "decompose", "best", "staff", "robust")
"""Of these, those whose manifest keeps the scenario that they began with."""


def rerun(
    context: typer.Context,
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder of results, as --out of a command made it, or its manifest.")
    ],
    out: Annotated[
        Path | None, text_option("DIR", "Folder for the results made again. [default: none; they are not kept]")
    ] = None,
    own: Own = None,
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """Make a folder of results again: is every number the same?

    Gives the command again that the manifest records, with the scenario and the seed that stand there, and compares
    every table and every JSON file, to the last digit kept. Tells in what this program differs from the one that made
    them. Structures, designs and data are read again from the files that the command names. A sweep is made from the
    design in its manifest, as far as it has come. Own rules are run only if --with names their file again.

    Exit code 0: the same, 1: not the same, 2: cannot be made again. One run of a sweep: 'simsvc run --sweep DIR
    --number N', and 'simsvc trace' likewise.

    \b
      simsvc rerun flip
      simsvc rerun flip/manifest.json --out again
      simsvc rerun phase --json
    """
    from simsvc.runs.same import Sameness, inputs_apart, programs_apart
    from simsvc.show.html.files import note_of
    from simsvc.show.terminal import output, say, show

    folder = folder.parent if folder.name == "manifest.json" else folder
    before, found = note_of(folder), Sameness()
    if out is not None and out.exists() and any(out.iterdir()):
        raise InputError(f"{out}: is not empty; name a new folder for the results made again")
    with tempfile.TemporaryDirectory(prefix="simsvc-") as temporary:
        place = out or Path(temporary) / "again"
        if before["kind"] == "sweep":
            _sweep_again(folder, place, own, workers, found)
        else:
            _command_again(context.find_root().command, folder, before, place, own, workers)
            found.folders(folder, place)
        now = note_of(place)
    programs, inputs = programs_apart(before, now), inputs_apart(before, now)
    if as_json:
        print_json({"folder": str(folder), "same": found.same, "values": found.values, "different": found.different,
                    "first": found.first, "lacking": found.lacking, "inputs": inputs, "program": programs})  # fmt: skip
    else:
        lines = [*(f"The program: {line}" for line in programs), *(f"What was asked for: {line}" for line in inputs),
                 found.sentence(), *found.first, *found.lacking]  # fmt: skip
        show(output(), *lines)
    if out is not None:
        say(f"Written to {out}.")
    if not found.same:
        raise typer.Exit(1)


def _sweep_again(folder: Path, place: Path, own: Path | None, workers: int | None, found: Sameness) -> None:
    """Run what has ended of a sweep, and compare."""
    from simsvc.sweeps.again import design_of
    from simsvc.sweeps.results import Results
    from simsvc.sweeps.sweep import Sweep

    kept = Results(folder)
    design, before = design_of(kept.manifest, own), kept.runs()
    if before.empty:
        raise InputError(f"{folder}: no run of it has ended yet; there is nothing to compare")
    ended = set(before["number"])
    with working("runs", workers=workers) as work:
        with Sweep(design, place, workers=workers, watch=work.told, command=typed()) as sweep:
            sweep.perform(task for task in design.tasks() if task.number in ended)
        now = sweep.results
    beside = [] if kept.manifest["model"] == now.manifest["model"] else ["run"]  # the identity has the model in it
    of_metrics = [name for name in now.manifest["metrics"] if name not in kept.manifest["metrics"]]
    found.tables("runs", before.drop(columns=["traceback", *beside]),
                 now.runs().drop(columns=["traceback", *beside, *of_metrics]))  # fmt: skip
    for what in kept.per_run:
        found.tables(what, getattr(kept, what)(), getattr(now, what)())


def _command_again(
    commands: Any, folder: Path, note: Mapping[str, Any], place: Path, own: Path | None, workers: int | None
) -> None:
    """Give a recorded command again, into another folder."""
    from simsvc.runs.own import own_as_recorded
    from simsvc.show.html.settings import scenario_of

    typed_then = str(note.get("command") or "")
    try:
        words = shlex.split(typed_then)
    except ValueError:
        words = []
    if words[:1] != ["simsvc"] or words[1:2] == [] or words[1] not in _AGAIN:
        made = f"by '{typed_then}'" if typed_then else "in Python, without a command"
        raise InputError(f"{folder}: was made {made}; what can be made again: {', '.join(_AGAIN)}, sweep")
    own_as_recorded(note, own)
    if words[1] in _OF_SCENARIO and "scenario" not in note:
        raise InputError(f"{folder}: the results are not complete: there is no 'scenario'")
    command = commands.commands[words[1]]
    ours = {"out": place, "own": own, "workers": workers, "dask": None, "as_json": False}
    scenario = scenario_of(note) if words[1] in _OF_SCENARIO else None
    sys.argv[1:] = words[1:]  # what the manifest of the new folder records
    with in_place_of_named(scenario), contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(typer.Exit):
        context = command.make_context(f"simsvc {words[1]}", words[2:])
        context.params |= {name: value for name, value in ours.items() if name in context.params}
        command.invoke(context)
    if not (place / "manifest.json").exists():
        raise InputError(f"{folder}: was made by '{typed_then}', which writes no results")
