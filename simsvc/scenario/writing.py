"""Scenarios and structures as TOML files that explain themselves."""

from __future__ import annotations

import textwrap
from typing import Any

from pydantic import BaseModel

from simsvc.scenario.settings import Scenario, sections
from simsvc.scenario.structure import Structure

_SECTIONS = {
    "market": "Customers, those who could become customers, and why they come and go.",
    "demand": "What customers need, and when.",
    "workforce": "Those who serve and those who manage.",
    "operations": "How contacts are served.",
    "economics": "Money.",
    "structure": "The chart: what may differ between two structures. Compared structures replace this section.",
    "rules": "Strength of every rule: 1 as described in the documentation, 0 switched off.",
    "run": "How long and how often.",
}


def toml_value(value: Any) -> str:
    """A plain value in TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(toml_value(v) for v in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f'"{k}" = {toml_value(v)}' for k, v in value.items()) + " }"
    return repr(value)


def _settings(model: type[BaseModel], values: Any, comments: bool) -> list[str]:
    lines = []
    for name, field in model.model_fields.items():
        extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        if comments:
            lines += [f"# {line}" for line in textwrap.wrap(field.description or "", 96)]
            facts = [f"unit: {extra['unit']}"] if extra.get("unit") else []
            if "low" in extra:
                facts.append(f"range: {extra['low']:g} to {extra['high']:g}")
            if extra.get("group"):
                facts.append(f"part of: {extra['group']}")
            facts.append(f"source: {extra.get('source', 'assumption')}")
            lines += [f"# {line}" for line in textwrap.wrap("; ".join(facts), 96)]
        lines.append(f"{name} = {toml_value(getattr(values, name))}")
    return lines


def structure_toml(structure: Structure, comments: bool = True) -> str:
    """A structure as a file that can be saved, changed and given back."""
    return "\n".join(_settings(Structure, structure, comments)) + "\n"


def scenario_toml(scenario: Scenario, comments: bool = True) -> str:
    """A scenario as a file that can be saved, changed and given back."""
    lines = []
    if comments:
        lines += [
            "# A scenario of simsvc: a service organisation, its market and its work.",
            "# Every setting has its meaning, unit, range and source above it. Delete what you do not change:",
            '# a file may start with  base = "contact_centre"  and name only what differs.',
            "",
        ]
    for section, model in sections().items():
        if comments:
            lines.append(f"# {_SECTIONS[section]}")
        lines.append(f"[{section}]")
        lines += _settings(model, getattr(scenario, section), comments)
        lines.append("")
    if comments:
        lines += [
            "# Dated changes: from a day on, settings take new values or the chart turns. For example:",
            "# [[timeline]]",
            "# day = 250",
            '# structure = "inverted"',
            '# components = ["authority"]      # left out: all',
            "# departments = [0]               # left out: all",
            '# note = "the first department decides for itself"',
        ]
    for change in scenario.timeline:
        lines.append("[[timeline]]")
        lines += [f"{k} = {toml_value(v)}" for k, v in change.model_dump().items() if v not in ("", (), {}) or k == "day"]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"
