"""Power and management apart: the 2x2 between two charts, and what queueing alone does.

Two charts differ in who decides and in how people are led (`simsvc.scenario.structure.FACTORS`). So each is compared
with the baseline at four corners, in pairs of the same luck: the baseline, power alone turned, management alone
turned, and both.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from simsvc.comparison.horizons import turned_on
from simsvc.scenario.loading import turned
from simsvc.scenario.settings import Scenario
from simsvc.scenario.stages import up_to_stage
from simsvc.scenario.structure import FACTORS, Structure

FULL, QUEUEING = "full", "queueing"
"""Parts of a replication besides the corners where one of `FACTORS` alone is turned: the charts as they are, and with
the rules of decisions and behaviour switched off."""

EFFECTS = {
    "management_old_power": "management, old power",
    "management_new_power": "management, new power",
    "power_old_management": "power, old management",
    "power_new_management": "power, new management",
    "interaction": "both, beyond their sum",
    "queueing": "queueing alone",
}
"""What is told of a difference, in the words of tables; old is as in the baseline, new as in the other chart."""


def variants(
    scenario: Scenario, charts: Mapping[str, Structure], *, factors: bool = True, turn_on: int | None = None
) -> list[tuple[str, str, Scenario]]:
    """What is run in every replication: part, name of the structure, scenario.

    Args:
        scenario: to be run.
        charts: structures by name; the first is the baseline.
        factors: whether the corners and queueing alone are run besides the charts themselves.
        turn_on: day on which the baseline is turned into each of the others; left out: they are born so.
    """

    def under(base: Scenario, chart: Structure) -> Scenario:
        if turn_on is None:
            return base.model_copy(update={"structure": chart})
        return turned_on(base, charts[baseline], chart, turn_on)

    baseline = next(iter(charts))
    whole = [(FULL, name, under(scenario, chart)) for name, chart in charts.items()]
    if not factors:
        return whole
    alone = [(part, name, under(scenario, chart)) for part, name, chart in alone_turned(charts)]
    queues = up_to_stage(scenario, "queueing")
    return [*whole, *alone, *((QUEUEING, name, under(queues, chart)) for name, chart in charts.items())]


def alone_turned(charts: Mapping[str, Structure]) -> list[tuple[str, str, Structure]]:
    """The other corners: factor, name of the structure it is taken from, and the baseline with that alone turned."""
    baseline, *others = charts
    return [
        (factor, name, turned([charts[baseline]], charts[name], factors=[factor])[0])
        for factor in FACTORS
        for name in others
    ]


def effects_of(runs: pd.DataFrame, parts: pd.DataFrame, baseline: str, structure: str) -> dict[str, pd.DataFrame]:
    """Effects on every metric, replication by replication; NaN where a run is missing.

    Args:
        runs: of the charts as they are: structure, replication, metrics.
        parts: of the other corners and of queueing alone: the same, and part.
        baseline: name of the structure compared with.
        structure: name of the other.
    """
    metrics = [name for name in runs.columns if name not in ("structure", "replication")]
    wide = {
        (part, name): mine.set_index("replication")[metrics]
        for (part, name), mine in pd.concat([runs.assign(part=FULL), parts]).groupby(["part", "structure"])
    }
    nothing = pd.DataFrame(columns=metrics, dtype=float)
    neither, both = (wide.get((FULL, name), nothing) for name in (baseline, structure))
    power, management = (wide.get((factor, structure), nothing) for factor in FACTORS)
    queues = [wide.get((QUEUEING, name), nothing) for name in (structure, baseline)]
    return {
        "management_old_power": management - neither,
        "management_new_power": both - power,
        "power_old_management": power - neither,
        "power_new_management": both - management,
        "interaction": (both - management) - (power - neither),
        "queueing": queues[0] - queues[1],
    }
