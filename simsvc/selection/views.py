"""Which structure is best: in words, as a table, as a figure, in files."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from rich.console import Console
from rich.text import Text

import simsvc
from simsvc.runs.folder import check_writable, manifest, save_figure, table_files, written
from simsvc.runs.metrics import METRICS
from simsvc.show.axes import COLOURS, clean
from simsvc.show.numbers import readable, scale
from simsvc.show.terminal import new_table, show

if TYPE_CHECKING:
    from simsvc.selection.compute import Selection, Standing


def _decimals(result: Selection) -> int:
    """Decimals that show differences of the size of the indifference zone."""
    zone = result.indifference * readable(result.metric)[0]
    return int(np.clip(np.ceil(0.7 - np.log10(zone)), 0, 4))


def _level(result: Selection, value: float) -> str:
    factor, unit = scale(METRICS[result.metric])
    return f"{value * factor:,.{_decimals(result)}f}{' ' + unit if unit else ''}"


def _gap(metric: str, value: float, digits: int) -> str:
    factor, unit = readable(metric)
    return f"{value * factor:,.{digits}f} {unit}"


def _quoted(names: list[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def sentence(result: Selection) -> str:
    """Which structure is best and how sure that is, or which are left."""
    metric, count = METRICS[result.metric], len(result.structures)
    label = metric.label[:1].lower() + metric.label[1:]
    factor, unit = readable(result.metric)
    zone = f"{result.indifference * factor:,g} {unit}"
    sure, lead = (
        f"with a probability of at least {100 * result.confidence:g} % if",
        f"leads every other by {zone} or more",
    )
    table = result.ranking
    told = []
    if not result.decided:
        told.append(
            f"Not decided after {result.replications} replications: {_quoted(result.survivors)} are still in. The best "
            f"of {count} structures by {label} is among them {sure} it {lead}."
        )
    elif result.procedure.tied:
        told.append(
            f"{_quoted(result.survivors)} are equal: their runs give the same {label}. The best of {count} structures "
            f"is among them {sure} it {lead}."
        )
    else:
        level = _level(result, float(table["mean"].iloc[0]))
        told.append(
            f"Best of {count} structures by {label}: '{result.best}' ({level}), right {sure} the best one {lead}."
        )
    behind = table[table["eliminated_after"].notna()]
    if not behind.empty:
        row: Any = behind.iloc[0]
        gap = _gap(result.metric, float(row["behind"]), _decimals(result))
        told.append(f"Next comes '{row['structure']}', {gap} behind, out after {row['eliminated_after']} replications.")
    told += [f"'{one}' has the levers of '{other}'." for one, other in result.equal.items()]
    return " ".join(told)


def news(metric: str, standing: Standing) -> str:
    """Structures that have just gone, in a line; nothing if none has."""
    if not standing.gone:
        return ""
    if len(standing.gone) == 1:
        name, by, behind = standing.gone[0]
        who = f"'{name}' is out, {_gap(metric, behind, 2)} behind '{by}'"
    else:
        who = f"{_quoted([name for name, _, _ in standing.gone])} are out"
    return f"After {standing.replications} replications {who}; still in: {_quoted(list(standing.survivors))}."


def show_selection(console: Console, result: Selection) -> None:
    """Print a selection: the ranking, how to read it, the finding."""
    title = (
        f"{result.scenario_name}: {len(result.structures)} structures by {METRICS[result.metric].label}, "
        f"runs of {result.days} days, seed {result.seed}"
    )
    show(console, Text(title, style="bold"), "")
    table = new_table(console)
    table.add_column("structure")
    for head in ("mean", "behind", "replications"):
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column("out", no_wrap=True)
    digits = _decimals(result)
    for row in result.ranking.to_dict("records"):
        inside = pd.isna(row["eliminated_by"])
        best = inside and result.decided
        fate = "selected" if best else "still in"
        out = fate if inside else f"after {row['eliminated_after']}, by '{row['eliminated_by']}'"
        gap = "" if row["structure"] == result.best else _gap(result.metric, row["behind"], digits)
        table.add_row(
            row["structure"], _level(result, row["mean"]), gap, str(row["replications"]), out,
            style="bold" if best else "",
        )  # fmt: skip
    show(console, table)
    notes = [
        "Behind: mean distance to the best structure in the same replications. Structures went when they were further "
        "behind another than chance explains (procedure KN, Kim & Nelson 2001); how those that went rank among "
        "themselves is not guaranteed.",
        f"{len(result.runs)} runs, {result.first} replications of each at least, all under the same luck. The "
        "guarantee supposes that means of runs vary like a normal distribution.",
    ]
    show(console, "", *(Text(note, style="dim") for note in notes), "", sentence(result))


def race(result: Selection) -> Figure:
    """Running means, one line per structure, to where it went (cross, then dotted) or to the end (dot)."""
    factor, unit = scale(METRICS[result.metric])
    table, course = result.ranking, result.course
    figure = Figure(figsize=(11, max(4.2, 1.6 + 0.27 * len(table))), layout="constrained")
    axes = figure.subplots()
    labels = []
    for k, row in enumerate(table.to_dict("records")):
        line = course[course["structure"] == row["structure"]]
        inside = pd.isna(row["eliminated_by"])
        style: dict[str, Any] = {"color": COLOURS[k % len(COLOURS)]}
        last, height = int(line["replication"].iloc[-1]), float(line["mean"].iloc[-1]) * factor
        axes.plot(
            line["replication"], line["mean"] * factor, **style, linewidth=2.2 if inside else 1.1,
            linestyle="-" if inside else "--",
        )  # fmt: skip
        axes.plot(last, height, "o" if inside else "x", **style)
        axes.plot([last, result.replications], [height, height], ":", **style, linewidth=0.9, alpha=0.5)
        fate = "still in" if not result.decided else "equal" if result.procedure.tied else "best"
        text = f"{row['structure']}: {fate if inside else 'out after ' + str(row['eliminated_after'])}"
        labels.append((height, text, style, inside))
    axes.set_xlim(1, max(result.replications * 1.02, 2))
    _name_lines(axes, result.replications, labels)
    axes.set_xlabel(f"replications; nothing goes before the end of the first stage of {result.first}", fontsize=8)
    axes.set_ylabel(f"{METRICS[result.metric].label}, running mean" + (f", {unit}" if unit else ""), fontsize=8)
    clean(axes)
    title = f"{result.scenario_name}: {sentence(result)}"
    figure.suptitle(textwrap.fill(title, 135), fontsize=10, x=0.01, ha="left")
    return figure


def _name_lines(axes: Any, end: int, labels: list[tuple[float, str, dict[str, Any], bool]]) -> None:
    """Name lines at the right, each as near to its end as the others allow."""
    ordered = sorted(labels, key=lambda label: label[0])
    low, high = axes.get_ylim()
    step = (high - low) / max(len(labels), 20)
    heights = np.array([height for height, *_ in ordered])
    for _ in range(500):  # names that overlap push each other apart
        overlap = np.clip(step - np.diff(heights), 0, None) / 2
        heights[:-1] -= overlap
        heights[1:] += overlap
        heights = np.clip(heights, low, high)
    for (y, text, style, inside), height in zip(ordered, heights, strict=True):
        axes.annotate(
            text, (end, y), xytext=(axes.get_xlim()[1] * 1.015, height), va="center", fontsize=8,
            fontweight="bold" if inside else "normal", annotation_clip=False,
            arrowprops={"arrowstyle": "-", "linewidth": 0.6, "relpos": (0, 0.5), "shrinkB": 3, **style},
        )  # fmt: skip
    axes.set_ylim(low, high)


def save(result: Selection, folder: Path, command: str = "") -> list[Path]:
    """Write a selection: see `Selection.save`."""
    check_writable(folder)
    files = []
    frames: dict[str, pd.DataFrame] = {"ranking": result.ranking, "course": result.course}
    for name, frame in frames.items():
        files += table_files(frame, folder, name)
    about = f"simsvc {simsvc.__version__}, seed {result.seed}, {result.replications} replications of {result.days} days"
    files += save_figure(race(result), folder, "race", about)
    files.append(written(folder / "result.json", json.dumps(result.as_json(), indent=1)))
    note = manifest(
        result.scenario,
        command,
        kind="selection",
        finished=True,
        metric=result.metric,
        better="largest" if result.largest else "smallest",
        indifference=result.indifference,
        confidence=result.confidence,
        first_stage=result.first,
        most_replications=result.most,
        replications=result.replications,
        seed=result.seed,
        days=result.days,
        runs=len(result.runs),
        structures={name: chart.model_dump() for name, chart in result.structures.items()},
    )
    files.append(written(folder / "manifest.json", json.dumps(note, indent=1)))
    return files
