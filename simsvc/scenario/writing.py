"""Scenarios and structures as TOML files that explain themselves."""

from __future__ import annotations

import json
import textwrap
import unicodedata
from operator import attrgetter
from typing import Any, get_args

from pydantic import BaseModel

from simsvc.scenario.about import About
from simsvc.scenario.explaining import plain, span
from simsvc.scenario.settings import Scenario, sections
from simsvc.scenario.structure import Structure
from simsvc.scenario.timeline import Change

SECTIONS = {
    "market": "Customers, those who could become customers, and why they come and go.",
    "demand": "What customers need, and when.",
    "workforce": "Those who serve and those who manage.",
    "operations": "How contacts are served.",
    "economics": "Money.",
    "structure": "The chart: what may differ between two structures. Compared structures replace this section.",
    "rules": "Strength of every rule: 1 as described in the documentation, 0 switched off.",
    "run": "How long and how often.",
}
GROUPS = {
    "authority": "Authority: what the front line may decide, and what happens to a case it may not decide.",
    "attention": "Attention: what managers do with the time that approvals leave them. At most 1 in all.",
    "voice": "Voice: what goes up, what comes back, and what the front line is told.",
    "people": "People: who is hired, what is recognised, what is learned.",
    "boundaries": "Boundaries: how far a case, and a good turn, may go.",
    "customers": "How customers react; on in every stage of the decomposition.",
    "decisions": "What is decided; rules of the decomposition's stage 'decisions'.",
    "queueing": "Who waits for whom; rules of the decomposition's stage 'queueing'.",
    "behaviour": "How people change; rules of the decomposition's stage 'behaviour'.",
}
_WIDTH = 96


