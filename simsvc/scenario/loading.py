"""Scenarios and structures from presets and files, and changes of single settings."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from simsvc.errors import InputError, nearest
from simsvc.scenario.explaining import at, explain, line_of, shown
from simsvc.scenario.settings import Scenario, sections, setting_names
from simsvc.scenario.structure import COMPONENTS, Structure

SIZES = (
    "market.population",
    "market.customers",
    "market.ties",
    "workforce.frontline",
    "workforce.departments",
    "workforce.managers",
    "workforce.directors",
    "operations.causes",
)
"""Settings that fix the size of the organisation."""
FIXED = (
    *SIZES,
    "market.network",
    "market.rewiring",
    "workforce.skill",
    "demand.contact_rate_cv",
    "economics.spend_cv",
    "operations.open_minutes",
    "operations.continuous",
)
"""Settings that make the organisation what it is on its first morning; they cannot change during a run."""

Kind = Literal["scenario", "structure"]
_FOLDERS: dict[Kind, str] = {"scenario": "presets", "structure": "structures"}


@dataclass(frozen=True)
class _Source:
    """A scenario or structure as it was written down."""

    content: dict[str, Any]
    text: str
    origin: str
    folder: Path
    """Folder that names of files in it start from."""


@cache
def _built_in(kind: Kind) -> dict[str, str]:
    """Texts of what comes with the program, by name."""
    folder = resources.files("simsvc.scenario") / _FOLDERS[kind]
    files = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda entry: entry.name)
    return {entry.name[:-5]: entry.read_text(encoding="utf-8") for entry in files}


def presets() -> list[str]:
    """Names of the scenarios that come with the program."""
    return list(_built_in("scenario"))


def structures() -> list[str]:
    """Names of the structures that come with the program."""
    return list(_built_in("structure"))


def about(kind: Kind, name: str) -> str:
    """What a preset or structure that comes with the program is, from the comment it begins with."""
    comment = re.match(r"(#.*\n)*", _built_in(kind)[name])
    return " ".join(line.lstrip("# ") for line in comment.group().splitlines()) if comment else ""


def read_toml(path: Path) -> tuple[dict[str, Any], str]:
    """Content and text of a TOML file.

    Raises:
        InputError: if the file is missing, not readable, or not TOML.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        return tomllib.loads(text), text
    except FileNotFoundError:
        beside = [file.stem for file in path.parent.glob("*.toml")] if path.parent.is_dir() else []
        hint = nearest(path.stem, beside).replace("'?", f"{path.suffix}'?")
        raise InputError(f"{path}: there is no such file{hint}") from None
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at line (\d+), column \d+\)", str(error))
        message = str(error).split(" (at ")[0]
        raise InputError(f"{at(str(path), int(place.group(1)) if place else 0)}: not valid TOML: {message}") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not a text file in UTF-8"
        raise InputError(f"{path}: cannot be read: {reason}") from None


def _is_file(name: str | Path) -> bool:
    return isinstance(name, Path) or name.endswith(".toml") or "/" in name or "\\" in name or Path(name).is_file()


def _source(kind: Kind, name: str | Path, folder: Path, asked_by: str = "") -> _Source:
    built_in = _built_in(kind)
    if isinstance(name, str) and name in built_in:
        text = built_in[name]
        return _Source(tomllib.loads(text), text, f"{kind} {name}", Path())
    if _is_file(name):
        path = folder / name
        content, text = read_toml(path)
        return _Source(content, text, str(path), path.parent)
    where = f"{asked_by}: base: " if asked_by else ""
    raise InputError(
        f"{where}there is no {kind} '{name}'{nearest(str(name), built_in)}; "
        f"have: {', '.join(built_in)}, or a file whose name ends in .toml"
    )


def _base(source: _Source, content: dict[str, Any], kind: Kind, seen: tuple[str, ...]) -> str | None:
    """Take out and check the name of what a file starts from."""
    base = content.pop("base", None)
    if base is not None and not isinstance(base, str):
        raise InputError(f"{source.origin}: base = {shown(base)}: should be the name of a {kind} in quotes")
    if source.origin in seen:
        raise InputError(f"{source.origin}: base = '{base}': the file starts from itself")
    return base


def load_structure(name: str | Path) -> Structure:
    """A structure by name, or from a TOML file of levers.

    A file may start from another structure with `base = "traditional"`.

    Raises:
        InputError: if there is none of that name, or the file is wrong.
    """
    return _structure(name, Path(), ())


def _structure(name: str | Path, folder: Path, seen: tuple[str, ...]) -> Structure:
    source = _source("structure", name, folder, seen[-1] if seen else "")
    content = dict(source.content)
    base = _base(source, content, "structure", seen)
    start = _structure(base, source.folder, (*seen, source.origin)).model_dump() if base else {}
    try:
        levers = Structure.model_validate({**start, **content})
    except ValidationError as error:
        raise explain(error, source.origin, source.text, Structure) from None
    try:
        return Scenario(structure=levers).structure
    except ValidationError as error:
        raise explain(error, source.origin, source.text, Scenario) from None


def load_scenario(name: str | Path = "contact_centre", overrides: Mapping[str, Any] | None = None) -> Scenario:
    """A scenario by preset name or from a TOML file.

    Args:
        name: a preset's name or a file; a file may start from a preset with `base = "classroom"`.
        overrides: settings by full name with new values, for example `{"workforce.frontline": 30}`.

    Raises:
        InputError: naming file, line, setting, value and what is allowed.
    """
    return changed(_scenario(name, Path(), ()), overrides or {})


