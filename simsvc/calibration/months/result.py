"""What a calibration to monthly figures found: settings with intervals, checks, months held out, files."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from simsvc.calibration.months.monthly_figures import Floats, MonthlyData
from simsvc.calibration.months.posterior import Identified, Posterior, identify
from simsvc.runs.result import Result, plain_data
from simsvc.scenario.explaining import line_of, plain
from simsvc.scenario.loading import changed
from simsvc.scenario.settings import Scenario, setting_field, setting_value
from simsvc.scenario.writing import scenario_toml
from simsvc.sweeps.block import is_whole

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class MonthlyFit(Result):
    """Settings fitted to the monthly figures of an organisation.

    Attributes:
        data: the figures.
        scenario: what the fit started from.
        posterior: of the settings.
        emulator: how well figures were predicted at points left out; see `Emulator.validation`.
        predicted: float (draws, months, columns): figures of runs at draws from the posterior, one run each:
            what organisations that go with the figures of the months fitted would report.
        fitted_months: how many of the months were used for fitting, the first ones.
        discrepancy: standard deviation of the difference between model and organisation, as a share of each
            figure.
        together: how often organisations with the settings found would lie further from what is expected of
            them, all figures taken together, 0-1; see `surprise`.
        runs: how many runs it took.
        seed: root seed.
        doubts: what a reader should make sure of, from the data alone.
        asked: what the calibration was asked for, so that the folder goes on only with the same.
    """

    kind: ClassVar[str] = "calibration"
    forms: ClassVar[tuple[str, ...]] = ("csv", "png", "svg")
    to_edit: ClassVar[tuple[str, ...]] = ("scenario.toml",)
    data: MonthlyData
    scenario: Scenario
    posterior: Posterior
    emulator: pd.DataFrame
    predicted: Floats
    fitted_months: int
    discrepancy: float
    together: float
    runs: int
    seed: int
    doubts: tuple[str, ...]
    asked: dict[str, Any] | None = None

    @functools.cached_property
    def identified(self) -> Identified:
        """What the figures tell of the settings, and what they leave open."""
        return identify(self.posterior)

    @functools.cached_property
    def fitted(self) -> dict[str, float | int]:
        """One set of values that goes with the figures, by setting: the draw nearest to the middle of all."""
        values = zip(self.posterior.ranges, self.posterior.middle().tolist(), strict=True)
        return {name: round(value) if is_whole(name) else float(f"{value:.4g}") for name, value in values}

    @functools.cached_property
    def table(self) -> pd.DataFrame:
        """What is known of each setting, one row each.

        Columns: `setting`, `unit`, `from`, `to` (range searched), `before` (the scenario's value), `median`, `low`,
        `high` (95 %), `sd_ratio`, `known`, `edge`, `fitted` (the value written); see `Identified.settings`.
        """
        found = self.identified.settings.drop(columns=["low_50", "high_50"])
        names = found["setting"]
        found.insert(1, "unit", [setting_field(name).json_schema_extra["unit"] for name in names])
        found.insert(2, "from", [self.posterior.ranges[name][0] for name in names])
        found.insert(3, "to", [self.posterior.ranges[name][1] for name in names])
        found.insert(4, "before", [float(setting_value(self.scenario, name)) for name in names])
        return found.assign(fitted=[self.fitted[name] for name in names])

    @functools.cached_property
    def months(self) -> pd.DataFrame:
        """What was observed and predicted, one row per figure and month.

        Columns: `figure`, `month`, `observed`, `median`, `low`, `high` (95 %), `low_50`, `high_50`, `held_out`,
        `inside` and `inside_50`: whether the observed value lies in the 95 % and in the 50 %.
        """
        rows = []
        for k, name in enumerate(self.data.names):
            for m, label in enumerate(self.data.labels):
                low, low_50, median, high_50, high = quantiles(self.predicted[:, m, k], (0.025, 0.25, 0.5, 0.75, 0.975))
                seen = float(self.data.values[m, k])
                rows.append(
                    (name, label, seen, median, low, high, low_50, high_50, m >= self.fitted_months,
                     low <= seen <= high, low_50 <= seen <= high_50)
                )  # fmt: skip
        columns = ["figure", "month", "observed", "median", "low", "high", "low_50", "high_50", "held_out", "inside",
                   "inside_50"]  # fmt: skip
        return pd.DataFrame(rows, columns=columns)

    @property
    def held_out(self) -> pd.DataFrame:
        """Rows of `months` that were not used for fitting and have an observed value."""
        return self.months[self.months["held_out"] & self.months["observed"].notna()]

    @functools.cached_property
    def checks(self) -> pd.DataFrame:
        """Whether organisations of the model can look like the one observed, over the months fitted.

        One row per figure and check: `figure`, `check` (mean; trend: slope per month; spread: standard
        deviation around the trend), `observed`, `low`, `high` (95 % of what was predicted), `inside`. Only the
        means are fitted: trend and spread test what the fit assumes, that settings stay as they are and months
        differ by chance.
        """
        rows = []
        for k, name in enumerate(self.data.names):
            seen = self.data.values[: self.fitted_months, k]
            there = np.isfinite(seen)
            drawn = self.predicted[:, : self.fitted_months, k][:, there]
            for check, of in _CHECKS.items():
                if check != "mean" and there.sum() < 4:
                    continue
                value = of(np.flatnonzero(there), seen[there][None, :])[0]
                low, high = quantiles(of(np.flatnonzero(there), drawn), (0.025, 0.975))
                rows.append((name, check, float(value), low, high, bool(low <= value <= high)))
        return pd.DataFrame(rows, columns=["figure", "check", "observed", "low", "high", "inside"])

    @functools.cached_property
    def notes(self) -> list[str]:
        """What the data cannot tell apart and where the model does not fit, a sentence each."""
        found = list(self.doubts)
        if self.together < SURPRISING:
            found.append(
                "The figures do not go together: with the settings found, an organisation of the model would report "
                f"figures as far from what is expected in {100 * self.together:.2g} % of cases only. What is said of "
                "settings holds for a model that does not fit: fit other settings, widen the ranges, or allow for a "
                "discrepancy."
            )
        found += self.identified.words()
        for row in self.checks[~self.checks["inside"]].to_dict("records"):
            side = "below" if row["observed"] < row["low"] else "above"
            found.append(
                f"{row['figure']}: its {_CHECK_WORDS[row['check']]} ({row['observed']:.3g}) is {side} what the fitted "
                f"model gives ({row['low']:.3g} to {row['high']:.3g}): {_REASONS[row['check'], side]}."
            )
        for row in self.emulator[(self.emulator["spread"] > 1.5) | (self.emulator["r2"] < 0.3)].to_dict("records"):
            found.append(
                f"{row['figure']}: the emulator predicts it poorly (R2 {row['r2']:.2f}, standardised errors "
                f"{row['spread']:.1f}); more points or replications would help, or the settings hardly move it."
            )
        if not self.posterior.long_enough:
            found.append("The chains were too short for their autocorrelation; intervals are rough.")
        return found

    def sentence(self) -> str:
        """The finding in words."""
        counts = self.table["known"].value_counts()
        parts = [f"{counts[kind]} {words}" for kind, words in _KNOWN.items() if kind in counts]
        total = len(self.table)
        text = (
            f"Of {total} setting{'s' if total > 1 else ''} fitted to the means of {', '.join(self.data.names)} over "
            f"{self.fitted_months} months, known are: {', '.join(parts)}."
        )
        held = self.held_out
        if len(held):
            text += (
                f" Of {len(held)} figures in months held out, {int(held['inside'].sum())} lie in their 95 % intervals "
                f"and {int(held['inside_50'].sum())} in their 50 % intervals."
            )
        misfit = self.checks[(self.checks["check"] == "mean") & ~self.checks["inside"]]["figure"]
        if self.together < SURPRISING:
            text += " Together the figures do not fit the model."
        if len(misfit):
            text += f" The model does not reach {', '.join(misfit)}."
        return text

    def as_json(self) -> dict[str, Any]:
        """All results as plain data; null where there is nothing."""
        held = self.held_out
        return {
            "kind": "monthly",
            "columns": list(self.data.names),
            "months": len(self.data.labels),
            "fitted_months": self.fitted_months,
            "discrepancy": self.discrepancy,
            "together": self.together,
            "runs": self.runs,
            "seed": self.seed,
            "settings": _rows(self.table),
            "correlations": _rows(self.identified.pairs),
            "directions": _rows(self.identified.directions),
            "emulator": _rows(self.emulator),
            "checks": _rows(self.checks),
            "held_out": {
                "figures": len(held),
                "inside_95": int(held["inside"].sum()),
                "inside_50": int(held["inside_50"].sum()),
            },
            "predicted": _rows(self.months),
            "notes": self.notes,
            "sentence": self.sentence(),
        }

    def tables(self) -> dict[str, pd.DataFrame]:
        """Settings, what they leave open, checks, months, and a sample of the posterior."""
        return {
            "settings": self.table,
            "correlations": self.identified.pairs,
            "directions": self.identified.directions,
            "emulator": self.emulator,
            "checks": self.checks,
            "months": self.months,
            "posterior": pd.DataFrame(self.posterior.draws, columns=list(self.posterior.ranges)),
        }

    def figures(self) -> dict[str, Callable[[], Figure]]:
        """Months observed and predicted, and the posterior."""
        from simsvc.calibration.months.figures import course_of_months, posterior_figure

        return {
            "months": lambda: course_of_months(self.months, self.sentence()),
            "posterior": lambda: posterior_figure(self.posterior, self.table),
        }

    def texts(self, folder: Path) -> dict[str, str]:
        """The fitted scenario, too."""
        return {"scenario.toml": self.toml(), **super().texts(folder)}

    def details(self) -> dict[str, Any]:
        """What was asked for, and how much was run."""
        return {"asked": self.asked, "seed": self.seed, "runs": self.runs}

    def size(self) -> str:
        """Runs."""
        return f"{self.kind}, {self.runs} runs"

    def toml(self) -> str:
        """The scenario with the fitted values, as a file that explains itself and names the intervals."""
        known = self.table.set_index("setting")
        about = (
            f"Fitted to {self.fitted_months} months of {', '.join(self.data.names)}. Fitted settings say so beside "
            "their value; together they are one of many sets of values that go with the figures."
        )
        lines = scenario_toml(changed(self.scenario, self.fitted), about=about).splitlines()
        for name in self.fitted:
            row: Any = known.loc[name]
            number = line_of("\n".join(lines), name.split(".")) - 1
            lines[number] += (
                f"  # fitted; median {row['median']:.4g}, 95 % interval {row['low']:.4g} to {row['high']:.4g}, "
                f"known: {row['known']}; before: {plain(row['before'])}"
            )
        return "\n".join(lines) + "\n"


SURPRISING = 0.05
"""Share of organisations below which figures are called not to go together."""
_KNOWN = {"well": "well", "partly": "partly", "in combination": "in combination only", "not": "not at all"}


def _slopes(months: Floats, values: Floats) -> Floats:
    x = months - months.mean()
    found: Floats = values @ x / (x @ x)
    return found


def _spreads(months: Floats, values: Floats) -> Floats:
    x = months - months.mean()
    rest = values - values.mean(axis=1, keepdims=True) - _slopes(months, values)[:, None] * x
    found: Floats = np.sqrt((rest**2).sum(axis=1) / (len(months) - 2))
    return found


_CHECKS = {"mean": lambda months, values: values.mean(axis=1), "trend": _slopes, "spread": _spreads}
_UNREACHED = (
    "the model does not reach it with settings in the ranges searched; fit other settings, widen the ranges, or "
    "allow for a discrepancy"
)
_CHANGED = "settings may have changed over the months, which the fit takes as constant"
_REASONS = {
    ("mean", "below"): _UNREACHED,
    ("mean", "above"): _UNREACHED,
    ("trend", "below"): _CHANGED,
    ("trend", "above"): _CHANGED,
    ("spread", "below"): "the organisation simulated may be smaller than the one observed",
    ("spread", "above"): "seasons or events that the model does not know make the intervals of settings too narrow",
}
_CHECK_WORDS = {"mean": "mean", "trend": "trend per month", "spread": "spread from month to month"}


def quantiles(values: Floats, shares: tuple[float, ...]) -> tuple[float, ...]:
    """Quantiles of draws that hold a further draw with just the chance they say (Weibull's positions)."""
    finite = values[np.isfinite(values)]
    if not len(finite):
        return (math.nan,) * len(shares)
    return tuple(np.quantile(finite, shares, method="weibull").tolist())


def _rows(table: pd.DataFrame) -> Any:
    """A table as plain data, with ten decimals."""
    return plain_data(table.round(10))
