"""The report of how robust a finding is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from matplotlib.figure import Figure

from simsvc.comparison.factors import EFFECTS
from simsvc.robustness.figures import drawn
from simsvc.robustness.result import LIMITS
from simsvc.robustness.views import READING
from simsvc.show.html.files import json_of, table_of
from simsvc.show.html.parts import Report, Row, Section, Table, cell, word
from simsvc.show.html.settings import scenario_of, scenario_title
from simsvc.show.html.words import charts_of, closing, facts_of, figures_of, finished
from simsvc.show.numbers import called, difference, listed, whole_percent, with_unit_of_differences


def figures(folder: Path) -> dict[str, Callable[[], Figure]]:
    """What draws the figures of the folder again, by name."""
    tables = {name: table_of(folder, name) for name in ("effects", "drivers", "variance", "worlds")}
    return drawn(json_of(folder, "result.json"), tables)


def report(folder: Path) -> Report:
    """The report of a folder written by `simsvc robust --out`."""
    note, plain = finished(folder), json_of(folder, "result.json")
    scenario, metrics = scenario_of(note), list(note["metrics"])
    name, found = scenario_title(str(plain["scenario"]), scenario), plain["effects"]
    tables = []
    for metric in metrics:
        rows = []
        for effect, of in found.items():
            row = {key: float("nan") if value is None else value for key, value in of[metric].items()}
            cells = [cell(difference(metric, row["p50"], row["p05"], row["p95"])),
                     cell(whole_percent(row["share_below_zero"]).removesuffix(" %")),
                     cell(difference(metric, row["luck_mean"], row["luck_low"], row["luck_high"])),
                     cell(whole_percent(row["share_below_now"]).removesuffix(" %"))]  # fmt: skip
            rows.append(Row(EFFECTS.get(effect, effect), cells))
        heads = ["effect", "median, 5 and 95 % of worlds", "% below 0", "as things stand", "% of worlds with less"]
        tables.append(Table(with_unit_of_differences(metric), heads, rows))
    causes = [
        Table(called(metric).capitalize(), ["what was drawn", "% of the variance"],
              [Row(one["name"], [cell(f"{100 * one['share']:.0f}")]) for one in plain["drivers"][metric]])
        for metric in metrics
    ]  # fmt: skip
    conditions = [Row(called(metric), [word(box["words"], "prose")]) for metric in metrics
                  for box in plain["boxes"][metric]]  # fmt: skip
    pictures = figures_of(folder, "Effects over the worlds", ["effects", "drivers", "boxes", "regret"])
    losing = [Section("Where turning loses", tables=[Table("Conditions", ["metric", "where"], conditions)])]
    facts = [("Draws", f"{plain['draws']:,}"), ("Worlds kept", f"{plain['kept']:,}"), *facts_of(note)]
    sections = [
        Section("What turning does in every world", (), pictures, tables),
        Section("What it hangs on", tables=causes),
        *(losing if conditions else []),
        *closing(note, {str(plain["scenario"]): scenario}, charts_of(note, {}), [*READING, LIMITS], metrics, facts,
                 intervals=False),
    ]  # fmt: skip
    return Report(
        "Robustness",
        f"Does it hold whatever is assumed: {name}",
        f"Does what turning the chart does to {listed(map(called, metrics))} hold under every assumption that fits "
        f"what is known, and what does it hang on, in {name}?",
        [str(plain["finding"])],
        sections,
        warnings=[LIMITS],
    )
