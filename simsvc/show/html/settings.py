"""What a report says of settings and of where results come from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from simsvc.errors import InputError
from simsvc.scenario.explaining import plain
from simsvc.scenario.loading import differences, load_scenario, presets
from simsvc.scenario.settings import Scenario, section_and_key, sections, setting_value
from simsvc.scenario.structure import COMPONENTS, Structure
from simsvc.scenario.words import spoken
from simsvc.scenario.writing import change_words
from simsvc.show.html.parts import Cell, Row, Section, Table, word
from simsvc.show.numbers import counted

DEFAULT = "contact_centre"
"""Preset that the defaults of all settings make."""
_NO_SETTINGS = ("structure", "run")
_Group = TypeVar("_Group", Scenario, Structure)


def scenario_of(note: Mapping[str, Any], content: Any = None) -> Scenario:
    """The scenario of a manifest, under `scenario` or as given, without its own rules; raises as `structure_of`."""
    content = note["scenario"] if content is None else content
    return _validated(Scenario, note, {key: value for key, value in content.items() if key != "own_rules"})


def structure_of(note: Mapping[str, Any], content: Any) -> Structure:
    """A structure of a manifest.

    Raises:
        InputError: if it was written by a version with other settings.
    """
    return _validated(Structure, note, content)


def _validated(model: type[_Group], note: Mapping[str, Any], content: Any) -> _Group:
    try:
        return model.model_validate(content)
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise InputError(
            f"manifest.json: made by simsvc {note.get('version', 'of another version')}, whose settings this version "
            f"does not understand ({place}); make the report with that version"
        ) from None


def title_of(name: str) -> str:
    """A scenario's name as people write it: a file without its folder and ending."""
    return name.replace("\\", "/").rsplit("/", 1)[-1].removesuffix(".toml") if name else ""


def scenario_title(name: str, scenario: Scenario) -> str:
    """Name of the organisation: as it was given, or of the preset that has the same settings."""
    if name and name != "own" and not scenario.about.title:
        return spoken(title_of(name))
    if scenario.about.title:
        return scenario.about.title
    return next(
        (spoken(preset) for preset in presets() if not _changes(scenario, load_scenario(preset))), "own organisation"
    )


def _changes(scenario: Scenario, base: Scenario) -> dict[str, tuple[Any, Any]]:
    """Settings that differ, but for the chart and for how long and how often is run: values here, values there."""
    return {name: pair for name, pair in differences(scenario, base).items() if name.split(".")[0] not in _NO_SETTINGS}


def _field(setting: str) -> FieldInfo | None:
    """What a setting says of itself; None if there is no such setting."""
    section, name = section_and_key(setting)
    model = sections().get(section)
    return model.model_fields.get(name) if model else None


def unit_of(setting: str) -> str:
    """Unit of a setting; empty if it has none."""
    field = _field(setting)
    return str(field.json_schema_extra.get("unit", "")) if field and isinstance(field.json_schema_extra, dict) else ""


def meaning_of(setting: str) -> str:
    """What a setting says about the organisation."""
    field = _field(setting)
    return re.sub(r" \([CH0-9, ]+\)", "", (field.description if field else None) or "")  # without numbers of claims


def value_cell(value: Any) -> Cell:
    """A value of a setting."""
    if isinstance(value, bool):
        return word("yes" if value else "no")
    if isinstance(value, (int, float)):
        return Cell(f"{int(value):,}" if float(value).is_integer() else plain(value), kind="number")
    return word(", ".join(plain(one) for one in value) if isinstance(value, (list, tuple)) else value)


def settings_section(scenarios: Mapping[str, Scenario], charts: Mapping[str, Structure]) -> Section:
    """Settings that differ from the defaults, levers in which charts differ, dated changes.

    Args:
        scenarios: by name; a preset's name is used to tell what was changed in it.
        charts: structures by name, compared; none if their levers are not to be told.
    """
    text, tables = [], []
    for name, scenario in scenarios.items():
        table = _settings_table(name, scenario)
        if table.rows:
            tables.append(table)
        else:
            text.append(f"All settings of {title_of(name)} have their defaults, those of the preset '{DEFAULT}'.")
        if scenario.timeline:
            tables.append(_timeline_table(name, scenario))
    if charts:
        tables.append(_levers_table(charts))
    return Section("Settings", text, tables=tables)


