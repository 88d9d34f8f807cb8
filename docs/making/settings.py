"""Pages of settings, coefficients, strengths, levers and metrics, from their declarations."""

from __future__ import annotations

from typing import Any, get_args

from making.markup import table
from simsvc.evidence.assumptions import assumptions
from simsvc.runs.metrics import FURTHER, GROUPS, METRICS
from simsvc.scenario import writing
from simsvc.scenario.assumptions import Assumptions
from simsvc.scenario.explaining import span
from simsvc.scenario.loading import about, load_structure, presets, structures
from simsvc.scenario.settings import sections
from simsvc.scenario.structure import COMPONENTS, Structure
from simsvc.scenario.writing import toml_value

CHARTS = ("traditional", "inverted")


def pages() -> dict[str, str]:
    """Texts by place in the documents."""
    return {
        "reference/settings.md": _settings(),
        "reference/coefficients.md": _coefficients(),
        "reference/levers.md": _levers(),
        "reference/strengths.md": _strengths(),
        "reference/metrics.md": _metrics(),
    }


def _range(field: Any) -> str:
    extra = field.json_schema_extra
    if "low" in extra:
        return span(extra)
    names = [name for name in get_args(field.annotation) if isinstance(name, str)]
    return ", ".join(f"`{name}`" for name in names) or "true or false"


def _said(field: Any) -> str:
    source = field.json_schema_extra["source"]
    return str(field.description) + ("" if source == "assumption" else f" ({source})")


def _settings() -> str:
    parts = [
        "# Settings",
        "A scenario is made of these. Each has the range that is allowed, and in brackets the source of the default; "
        "where there is none it is an assumption. `simsvc scenario show` prints them with the values of a "
        "scenario, `--set market.customers=2000` sets one. Levers of the chart, strengths of rules and coefficients "
        "have pages of their own: [levers](levers.md), [strengths](strengths.md), [coefficients](coefficients.md).",
    ]
    for section, kind in sections().items():
        if section in ("structure", "rules") or "." in section:
            continue
        rows = [
            [f"`{section}.{name}`<br>`{toml_value(field.default)}`<br>{_range(field)}", _said(field)]
            for name, field in kind.model_fields.items()
        ]
        parts += [f"## {section}", writing.SECTIONS[section], table(["setting, default, allowed", "meaning"], rows)]
    rows = [[f"`{name}`", about("scenario", name)] for name in presets()]
    parts += ["## Scenarios that come with the program", table(["name", "what it is"], rows)]
    return "\n\n".join(parts)


def _coefficients() -> str:
    parts = [
        "# Coefficients",
        "Every number inside a rule: its value, the range in which a careful reader would look for the true one, how "
        "well it is known, and who reads it. [What the grades mean, and how to change one](../assumptions.md).",
    ]
    for mechanism, field in Assumptions.model_fields.items():
        rows = []
        for one in assumptions(mechanisms=(mechanism,)):
            unit = "" if one.unit == "0-1" else f" {one.unit}"
            source = "" if one.source == "assumption" else f" Source: {one.source}."
            read = ", ".join(f"`{name}`" for name in one.rules)
            said = f"{one.meaning}{source} Read by {read}."
            span = f"{one.low:.3g} to {one.high:.3g}{unit}"
            rows.append(
                [
                    f"`{one.name.removeprefix(f'assumptions.{mechanism}.')}`",
                    f"{one.value:.3g}<br>{span}<br>{one.grade}",
                    said,
                ]
            )
        doc = (field.annotation.__doc__ or "").partition("\n")[0] if field.annotation else ""
        parts += [f"## assumptions.{mechanism}", doc, table(["name", "value, plausible range, grade", "meaning"], rows)]
    return "\n\n".join(parts)


def _levers() -> str:
    charts = {name: load_structure(name) for name in CHARTS}
    parts = [
        "# Levers and structures",
        "Everything that may differ between two charts. A lever belongs to a component of the flip (the headings), to "
        "a domain of decisions and to a factor: who decides, or how people are led. "
        "[How a file of levers is written](../scenarios.md).",
    ]
    for component in COMPONENTS:
        rows = []
        for name, field in Structure.model_fields.items():
            if Structure.component_of(name) == component:
                values = [f"`{toml_value(getattr(chart, name))}`" for chart in charts.values()]
                extra: Any = field.json_schema_extra
                said = f"{_said(field)} *{extra['domain']}, {extra['factor']}*"
                rows.append([f"`structure.{name}`<br>{_range(field)}", *values, said])
        parts += [f"## {component}", writing.GROUPS[component], table(["lever, allowed", *CHARTS, "meaning"], rows)]
    rows = [[f"`{name}`", about("structure", name)] for name in structures()]
    parts += ["## Structures that come with the program", table(["name", "what it is"], rows)]
    return "\n\n".join(parts)


def _strengths() -> str:
    parts = [
        "# Strengths of rules",
        "Every rule has a strength: 1 as described, 0 switched off, up to 3. "
        "`simsvc compare --set rules.waiting=0` leaves one out.",
    ]
    fields: dict[str, Any] = dict(sections()["rules"].model_fields)
    for stage in dict.fromkeys(field.json_schema_extra["group"] for field in fields.values()):
        rows = [
            [f"`rules.{name}`", _said(field)]
            for name, field in fields.items()
            if field.json_schema_extra["group"] == stage
        ]
        parts += [f"## {stage}", writing.GROUPS[stage], table(["strength", "rule"], rows)]
    return "\n\n".join(parts)


def _metrics() -> str:
    parts = [
        "# Metrics",
        "Columns of every table of runs. Shares run from 0 to 1; tables for people show them times 100. All are "
        "measured after the first part of a run, which is left out (`run.settling`).",
    ]
    wanted = {1: "more", -1: "less", 0: "neither"}
    for group, names in {**GROUPS, "Further": FURTHER}.items():
        rows = [
            [
                f"`{name}`<br>{METRICS[name].label}",
                METRICS[name].unit,
                wanted[METRICS[name].better],
                METRICS[name].meaning,
            ]
            for name in names
        ]
        parts += [f"## {group}", table(["metric", "unit", "better", "meaning"], rows)]
    return "\n\n".join(parts)
