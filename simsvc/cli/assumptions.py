"""The command `simsvc assumptions`: the numbers inside the rules, and what is known of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import Annotated

import typer

from simsvc.cli.frame import print_json
from simsvc.cli.options import Json

_WIDE = 110
"""Columns of the console from which on a table tells everything."""


def assumptions(
    mechanisms: Annotated[
        list[str] | None, typer.Argument(metavar="[MECHANISM]...", help="For example leaving, morale. [default: all]")
    ] = None,
    grade: Annotated[
        str | None, typer.Option(help="Only those known so well: estimated, derived, order or guess.")
    ] = None,
    as_json: Json = False,
) -> None:
    """What does the model assume, and how well is it known?

    Every coefficient of every rule: value, plausible range, grade of evidence, source. Grades: estimated from published
    tables; derived from them; order of magnitude; guess. Each is a setting: it can be set, varied, calibrated.
    `simsvc robust` varies all of them at once. "moves" (`experiments/assumption_ends.py`) says by how many
    points the effect of turning the chart on retention differs between the ends of the range (contact centre, born so,
    years 2 and 3), everything else as published.

    \b
      simsvc assumptions leaving
      simsvc assumptions --grade guess
      simsvc compare --set assumptions.leaving.satisfaction=5
      simsvc assumptions --json
    """
    from simsvc.evidence.assumptions import assumptions as listed
    from simsvc.show.numbers import number
    from simsvc.show.terminal import new_table, output, say, show

    rows = listed(grade, tuple(mechanisms or ()))
    if as_json:
        print_json({"assumptions": [asdict(row) for row in rows]})
        return
    console = output()
    wide = console.width >= _WIDE
    table = new_table(console)
    table.add_column("assumption", overflow="fold")
    for heading in ("value", "low", "high"):
        table.add_column(heading, justify="right")
    for heading in ("unit", "grade"):
        table.add_column(heading)
    measured = any(row.moves is not None for row in rows)
    if measured:
        table.add_column("moves", justify="right")
    if wide:
        table.add_column("what it says; source", overflow="fold")
    for row in sorted(rows, key=lambda row: -abs(row.moves or 0.0)):
        moves = ["" if row.moves is None else number(row.moves, 1, "+")] if measured else []
        said = [f"{row.meaning} {row.source[:1].upper()}{row.source[1:]}."] if wide else []
        numbers = [f"{value:.3g}" for value in (row.value, row.low, row.high)]
        table.add_row(row.name.removeprefix("assumptions."), *numbers, row.unit, row.grade, *moves, *said)
    show(console, table)
    grades = Counter(row.grade for row in rows)
    say(f"{len(rows)} assumptions: " + ", ".join(f"{n} {name}" for name, n in grades.most_common()) + ".")
