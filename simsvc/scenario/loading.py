"""Scenarios and structures from presets and files, and changes of single settings."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from simsvc.errors import InputError, nearest
from simsvc.scenario.about import About
from simsvc.scenario.assumptions.start import Start
from simsvc.scenario.explaining import at, explain, line_of, placed, shown
from simsvc.scenario.management import LEVELS, heads_by_level
from simsvc.scenario.selection import SELECTORS, select_levers
from simsvc.scenario.settings import Scenario, section_and_key, sections, setting_names, setting_value
from simsvc.scenario.sources import Kind, Source, built_in, is_file, short_name, source_of
from simsvc.scenario.structure import Structure

SIZES = (
    "market.population", "market.customers", "market.ties", "workforce.frontline", "workforce.departments",
    *(f"workforce.{level.heads}" for level in LEVELS), "operations.causes",
)  # fmt: skip
"""Settings that fix the size of the organisation."""
FIXED = (
    *SIZES, "market.network", "market.rewiring", "workforce.skill", "demand.contact_rate_cv", "economics.spend_cv",
    "operations.open_minutes", "operations.continuous", *(f"assumptions.start.{name}" for name in Start.model_fields),
)  # fmt: skip
"""Settings that make the organisation what it is on its first morning; they cannot change during a run."""


def presets() -> list[str]:
    """Names of the scenarios that come with the program."""
    return list(built_in("scenario"))


def histories() -> list[str]:
    """Names of the scenarios in which a firm of the past turns: they change in the course of a run."""
    return list(built_in("history"))


def structures() -> list[str]:
    """Names of the structures that come with the program."""
    return list(built_in("structure"))


def about(kind: Kind, name: str) -> str:
    """What a preset or structure that comes with the program is, from the comment it begins with."""
    comment = re.match(r"(#.*\n)*", built_in(kind)[name])
    return " ".join(line.lstrip("# ") for line in comment.group().splitlines()) if comment else ""


def load_structure(name: str | Path) -> Structure:
    """A structure by name, or from a TOML file of levers.

    A file may start from another structure with `base = "traditional"`, and take over part of one
    more with `take = "inverted"` and a selection: `components`, `levers`, `domains`, `factors`.

    Raises:
        InputError: if there is none of that name, or the file is wrong.
    """
    return _built_in(name) if isinstance(name, str) and name in built_in("structure") else _structure(name)


@functools.cache
def _built_in(name: str) -> Structure:
    """A structure that comes with the program, read once."""
    return _structure(name)


def _structure(name: str | Path, folder: Path = Path(), seen: tuple[str, ...] = (), asked_by: str = "") -> Structure:
    source = source_of("structure", name, folder, asked_by)
    content = _levers(source, dict(source.content), seen)
    try:
        levers = Structure.model_validate(content)
    except ValidationError as error:
        raise explain(error, source.origin, source.text, Structure) from None
    try:
        return Scenario(structure=levers).structure
    except ValidationError as error:
        raise explain(error, source.origin, source.text, Scenario) from None


def _levers(source: Source, content: dict[str, Any], seen: tuple[str, ...], *section: str) -> dict[str, Any]:
    """Levers that a structure file, or a scenario's section, puts together from other charts and its own values.

    Args:
        source: the file.
        content: of the file or of the section; what is not a lever is taken out.
        seen: files that have led here.
        section: name of the section, if it is one.
    """
    base = source.other(content, "base", "structure", seen, *section)
    take = source.other(content, "take", "structure", seen, *section)
    selection = {key: content.pop(key) for key in SELECTORS if key in content}
    seen = (*seen, source.origin)
    levers: dict[str, Any] = {}
    if base:
        levers = _structure(base, source.folder, seen, f"{source.place(*section, 'base')}: base").model_dump()
    if selection and not take:
        key = next(iter(selection))
        raise InputError(f"{source.place(*section, key)}: '{key}' needs a 'take' to select from")
    if take:
        where = source.place(*section, "take")
        other = _structure(take, source.folder, seen, f"{where}: take").model_dump()
        if not selection and content.keys() <= Structure.model_fields.keys():
            raise InputError(
                f"{where}: take = '{take}': which levers? Add components, levers, domains or factors; "
                f"for all of them write base = '{take}'"
            )
        for key, names in selection.items():
            levers |= {lever: other[lever] for lever in _selected(key, names, source.place(*section, key))}
    return {**levers, **content}


def _selected(key: str, names: Any, where: str) -> tuple[str, ...]:
    """Levers that an entry of a structure file selects."""
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise InputError(f"{where}: {key} = {shown(names)}: should be a list of names in brackets")
    if not names:
        raise _empty(key, where)
    try:
        return select_levers(**{key: names})
    except InputError as error:
        raise InputError(f"{where}: {error}") from None


def _empty(key: str, where: str) -> InputError:
    """The error of an empty list: it would select everything when nothing may be meant."""
    return InputError(f"{where}: {key} = []: selects nothing; name what is meant, or leave it out for all")


def load_scenario(name: str | Path = "contact_centre", overrides: Mapping[str, Any] | None = None) -> Scenario:
    """A scenario by preset name or from a TOML file.

    Args:
        name: a preset's or history's name, or a file; a file may start from a preset with `base = "classroom"`.
        overrides: settings by full name with new values, for example `{"workforce.frontline": 30}`.

    Raises:
        InputError: naming file, line, setting, value and what is allowed.
    """
    return changed(_scenario(name, Path(), ()), overrides or {})


def _scenario(name: str | Path, folder: Path, seen: tuple[str, ...], asked_by: str = "") -> Scenario:
    source = source_of("scenario", name, folder, asked_by)
    content = dict(source.content)
    base = source.other(content, "base", "scenario", seen)
    start: dict[str, Any] = {}
    if base:
        where = f"{source.place('base')}: base"
        start = _scenario(base, source.folder, (*seen, source.origin), where).model_dump(exclude={"about"})
    _about_from_top(content, source)
    if isinstance(content.get("structure"), dict):
        content["structure"] = _levers(source, dict(content["structure"]), (), "structure")
    if isinstance(content.get("timeline"), list):
        content["timeline"] = [_entry(change, source, number) for number, change in enumerate(content["timeline"])]
    try:
        scenario = Scenario.model_validate(_merged(start, content))
    except ValidationError as error:
        raise explain(error, source.origin, source.text, Scenario) from None
    _check_timeline(scenario, source.origin, source.text)
    return scenario


def _merged(start: Mapping[str, Any], content: Mapping[str, Any]) -> dict[str, Any]:
    """Sections of a file over those it starts from; what it does not name stays."""
    return {
        **start,
        **{
            key: _merged(start[key], value) if isinstance(value, dict) and isinstance(start.get(key), dict) else value
            for key, value in content.items()
        },
    }


def _about_from_top(content: dict[str, Any], source: Source) -> None:
    """Move title, authors, sources and notes that stand at the top of a file into its section `about`."""
    at_top = {key: content.pop(key) for key in About.model_fields if key in content}
    own = content.setdefault("about", {}) if at_top else content.get("about")
    if isinstance(own, dict):
        for key in at_top.keys() & own.keys():
            raise InputError(f"{source.place(key)}: '{key}' stands at the top and under [about]; leave one out")
        content["about"] = {**own, **at_top}


def _entry(change: Any, source: Source, number: int) -> Any:
    """A dated change with its structure file named as seen from here, not from the scenario's folder."""
    if not isinstance(change, dict):
        return change
    for key in (*SELECTORS, "departments", "managers_leave"):
        if change.get(key) == []:
            raise _empty(key, f"{source.place('timeline', str(number), key)}: timeline entry {number + 1}")
    name = change.get("structure")
    if isinstance(name, str) and name not in structures() and is_file(name):
        return {**change, "structure": str(source.folder / name)}
    return change


