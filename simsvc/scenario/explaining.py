"""What is wrong with a scenario or structure, in one line: file, line, setting, value, what is allowed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from simsvc.errors import InputError, nearest
from simsvc.scenario.about import About
from simsvc.scenario.assumptions import Assumptions
from simsvc.scenario.selection import SELECTORS
from simsvc.scenario.settings import Scenario, sections, setting_names
from simsvc.scenario.structure import Structure
from simsvc.scenario.timeline import Change

_EXPECTED = {
    "int_type": "should be a whole number",
    "int_from_float": "should be a whole number",
    "int_parsing": "should be a whole number",
    "float_type": "should be a number",
    "float_parsing": "should be a number",
    "bool_type": "should be true or false",
    "string_type": "should be text in quotes",
    "tuple_type": "should be a list in brackets",
    "dict_type": "should be settings in braces, { name = value }",
    "finite_number": "should be a finite number",
    "too_short": "has too few values",
    "too_long": "has too many values",
}
_OUT_OF_RANGE = ("greater_than_equal", "less_than_equal", "greater_than", "less_than")


def plain(value: Any) -> str:
    """A limit or default as people write it: `1000000` rather than `1e+06`."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def span(extra: Mapping[str, Any]) -> str:
    """The range of a setting with its unit, from what the setting says of itself."""
    unit = "" if extra["unit"] == "0-1" else f" {extra['unit']}"
    return f"{plain(extra['low'])} to {plain(extra['high'])}{unit}".rstrip()


def shown(value: Any) -> str:
    """A value as it was given, on one line and not too long."""
    text = f"'{value}'" if isinstance(value, str) else "{ ... }" if isinstance(value, dict) else str(value)
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:57] + "..."


def line_of(text: str, place: Iterable[Any]) -> int:
    """Line of a setting in a TOML text.

    Args:
        text: the file.
        place: section and key, a single section or key, or `"timeline"`, number of the entry, key.

    Returns:
        Number of the line, counted from 1; the section's line if the key is not in a line of its own;
        0 if neither can be found.
    """
    names = [str(part) for part in place]
    if names[0] == "assumptions" and len(names) > 1:
        names = [".".join(names[:2]), *names[2:]]
    section = names[0]
    entry = int(names[1]) if len(names) > 1 and names[1].isdigit() else 0
    key = next((name for name in names[1:] if not name.isdigit()), "")
    now, entries, fallback = "", -1, 0
    for number, line in enumerate(text.splitlines(), 1):
        if heading := re.match(r"""\s*\[\[?\s*["']?([^\]"']+?)["']?\s*\]""", line):
            now = heading.group(1)
            entries += now == section
            if now == section and entries == entry:
                fallback = number
            continue
        assigned = re.match(r"""\s*(["']?[\w.-]+["']?)\s*=""", line)
        name = assigned.group(1).strip("\"'") if assigned else ""
        full = f"{now}.{name}" if now else name
        if name and full == (f"{section}.{key}" if key else section) and (entries == entry or now != section):
            return number
        if name and not now and name == section:
            fallback = number
    return fallback


def _line_of_named(message: str, text: str) -> int:
    """Line of the last setting that a message names and a text sets; 0 if there is none."""
    found = re.findall(r"\b\w+(?:\.\w+)+", message)
    places = [
        tuple(setting.split("."))
        for setting in setting_names()
        if any(setting == named or (named.endswith("_") and setting.startswith(named)) for named in found)
    ]
    lines = [line_of(text, place) or line_of(text, place[-1:]) for place in places]
    return max(lines, default=0)


def _model_at(place: tuple[Any, ...], root: type[BaseModel]) -> type[BaseModel]:
    """The group of settings in which a wrong value stands."""
    if root is Structure or not place:
        return root
    if place[0] == "timeline" and len(place) > 1:
        return Change
    if place[0] == "assumptions":
        return sections().get(".".join(map(str, place[:2])), Assumptions)
    if len(place) < 2:
        return root
    return About if place[0] == "about" else sections().get(str(place[0]), root)


