"""A calibration to monthly figures in the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.text import Text

from simsvc.calibration.months.posterior import KNOWN_WORDS
from simsvc.show.terminal import new_table, show

if TYPE_CHECKING:
    from rich.console import Console

    from simsvc.calibration.months.result import MonthlyFit

_STYLES = {"well": "green", "partly": "cyan", "in combination": "yellow", "not": "red"}


def show_monthly(console: Console, fit: MonthlyFit) -> None:
    """Print a calibration: settings, what is left open, the emulator, checks, months held out, the finding."""
    held = len(fit.data.labels) - fit.fitted_months
    title = f"{fit.fitted_months} months of {', '.join(fit.data.names)} fitted, {held} held out, seed {fit.seed}"
    about = f"{fit.runs:,} runs; the posterior's sample is worth {fit.posterior.worth:,.0f} independent draws"
    show(console, Text(title, style="bold"), Text(about, style="dim"), "")
    _show_settings(console, fit)
    show(console, "", Text("What the figures cannot tell, and where the model does not fit", style="bold"), "")
    for note in fit.notes or ["Every setting is told well, and the fitted model gives what was observed."]:
        show(console, Text(f"- {note}"))
    show(console, "", Text("The emulator, at points left out", style="bold"), "")
    _show_emulator(console, fit)
    show(console, "", Text("Observed against the fitted model, months fitted", style="bold"), "")
    _show_checks(console, fit)
    if held:
        show(console, "", Text("Months held out", style="bold"), "")
        _show_held_out(console, fit)
    known = (
        "Known: spread of the posterior against that of the range searched; 'well' below half of it, 'not' above 0.8. "
        "R2: share of the differences between points that is predicted; errors: root mean square of "
        "standardised ones, 1 if the emulator is as sure as it should be. Of twenty checks one lies outside by chance."
    )
    show(console, "", Text(known, style="dim"), "", fit.sentence())


def _show_settings(console: Console, fit: MonthlyFit) -> None:
    table = new_table(console)
    table.add_column("setting", overflow="fold")
    table.add_column("before", justify="right", no_wrap=True)
    table.add_column("median [95 %]", justify="right", no_wrap=True)
    table.add_column("range searched", justify="right", no_wrap=True)
    table.add_column("unit", overflow="fold")
    table.add_column("spread", justify="right", no_wrap=True)
    table.add_column("known", no_wrap=True)
    for row in fit.table.to_dict("records"):
        table.add_row(
            row["setting"],
            f"{row['before']:.4g}",
            f"{row['median']:.3g} [{row['low']:.3g}, {row['high']:.3g}]",
            f"{row['from']:.3g} to {row['to']:.3g}",
            row["unit"],
            f"{row['sd_ratio']:.2f}",
            Text(KNOWN_WORDS[row["known"]], style=_STYLES[row["known"]]),
        )
    show(console, table)


def _show_emulator(console: Console, fit: MonthlyFit) -> None:
    table = new_table(console)
    table.add_column("figure")
    for heading in ("R2", "errors", "within 95 %", "points"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in fit.emulator.to_dict("records"):
        within = f"{100 * row['within']:.0f} %"
        table.add_row(row["figure"], f"{row['r2']:.2f}", f"{row['spread']:.2f}", within, f"{row['points']:.0f}")
    show(console, table)


def _show_checks(console: Console, fit: MonthlyFit) -> None:
    _compare(console, ("figure", "check", "observed", "model, 95 %"), [
        (row, row["check"], f"{row['low']:.3g} to {row['high']:.3g}") for row in fit.checks.to_dict("records")
    ])  # fmt: skip


def _show_held_out(console: Console, fit: MonthlyFit) -> None:
    _compare(console, ("figure", "month", "observed", "predicted, 95 %"), [
        (row, row["month"], f"{row['median']:.3g} [{row['low']:.3g}, {row['high']:.3g}]")
        for row in fit.held_out.to_dict("records")
    ])  # fmt: skip


def _compare(console: Console, heads: Sequence[str], rows: Sequence[tuple[Mapping[Any, Any], str, str]]) -> None:
    """What was observed beside what the model gives: rows with `figure`, `observed`, `inside`; what; span in words."""
    table = new_table(console)
    for head in (*heads, ""):
        table.add_column(head, justify="right" if head in heads[2:] else "left", no_wrap=head != "figure")
    before = ""
    for row, what, span in rows:
        name = "" if row["figure"] == before else row["figure"]
        before = row["figure"]
        verdict = Text("inside", style="green") if row["inside"] else Text("OUTSIDE", style="bold red")
        table.add_row(name, what, f"{row['observed']:.3g}", span, verdict)
    show(console, table)
