"""What the runs of a sweep tell of its points: means and differences, and by how much these change over a setting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from simsvc.runs.statistics import contrast, interval, intervals

_FEW = 12
"""Values of a setting up to which its ends are the lowest and the highest one; of more, quarters of the points."""


def point_table(runs: pd.DataFrame, note: Mapping[str, Any], metrics: Sequence[str]) -> pd.DataFrame:
    """Mean and 95 % interval of metrics at every point, for every structure and its difference to the first one.

    Args:
        runs: of a sweep, as `Results.runs` gives them.
        note: manifest of the sweep.
        metrics: columns of the runs.

    Returns:
        Columns: point, scenario, settings that vary (levers only where all structures of the point agree), structure
        (`inverted` or `inverted - traditional`), metric, mean, low, high, n.
    """
    places, parts = _apart(runs, note, metrics)
    rows = [
        (point, name, *found)
        for name, part in parts.items()
        for point, *found in intervals(part, ["point"], metrics).itertuples(index=False)
    ]
    table = pd.DataFrame(rows, columns=["point", "structure", "metric", "mean", "low", "high", "n"])
    return places.reset_index().merge(table, on="point", how="right")[["point", *places, *table.columns[1:]]].copy()


def _apart(
    runs: pd.DataFrame, note: Mapping[str, Any], metrics: Sequence[str]
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """Scenario and settings by point, and runs by structure, then differences to the first structure run by run."""
    frame = runs[runs["status"] == "done"]
    settings = [k for k in note["keys"] if "." in k]
    names = [name for name in note["structures"] if name in set(frame["structure"])]
    parts = {name: frame[frame["structure"] == name] for name in names}
    for name in names[1:]:
        parts[f"{name} - {names[0]}"] = contrast(
            frame[["point", "structure", "replication", *metrics]], "structure", name, names[0], by=["point"]
        )
    places = frame[["point", "scenario", *settings]].drop_duplicates("point").set_index("point")
    levers = [name for name in settings if name.startswith("structure.")]
    if levers:  # where a point does not set a lever, every structure has a value of its own
        agreed = frame.groupby("point")[levers].nunique() == 1
        places = places.assign(**{lever: places[lever].where(agreed[lever]) for lever in levers})
    return places, parts


def change_table(runs: pd.DataFrame, note: Mapping[str, Any], metrics: Sequence[str]) -> pd.DataFrame:
    """By how much means change from the lowest to the highest value of each number that varies, with 95 % intervals.

    Of differences to the first structure, if there are several (a difference in differences: the interaction of
    structure and setting); else of levels (the main effect of the setting). Ends are the lowest and the highest value,
    or quarter of the points where there are more than 12 values. Every replication that has all points of both ends
    gives one estimate: the mean over the points of one end less that of the other.

    Args:
        runs: as for `point_table`, and so are the others.
        note: manifest.
        metrics: names.

    Returns:
        Columns: setting, lowest, highest (limits of the ends), alone (whether the points of both ends have the same
        values of all other settings), structure, metric, at_lowest, at_highest, mean (of the change), low, high (NaN
        for fewer than two replications), n.
    """
    places, parts = _apart(runs, note, metrics)
    kinds = [name for name in parts if " - " in name] or list(parts)
    wide = {(kind, metric): parts[kind].pivot(index="replication", columns="point", values=metric)
            for kind in kinds for metric in metrics}  # fmt: skip
    rows = []
    for setting in (name for name in map(str, places) if "." in name and pd.api.types.is_numeric_dtype(places[name])):
        others = places.drop(columns=setting).astype(str).agg(" ".join, axis=1)
        for kind in kinds:
            values = places.loc[places.index.isin(parts[kind]["point"]), setting].dropna().astype(float)
            if values.nunique() < 2:
                continue
            lowest, highest = values.quantile([0.0, 1.0] if values.nunique() <= _FEW else [0.25, 0.75])
            ends = values.index[values <= lowest], values.index[values >= highest]
            alone = sorted(others[ends[0]]) == sorted(others[ends[1]])
            for metric in metrics:
                each = [wide[kind, metric][list(end)].mean(axis=1, skipna=False) for end in ends]
                both = pd.concat(each, axis=1).dropna()
                found = interval(both[1] - both[0])
                rows.append((setting, lowest, highest, alone, kind, metric, *both.mean(), found.mean, found.low,
                             found.high, found.n))  # fmt: skip
    return pd.DataFrame(rows, columns=["setting", "lowest", "highest", "alone", "structure", "metric", "at_lowest",
                                       "at_highest", "mean", "low", "high", "n"])  # fmt: skip