def _check_timeline(scenario: Scenario, origin: str, text: str = "", charts: Sequence[Structure] = ()) -> None:
    """Every dated change must be possible when its day comes, after those before it, in every department."""
    now = scenario.model_copy(update={"timeline": ()})  # else each change would look at all others once more
    charts = charts or [scenario.structure] * scenario.workforce.departments

    def wrong(number: int, message: str) -> InputError:
        place = at(origin, line_of(text, ("timeline", number)))  # looks through the file: only for what is wrong
        return InputError(f"{place}: timeline entry {number + 1}{message}")

    for number, change in sorted(enumerate(scenario.timeline), key=lambda entry: entry[1].day):
        for key in (*SELECTORS, "departments"):
            if getattr(change, key) and not change.structure:
                raise wrong(number, f": '{key}' needs a 'structure' to take levers from")
        if not (change.set or change.structure or change.managers_leave):
            raise wrong(number, " changes nothing: it needs 'set', 'structure' or 'managers_leave'")
        for name in change.set:
            if name in FIXED or name.startswith("run."):
                raise wrong(number, f": {name} is fixed on the first morning and cannot change during a run")
        try:
            _check_leaving(change.managers_leave, scenario)
            if change.structure:
                charts = turned(
                    charts, load_structure(change.structure),
                    change.components, change.departments, change.levers, change.domains, change.factors,
                )  # fmt: skip
            now = _changed(now.model_copy(update={"structure": charts[0]}), change.set)
            charts = adjusted(charts, change.set)
        except InputError as error:
            raise wrong(number, f": {error}") from None


