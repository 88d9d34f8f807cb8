"""The report of a comparison of structures."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from simsvc.comparison.factors import EFFECTS, FULL
from simsvc.comparison.figures import sources
from simsvc.comparison.result import Comparison
from simsvc.comparison.verdicts import HOLD, NO_VALUE
from simsvc.errors import InputError
from simsvc.runs.metrics import FURTHER, GROUPS, METRICS
from simsvc.scenario.words import spoken
from simsvc.show.html.figures import courses
from simsvc.show.html.files import json_of, note_of, saved_picture, table_of
from simsvc.show.html.parts import (
    VERDICTS,
    Headline,
    Picture,
    Report,
    Row,
    Section,
    Table,
    cell,
    estimate,
    panel,
    picture,
    typeset,
    word,
)
from simsvc.show.html.settings import scenario_of, scenario_title, structure_of
from simsvc.show.html.words import closing, failures_section
from simsvc.show.numbers import (
    called,
    counted,
    difference,
    difference_unit,
    level,
    level_unit,
    listed,
    percent,
    titled,
    with_unit,
    with_unit_of_differences,
)

_READING = (
    "Replications are pairs: the same people, cases and luck under every structure. What differs within a pair is due "
    "to the structure, which makes differences much surer than levels.",
    "Verdict: 'better' or 'worse' where the interval leaves out zero and more of the metric is good or bad; 'higher' "
    "or 'lower' where it is neither.",
    "Change: the difference in percent of the baseline's level. Saved by pairing: share of the variance of the "
    "difference that the same luck takes away.",
)
_FACTORS = (
    "Structures differ in power (who decides: limits, latitude, how strictly approvers judge) and in management (how "
    "people are led and work is organised). So each was run, with the same luck, also with power alone and with "
    "management alone turned. Old is as in '{baseline}', new as in the other structure: 'power, old management' "
    "is what turning power does where people are led as in '{baseline}'. What both give beyond their sum is neither's "
    "alone."
)


def comparison_of(folder: Path) -> Comparison:
    """The comparison that a folder holds, as it was before it was written."""
    note = note_of(folder)
    runs, days = table_of(folder, "runs"), table_of(folder, "days")
    try:
        whole = runs["part"] == FULL
        charts = {name: structure_of(note, levers) for name, levers in note["structures"].items()}
        failed = (folder / "failures.csv").exists()
        return Comparison(
            scenario_name=str(json_of(folder, "result.json").get("scenario", "")),
            scenario=scenario_of(note),
            structures=charts,
            seed=note["seed"],
            days=note["days"],
            runs=runs[whole].drop(columns="part").reset_index(drop=True),
            parts=runs[~whole].reset_index(drop=True),
            course={name: days[days["structure"] == name].reset_index(drop=True) for name in charts},
            failures=table_of(folder, "failures").to_dict("records") if failed else [],  # type: ignore[arg-type]
            precision=note["precision"],
            turn_on=note["turn_on"],
            years=table_of(folder, "years") if note["turn_on"] is not None else pd.DataFrame(),
            profits=table_of(folder, "profits") if note["turn_on"] is not None else pd.DataFrame(),
            metrics=tuple(note["metrics"]),
            simultaneous=note["simultaneous"],
        )
    except KeyError as error:
        raise InputError(f"{folder}: the results are not complete: there is no {error}") from None


def figures(folder: Path) -> dict[str, Callable[[], Figure]]:
    """What draws the figures of the folder again, by name."""
    return comparison_of(folder).figures()


def report(folder: Path) -> Report:
    """The report of a folder written by `simsvc compare --out`."""
    result, note = comparison_of(folder), note_of(folder)
    name = scenario_title(result.scenario_name, result.scenario)
    others = result.others
    pairs = "a single pair of runs" if result.replications == 1 else f"{result.replications:,} pairs of runs"
    quoted = listed(f"'{other}'" for other in others)
    further = []
    if result.groups is GROUPS:
        further = [Section("Further metrics", tables=[_differences(result, other, {"": FURTHER}) for other in others])]
    sections = [
        Section(
            "How it went",
            (f"Means over {pairs}, smoothed over some days. All structures begin with the same people and cases.",),
            courses(result.course, result.scenario.timeline, result.turn_on),
        ),
        *_horizons_sections(result, folder),
        *_factors_sections(result),
        Section(
            "Differences, metric by metric",
            [HOLD, *(f"'{other}': {told}" for other in others for told in result.scales(other))],
            tables=[_differences(result, other, result.groups) for other in others],
        ),
        *further,
        *failures_section(result.failures),
        *closing(
            note,
            {result.scenario_name or name: result.scenario},
            result.structures,
            _reading(result),
            result.metrics,
            _facts(result),
        ),
    ]
    return Report(
        "Comparison of structures",
        f"{listed(map(spoken, others))} against {spoken(result.baseline)}: {name}",
        f"What changes for customers, staff and money in {name} when '{result.baseline}' gives way to {quoted}, with "
        "the same people, work and luck?",
        [result.sentence(), *_verdicts(result)],
        sections,
        [headline for other in others for headline in _headlines(result, other)] if len(others) < 3 else (),
        _warnings(result),
    )


def _reading(result: Comparison) -> tuple[str, ...]:
    if result.simultaneous:
        return (
            *_READING,
            f"Numbers in brackets are {result.brackets}: all of a table are right in 95 of 100 such tables.",
        )
    return (*_READING, "Of twenty metrics without any difference, one would be called different by chance.")


def _facts(result: Comparison) -> list[tuple[str, str]]:
    return [
        ("Replications", f"{counted(result.replications, 'pair')}, {result.days:,} working days each (250 are a year)"),
        ("Seed", str(result.seed)),
    ]


def _warnings(result: Comparison) -> list[str]:
    told = []
    if result.replications < 2:
        told.append(
            "There is only a single pair of runs: no interval and no verdict. One pair is a story, not an answer."
        )
    elif result.replications < 5:
        told.append(f"There are only {result.replications} pairs of runs: intervals are wide and themselves unsure.")
    for metric, reached in result.not_reached.items():
        factor, unit = difference_unit(metric)
        told.append(
            f"The precision asked for was not reached: {METRICS[metric].label} is known to ±{reached * factor:.2g} "
            f"{unit}, asked for ±{result.precision[metric] * factor:.2g}."
        )
    if result.failures:
        told.append(f"{counted(len(result.failures), 'run')} failed and did not enter the numbers.")
    return told


def _headlines(result: Comparison, structure: str) -> list[Headline]:
    levels = result.levels.set_index(["structure", "metric"])["mean"]
    table = result.differences
    rows = table[table["structure"] == structure].set_index("metric")
    made = []
    for metric in result.headlines:
        row: Any = rows.loc[metric]
        found = estimate(difference, metric, row)
        before, after = (level(metric, float(levels[chart, metric])) for chart in (result.baseline, structure))
        kind = VERDICTS.get(str(row["verdict"]), "") if math.isfinite(row["low"]) else ""
        made.append(
            Headline(
                METRICS[metric].label,
                f"{found.text} {difference_unit(metric).name}",
                found.interval,
                f"{typeset(f'from {before} to {after}')} {level_unit(metric).name} under '{structure}'",
                kind,
            )
        )
    return made


def _verdicts(result: Comparison) -> list[str]:
    """Which metrics of the table got better and worse, in words."""
    if result.replications < 2:
        return []
    table = result.differences
    shown = [name for names in result.groups.values() for name in names]
    told = []
    for structure in result.others:
        rows = table[(table["structure"] == structure) & table["metric"].isin(shown)]
        parts = []
        for verdict, words in (
            ("better", "better"),
            ("worse", "worse"),
            ("higher", "higher, which is neither good nor bad in itself"),
            ("lower", "lower, which is neither good nor bad in itself"),
            ("no difference seen", "no difference seen"),
            (NO_VALUE, "without a value here"),
        ):
            labels = [called(name) for name in rows[rows["verdict"] == verdict]["metric"]]
            parts += [f"{words}: {listed(labels)}"] if labels else []
        told.append(f"Under '{structure}', of {len(rows)} metrics: {'; '.join(parts)}.")
    return told


def _differences(result: Comparison, structure: str, groups: dict[str, Any]) -> Table:
    levels = result.levels.set_index(["structure", "metric"])["mean"]
    found = result.differences
    rows = found[found["structure"] == structure].set_index("metric")
    made = []
    for group, names in groups.items():
        made += [Row(group)] if group else []
        for name in names:
            row: Any = rows.loc[name]
            verdict = str(row["verdict"]).removesuffix(" seen")
            told = f"{verdict} here: {row['why']}" if row["why"] else verdict
            made.append(
                Row(
                    with_unit(name),
                    [
                        estimate(level, name, row, sign="+"),
                        word(told, VERDICTS.get(verdict, "word")),
                        *(cell(level(name, float(levels[chart, name]))) for chart in (result.baseline, structure)),
                        cell(percent(float(row["percent_of_baseline"]), 1, "+")),
                        cell(percent(100 * float(row["variance_reduction"]))),
                    ],
                )
            )
    heads = ["metric", "difference", "verdict", result.baseline, structure, "change", "saved by pairing"]
    which = f"'{structure}' against '{result.baseline}'{'' if len(groups) > 1 else ', further metrics'}"
    return Table(f"{which}: means and paired differences with 95\u00a0% intervals", heads, made)


def _horizons_sections(result: Comparison, folder: Path) -> list[Section]:
    if result.years.empty:
        return []
    tables = []
    found: Any = result.horizons.set_index(["structure", "years", "metric"])
    for structure in result.others:
        rows = [
            Row(
                f"{years} after the turn",
                [estimate(difference, name, found.loc[(structure, years, name)]) for name in result.headlines],
            )
            for years in sorted(set(result.years["years"]))
        ]
        heads = ["years", *map(with_unit_of_differences, result.headlines)]
        tables.append(Table(f"'{structure}' against never turning, in the year that ends then", heads, rows))
    alt = "Cumulated profit since the turn with its band, and differences by years after it"
    pictures = [saved_picture(folder / "horizons.svg", f"{alt}, as in the tables.")]
    text = [*result.turning(), "Band and bars are 95 % intervals over the pairs of runs."]
    return [Section("How long after the turn", text, pictures, tables)]


def _factors_sections(result: Comparison) -> list[Section]:
    found = result.factors
    if found.empty:
        return []
    pictures, tables, text = [], [], [_FACTORS.format(baseline=result.baseline)]
    for structure in result.others:
        table = found[found["structure"] == structure]
        mine = table.set_index(["effect", "metric"])
        rows = [
            Row(words, [estimate(difference, name, mine.loc[(effect, name)]) for name in result.headlines])
            for effect, words in EFFECTS.items()
        ]
        heads = ["turned", *map(with_unit_of_differences, result.headlines)]
        tables.append(Table(f"Where the difference of '{structure}' to '{result.baseline}' comes from", heads, rows))
        pictures += _sources(table, structure, result.headlines)
        text.append(result.queueing(structure))
    return [Section("Where the difference comes from", text, pictures, tables)]


def _sources(factors: pd.DataFrame, structure: str, metrics: Sequence[str]) -> list[Picture]:
    """What power and management do to the difference of a structure: one panel of dots per metric."""
    made = []
    for metric in metrics:
        unit = difference_unit(metric).name
        figure, axes = panel()
        sources(axes, factors, metric)
        axes.set_title(f"{titled(metric)}, {unit}: {structure}", fontsize=9.5, loc="left")
        axes.set_xlabel("")
        rows = factors[factors["metric"] == metric].to_dict("records")
        parts = listed(f"{EFFECTS[row['effect']]} {estimate(difference, metric, row).text}" for row in rows)
        alt = f"Effects of power and management under '{structure}' on {titled(metric).lower()}, {unit}: {parts}."
        made.append(picture(figure, alt))
    return made