def _settings_table(name: str, scenario: Scenario) -> Table:
    defaults = _changes(scenario, Scenario())
    given = title_of(name)
    preset = load_scenario(given) if given in presets() and given != DEFAULT else None
    changed = _changes(scenario, preset) if preset else {}
    rows = []
    for setting in sorted({**defaults, **changed}, key=_place):
        cells = [value_cell(setting_value(one, setting)) for one in (scenario, preset, Scenario()) if one]
        rows.append(Row(setting, [*cells, word(unit_of(setting)), word(meaning_of(setting), "prose")]))
    note = ""
    if preset:
        note = "Everything else is as in the preset."
        if changed:
            verb = "differs" if len(changed) == 1 else "differ"
            note = f"{counted(len(changed), 'setting')} {verb} from the preset: {', '.join(sorted(changed))}."
    heads = ["setting", "here", *([f"preset '{given}'"] if preset else []), "default", "unit", "meaning"]
    return Table(f"Settings of {given} that differ from the defaults ('{DEFAULT}')", heads, rows, note)


def _place(setting: str) -> tuple[int, int]:
    """Order of settings as in a scenario file."""
    section, name = section_and_key(setting)
    known = sections()
    return list(known).index(section), list(known[section].model_fields).index(name)


def _levers_table(charts: Mapping[str, Structure]) -> Table:
    rows, same = [], 0
    for component in COMPONENTS:
        mine = []
        for lever, field in Structure.model_fields.items():
            if Structure.component_of(lever) != component:
                continue
            values = [getattr(chart, lever) for chart in charts.values()]
            if all(value == field.default for value in values):
                same += 1
                continue
            cells = [value_cell(value) for value in values]
            mine.append(
                Row(
                    lever,
                    [*cells, word(unit_of(f"structure.{lever}")), word(meaning_of(f"structure.{lever}"), "prose")],
                )
            )
        rows += [Row(component.capitalize()), *mine] if mine else []
    note = f"{counted(same, 'lever')} not shown: the same in all structures, with the default value."
    caption = "Levers of the structures" if len(charts) > 1 else "Levers of the structure that differ from the defaults"
    return Table(caption, ["lever", *charts, "unit", "meaning"], rows, note if same else "")


def _timeline_table(name: str, scenario: Scenario) -> Table:
    rows = [
        Row(f"day {change.day}", [word(change_words(change), "prose"), word(change.note, "prose")])
        for change in sorted(scenario.timeline, key=lambda one: one.day)
    ]
    return Table(f"Dated changes in {title_of(name)}", ["from", "what changes", "note"], rows)


def _about(note: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the scenario of a manifest says of itself."""
    told = note.get("scenario", {}).get("about", {})
    return [(key, value if isinstance(value, str) else "; ".join(value)) for key, value in told.items() if value]


def provenance_section(note: Mapping[str, Any], facts: Sequence[tuple[str, str]]) -> Section:
    """Where the results come from, and how to get them again.

    Args:
        note: the manifest.
        facts: numbers of runs and days, seed, and such.
    """
    commit = str(note.get("commit", ""))
    if commit.endswith("-dirty"):
        commit = f"{commit.removesuffix('-dirty')}, with changes that were not committed"
    packages = ", ".join(f"{name} {version}" for name, version in note.get("packages", {}).items())
    told = [
        ("Program", f"simsvc {note.get('version', '')}"),
        ("Commit", commit or "not run from a checkout"),
        ("Command", str(note.get("command") or "none: made by a script")),
        ("Made", str(note.get("made", "")).replace("T", " ").replace("+00:00", " UTC")),
        *((f"Scenario's {key}", text) for key, text in _about(note)),
        *facts,
        ("Python", str(note.get("python", ""))),
        ("Packages", packages),
        ("Platform", str(note.get("platform", ""))),
    ]
    text = (
        "The same version with the same command and seed gives the same numbers, on any number of cores. All digits "
        "stand in the tables of the folder this report was made from.",
    )
    return Section("Where this comes from", text, facts=[(name, value) for name, value in told if value])
