"""What a measure is: the runs it needs, and what it takes from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from simsvc.organization import ServiceOrganization
from simsvc.runs.metrics import measured, summary
from simsvc.runs.order import Drive
from simsvc.scenario.loading import changed, load_scenario, with_structure
from simsvc.scenario.settings import Scenario

CHARTS = ("traditional", "inverted")
BETWEEN = "between charts"
"""What stands for the chart where a finding is about a difference between two."""
TURN = "turned less as it was"
"""The same where a firm of the past turned."""

Values = dict[str, float]
Seen = dict[str, Any]
"""What was seen of each arm, by its label."""

NAN = float("nan")


@dataclass(frozen=True)
class Arm:
    """Runs of one kind within a measure.

    Attributes:
        label: by which the measure knows it.
        scenario: what is simulated.
        luck: arms of the same number share their luck.
    """

    label: str
    scenario: Scenario
    luck: int = 0


@dataclass(frozen=True)
class Measure:
    """What several findings are measured by at once.

    Attributes:
        findings: their names.
        arms: made for a chart.
        drive: takes a run of an arm through its days and gives what is seen.
        values: of the findings, from one replication of all arms; NaN: none.
        charts: under which it is measured.
        times: how many times as many replications it takes as others, because it is noisy.
    """

    findings: tuple[str, ...]
    arms: Callable[[str], list[Arm]]
    drive: Drive
    values: Callable[[Seen], Values]
    charts: tuple[str, ...] = CHARTS
    times: int = 1


def centre(chart: str, settings: Mapping[str, Any] | None = None) -> Scenario:
    """The contact centre under a chart, with some settings changed."""
    return changed(with_structure(load_scenario("contact_centre"), chart), settings or {})


def arms_of(worlds: Mapping[str, Mapping[str, Any]]) -> Callable[[str], list[Arm]]:
    """Arms that differ in some settings of the contact centre."""
    return lambda chart: [Arm(label, centre(chart, settings)) for label, settings in worlds.items()]


def keep(model: ServiceOrganization, days: int) -> Values:
    """A drive: all days; gives every metric, and further sums over the measured days."""
    model.advance(days)
    settling = model.settings.run.settling
    rows = measured(model.state.days[:days], settling)
    left = sum(float(rows[name].sum()) for name in rows.dtype.names if name.startswith("left_"))
    return {
        **summary(model.state.days[:days], settling),
        "joined": float(rows["joined"].mean()) / float(model.settings.market.population - rows["customers"].mean()),
        "left": left / float(rows["customers"].sum()),
        "time": float(rows["service_time"].sum() / max(rows["served"].sum(), 1)),
        "load": float(rows["load"].mean()),
        "output": float(60 * rows["resolved"].sum() / max(rows["busy"].sum(), 1)),
        "output_of_day": float(rows["served"].sum() / max(rows["present"].sum(), 1)),
    }
