"""The plan of a sensitivity analysis: its points, what is run, and how results become tables."""

from __future__ import annotations

import dataclasses
import functools
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from simsvc.errors import InputError, nearest
from simsvc.runs.metrics import OUTCOMES, check_metrics
from simsvc.scenario.explaining import at, line_of
from simsvc.scenario.sources import read_toml
from simsvc.sensitivity_analysis.noise import components
from simsvc.sensitivity_analysis.profiles import profile, shape
from simsvc.sensitivity_analysis.ranges import Parameter, check_together, parameters_of, wide_ranges
from simsvc.sensitivity_analysis.sampling import saltelli, trajectories
from simsvc.sensitivity_analysis.screening import morris, morris_verdict
from simsvc.sensitivity_analysis.variance_indices import sobol_indices, sobol_verdict
from simsvc.sweeps.block import Block
from simsvc.sweeps.design import Design
from simsvc.sweeps.files import design_from

METHODS = ("morris", "sobol", "profile")
ROUGH = 5
"""Fewer replications than this tell little about noise."""
MOST_VALUES = 20_000_000
"""Values of parameters at all points together, of which memory holds about as many."""
RANK = {"morris": "mu_star", "sobol": "total", "profile": "range"}
"""Column that says how much a parameter matters."""
Values = dict[str, dict[str, Any]]
"""By metric and structure, or difference of two: float (points, replications); NaN where a run failed."""