def _check_leaving(managers: Sequence[int], scenario: Scenario) -> None:
    count = sum(heads_by_level(scenario.workforce))
    for manager in managers:
        if not 0 <= manager < count:
            allowed = f"allowed: 0 to {count - 1}" if count else "there are no managers"
            raise InputError(f"managers_leave = {manager}: {allowed}")


def turned(
    charts: Sequence[Structure],
    other: Structure,
    components: Sequence[str] = (),
    departments: Sequence[int] = (),
    levers: Sequence[str] = (),
    domains: Sequence[str] = (),
    factors: Sequence[str] = (),
) -> list[Structure]:
    """Charts by department after some have taken over levers of another one.

    Args:
        charts: in force now.
        other: to take levers from.
        components: only levers of these components, or
        departments: in these departments only; in all if empty.
        levers: only these levers, or
        domains: only levers of these decision domains, or
        factors: only levers of these factors; all levers if none of the four is given.

    Raises:
        InputError: for what is not there, and for managers who would have more than one day a day.
    """
    for d in departments:
        if not 0 <= d < len(charts):
            raise InputError(f"departments = {d}: allowed: 0 to {len(charts) - 1}")
    taken = select_levers(components, levers, domains, factors)
    new = {f"structure.{lever}": getattr(other, lever) for lever in taken}
    return [
        _changed(Scenario(structure=own), new).structure if not departments or d in departments else own
        for d, own in enumerate(charts)
    ]


def adjusted(charts: Sequence[Structure], values: Mapping[str, Any]) -> list[Structure]:
    """Charts by department after the levers among some settings have got new values everywhere.

    Raises:
        InputError: for unknown levers and wrong values.
    """
    levers = {name: value for name, value in values.items() if name.startswith("structure.")}
    return [_changed(Scenario(structure=own), levers).structure for own in charts] if levers else list(charts)


def changed(
    scenario: Scenario, values: Mapping[str, Any], origin: str = "setting", charts: Sequence[Structure] = ()
) -> Scenario:
    """The scenario with some settings changed.

    Args:
        scenario: to start from; it stays as it is.
        values: by full name, `section.name`.
        origin: named in errors.
        charts: by department after the change, where they differ from the scenario's structure.

    Raises:
        InputError: for unknown settings, wrong values, or a timeline that has become impossible.
    """
    if not values:
        return scenario
    new = _changed(scenario, values, origin)
    _check_timeline(new, origin, charts=charts)
    return new


