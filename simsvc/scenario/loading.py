"""Scenarios and structures from presets and files, overrides, and errors that say where."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from simsvc.errors import InputError, nearest
from simsvc.scenario.settings import Scenario, sections, setting_names
from simsvc.scenario.structure import COMPONENTS, Structure


def _names(folder: str) -> list[str]:
    files = resources.files("simsvc.scenario") / folder
    return sorted(entry.name[:-5] for entry in files.iterdir() if entry.name.endswith(".toml"))


def presets() -> list[str]:
    """Names of the scenarios that come with the program."""
    return _names("presets")


def structures() -> list[str]:
    """Names of the structures that come with the program."""
    return _names("structures")


def _line_of(text: str, place: tuple[Any, ...]) -> int:
    """Line of a setting in a TOML text, 0 if it cannot be told."""
    section, key = (str(place[0]), str(place[-1])) if len(place) > 1 else ("", str(place[0]))
    now = ""
    for number, line in enumerate(text.splitlines(), 1):
        heading = re.match(r"\s*\[+\s*([^\]\s]+)\s*\]+", line)
        if heading:
            now = heading.group(1)
            if not section and now == key:
                return number
        elif now == section and re.match(rf"""\s*["']?{re.escape(key)}["']?\s*=""", line):
            return number
    return 0


def _model_at(place: tuple[Any, ...], root: type[BaseModel]) -> type[BaseModel] | None:
    if root is Structure:
        return Structure
    return sections().get(str(place[0])) if place else None


def _explain(error: ValidationError, origin: str, text: str, root: type[BaseModel]) -> InputError:
    """One line for the first thing that is wrong."""
    first = error.errors()[0]
    place = tuple(first["loc"])
    where = origin
    if text and place and (line := _line_of(text, place if root is Scenario else ("", *place))):
        where += f", line {line}"
    names = [str(part) for part in place]
    setting = ".".join(names)
    kind = first["type"]
    if kind == "extra_forbidden":
        if len(place) == 1 and root is Scenario:
            return InputError(f"{where}: there is no section '{setting}'{nearest(setting, Scenario.model_fields)}")
        valid = list(root.model_fields) if root is Structure else setting_names()
        return InputError(f"{where}: there is no setting '{setting}'{nearest(setting, valid)}")
    message = first["msg"].removeprefix("Value error, ")
    if kind == "value_error":
        return InputError(f"{where}: {message}")
    allowed = ""
    model = _model_at(place, root)
    field = model.model_fields.get(names[-1]) if model else None
    extra = field.json_schema_extra if field else None
    if isinstance(extra, dict) and "low" in extra:
        unit = f" {extra['unit']}" if extra["unit"] else ""
        allowed = f" (allowed: {_plain(extra['low'])} to {_plain(extra['high'])}{unit})"
    return InputError(f"{where}: {setting} = {_shown(first['input'])}: {message[0].lower() + message[1:]}{allowed}")


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _shown(value: Any) -> str:
    text = f"'{value}'" if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def read_toml(path: Path) -> tuple[dict[str, Any], str]:
    """Content and text of a TOML file.

    Raises:
        InputError: if the file is missing, not readable, or not TOML.
    """
    try:
        text = path.read_text(encoding="utf-8")
        return tomllib.loads(text), text
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not a text file in UTF-8"
        raise InputError(f"{path}: cannot be read: {reason}") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: not valid TOML: {error}") from None


def _is_file(name: str) -> bool:
    return name.endswith(".toml") or "/" in name or "\\" in name


@cache
def _preset_text(folder: str, name: str) -> str:
    return (resources.files("simsvc.scenario") / folder / f"{name}.toml").read_text(encoding="utf-8")


def load_structure(name: str | Path) -> Structure:
    """A structure by name, or from a TOML file of levers.

    A file may start from another structure with `base = "traditional"`.

    Raises:
        InputError: if there is none of that name, or the file is wrong.
    """
    if isinstance(name, Path) or _is_file(str(name)):
        content, text = read_toml(Path(name))
        return _structure(content, str(name), text)
    if name not in structures():
        raise InputError(f"there is no structure '{name}'{nearest(name, structures())}; have: {', '.join(structures())}")
    text = _preset_text("structures", name)
    return _structure(tomllib.loads(text), f"structure {name}", text)


def _structure(content: dict[str, Any], origin: str, text: str) -> Structure:
    content = dict(content)
    base = content.pop("base", None)
    if base is not None and not isinstance(base, str):
        raise InputError(f"{origin}: base = {_shown(base)}: should be the name of a structure")
    start = load_structure(base).model_dump() if base else {}
    try:
        return Structure.model_validate({**start, **content})
    except ValidationError as error:
        raise _explain(error, origin, text, Structure) from None


def load_scenario(name: str | Path = "contact_centre", overrides: Mapping[str, Any] | None = None) -> Scenario:
    """A scenario by preset name or from a TOML file.

    Args:
        name: a preset's name or a file; a file may start from a preset with `base = "classroom"`.
        overrides: settings by full name with new values, for example `{"workforce.frontline": 30}`.

    Raises:
        InputError: naming file, line, setting, value and what is allowed.
    """
    if isinstance(name, Path) or _is_file(str(name)):
        content, text = read_toml(Path(name))
        scenario = _scenario(content, str(name), text)
    elif name in presets():
        text = _preset_text("presets", name)
        scenario = _scenario(tomllib.loads(text), f"scenario {name}", text)
    else:
        raise InputError(f"there is no scenario '{name}'{nearest(name, presets())}; have: {', '.join(presets())}")
    return changed(scenario, overrides) if overrides else scenario


def _scenario(content: dict[str, Any], origin: str, text: str) -> Scenario:
    content = dict(content)
    base = content.pop("base", None)
    if base is not None and not isinstance(base, str):
        raise InputError(f"{origin}: base = {_shown(base)}: should be the name of a scenario")
    start: dict[str, Any] = load_scenario(base).model_dump() if base else {}
    structure = content.get("structure")
    if isinstance(structure, dict) and "base" in structure:
        levers = dict(structure)
        name = levers.pop("base")
        content["structure"] = {**load_structure(str(name)).model_dump(), **levers}
    merged = {
        key: {**start.get(key, {}), **value} if isinstance(value, dict) else value for key, value in content.items()
    }
    return _validated({**start, **merged}, origin, text)


def _validated(content: Any, origin: str, text: str = "") -> Scenario:
    try:
        scenario = Scenario.model_validate(content)
    except ValidationError as error:
        raise _explain(error, origin, text, Scenario) from None
    _check_timeline(scenario, origin)
    return scenario


def _check_timeline(scenario: Scenario, origin: str) -> None:
    """Every dated change must be possible when its day comes."""
    for number, change in enumerate(scenario.timeline, 1):
        where = f"{origin}: timeline entry {number}"
        if not change.set and not change.structure:
            raise InputError(f"{where} changes nothing: it needs 'set' or 'structure'")
        if change.structure:
            load_structure(change.structure)
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
        changed(scenario, change.set, where)


def changed(scenario: Scenario, values: Mapping[str, Any], origin: str = "setting") -> Scenario:
    """The scenario with some settings changed.

    Args:
        scenario: to start from; it stays as it is.
        values: by full name, `section.name`.
        origin: named in errors.

    Raises:
        InputError: for unknown settings and wrong values.
    """
    if not values:
        return scenario
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
        raise _explain(error, origin, "", Scenario) from None


def with_structure(scenario: Scenario, structure: str | Path | Structure) -> Scenario:
    """The scenario under another structure."""
    levers = structure if isinstance(structure, Structure) else load_structure(structure)
    return scenario.model_copy(update={"structure": levers})


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