@dataclass(frozen=True)
class Plan:
    """What is analysed and how.

    Attributes:
        design: scenario, structures, settings, replications, days, seed, luck; what varies in it is not used.
        parameters: what varies, sorted by name, so that their order does not change the points.
        method: one of `METHODS`.
        metrics: names of `simsvc.runs.metrics.METRICS`.
        trajectories: of Morris screening.
        points: base samples of Sobol indices, a power of two.
        levels: points of every profile.
        second_order: whether Sobol indices of pairs are wanted.
    """

    design: Design
    parameters: tuple[Parameter, ...]
    method: str = "morris"
    metrics: tuple[str, ...] = OUTCOMES
    trajectories: int = 10
    points: int = 64
    levels: int = 9
    second_order: bool = False

    @property
    def names(self) -> list[str]:
        """Names of the parameters."""
        return [one.name for one in self.parameters]

    def check(self) -> None:
        """See that the numbers make sense and that all points are possible.

        Raises:
            InputError: before anything runs.
        """
        if self.method not in METHODS:
            raise InputError(
                f"method = '{self.method}': there is no such method of sensitivity analysis"
                f"{nearest(self.method, METHODS)}; have: {', '.join(METHODS)}"
            )
        check_metrics(self.metrics, self.design.first_scenario)
        self.design.check_numbers()
        count = len(self.parameters)
        most = max(MOST_VALUES // (count + 1) ** 2, 64)
        for name, value in (("trajectories", self.trajectories), ("points", self.points), ("levels", self.levels)):
            if type(value) is not int or not 2 <= value <= most:
                raise InputError(
                    f"{name} = {value!r}: should be a whole number; allowed with {count} parameters: 2 to {most}"
                )
        if self.method == "sobol" and self.points & (self.points - 1):
            below = 1 << (self.points.bit_length() - 1)
            raise InputError(f"points = {self.points}: should be a power of two; nearest: {below} and {2 * below}")
        if len(self.design.parts[0].scenarios) > 1:
            raise InputError("scenario: a sensitivity analysis is of one scenario; make one analysis for each")
        check_together(self.runs, self.parameters)

    @functools.cached_property
    def _sampled(self) -> Any:
        """Shares of the ranges as sampled: float (blocks, points of a block, parameters)."""
        count, seed = len(self.parameters), self.design.root_seed
        if self.method == "morris":
            return trajectories(count, self.trajectories, seed)
        return saltelli(count, self.points, self.second_order, seed)

    @functools.cached_property
    def values(self) -> dict[str, list[Any]]:
        """Values of every parameter by point; for profiles at its own points only."""
        if self.method == "profile":
            return {one.name: one.levels(self.levels) for one in self.parameters}
        return {
            one.name: [one.at(float(share)) for share in self._sampled[:, :, k].ravel()]
            for k, one in enumerate(self.parameters)
        }

    @functools.cached_property
    def shares(self) -> Any:
        """Where the parameters really stand, whole numbers rounded: float (blocks, points of a block, parameters)."""
        columns = [[one.share(value) for value in self.values[one.name]] for one in self.parameters]
        return np.array(columns).T.reshape(self._sampled.shape)

    @functools.cached_property
    def runs(self) -> Design:
        """Everything that is run."""
        own = {field.name: getattr(self.design, field.name) for field in dataclasses.fields(Design)}
        if self.method != "profile":
            return Design(**own | {"vary": self.values, "method": "list", "points": None})
        block = {field.name: own[field.name] for field in dataclasses.fields(Block)} | {"points": None}
        blocks = (
            Block(**block | {"vary": None, "method": "factorial"}),
            *(Block(**block | {"vary": {name: values}, "method": "list"}) for name, values in self.values.items()),
        )
        return Design(**own | block | {"vary": None, "method": "factorial", "blocks": blocks})

    def notes(self) -> list[str]:
        """What a user should know before the runs begin."""
        found = wide_ranges(self.parameters)
        count = self.runs.replication_count
        if count == 1:
            found.append("With one replication effects cannot be told from noise; give replications = 5 or more")
        elif count == 2 and self.runs.common_luck:
            found.append("With two replications of common luck hardly anything can be told from noise; give 5 or more")
        elif count < ROUGH:
            found.append(f"With {count} replications noise is known roughly; {ROUGH} or more tell it better")
        return found

    # -- analysis ----------------------------------------------------------------------------

    def tables(self, values: Values) -> dict[str, pd.DataFrame]:
        """The analysis of metrics at every point, in the order of the design, and replication.

        Returns:
            `effects`, `pairs` (second-order indices), `profiles`, `spread`; see `Sensitivity`. Some may be empty.
        """
        tables: dict[str, list[pd.DataFrame]] = {"effects": [], "pairs": [], "profiles": [], "spread": []}
        for metric, by_subject in values.items():
            for subject, mine in by_subject.items():
                for name, frame in self._analysed(mine).items():
                    frame.insert(0, "metric", metric)
                    frame.insert(1, "of", subject)
                    tables[name].append(frame)
        return {
            name: pd.concat(frames, ignore_index=True) if frames else pd.DataFrame() for name, frames in tables.items()
        }

    def _analysed(self, values: Any) -> dict[str, pd.DataFrame]:
        found = {"spread": self._spread(values)}
        common, seed = self.design.common_luck, self.design.root_seed
        if self.method == "profile":
            return found | self._profiles(values)
        blocks = values.reshape(*self._sampled.shape[:2], values.shape[1])
        if self.method == "morris":
            effects = morris(self.shares, blocks, common_luck=common, seed=seed)
            effects["verdict"] = [morris_verdict(row) for row in effects.to_dict("records")]
        else:
            indices = sobol_indices(blocks, len(self.parameters), common_luck=common, seed=seed)
            effects = indices.table
            effects["verdict"] = [sobol_verdict(row) for row in effects.to_dict("records")]
            if self.second_order:
                for column in ("one", "other"):
                    indices.pairs[column] = [self.names[number] for number in indices.pairs[column]]
                found["pairs"] = indices.pairs.sort_values("second", ascending=False)
        effects.insert(0, "parameter", self.names)
        found["effects"] = effects.sort_values([RANK[self.method], "parameter"], ascending=[False, True])
        return found

    def _profiles(self, values: Any) -> dict[str, pd.DataFrame]:
        reference, first = values[0], 1
        effects, lines = [], []
        for one in self.parameters:
            levels = self.values[one.name]
            mine = values[first : first + len(levels)]
            first += len(levels)
            places = np.array(levels, float) if one.ordered else np.full(len(levels), math.nan)
            line = profile(mine, reference)
            line.insert(0, "parameter", one.name)
            line.insert(1, "value", [str(level) for level in levels])
            lines.append(line)
            found = shape(np.log(places) if one.logarithmic else places, mine, reference)
            if one.logarithmic:
                found["crossing"] = math.exp(found["crossing"])
            effects.append({"parameter": one.name, **found})
        table = pd.DataFrame(effects).sort_values(["range", "parameter"], ascending=[False, True])
        return {"effects": table, "profiles": pd.concat(lines, ignore_index=True)}

    def _spread(self, values: Any) -> pd.DataFrame:
        complete = values[np.isfinite(values).all(axis=1)]
        names = ("mean", "lowest", "highest", "above_zero", "points", "luck", "noise", "sd")
        row: dict[str, Any] = dict.fromkeys(names, math.nan)
        if len(complete):
            means = complete.mean(axis=1)
            found = components(complete, self.design.common_luck)
            row |= {"mean": means.mean(), "lowest": means.min(), "highest": means.max()}
            row |= {"above_zero": (means > 0).mean(), "sd": math.sqrt(found["variance"])}
            row |= {name: found[name] for name in ("points", "luck", "noise")}
        return pd.DataFrame([row | {"complete": len(complete), "left_out": len(values) - len(complete)}])


def plan_of(design: Design | str | Path, parameters: Sequence[str], given: Mapping[str, Any]) -> Plan:
    """A plan from a design or a file, and what was given besides; checked.

    Args:
        design: a file, or a design.
        parameters: settings over all values that they may have.
        given: options of `sensitivity`; None where the file decides, or the default.

    Raises:
        InputError: for wrong input.
    """
    names, given = list(parameters), dict(given)
    own = given.pop("own", None)
    if isinstance(design, Design):
        return _planned(design.under(own), names, given)
    path = Path(design)
    content, text = read_toml(path)
    design = design_from(content, text, path, also=_OPTIONS).under(own)
    written = {key: content[key] for key in (*_OPTIONS, "method", "points") if key in content}
    try:
        return _planned(design, [*written.pop("parameters", []), *names], {**written, **_given(given)})
    except InputError as error:
        if re.split(r"\W", str(error))[0] in _given(given):  # not the file's fault
            raise
        raise InputError(f"{at(str(path), _line(str(error), text))}: {error}") from None


def _given(options: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in options.items() if value is not None}


def _planned(design: Design, names: Sequence[str], given: Mapping[str, Any]) -> Plan:
    options = _given(given)
    for_design = {key: options.pop(key) for key in ("replications", "days", "seed") if key in options}
    design = dataclasses.replace(design, **for_design)
    if design.blocks:
        raise InputError("block: a sensitivity analysis has one block of points; leave [[block]] out")
    if "metrics" in options:
        options["metrics"] = tuple(options["metrics"])
    found = parameters_of(design, names, numbers_only=options.get("method") != "profile")
    plan = Plan(design, tuple(sorted(found, key=lambda one: one.name)), **options)
    plan.check()
    return plan


def _line(message: str, text: str) -> int:
    """Line of a file that a message is about; 0 if it names none."""
    key, _, rest = message.partition(" = " if " = " in message.split(":")[0] else ": ")
    return (key == "vary" and line_of(text, ("vary", re.split(r":| = ", rest)[0]))) or line_of(text, (key,))


_OPTIONS = {
    "parameters": list, "metrics": list, "trajectories": int, "levels": int, "second_order": bool,
}  # fmt: skip
"""Keys of a file besides those of a design, with the type of their values."""


def values_of(design: Design, runs: pd.DataFrame, metrics: Sequence[str]) -> Values:
    """Metrics by point and replication: of every structure, and of its difference to the first one.

    What says the same as an earlier point of the design is taken from there.
    """
    cells = {cell.number: (cell.point, cell.structure) for cell in design.cells()}
    kept = runs.set_index(["point", "structure", "replication"])[list(metrics)]
    replications = range(design.replication_count)
    index = {
        name: pd.MultiIndex.from_tuples(
            [
                (*cells[design.twins.get(number, number)], k)
                for number, (_, structure) in cells.items()
                if structure == name
                for k in replications
            ]
        )
        for name in design.structure_names
    }
    first, *others = design.structure_names
    found: Values = {}
    for metric in metrics:
        mine = {
            name: kept[metric].reindex(rows).to_numpy(float).reshape(-1, len(replications))
            for name, rows in index.items()
        }
        found[metric] = mine | {f"{name} less {first}": mine[name] - mine[first] for name in others}
    return found
