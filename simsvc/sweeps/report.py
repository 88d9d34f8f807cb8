"""The report of a sweep: what varies, and what that does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from simsvc.errors import InputError
from simsvc.runs.metrics import HEADLINES, METRICS
from simsvc.runs.statistics import contrast
from simsvc.scenario.words import setting_words, spoken
from simsvc.show.html.parts import (
    Cell,
    Picture,
    Report,
    Row,
    Section,
    Table,
    cell,
    estimate,
    panel,
    picture,
    plain_number,
    typeset,
    word,
)
from simsvc.show.html.settings import meaning_of, scenario_of, structure_of, title_of, unit_of, value_cell
from simsvc.show.html.words import closing, failures_section
from simsvc.show.maps import sign_map
from simsvc.show.numbers import (
    called,
    counted,
    decimals_of,
    difference,
    difference_unit,
    level,
    level_unit,
    listed,
    with_unit,
    with_unit_of_differences,
)
from simsvc.sweeps.results import Results
from simsvc.sweeps.views import (
    MOST_PANELS,
    changes_told,
    clouds,
    kinds_of,
    overview,
    sentences,
    what_varies,
)

MOST_POINTS = 40
"""Points that a table lists; of more only those at both ends."""
_READING = (
    "A point is one combination of settings. The structures of a point share their luck, replication by replication, "
    "so that differences between them are much surer than levels.",
    "A metric is called higher or lower at a point if the interval of its difference leaves out zero. Of twenty points "
    "without any difference, one would be called so by chance.",
    "Lines in pictures are means over points of the same value, or over neighbouring values; the other settings differ "
    "among these points.",
)


_ALONE = (
    "Of differences between structures, such a change is a difference in differences: the interaction of structure and "
    "setting. Intervals hold the luck of the runs; where a setting does not change alone, other settings differ "
    "between its ends, too, and may have made the change."
)


def figures(folder: Path) -> dict[str, Callable[[], Figure]]:
    """What draws the figures of the folder again, by name."""
    results = Results(folder)
    return {"overview": lambda: overview(results, results.points())}


def report(folder: Path) -> Report:
    """The report of a folder written by `simsvc sweep`, finished or not."""
    results = Results(folder)
    note, runs = results.manifest, results.runs(HEADLINES)
    done, failed = runs[runs["status"] == "done"], results.failures()
    if done.empty:
        raise InputError(f"{folder}: no run is finished yet; there is nothing to report")
    table, changes = results.points(), results.changes()
    varying, kinds = what_varies(results, table), kinds_of(table)
    varied, differ = [name for name in varying if "." in name], " - " in kinds[0]
    blocks = note["design"]["blocks"]
    scenarios = {name: scenario_of(note, one) for block in blocks for name, one in block["scenarios"].items()}
    charts = {name: structure_of(note, one) for block in blocks for name, one in block["structures"].items()}
    names, structures = [spoken(title_of(name)) for name in scenarios], list(note["structures"])
    pictures = [
        _over_setting(table, setting, kinds, metric)
        for setting in (varying or ["point"])[:MOST_PANELS]
        for metric in HEADLINES
    ]
    grid = _grid(done, varying, varied, structures)
    sections = [
        Section("What varies", tables=[_varied(table, varying)]) if varying else None,
        Section("What it does", (), pictures),
        Section("By how much it changes", (_ALONE,), tables=[_changes(changes)]) if len(changes) else None,
        Section(
            "The difference, place by place",
            ("Colour and number are the mean difference; in brackets where its interval holds zero. A black line is "
             "the border between more and less, grey lines show how sure it is.",),
            grid,
        ) if grid else None,
        Section("Points", _points_words(table), tables=[_points(table, one, varying, kinds) for one in HEADLINES]),
        *failures_section(failed[["stage", "message"]].to_dict("records")),  # type: ignore[arg-type]
        *closing(note, scenarios, charts, _READING, HEADLINES, _facts(note, runs, table)),
    ]  # fmt: skip
    changing = listed(map(setting_words, varying)) or "luck alone"
    compared = f" the difference of {listed(repr(one) for one in structures[1:])} to '{structures[0]}' in" * differ
    metrics = listed(map(called, HEADLINES))
    return Report(
        "Sweep",
        f"{listed(names)}: {changing}",
        f"What do{'es' * (len(varying) < 2)} {changing} do to{compared} {metrics}, in {listed(names)}?",
        [*(sentences(table) if differ else _levels(table)), *changes_told(changes)[:MOST_PANELS]],
        [section for section in sections if section],
        warnings=_warnings(note, runs, table),
    )


def _warnings(note: dict[str, Any], runs: pd.DataFrame, table: pd.DataFrame) -> list[str]:
    told = []
    done, failed = int((runs["status"] == "done").sum()), int((runs["status"] == "failed").sum())
    asked = int(table["point"].nunique()) * len(note["structures"]) * int(note["replications"])
    if failed:
        told.append(f"{counted(failed, 'run')} failed and did not enter the numbers.")
    if done + failed < asked:
        told.append(
            f"The sweep is not finished: {counted(done, 'run')} of at least {asked:,} are done. Give its "
            "command again, then make this report again."
        )
    if note["replications"] < 2:
        told.append("There is only one run of each point and structure: no intervals, no verdicts.")
    return told


def _facts(note: dict[str, Any], runs: pd.DataFrame, table: pd.DataFrame) -> list[tuple[str, str]]:
    design = note["design"]
    points = counted(int(table["point"].nunique()), "point")
    how = listed(dict.fromkeys(str(block["method"]).replace("_", " ") for block in design["blocks"]))
    days = f"{design['days']:,} (250 are a year)" if design.get("days") else "as the scenario says"
    return [
        ("Design", f"{how}, {points}, {counted(len(note['structures']), 'structure')}"),
        ("Runs", f"{len(runs):,}, {counted(int(note['replications']), 'replication')} of each point and structure"),
        ("Luck", "the same at every point" if design.get("common_luck") else "of its own at every point"),
        ("Days", days),
        ("Seed", str(design.get("seed", ""))),
        ("Model", str(note.get("model", ""))),
    ]


def _varied(table: pd.DataFrame, over: Sequence[str]) -> Table:
    rows = []
    for name in over:
        values = sorted(table[name].unique())
        if pd.api.types.is_numeric_dtype(table[name]) and len(values) > 8:
            what = f"{len(values):,} values from {values[0]:.4g} to {values[-1]:.4g}"
        else:
            what = ", ".join(_value(value).text for value in values)
        meaning = meaning_of(name) if "." in name else "Organisation"
        rows.append(Row(name, [word(what), word(unit_of(name)), word(meaning, "prose")]))
    return Table("Settings that vary", ["setting", "values", "unit", "meaning"], rows)


def _grid(done: pd.DataFrame, over: Sequence[str], varied: Sequence[str], structures: Sequence[str]) -> list[Any]:
    """Maps, if exactly two numbers vary, on a full grid, under two structures or more."""
    full = len(over) == len(varied) == 2 and all(pd.api.types.is_numeric_dtype(done[name]) for name in varied)
    if not full or len(structures) < 2:
        return []
    cells = done[list(varied)].drop_duplicates()
    if len(cells) != done[varied[0]].nunique() * done[varied[1]].nunique() or len(cells) > 150:
        return []
    first, *others = structures
    return [one for other in others for one in _maps(done, other, first, varied[0], varied[1])]


def _levels(table: pd.DataFrame) -> list[str]:
    """The range of levels, for a single structure."""
    told = []
    for metric, rows in table.groupby("metric", sort=False):
        low, high = (typeset(str(level(str(metric), float(end)))) for end in (rows["mean"].min(), rows["mean"].max()))
        told.append(f"{with_unit(str(metric))}: from {low} to {high}")
    return [f"Over {counted(int(table['point'].nunique()), 'point')}: {'; '.join(told)}."]


def _changes(changes: pd.DataFrame) -> Table:
    """By how much means change from end to end of each setting."""
    rows = []
    for _, mine in changes.groupby(["setting", "structure"], sort=False):
        first = mine.iloc[0]
        ends = [_value(first[end]) for end in ("lowest", "highest")]
        found = [estimate(difference, str(row["metric"]), row) for row in mine.to_dict("records")]
        of = [word(str(first["structure"])), word("yes" if first["alone"] else "no")]
        rows.append(Row(str(first["setting"]), [*ends, *of, *found]))
    metrics = map(with_unit_of_differences, dict.fromkeys(changes["metric"]))
    heads = ["setting", "from", "to", "of", "alone", *metrics]
    return Table("Change from the lowest to the highest values, with 95\u00a0% intervals", heads, rows)


def _value(value: Any) -> Cell:
    """A value of a setting that varies; numbers with four digits are enough to tell points apart."""
    value = getattr(value, "item", lambda: value)()
    return value_cell(float(f"{value:.4g}") if isinstance(value, float) else value)


def _points_words(table: pd.DataFrame) -> list[str]:
    count = int(table["point"].nunique())
    if count <= MOST_POINTS:
        return []
    return [
        f"Of {count:,} points the tables show the {MOST_POINTS // 2} lowest and the {MOST_POINTS // 2} highest; all "
        "are in points.csv."
    ]


def _points(table: pd.DataFrame, metric: str, over: Sequence[str], kinds: Sequence[str]) -> Table:
    mine = table[table["metric"] == metric].set_index(["point", "structure"])
    points = list(dict.fromkeys(mine.index.get_level_values("point")))
    if len(points) > MOST_POINTS:
        by = mine.xs(kinds[0], level="structure")["mean"].sort_values()
        points = [*by.index[: MOST_POINTS // 2], *by.index[-MOST_POINTS // 2 :]]
    columns = list(dict.fromkeys(mine.index.get_level_values("structure")))
    rows = []
    for point in points:
        place: Any = mine.loc[point].iloc[0]
        cells = [_value(place[name]) for name in over]
        for kind in columns:
            if (point, kind) not in mine.index:
                cells.append(cell("-"))
                continue
            row: Any = mine.loc[(point, kind)]
            shown = difference if " - " in kind else level
            cells.append(estimate(shown, metric, row))
        rows.append(Row(str(point), cells))
    unit = difference_unit(metric).name
    heads = ["point", *map(setting_words, over), *(f"{kind}, {unit}" if " - " in kind else kind for kind in columns)]
    return Table(f"{with_unit(metric)}: means with 95\u00a0% intervals", heads, rows)


def _over_setting(table: pd.DataFrame, setting: str, kinds: Sequence[str], metric: str) -> Picture:
    """A metric over a setting that varies: points with intervals, and their mean."""
    apart = "difference, " * (" - " in kinds[0])
    unit = (difference_unit if apart else level_unit)(metric).name
    figure, axes = panel()
    clouds(axes, table, setting, kinds, metric)
    axes.tick_params(labelsize=9)
    axes.set_title(f"{METRICS[metric].label}, {apart}{unit}", fontsize=9.5, loc="left")
    of = unit_of(setting) if "." in setting else ""
    axes.set_xlabel(f"{setting_words(setting)}, {of}" if of else setting_words(setting), fontsize=9)
    if len(kinds) > 1:
        figure.legend(loc="outside lower center", ncols=2, fontsize=8, frameon=False)
    mine = table[(table["metric"] == metric) & table["structure"].isin(kinds)]
    shown = difference if apart else level
    ends = listed(typeset(shown(metric, float(end)).number) for end in (mine["mean"].min(), mine["mean"].max()))
    alt = (
        f"Dots with intervals, one per point of the design, over {setting_words(setting)}: "
        f"{METRICS[metric].label}, {unit}, of {listed(kinds)}; all means lie between {ends}."
    )
    return picture(figure, alt)


def _maps(runs: pd.DataFrame, structure: str, baseline: str, across: str, up: str) -> list[Picture]:
    """Maps of a difference over two settings on a full grid; none if the design is no full grid."""
    made = []
    for metric in HEADLINES:
        frame = contrast(
            runs[["structure", "replication", across, up, metric]], "structure", structure, baseline, by=[across, up]
        )
        columns, rows = sorted(frame[across].unique()), sorted(frame[up].unique())
        wide = frame.pivot(index="replication", columns=[up, across], values=metric)
        wide = wide.reindex(columns=pd.MultiIndex.from_product([rows, columns])).dropna()
        if min(len(rows), len(columns)) < 2 or wide.empty:
            return []
        factor, unit = difference_unit(metric)
        values = wide.to_numpy(float).reshape(len(wide), len(rows), len(columns)) * factor
        mean, what = values.mean(axis=0), f"{METRICS[metric].label}, {unit}"
        figure, axes = panel()
        largest = float(np.abs(mean).max()) or 1.0
        sign_map(axes, values, rows, columns, names=(across, up), title=what, largest=largest,
                 digits=decimals_of(metric))  # fmt: skip
        told = []
        for end, place in (("lowest", mean.argmin()), ("highest", mean.argmax())):
            row, column = np.unravel_index(place, mean.shape)
            value = plain_number(float(mean[row, column]), decimals_of(metric), "+")
            where = f"{setting_words(across)} {columns[column]:g} and {setting_words(up)} {rows[row]:g}"
            told.append(f"{end} {value} at {where}")
        alt = f"Map of the difference of '{structure}' to '{baseline}' in {what}: {listed(told)}."
        made.append(picture(figure, alt))
    return made
