"""A calibration to monthly figures in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from simsvc.calibration.months.posterior import KNOWN_WORDS
from simsvc.show.terminal import new_table, show

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from simsvc.calibration.months.result import MonthlyFit

_STYLES = {"well": "green", "partly": "cyan", "in combination": "yellow", "not": "red"}


def show_monthly(console: Console, fit: MonthlyFit) -> None:
    """Print a calibration: settings, what is left open, the emulator, checks, months held out, the finding."""
    held = len(fit.data.labels) - fit.fitted_months
    title = f"{fit.fitted_months} months of {', '.join(fit.data.names)} fitted, {held} held out, seed {fit.seed}"
    about = f"{fit.runs:,} runs; the posterior's sample is worth {fit.posterior.worth:,.0f} independent draws"
    show(console, Text(title, style="bold"), Text(about, style="dim"), "", _settings(console, fit))
    show(console, "", Text("What the figures cannot tell, and where the model does not fit", style="bold"), "")
    for note in fit.notes or ["Every setting is told well, and the fitted model gives what was observed."]:
        show(console, Text(f"- {note}"))
    show(console, "", Text("The emulator, at points left out", style="bold"), "", _emulator(console, fit))
    checks = _compared(console, fit.checks, "check", "model, 95 %", "{low:.3g} to {high:.3g}")
    show(console, "", Text("Observed against the fitted model, months fitted", style="bold"), "", checks)
    if held:
        span = "{median:.3g} [{low:.3g}, {high:.3g}]"
        months = _compared(console, fit.held_out, "month", "predicted, 95 %", span)
        show(console, "", Text("Months held out", style="bold"), "", months)
    known = (
        "Known: spread of the posterior against that of the range searched; 'well' below half of it, 'not' above 0.8. "
        "R2: share of the differences between points that is predicted; errors: root mean square of "
        "standardised ones, 1 if the emulator is as sure as it should be. Of twenty checks one lies outside by chance."
    )
    show(console, "", Text(known, style="dim"), "", fit.sentence())


def _settings(console: Console, fit: MonthlyFit) -> Table:
    table = new_table(console)
    for head in ("setting", "before", "median [95 %]", "range searched", "unit", "spread", "known"):
        folds = head in ("setting", "unit")
        table.add_column(
            head, justify="left" if folds or head == "known" else "right", no_wrap=not folds,
            overflow="fold" if folds else "ellipsis",
        )  # fmt: skip
    for row in fit.table.to_dict("records"):
        table.add_row(
            row["setting"], f"{row['before']:.4g}", f"{row['median']:.3g} [{row['low']:.3g}, {row['high']:.3g}]",
            f"{row['from']:.3g} to {row['to']:.3g}", row["unit"], f"{row['sd_ratio']:.2f}",
            Text(KNOWN_WORDS[row["known"]], style=_STYLES[row["known"]]),
        )  # fmt: skip
    return table


def _emulator(console: Console, fit: MonthlyFit) -> Table:
    table = new_table(console)
    table.add_column("figure")
    for heading in ("R2", "errors", "within 95 %", "points"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in fit.emulator.to_dict("records"):
        within = f"{100 * row['within']:.0f} %"
        table.add_row(row["figure"], f"{row['r2']:.2f}", f"{row['spread']:.2f}", within, f"{row['points']:.0f}")
    return table


def _compared(console: Console, rows: pd.DataFrame, what: str, head: str, span: str) -> Table:
    """What was observed beside what the model gives.

    Args:
        console: where it is shown.
        rows: columns `figure`, `observed`, `inside`, those of `span`, and `what` is compared.
        what: check or month.
        head: of the span.
        span: form of what the model gives.
    """
    table = new_table(console)
    for name in ("figure", what, "observed", head, ""):
        table.add_column(name, justify="right" if name in ("observed", head) else "left", no_wrap=name != "figure")
    figures = rows["figure"].where(rows["figure"] != rows["figure"].shift(), "")  # each is named once
    for name, row in zip(figures, rows.to_dict("records"), strict=True):
        verdict = Text("inside", style="green") if row["inside"] else Text("OUTSIDE", style="bold red")
        table.add_row(name, row[what], f"{row['observed']:.3g}", span.format_map(row), verdict)
    return table
