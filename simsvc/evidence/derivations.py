"""Coefficients worked out from published numbers, beside the values that the program has.

A script in `experiments/evidence/` turns a published correlation, elasticity or ratio into the coefficient that would
give it in this model's form, with the model's own people where their spread matters. Nothing is set by it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from simsvc.evidence.findings import HELD_OUT, Finding, Measured
from simsvc.organization import ServiceOrganization
from simsvc.runs.executors import AnyExecutor, executor_for
from simsvc.runs.order import Order
from simsvc.runs.result import Result, plain_data
from simsvc.runs.statistics import Interval, interval
from simsvc.scenario.loading import load_scenario
from simsvc.scenario.settings import Scenario, setting_field
from simsvc.show.terminal import new_table, output, show

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HOLDS, OUTSIDE = "in range", "outside"

States = Mapping[str, Any]
"""What a run ends with: rows of its `customers` and of its `staff`, and its `settings`."""


@dataclass(frozen=True)
class Derived:
    """A coefficient as a published number would have it.

    Attributes:
        name: of the coefficient, without `assumptions.`.
        implied: its value by the published number, and by the lowest and the highest that source or studies allow.
        published: the number.
        source: who published it.
        keys: of `docs/references.bib`.
        seen: how far the source was seen, one of `simsvc.evidence.findings.SEEN`.
        how: how the coefficient follows.
    """

    name: str
    implied: Sequence[float]
    published: str
    source: str
    keys: tuple[str, ...]
    seen: str
    how: str

    def row(self) -> dict[str, Any]:
        """Beside the present value and range."""
        field = setting_field(f"assumptions.{self.name}")
        facts = field.json_schema_extra
        low, high = facts["plausible_low"], facts["plausible_high"]
        middle, least, most = self.implied
        return {
            "coefficient": self.name, "value": field.default, "plausible_low": low, "plausible_high": high,
            "implied": middle, "implied_low": min(least, most), "implied_high": max(least, most),
            "verdict": HOLDS if low <= middle <= high else OUTSIDE, "published": self.published,
            "source": self.source, "seen": self.seen, "how": self.how,
        }  # fmt: skip


Derivation = Callable[[States], Sequence[Derived]]


def states(model: ServiceOrganization, days: int) -> States:
    """A drive: all days; gives `States`."""
    model.advance(days)
    staff, customers = model.state.staff, model.state.customers
    return {
        "staff": staff[staff["present"] == 1].copy(),
        "customers": customers[customers["since"] >= 0].copy(),
        "settings": model.settings,
    }


def solved(of: Callable[[float], float], target: float, low: float, high: float) -> float:
    """Where a function takes a value; NaN if it does so nowhere between `low` and `high`."""
    ends = of(low) - target, of(high) - target
    return float(brentq(lambda x: of(x) - target, low, high)) if ends[0] * ends[1] < 0 else float("nan")


def value_of(name: str) -> float:
    """The program's value of a coefficient, named without `assumptions.`."""
    return float(setting_field(f"assumptions.{name}").default)


def averaged(replications: Sequence[Sequence[Derived]]) -> pd.DataFrame:
    """One row per coefficient: means over replications, and the half-width of the interval of `implied`."""
    rows = []
    for alike in zip(*replications, strict=True):
        implied = interval([one.implied[0] for one in alike])
        means = np.mean([one.implied for one in alike], axis=0).tolist()
        rows.append({**replace(alike[0], implied=means).row(), "half_width": implied.half_width})
    return pd.DataFrame(rows)


@dataclass
class Derivations(Result):
    """What published numbers imply."""

    kind: ClassVar[str] = "derivations"
    table: pd.DataFrame
    """One row per coefficient."""
    runs: int
    scenario: Scenario

    def sentence(self) -> str:
        """How many coefficients lie in their plausible range, and which do not."""
        outside = [
            f"{one['coefficient']} {one['implied']:.2g} instead of {one['value']:.2g}"
            for one in self.table.to_dict("records")
            if one["verdict"] == OUTSIDE
        ]
        return (
            f"{len(self.table) - len(outside)} of {len(self.table)} coefficients that published numbers imply lie in "
            f"the plausible range. Outside: {'; '.join(outside) or 'none'}."
        )

    def tables(self) -> dict[str, pd.DataFrame]:
        """All coefficients."""
        return {"derivations": self.table.round(4)}

    def figures(self) -> dict[str, Callable[[], Figure]]:
        """Implied values and the program's against plausible ranges."""
        return {"derivations": self._figure}

    def as_json(self) -> dict[str, Any]:
        """The table as plain data."""
        return {"finding": self.sentence(), "coefficients": plain_data(self.table)}

    def details(self) -> dict[str, Any]:
        """Runs."""
        return {"runs": self.runs}

    def size(self) -> str:
        """Runs."""
        return f"{self.runs} replications"

    def _figure(self) -> Figure:
        from simsvc.evidence.figures import against_ranges

        shown = []
        for one in self.table.to_dict("records"):
            ends = one["plausible_low"], one["plausible_high"]
            finding = Finding(one["coefficient"], "", "", "", *ends, "", HELD_OUT, one["source"])
            implied = Interval(one["implied"], one["implied_low"], one["implied_high"], 2)
            value = Interval(one["value"], one["value"], one["value"], 2)
            shown += [Measured(finding, "implied", implied), Measured(finding, "value", value)]
        return against_ranges(shown, kinds=False)


def derive(
    derivations: Sequence[Derivation], replications: int = 4, seed: int = 1, executor: AnyExecutor | None = None
) -> Derivations:
    """Run the traditional contact centre a few times, and derive coefficients from its states.

    Args:
        derivations: functions of the scripts in `experiments/evidence/`.
        replications: runs.
        seed: root of all luck.
        executor: performs the runs; threads, as many as cores, if there is none.

    Raises:
        RunFailed: if a run did not come to its end.
    """
    scenario = load_scenario("contact_centre")
    orders = (Order(scenario, seed, k, k, drive=states) for k in range(replications))
    with executor_for(executor=executor) as place:
        seen = [outcome.or_raise().seen for outcome in place.in_order(orders)]
    table = averaged([[one for derivation in derivations for one in derivation(run)] for run in seen])
    return Derivations(table, replications, scenario)


def derive_alone(derivation: Derivation) -> None:
    """Print what one script derives."""
    found = derive([derivation])
    console = output()
    table = new_table(console)
    for heading in ("coefficient", "value", "range", "implied", "verdict", "published"):
        table.add_column(heading, overflow="fold")
    for one in found.table.to_dict("records"):
        table.add_row(
            one["coefficient"], f"{one['value']:.3g}", f"{one['plausible_low']:.3g} to {one['plausible_high']:.3g}",
            f"{one['implied']:.3g} [{one['implied_low']:.3g}, {one['implied_high']:.3g}]", one["verdict"],
            f"{one['published']} ({one['source']}; seen: {one['seen']})",
        )  # fmt: skip
    show(console, table)
