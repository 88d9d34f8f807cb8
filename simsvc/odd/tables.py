"""Tables of the ODD document, from the declarations of the model: each a list of rows, each row a cell by column."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Literal, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from simsvc.evidence.findings import CALIBRATED, HELD_OUT, HISTORICAL, Kind, findings
from simsvc.evidence.views import told_range
from simsvc.model.phases import default_phases
from simsvc.model.reasons import REASONS
from simsvc.model.tables import Declared, states_of
from simsvc.odd.sources import TABLES, codes, comments, counted, kind_of, places, purposes, writers
from simsvc.runs.metrics import METRICS
from simsvc.scenario.explaining import plain
from simsvc.scenario.loading import FIXED, about, load_scenario, load_structure, presets, structures
from simsvc.scenario.management import LEVELS
from simsvc.scenario.settings import Scenario, sections, setting_names, setting_value
from simsvc.scenario.structure import Structure
from simsvc.scenario.writing import toml_value

Rows = list[dict[str, str]]

_DRAWING = (
    "unpopulated", "populate", "appoint", "draw_idiosyncrasy", "draw_switching_cost", "begin_spell", "hire",
    "draw_manager", "take_office", "describe_case", "note_loss",
)  # fmt: skip
"""Functions that bring somebody or something into being, in the order in which they do; what only these write stays."""
_KINDS = {"i4": "integer", "i8": "integer", "f8": "real"}


def _span(low: float, high: float) -> str:
    ends = ["" if math.isinf(end) else plain(end) for end in (low, high)]
    if ends == ["", ""]:
        return ""
    return f">= {ends[0]}" if not ends[1] else f"{ends[0]} to {ends[1]}"


def _state(
    name: str, hint: Any, declared: Declared | None, comment: str, by: tuple[str, ...], is_counted: bool
) -> dict[str, str]:
    kind, *several = get_args(hint)[1:]
    first = declared.first if declared else next((one for one in _DRAWING if one in by), "")
    again = [one for one in by if one not in (first, "unpopulated", "populate", "appoint")] or list(by)
    return {
        "state": f"`{name}`",
        "type": _KINDS[kind] + (f" x {several[0][0]}" if several else ""),
        "unit": declared.unit if declared else "",
        "range": _span(declared.low, declared.high) if declared else "",
        "first value": f"`{first}`" if first else "",
        "changed by": "static"
        if set(by) <= set(_DRAWING) and not is_counted
        else ", ".join(f"`{one}`" for one in again),
        "meaning": declared.meaning if declared else comment[:1].upper() + comment[1:],
    }


def states(table: str) -> Rows:
    """States of the rows of a table: type, unit, range, who draws or sets it first, who changes it, meaning."""
    kind = kind_of(table)
    said, declared = comments(kind), states_of(kind)
    hints = get_type_hints(kind, include_extras=True)
    return [
        _state(
            name,
            hint,
            declared.get(name),
            said[name],
            writers().get((kind.__name__, name), ()),
            (kind.__name__, name) in counted(),
        )
        for name, hint in hints.items()
    ]


def code_names() -> Rows:
    """Names that stand for numbers in states."""
    return [
        {"of": what, "names": ", ".join(f"{number} {name}" for name, number in names.items())}
        for what, names in codes().items()
    ]


def _range_of(field: Any) -> str:
    extra = field.json_schema_extra
    if "low" in extra:
        return f"{plain(extra['low'])} to {plain(extra['high'])}"
    if get_origin(field.annotation) is Literal:
        return ", ".join(get_args(field.annotation))
    return "true, false" if field.annotation is bool else "up to 96 numbers"


def _declared(section: type[BaseModel]) -> list[tuple[str, FieldInfo, Any]]:
    """Name and declaration of every setting of a section, and what the declaration says besides."""
    return [(name, field, field.json_schema_extra) for name, field in section.model_fields.items()]


def settings(section: str) -> Rows:
    """Settings of a section: default, unit, range, whether it may change during a run, meaning, source."""
    return [
        {
            "setting": f"`{name}`",
            "default": toml_value(field.default),
            "unit": extra["unit"],
            "range": _range_of(field),
            "fixed": "yes" if f"{section}.{name}" in FIXED else "",
            "meaning": field.description or "",
            "source": extra["source"],
        }
        for name, field, extra in _declared(sections()[section])
    ]


def strengths() -> Rows:
    """Strengths of the rules: stage, meaning, source; all are 1 unless a scenario says otherwise, 0 is off."""
    return [
        {
            "strength": f"`{name}`",
            "stage": extra["group"],
            "meaning": field.description or "",
            "source": extra["source"],
        }
        for name, field, extra in _declared(sections()["rules"])
    ]


def levers() -> Rows:
    """Levers of the chart: where they belong, whether in force at once, range, meaning, source."""
    return [
        {
            "lever": f"`{name}`",
            "component": extra["group"],
            "domain": extra["domain"],
            "factor": extra["factor"],
            "at once": "yes" if extra["formal"] else "",
            "unit": extra["unit"],
            "value": toml_value(field.default),
            "range": _range_of(field),
            "meaning": field.description or "",
            "source": extra["source"],
        }
        for name, field, extra in _declared(Structure)
    ]


def _differing(head: str, names: Sequence[str], columns: Mapping[str, Callable[[str], Any]]) -> Rows:
    """Values that are not the same in all columns."""
    found = []
    for name in names:
        values = {column: toml_value(of(name)) for column, of in columns.items()}
        if len(set(values.values())) > 1:
            found.append({head: f"`{name}`", **values})
    return found


def charts() -> Rows:
    """Levers that differ between the structures that come with the program, with their values."""
    return _differing(
        "lever", list(Structure.model_fields), {name: partial(getattr, load_structure(name)) for name in structures()}
    )


def organisations() -> Rows:
    """Settings that differ between the scenarios that come with the program, with their values."""
    return _differing(
        "setting", setting_names(), {name: partial(setting_value, load_scenario(name)) for name in presets()}
    )


def what_they_are() -> Rows:
    """Structures that come with the program, in words."""
    return [{"structure": f"`{name}`", "what it is": about("structure", name)} for name in structures()]


DESCRIBED = {
    "start": "section 5", "parameters": "section 5.1", "changing": "phase `timeline`",
    "opening": "phases `opening` and `waking`", "shifts": "phase `opening`, Shifts", "needs": "phase `needs`",
    "events": "phase `moments_of_truth`: queues and events", "moments": "phase `moments_of_truth`",
    "patience": "phase `moments_of_truth`: Arriving, Next case",
    "service": "phase `moments_of_truth`: Taking a case to The work",
    "approvals": "phase `moments_of_truth`: Approvals", "reactions": "phase `reactions`",
    "talking": "phase `reactions`: Talk",
    "customers": "phase `customers_evening`", "staffing": "phase `staffing`", "staff": "phase `staff_evening`",
    "managers": "phase `managers_day`, section 5.7", "world": "phases `world` and `measure`",
}  # fmt: skip
"""Where this document tells what the functions of a module do, by the module."""


def functions() -> Rows:
    """Functions that tables of states name, and where the document tells what they do."""
    return [
        {"functions": ", ".join(f"`{name}`" for name in names), "described in": DESCRIBED[module]}
        for module, names in places().items()
    ]


_PATTERNS: dict[str, Kind] = {"levels": CALIBRATED, "findings": HELD_OUT, "firms": HISTORICAL}


def patterns(kind: str) -> Rows:
    """What is asked of the model: levels that it was fitted to, published findings and firms that it was not."""
    return [
        {
            "name": f"`{row.name}`",
            "pattern": row.finding,
            "measured as": row.measure,
            "range": f"{told_range(row)} {row.unit}".rstrip(),
            "source": row.source,
        }
        for row in findings()
        if row.kind == _PATTERNS[kind]
    ]


def levels() -> Rows:
    """Levels of management: their number, and the settings and levers that belong to them."""
    return [
        {
            "level": str(number), "title": level.title, "how many": f"`workforce.{level.heads}`",
            "wage": f"`economics.{level.wage}`", "limit": f"`{level.limit}`" if level.limit else "none",
        }
        for number, level in enumerate(LEVELS, 1)
    ]  # fmt: skip


def phases() -> Rows:
    """Phases of a day, in order."""
    return [
        {"": str(number), "phase": f"`{phase.name}`", "what happens": phase.does}
        for number, phase in enumerate(default_phases(), 1)
    ]


def reasons() -> Rows:
    """Reasons for leaving: over the service or not, column of a day."""
    return [
        {
            "reason": reason.name,
            "over the service": "yes" if reason.over_service else "no",
            "counted in": f"`left_{reason.name}`",
        }
        for reason in REASONS
    ]


def metrics() -> Rows:
    """Metrics of a run: unit, which way is better, formula over the columns of a day, meaning."""
    ways = {1: "more", -1: "less", 0: ""}
    return [
        {
            "metric": f"`{metric.name}`", "unit": metric.unit, "better": ways[metric.better],
            "formula": f"`{metric.formula}`", "meaning": metric.meaning,
        }
        for metric in METRICS.values()
    ]  # fmt: skip


def draws() -> Rows:
    """Purposes of random numbers, with the number of each."""
    return [{"purposes": ", ".join(f"{number} {name}" for name, number in purposes().items())}]


TABLE_OF: dict[str, Callable[..., Rows]] = {
    "states": states, "codes": code_names, "settings": settings, "strengths": strengths, "levers": levers,
    "charts": charts, "organisations": organisations, "structures": what_they_are, "levels": levels, "phases": phases,
    "reasons": reasons, "metrics": metrics, "purposes": draws, "patterns": patterns,
    "functions": functions,
}  # fmt: skip
"""Tables by the name that fragments call them by; `states`, `settings` and `patterns` take an argument."""
ARGUMENTS: dict[str, tuple[str, ...]] = {
    "patterns": tuple(_PATTERNS),
    "states": tuple(TABLES),
    "settings": tuple(
        name for name in Scenario.model_fields if name in sections() and name not in ("rules", "structure")
    ),
}
"""Arguments of those that take one: every one of them must be in the document."""


def every_table() -> dict[str, Rows]:
    """All tables by name, for programs."""
    found = {}
    for name, table in TABLE_OF.items():
        for argument in ARGUMENTS.get(name, ("",)):
            found[f"{name} {argument}".strip()] = table(argument) if argument else table()
    return found


def markdown(rows: Rows) -> str:
    """A table as Markdown; columns that are empty all the way down are left out."""
    columns = [name for name in rows[0] if any(row[name] for row in rows)]
    lines = [columns, ["---"] * len(columns), *([row[name].replace("|", "\\|") for name in columns] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