def _changed(scenario: Scenario, values: Mapping[str, Any], origin: str = "") -> Scenario:
    """As `changed`, without a look at the timeline."""
    known = sections()
    content: dict[str, Any] = {name: getattr(scenario, name) for name in Scenario.model_fields}
    new: dict[str, dict[str, Any]] = {}
    for name, value in values.items():
        section, key = section_and_key(name)
        if section not in known or key not in known[section].model_fields:
            raise placed(origin, f"there is no setting '{name}'{nearest(name, setting_names())}")
        new.setdefault(section, {})[key] = value
    for section, update in new.items():
        *above, last = section.split(".")
        inside = content
        for part in above:
            inside[part] = inside = dict(inside[part])
        inside[last] = {**dict(inside[last]), **update}
    try:
        return Scenario.model_validate(content).carrying(scenario.own)
    except ValidationError as error:
        raise explain(error, origin, "", Scenario) from None


def named_structures(structures: Sequence[str | Path] | Mapping[str, Structure]) -> dict[str, Structure]:
    """Structures by the names that tables give them.

    Args:
        structures: names and files, or structures by name.

    Raises:
        InputError: if there is none, one comes twice, or a name would read like a difference of two.
    """
    if isinstance(structures, str | Path):
        raise InputError(f"structures = '{structures}': should be a list of names in brackets")
    named = isinstance(structures, Mapping)
    names = [str(name) if named else short_name(name) for name in structures]
    if not names:
        raise InputError("structures = []: needs at least one name")
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"structure '{name}' is named twice")
        if " - " in name:
            raise InputError(f"structure '{name}': tables call differences 'a - b': choose a name without ' - '")
    charts = structures.values() if isinstance(structures, Mapping) else map(load_structure, structures)
    return dict(zip(names, charts, strict=True))


def with_structure(scenario: Scenario, structure: str | Path | Structure) -> Scenario:
    """The scenario under another structure."""
    levers = structure if isinstance(structure, Structure) else load_structure(structure)
    return _changed(scenario, {f"structure.{name}": value for name, value in levers.model_dump().items()}, "structure")


def with_days(scenario: Scenario, days: int | None) -> Scenario:
    """The scenario run for so many working days; as it is if left out."""
    if days is None:
        return scenario
    return scenario.model_copy(update={"run": scenario.run.model_copy(update={"days": days})})


def name_of(structure: Structure) -> str:
    """Name of the structure that comes with the program and has these levers; `"own"` if none has."""
    return next((name for name in structures() if load_structure(name) == structure), "own")


def differences(scenario: Scenario, other: Scenario) -> dict[str, tuple[Any, Any]]:
    """Settings in which two scenarios differ: values of the first and the second, by full name."""
    pairs = {}
    for section, model in sections().items():
        for name in model.model_fields:
            setting = f"{section}.{name}"
            values = setting_value(scenario, setting), setting_value(other, setting)
            if values[0] != values[1]:
                pairs[setting] = values
    return pairs


def parse_override(text: str) -> tuple[str, Any]:
    """`section.name=value` as name and value; the value is TOML, plain words may go without quotes.

    Raises:
        InputError: if it is not of that form.
    """
    name, equals, value = text.partition("=")
    if not equals or not name.strip() or not value.strip():
        raise InputError(f"--set {text}: should be section.name=value, for example workforce.frontline=30")
    try:
        found = tomllib.loads(f"value = {value}")["value"]
        repr(found)  # see `simsvc.scenario.sources.parse_toml`
        return name.strip(), found
    except tomllib.TOMLDecodeError:
        return name.strip(), value.strip()
    except (ValueError, RecursionError):  # thousands of digits or brackets
        raise InputError(f"--set {name.strip()}: the value is too long or too deeply nested") from None