def _allowed(field: FieldInfo | None) -> str:
    """The range of a setting, with unit, or its valid names."""
    if field is None:
        return ""
    extra = field.json_schema_extra
    if isinstance(extra, dict) and "low" in extra:
        return f"allowed: {span(extra)}"
    choices = [choice for choice in get_args(field.annotation) if isinstance(choice, str)]
    return f"allowed: {', '.join(choices)}" if choices else ""


def _unknown(place: tuple[Any, ...], root: type[BaseModel]) -> str:
    """What to say of a name that does not exist."""
    names = [str(part) for part in place]
    model = _model_at(place, root)
    if model is Scenario:
        valid = ["base", *About.model_fields, *Scenario.model_fields]
        hint = nearest(names[0], valid) or nearest(names[0], setting_names())
        return f"there is no section '{names[0]}'{hint}; have: {', '.join(Scenario.model_fields)}"
    if model in (Change, About, Assumptions):
        where = f"timeline entry {int(place[1]) + 1}" if model is Change else names[0]
        what = f"{'mechanism ' if model is Assumptions else ''}'{names[-1]}'{nearest(names[-1], model.model_fields)}"
        return f"{where}: there is no {what}; have: {', '.join(model.model_fields)}"
    setting = ".".join(names)
    hint = nearest(setting, [*model.model_fields, "base", "take", *SELECTORS] if root is Structure else setting_names())
    return f"there is no setting '{setting}'{hint}"


def _wrong(first: Any, place: tuple[Any, ...], root: type[BaseModel]) -> str:
    """What to say of a value that cannot be."""
    kind, value = first["type"], first["input"]
    model = _model_at(place, root)
    key = next((str(part) for part in reversed(place) if not isinstance(part, int)), "")
    if kind in ("model_type", "model_attributes_type"):
        form = "[[timeline]]" if place[0] == "timeline" else f"[{'.'.join(map(str, place))}]"
        return f"{key} = {shown(value)}: should be a section, {form}, with its settings below"
    if place[0] == "timeline" and len(place) == 1:
        return f"timeline = {shown(value)}: should be sections that each begin with [[timeline]]"
    name = ".".join(str(part) for part in place if not isinstance(part, int))
    if model is Change:
        name = f"timeline entry {int(place[1]) + 1}: {key}"
    field = model.model_fields.get(key)
    allowed = _allowed(field)
    if kind == "literal_error":
        hint = nearest(value, get_args(field.annotation)) if field and isinstance(value, str) else ""
        return f"{name} = {shown(value)}: not a value it can have; {allowed}{hint}"
    problem = "out of range" if kind in _OUT_OF_RANGE else _EXPECTED.get(kind, first["msg"])
    return f"{name} = {shown(value)}: {problem}{'; ' + allowed if allowed else ''}"


def explain(error: ValidationError, origin: str, text: str, root: type[BaseModel]) -> InputError:
    """One line for the first thing that is wrong.

    Args:
        error: what the check of all settings found.
        origin: file, preset or option that the values come from; empty if the message goes without.
        text: content of the file, to find the line; empty if there is none.
        root: `Scenario` or `Structure`.
    """
    first = error.errors()[0]
    place = tuple(first["loc"])
    if first["type"] == "value_error":
        message = first["msg"].removeprefix("Value error, ")
        return placed(at(origin, _line_of_named(message, text)), message)
    message = _unknown(place, root) if first["type"] == "extra_forbidden" else _wrong(first, place, root)
    line = line_of(text, place) if text else 0
    if not line and place[0] == "about":  # whose keys may stand at the top, too
        line = line_of(text, place[1:])
    return placed(at(origin, line), message)


def placed(where: str, message: str) -> InputError:
    """The error that begins with where something is wrong, if that is known."""
    return InputError(f"{where}: {message}" if where else message)


def at(origin: str, line: int) -> str:
    """Where something stands, for the beginning of a message."""
    return f"{origin}, line {line}" if line else origin
