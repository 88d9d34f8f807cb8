"""What a selection of the best structure found: a ranking, how it came about, and how sure it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from simsvc.runs.horizon import phrase
from simsvc.runs.metrics import METRICS
from simsvc.runs.result import ScenarioResult, plain_data
from simsvc.scenario.structure import Structure
from simsvc.selection.kim_nelson import KimNelson
from simsvc.show.numbers import difference_unit, gap, level, level_unit, quoted

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass
class Selection(ScenarioResult):
    """What a selection found."""

    kind: ClassVar[str] = "selection"
    structures: dict[str, Structure]
    metric: str
    largest: bool
    """Whether more of the metric is better."""
    indifference: float
    confidence: float
    first: int
    most: int
    """Replications after which to give up."""
    equal: dict[str, str]
    """Structures whose levers are those of another one, which was run for both."""
    procedure: KimNelson
    names: tuple[str, ...]
    """Structures by number in the procedure."""
    runs: pd.DataFrame
    """One row per run, as of a sweep."""
    values: pd.DataFrame
    """Values of the metric that counted: one row per replication, one column per structure; NaN after it went."""

    @property
    def survivors(self) -> list[str]:
        """Structures still in, the best mean first."""
        return sorted((self.names[one] for one in self.procedure.survivors), key=self._badness)

    @property
    def decided(self) -> bool:
        """Whether the procedure came to its end."""
        return self.procedure.finished

    @property
    def best(self) -> str:
        """The structure selected; the one with the best mean so far if it is not decided."""
        return self.survivors[0]

    @property
    def replications(self) -> int:
        """Replications of those still in."""
        return self.procedure.observed

    def _badness(self, name: str) -> float:
        return float(self.values[name].mean()) * (-1 if self.largest else 1)

    @property
    def ranking(self) -> pd.DataFrame:
        """One row per structure run: those still in first, the others by how far they are behind.

        Columns: structure, mean (of its replications), behind (mean distance to the best one in these replications,
        positive is worse), replications, eliminated_after (replications; missing for those still in), eliminated_by.
        """
        gone = {self.names[one.alternative]: one for one in self.procedure.eliminations}
        sign = -1.0 if self.largest else 1.0
        rows = []
        for name in self.names:
            mine = self.values[name].dropna()
            behind = sign * float((mine - self.values[self.best].loc[mine.index]).mean()) + 0.0
            out = gone.get(name)
            fate = (out.after, self.names[out.by]) if out else (None, None)
            rows.append((name, float(mine.mean()), behind, len(mine), *fate))
        columns = ["structure", "mean", "behind", "replications", "eliminated_after", "eliminated_by"]
        table = pd.DataFrame(rows, columns=columns).astype({"eliminated_after": "Int64"})
        place = {name: number for number, name in enumerate(self.survivors)}
        order = table.assign(place=[place.get(name, len(place)) for name in table["structure"]])
        return order.sort_values(["place", "behind"], kind="stable").drop(columns="place").reset_index(drop=True)

    @property
    def course(self) -> pd.DataFrame:
        """Running means: columns replication (from 1), structure, mean; as long as a structure was in."""
        running = self.values.expanding().mean().where(self.values.notna())
        running.index = pd.RangeIndex(1, len(running) + 1, name="replication")
        table = running.reset_index().melt("replication", var_name="structure", value_name="mean")
        return table.dropna().reset_index(drop=True)

    def told(self, value: float) -> str:
        """A value of the metric in words."""
        return f"{level(self.metric, value)} {level_unit(self.metric).name}".rstrip()

    def sentence(self) -> str:
        """Which structure is best and how sure that is, or which are left."""
        label, count = METRICS[self.metric].label, len(self.structures)
        label = label[:1].lower() + label[1:]
        factor, unit = difference_unit(self.metric)
        sure = f"with a probability of at least {100 * self.confidence:g} % if"
        lead = f"leads every other by {self.indifference * factor:,g} {unit} or more"
        table = self.ranking
        if not self.decided:
            told = [
                f"Not decided after {self.replications} replications: {quoted(self.survivors)} are still in. The best "
                f"of {count} structures by {label} is among them {sure} it {lead}."
            ]
        elif self.procedure.tied:
            told = [
                f"{quoted(self.survivors)} are equal: their runs give the same {label}. The best of {count} structures "
                f"is among them {sure} it {lead}."
            ]
        else:
            best = f"'{self.best}' ({self.told(float(table['mean'].iloc[0]))})"
            told = [f"Best of {count} structures by {label}: {best}, right {sure} the best one {lead}."]
        told.append(f"All this: {phrase(self.scenario, self.days)}.")
        gone = table[table["eliminated_after"].notna()]
        if not gone.empty:
            row: Any = gone.iloc[0]
            told.append(
                f"Next comes '{row['structure']}', {gap(self.metric, float(row['behind']))} behind, out "
                f"after {row['eliminated_after']} replications."
            )
        told += [f"'{one}' has the levers of '{other}'." for one, other in self.equal.items()]
        return " ".join(told)

    def as_json(self) -> dict[str, Any]:
        """The result as plain data; NaN becomes null."""
        return {
            "finding": self.sentence(),
            "scenario": self.scenario_name,
            "metric": self.metric,
            "unit": METRICS[self.metric].unit,
            "better": "largest" if self.largest else "smallest",
            "decided": self.decided,
            "best": self.best if self.decided else None,
            "survivors": self.survivors,
            "equal": self.equal,
            "confidence": self.confidence,
            "indifference": self.indifference,
            "first_stage": self.first,
            "replications": self.replications,
            "most_replications": self.most,
            "days": self.days,
            "seed": self.seed,
            "runs": len(self.runs),
            "failed": len(self.failures),
            "eta": self.procedure.eta,
            "h2": self.procedure.h2,
            "ranking": plain_data(self.ranking),
        }

    def tables(self) -> dict[str, pd.DataFrame]:
        """The ranking, and running means."""
        return {"ranking": self.ranking, "course": self.course}

    def figures(self) -> dict[str, Callable[[], Figure]]:
        """Running means of all structures, and where each of them went."""
        from simsvc.selection.figures import race

        return {"race": lambda: race(self.as_json(), self.ranking, self.course)}

    def details(self) -> dict[str, Any]:
        """What was to be selected, and how sure that was to be."""
        found = self.as_json()
        shared = ("metric", "better", "indifference", "confidence", "first_stage", "most_replications", "replications",
                  "seed", "days", "runs")  # fmt: skip
        charts = {name: chart.model_dump() for name, chart in self.structures.items()}
        return {"finished": True, **{key: found[key] for key in shared}, "structures": charts}

    def size(self) -> str:
        """Replications and days."""
        return f"{self.replications} replications of {self.days} days"
