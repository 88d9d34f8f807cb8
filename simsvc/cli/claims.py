"""The command `simsvc claims`: what is said of such charts, and what the experiments answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simsvc.cli.frame import print_json
from simsvc.cli.options import Json

if TYPE_CHECKING:
    from rich.console import Console

    from simsvc.evidence.answers import Answer
    from simsvc.evidence.claims import Claim

_COLOURS = {"supported": "green", "contradicted": "red", "depends": "cyan"}
_WIDE = 96
"""Columns of the console from which on a table tells everything."""


def _complete(incomplete: str) -> list[str]:
    """Numbers that begin so, for the shell."""
    from simsvc.evidence.claims import claims as register

    return [row.number for row in register() if row.number.startswith(incomplete.upper())]


def claims(
    numbers: Annotated[
        list[str] | None,
        typer.Argument(metavar="[CLAIM]...", help="Numbers, for example C15. [default: all]", autocompletion=_complete),
    ] = None,
    as_json: Json = False,
) -> None:
    """What is claimed of such charts, and what did the experiments answer?

    C1 to C38 are claims of practitioners, H1 to H12 counter-claims of research. Without a number: one line
    each. With numbers: rules, settings, experiments and answers in full, and where to look for conditions
    under which the answer turns.

    \b
      simsvc claims
      simsvc claims C15 H7
      simsvc claims C15 --json
    """
    from simsvc.evidence.claims import answers, claim
    from simsvc.evidence.claims import claims as register
    from simsvc.show.terminal import output

    rows = [claim(number) for number in numbers or ()] or register()
    found = answers()
    if as_json:
        print_json({"claims": [_as_json(row, found) for row in rows]})
    elif numbers:
        for row in rows:
            _show_claim(output(), row, found)
    else:
        _show_register(output(), rows, found)


def _as_json(row: Claim, found: Sequence[Answer]) -> dict[str, Any]:
    """A claim with its answers as plain data; null for what could not be estimated."""
    from simsvc.evidence.claims import rule_texts
    from simsvc.runs.result import plain_data

    answered, over_worlds = [], row.over_worlds(found)
    for answer in row.own(found):
        predicted = row.prediction(answer)
        here: dict[str, Any] = {"predicted": str(predicted), "here": predicted.outcome(answer)} if predicted else {}
        if worlds := over_worlds.get(answer):
            here["worlds"] = plain_data(asdict(worlds) | {"keeps_sign": worlds.keeps(answer.low, answer.high)})
        answered.append(plain_data(asdict(answer)) | here)
    return {
        **asdict(row),
        "rules": [{"name": name, **asdict(rule_texts()[name])} for name in row.rules],
        "verdict": row.verdict(found),
        "turns": row.where_it_turns(found),
        "answers": answered,
    }


def _style(verdict: str) -> str:
    return _COLOURS.get(verdict.split()[0], "dim")


def _show_register(console: Console, rows: Sequence[Claim], found: Sequence[Answer]) -> None:
    """One line per claim."""
    from rich.text import Text

    from simsvc.evidence.claims import topic
    from simsvc.show.terminal import new_table, show

    wide = console.width >= _WIDE
    table = new_table(console)
    table.add_column("", no_wrap=True)
    table.add_column("claim", no_wrap=True, overflow="ellipsis", max_width=console.width - (54 if wide else 28))
    table.add_column("verdict", no_wrap=True)
    if wide:
        table.add_column("experiment", overflow="fold")
    heading = ""
    for row in rows:
        if topic(row.number) != heading:
            heading = topic(row.number)
            table.add_row("", Text(heading, style="bold"))
        verdict = row.verdict(found)
        scripts = (", ".join(row.experiments),) if wide else ()
        table.add_row(row.number, row.claim, Text(verdict, style=_style(verdict)), *scripts)
    note = (
        "Verdicts follow from 95 % intervals of this model's runs in the settings of its experiments; they are not "
        "measurements of companies. 'simsvc claims C15' shows a row in full, docs/claims/ explains the words."
    )
    show(console, table, "", Text(note, style="dim"))


def _show_claim(console: Console, row: Claim, found: Sequence[Answer]) -> None:
    """One claim in full."""
    from rich.text import Text

    from simsvc.evidence.claims import rule_texts
    from simsvc.scenario.settings import setting_field
    from simsvc.show.terminal import new_table, show

    verdict = row.verdict(found)
    title = Text.assemble((f"{row.number}  ", "bold"), (row.claim, "bold"), (f" ({row.source})", "dim"))
    table = new_table(console)
    table.show_header = False
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    table.add_row("verdict", Text(verdict, style=_style(verdict)))
    for k, name in enumerate(row.rules):
        text = rule_texts()[name]
        table.add_row("" if k else "rules", f"{name} ({text.file}): {text.summary}")
    for k, name in enumerate(row.strengths):
        table.add_row("" if k else "off at 0", f"{name}: {setting_field(name).description}")
    for k, name in enumerate(name for name in row.settings if name not in row.strengths):
        table.add_row("" if k else "varied by", f"{name}: {setting_field(name).description}")
    table.add_row("experiments", ", ".join(f"experiments/{name}.py" for name in row.experiments))
    table.add_row("where it turns", row.where_it_turns(found))
    show(console, title, "", table, "")
    mine = row.own(found)
    if not mine:
        show(console, Text("No experiment has answered yet.", style="dim"), "")
        return
    table = new_table(console)
    table.add_column("quantity", overflow="fold")
    table.add_column("value [95 %]", justify="right", no_wrap=True)
    table.add_column("unit")
    table.add_column("predicted", no_wrap=True)
    table.add_column("here")
    for answer in mine:
        predicted = row.prediction(answer)
        here = predicted.outcome(answer) if predicted else ""
        cells = (answer.quantity, answer.told, answer.unit, str(predicted or ""))
        table.add_row(*cells, Text(here, style=_style(here or "none")))
    show(console, table, "")
    if over_worlds := row.over_worlds(found):
        told = [f"{answer.quantity}: {worlds.told(answer.low, answer.high)}" for answer, worlds in over_worlds.items()]
        show(console, Text("Whatever is assumed, median [5, 95 %] over worlds", style="bold"), *told, "")
