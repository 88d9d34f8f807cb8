"""What turning the chart does over everything that is assumed: the published ensembles of worlds."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import pandas as pd

from simsvc.runs.metrics import GROUPS
from simsvc.scenario.loading import load_scenario, load_structure, presets
from simsvc.scenario.settings import Scenario
from simsvc.scenario.structure import Structure

TABLE = Path(__file__).with_name("robust_effects.csv")
"""Effects over the worlds of each organisation; written by `experiments/robust_flip.py`."""
COLUMNS = ("organisation", "effect", "metric", "p05", "p50", "p95", "share_below_zero", "luck_low", "luck_high", "kept",
           "runs")  # fmt: skip
"""Of the table: effects in the metric's own unit, an interval of luck at the assumptions as they stand, worlds kept,
and what they cost: all runs of the ensemble, which serves every metric."""
MEASURED = tuple(dict.fromkeys(chain.from_iterable(GROUPS.values())))
"""Metrics of the table: those of the table of a comparison."""
CHARTS = ("traditional", "inverted")
"""Baseline and turned chart of the ensembles; the whole effect has the name of the latter."""


@cache
def _table() -> pd.DataFrame:
    return pd.read_csv(TABLE) if TABLE.exists() else pd.DataFrame(columns=list(COLUMNS))


def published_effects(
    name: str, scenario: Scenario, days: int, charts: Mapping[str, Structure], turn_on: int | None = None
) -> pd.DataFrame:
    """Effects over the worlds that go with what is known: `COLUMNS` but the organisation; no rows if none apply.

    They apply to a preset as it comes, born under the charts of the ensembles, run and measured over the same days.

    Args:
        name: of the scenario.
        scenario: what was run.
        days: of each run.
        charts: by name, the baseline first.
        turn_on: day of the turn; none if charts were born so.
    """
    table = _table()
    rows = table[table["organisation"] == name].drop(columns="organisation").reset_index(drop=True)
    if rows.empty or turn_on is not None or list(charts)[:1] != [CHARTS[0]] or name not in presets():
        return rows[:0]
    same_charts = all(charts.get(chart) == load_structure(chart) for chart in CHARTS)
    preset = load_scenario(name)
    mine, theirs = (
        one.model_copy(update={"about": preset.about, "structure": preset.structure, "run": preset.run})
        for one in (scenario, preset)
    )
    same_days = days == preset.run.days and scenario.run.settling == preset.run.settling
    return rows if same_charts and same_days and mine == theirs and not scenario.own else rows[:0]


def by_effect(rows: pd.DataFrame) -> dict[str, dict[str, dict[str, Any]]]:
    """Effects as plain data, by effect and metric, as in the JSON of `simsvc robust`."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for row in rows.to_dict("records"):
        effect, metric = str(row.pop("effect")), str(row.pop("metric"))
        found.setdefault(effect, {})[metric] = {str(name): value for name, value in row.items()}
    return found
