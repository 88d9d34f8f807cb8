"""What turning the chart does over everything that is assumed: the published ensembles of worlds."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import pandas as pd

from simsvc.runs.metrics import GROUPS
from simsvc.scenario.loading import load_scenario, load_structure, presets
from simsvc.scenario.settings import Scenario
from simsvc.scenario.structure import Structure
from simsvc.show.numbers import difference, difference_unit, whole_percent

TABLE = Path(__file__).with_name("robust_effects.csv")
"""Effects over the worlds of each organisation; written by `experiments/robust_flip.py`."""
MEASURED = tuple(dict.fromkeys(chain.from_iterable(GROUPS.values())))
"""Metrics of the table: those of the table of a comparison."""
CHARTS = ("traditional", "inverted")
"""Baseline and turned chart of the ensembles; the whole effect has the name of the latter."""


@dataclass(frozen=True)
class InWorlds:
    """An effect over the worlds of an organisation, in the metric's own unit: a row of the table."""

    organisation: str
    effect: str
    metric: str
    p05: float
    p50: float
    p95: float
    share_below_zero: float
    luck_low: float
    """Of the interval of luck at the assumptions as they stand."""
    luck_high: float
    kept: int
    """Worlds."""
    runs: int
    """Of the whole ensemble, which serves every effect and metric."""

    def keeps(self, low: float, high: float) -> float:
        """Share of the worlds in which it has the sign of an interval; NaN if that has none."""
        below = self.share_below_zero
        return 1.0 - below if low > 0 else below if high < 0 else math.nan

    def told(self, low: float, high: float) -> str:
        """Median, 5 and 95 %, and how many worlds keep the sign of an interval, in words."""
        keeps = self.keeps(low, high)
        side = "above" if low > 0 else "below"
        kept = f"{whole_percent(keeps)} of {self.kept} worlds keep its sign ({side} 0)"
        if math.isnan(keeps):
            kept = f"it has no sign to keep, {whole_percent(self.share_below_zero)} of {self.kept} worlds are below 0"
        return f"{difference(self.metric, self.p50, self.p05, self.p95)} {difference_unit(self.metric).name}; {kept}"


COLUMNS = tuple(InWorlds.__annotations__)
"""Of the table."""


@cache
def _table() -> pd.DataFrame:
    return pd.read_csv(TABLE)[list(COLUMNS)] if TABLE.exists() else pd.DataFrame(columns=list(COLUMNS))


@dataclass(frozen=True)
class Effect:
    """Which published effect some quantities are: the same charts, organisation and metric.

    Attributes:
        quantity: in short; `{metric}` and `{organisation}` stand for names, without the latter it is the contact
            centre's.
        effect: of the table.
    """

    quantity: str
    effect: str

    def at(self, quantity: str) -> InWorlds | None:
        """The effect that a quantity is; none if it is another one, or was not published."""
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>\\w+)", re.escape(self.quantity))
        if not (found := re.fullmatch(pattern, quantity)):
            return None
        table, named = _table(), {"organisation": "contact_centre", "effect": self.effect, **found.groupdict()}
        same = (table[list(named)] == list(named.values())).all(axis=1)
        return next((InWorlds(*row) for row in table[same].itertuples(index=False)), None)


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