def toml_value(value: Any) -> str:
    """A plain value in TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        quoted = json.dumps(value, ensure_ascii=False)
        return "".join(f"\\U{ord(c):08x}" if unicodedata.category(c)[0] == "C" else c for c in quoted)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(toml_value(v) for v in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{toml_value(k)} = {toml_value(v)}" for k, v in value.items()) + " }"
    return plain(value) if isinstance(value, float) and value.is_integer() else repr(value)


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in textwrap.wrap(text, _WIDTH)]


def _facts(extra: dict[str, Any], kind: Any) -> str:
    """Unit, range and source of a setting."""
    facts = []
    if "low" in extra:
        facts.append(span(extra))
    elif extra.get("unit"):
        facts.append(f"unit: {extra['unit']}")
    elif names := [name for name in get_args(kind) if isinstance(name, str)]:
        facts.append(f"one of: {', '.join(names)}")
    if "grade" in extra:
        facts.append(
            f"plausible: {plain(extra['plausible_low'])} to {plain(extra['plausible_high'])}, {extra['grade']}"
        )
    facts.append(f"source: {extra.get('source', 'assumption')}")
    return "; ".join(facts)


def _settings(
    values: BaseModel,
    comments: bool,
    usual: BaseModel | None = None,
    other: Structure | None = None,
    other_name: str = "",
) -> list[str]:
    """Lines of a section; without what is as `usual`, and with the value of `other` beside what differs from it."""
    lines: list[str] = []
    group = ""
    for name, field in type(values).model_fields.items():
        if usual is not None and getattr(values, name) == getattr(usual, name):
            continue
        extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        value = getattr(values, name)
        line = f"{name} = {toml_value(value)}"
        if comments:
            if extra.get("group") and extra["group"] != group:
                group = str(extra["group"])
                lines += ["", *_comment(GROUPS[group])]
            lines += ["", *_comment(field.description or ""), *_comment(_facts(extra, field.annotation))]
            if other is not None and getattr(other, name) != value:
                line += f"  # {other_name}: {toml_value(getattr(other, name))}"
        lines.append(line)
    return lines


def structure_toml(
    structure: Structure, comments: bool = True, about: str = "", other: Structure | None = None, other_name: str = ""
) -> str:
    """A structure as a file that can be saved, changed and given back.

    Args:
        structure: to write.
        comments: whether to explain every lever.
        about: what the structure is, for the head of the file.
        other: structure to compare with: levers that differ show its value beside their own.
        other_name: what to call it there.
    """
    lines = []
    if comments:
        lines += [*_comment(about), "#"] if about else []
        lines += [
            "# A file of levers: save it, change it, and compare it with another structure:",
            "#   simsvc compare --structure traditional --structure FILE.toml",
            '# A file may also start from another structure with  base = "traditional"  and name only what differs,',
            '# or take over a part of one:  take = "inverted"  with  components = ["authority"],  domains,  factors',
            "# or  levers.",
        ]
        if other is not None:
            different = [name for name in Structure.model_fields if getattr(other, name) != getattr(structure, name)]
            lines += _comment(
                f"Against '{other_name}', {len(different)} of {len(Structure.model_fields)} levers differ; "
                f"each of these shows the value of '{other_name}' beside it."
            )
    return "\n".join(lines + _settings(structure, comments, None, other, other_name)).lstrip("\n") + "\n"


def scenario_toml(scenario: Scenario, comments: bool = True, about: str = "", assumptions: bool = False) -> str:
    """A scenario as a file that can be saved, changed and given back.

    Args:
        scenario: to write.
        comments: whether to explain every setting.
        about: what the scenario is, for the head of the file.
        assumptions: whether to write all coefficients of the rules; else those that differ from the published ones.
    """
    lines = []
    if comments:
        lines += [*_comment(about), "#"] if about else []
        lines += [
            "# A scenario of simsvc: a service organisation, its market and its work. Save it, change it, and use it:",
            "#   simsvc scenario check FILE.toml",
            "#   simsvc compare FILE.toml",
            "# Every setting has its meaning, range, unit and source above it. What is left out keeps its default.",
            '# A file may also start from a preset with  base = "classroom"  in its first line, and name only what',
            "# differs.",
            "",
        ]
    if scenario.about != About():
        lines += ["[about]", *(f"{key} = {toml_value(value)}" for key, value in scenario.about if value), ""]
    elif comments:
        lines += ["# [about]    # no run depends on it: title, authors, sources, notes", ""]
    for section, model in sections().items():
        values = attrgetter(section)(scenario)
        if section.startswith("assumptions."):
            written = _settings(values, comments, None if assumptions else model())
            about_it = (model.__doc__ or "").partition("\n")[0]
        else:
            written, about_it = _settings(values, comments), SECTIONS[section]
        if written:
            lines += [*(_comment(about_it) if comments else []), f"[{section}]", *written, ""]
    if comments:
        lines += [
            "# Dated changes: from a day on, settings take new values or the chart turns. For example:",
            "# [[timeline]]",
            "# day = 250",
            '# structure = "inverted"',
            '# components = ["authority"]      # or domains, factors, levers; left out: all',
            "# departments = [0]               # left out: all",
            '# note = "the first department decides for itself"',
            "# [[timeline]]",
            "# day = 400",
            '# set = { "demand.contacts_per_year" = 12.0 }',
            "# managers_leave = [0]            # managers are numbered from 0",
        ]
    for change in scenario.timeline:
        lines.append("[[timeline]]")
        lines += [
            f"{k} = {toml_value(v)}" for k, v in change.model_dump().items() if v not in ("", (), {}) or k == "day"
        ]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def change_words(change: Change) -> str:
    """What a dated change does, in a few words; without its day and its note."""
    parts = []
    if change.structure:
        levers = [*change.components, *change.domains, *change.factors, *change.levers]
        only = f" ({', '.join(levers)})" if levers else ""
        where = f" in {_counted('department', change.departments)}" if change.departments else ""
        parts.append(f"{change.structure}{only}{where}")
    parts += [f"{name} = {toml_value(value)}" for name, value in change.set.items()]
    if change.managers_leave:
        verb = "leaves" if len(change.managers_leave) == 1 else "leave"
        parts.append(f"{_counted('manager', change.managers_leave)} {verb}")
    return ", ".join(parts)


def _counted(noun: str, numbers: tuple[int, ...]) -> str:
    return f"{noun}{'s' if len(numbers) > 1 else ''} {', '.join(str(number) for number in numbers)}"
