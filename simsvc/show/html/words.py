"""Parts that reports of several kinds share: how to read them, what metrics mean, which runs failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from simsvc.errors import InputError
from simsvc.runs.metrics import METRICS, Metric
from simsvc.scenario.settings import Scenario
from simsvc.scenario.structure import Structure
from simsvc.show.html.files import note_of, saved_picture
from simsvc.show.html.parts import Picture, Row, Section, Table, cell, word
from simsvc.show.html.settings import provenance_section, settings_section, structure_of

_ALWAYS = (
    "Numbers in brackets are 95 % intervals: if the whole experiment were repeated many times, 95 of 100 such "
    "intervals would hold what endless runs of this model would give. They tell nothing of how well the model "
    "describes a real organisation.",
    "These are answers of a model for the settings below, not laws. Many settings are assumptions; try how far the "
    "answer hangs on them before you use it.",
)


def closing(
    note: Mapping[str, Any],
    scenarios: Mapping[str, Scenario],
    charts: Mapping[str, Structure],
    notes: Sequence[str],
    metrics: Iterable[str] = (),
    facts: Sequence[tuple[str, str]] = (),
    *,
    intervals: bool = True,
) -> list[Section]:
    """The end of every report: settings, how to read it, what the metrics mean, where it comes from.

    Args:
        note: the manifest.
        scenarios: by name.
        charts: structures by name.
        notes: on how to read it, besides what holds of all reports.
        metrics: to be explained.
        facts: how large the analysis was.
        intervals: whether there are any.
    """
    sections = [
        settings_section(scenarios, charts),
        Section("How to read this report", [*notes, *(_ALWAYS if intervals else _ALWAYS[1:])]),
        Section("What the metrics mean", facts=[(METRICS[name].label, _meaning(METRICS[name])) for name in metrics]),
        provenance_section(note, facts),
    ]
    return [section for section in sections if section.facts or section.text or section.tables]


def _meaning(metric: Metric) -> str:
    unit = "" if metric.unit in ("share", "0-1") else f" ({metric.unit})"
    return f"{metric.meaning}{unit}." + {1: " More is better.", -1: " Less is better.", 0: ""}[metric.better]


def failures_section(failures: Sequence[Mapping[str, Any]]) -> list[Section]:
    """Which runs failed and why, by reason; nothing if none has."""
    if not failures:
        return []
    count = Counter((str(one["stage"]), str(one["message"])) for one in failures)
    rows = [Row(message, [word(stage), cell(str(number))]) for (stage, message), number in count.items()]
    table = Table("Runs that failed, by reason", ["message", "stage", "runs"], rows)
    return [Section("Runs that failed", ("They are left out of all numbers.",), tables=[table])]


def finished(folder: Path) -> dict[str, Any]:
    """The manifest of an analysis that came to its end.

    Raises:
        InputError: if it did not.
    """
    note = note_of(folder)
    if note.get("finished") is False:
        raise InputError(f"{folder}: the {note['kind']} is not finished; give its command again, it goes on")
    return note


def figures_of(folder: Path, alt: str, first: Sequence[str] = ()) -> list[Picture]:
    """Figures that were saved with results, some first: each in one form only, SVG if it is there."""
    found = {path.stem: path for suffix in (".png", ".svg") for path in folder.glob(f"*{suffix}")}
    names = [*(name for name in first if name in found), *sorted(found.keys() - set(first))]
    return [saved_picture(found[name], f"{alt}, as in the tables: {name.replace('_', ' ')}.") for name in names]


def facts_of(note: Mapping[str, Any]) -> list[tuple[str, str]]:
    """How large an analysis was, from its manifest."""
    facts = [("Runs", f"{note['runs']:,}" if "runs" in note else "")]
    facts += [(name.capitalize(), str(note[name])) for name in ("replications", "days", "seed") if name in note]
    return facts


def charts_of(note: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The structures that a manifest holds, by the names people read."""
    return {names.get(key, key): structure_of(note, levers) for key, levers in note["structures"].items()}