def _scenario(name: str | Path, folder: Path, seen: tuple[str, ...]) -> Scenario:
    source = _source("scenario", name, folder, seen[-1] if seen else "")
    content = dict(source.content)
    base = _base(source, content, "scenario", seen)
    start: dict[str, Any] = {}
    if base:
        start = _scenario(base, source.folder, (*seen, source.origin)).model_dump()
    levers = content.get("structure")
    if isinstance(levers, dict) and isinstance(levers.get("base"), str):
        others = {key: value for key, value in levers.items() if key != "base"}
        content["structure"] = {**_structure(levers["base"], source.folder, (source.origin,)).model_dump(), **others}
    if isinstance(content.get("timeline"), list):
        content["timeline"] = [_with_path(change, source.folder) for change in content["timeline"]]
    merged = {
        key: {**start[key], **value} if isinstance(value, dict) and isinstance(start.get(key), dict) else value
        for key, value in content.items()
    }
    try:
        scenario = Scenario.model_validate({**start, **merged})
    except ValidationError as error:
        raise explain(error, source.origin, source.text, Scenario) from None
    _check_timeline(scenario, source.origin, source.text)
    return scenario


def _with_path(change: Any, folder: Path) -> Any:
    """A dated change whose structure file is named as seen from here, not from the scenario's folder."""
    name = change.get("structure") if isinstance(change, dict) else None
    if isinstance(name, str) and name not in structures() and _is_file(name):
        return {**change, "structure": str(folder / name)}
    return change


def _check_timeline(scenario: Scenario, origin: str, text: str = "") -> None:
    """Every dated change must be possible when its day comes, after those before it."""
    now = scenario
    for number, change in sorted(enumerate(scenario.timeline), key=lambda entry: entry[1].day):
        where = f"{at(origin, line_of(text, ('timeline', number)))}: timeline entry {number + 1}"
        if not change.set and not change.structure:
            raise InputError(f"{where} changes nothing: it needs 'set' or 'structure'")
        if not change.structure and (change.components or change.departments):
            raise InputError(f"{where}: 'components' and 'departments' need a 'structure' to take levers from")
        for component in change.components:
            if component not in COMPONENTS:
                raise InputError(
                    f"{where}: there is no component '{component}'{nearest(component, COMPONENTS)}; "
                    f"have: {', '.join(COMPONENTS)}"
                )
        for department in change.departments:
            if not 0 <= department < scenario.workforce.departments:
                raise InputError(
                    f"{where}: departments = {department}: allowed: 0 to {scenario.workforce.departments - 1}"
                )
        if change.structure:
            try:
                levers = load_structure(change.structure).model_dump()
            except InputError as error:
                raise InputError(f"{where}: {error}") from None
            if not change.departments or 0 in change.departments:
                taken = {
                    lever: value
                    for lever, value in levers.items()
                    if not change.components or Structure.component_of(lever) in change.components
                }
                now = with_structure(now, now.structure.model_copy(update=taken))
        for name in change.set:
            if name in FIXED or name.startswith("run."):
                raise InputError(f"{where}: {name} is fixed on the first morning and cannot change during a run")
        now = _changed(now, change.set, where)


def changed(scenario: Scenario, values: Mapping[str, Any], origin: str = "setting") -> Scenario:
    """The scenario with some settings changed.

    Args:
        scenario: to start from; it stays as it is.
        values: by full name, `section.name`.
        origin: named in errors.

    Raises:
        InputError: for unknown settings, wrong values, or a timeline that has become impossible.
    """
    if not values:
        return scenario
    new = _changed(scenario, values, origin)
    _check_timeline(new, origin)
    return new


def _changed(scenario: Scenario, values: Mapping[str, Any], origin: str) -> Scenario:
    """As `changed`, without a look at the timeline."""
    known = sections()
    content: dict[str, Any] = {name: getattr(scenario, name) for name in Scenario.model_fields}
    new: dict[str, dict[str, Any]] = {}
    for name, value in values.items():
        section, _, key = name.partition(".")
        if section not in known or key not in known[section].model_fields:
            raise InputError(f"{origin}: there is no setting '{name}'{nearest(name, setting_names())}")
        new.setdefault(section, {})[key] = value
    for section, update in new.items():
        content[section] = {**content[section].model_dump(), **update}
    try:
        return Scenario.model_validate(content)
    except ValidationError as error:
        raise explain(error, origin, "", Scenario) from None


def with_structure(scenario: Scenario, structure: str | Path | Structure) -> Scenario:
    """The scenario under another structure."""
    levers = structure if isinstance(structure, Structure) else load_structure(structure)
    return _changed(scenario, {f"structure.{name}": value for name, value in levers.model_dump().items()}, "structure")


def name_of(structure: Structure) -> str:
    """Name of the structure that comes with the program and has these levers; `"own"` if none has."""
    return next((name for name in structures() if load_structure(name) == structure), "own")


def differences(scenario: Scenario, other: Scenario) -> dict[str, tuple[Any, Any]]:
    """Settings in which two scenarios differ: values of the first and the second, by full name."""
    pairs = {}
    for section, model in sections().items():
        for name in model.model_fields:
            values = getattr(getattr(scenario, section), name), getattr(getattr(other, section), name)
            if values[0] != values[1]:
                pairs[f"{section}.{name}"] = values
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
        return name.strip(), tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return name.strip(), value.strip()
