"""Design files: a sweep's design written down in TOML."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from simsvc.errors import InputError, nearest
from simsvc.runs.own import Own
from simsvc.scenario.explaining import at, line_of, shown
from simsvc.scenario.sources import is_file, read_toml
from simsvc.sweeps.block import Block, Span
from simsvc.sweeps.design import Design

OF_BLOCK = ("scenario", "structures", "set", "vary", "method", "points")
"""Keys of a block; at the top of the file they hold for all blocks that do not say otherwise."""
OF_DESIGN = ("replications", "days", "seed", "common_random_numbers", "series", "trace", "block")


def load_design(
    path: str | Path, watch: Callable[[int, int], None] | None = None, own: str | Path | Own | None = None
) -> Design:
    """A design from a TOML file.

    Args:
        path: of the file; scenarios and structures that it names as files are looked for beside it.
        watch: told how many points under a structure have been checked, of how many.
        own: file of own rules, phases and metrics, see `simsvc.runs.own`; a design file cannot name one.

    Raises:
        InputError: with file, line, setting, value, and what is allowed.
    """
    content, text = read_toml(Path(path))
    if not content:
        raise InputError(f'{path}: says nothing; a design names at least a scenario: scenario = "contact_centre"')
    design = design_from(content, text, Path(path)).under(own)
    try:
        design.check(watch)
    except InputError as error:
        raise InputError(f"{at(str(path), _line_named(str(error), text))}: {error}") from None
    return design


def _line_named(message: str, text: str) -> int:
    """Line of the first setting or key that a message names and the file has; 0 if there is none."""
    for name in re.findall(r"[\w.]+", message):
        key = re.compile(rf"""^\s*["']?{re.escape(name)}["']?\s*=""")
        for number, line in enumerate(text.splitlines(), 1):
            if key.match(line):
                return number
    return 0


def design_from(content: Mapping[str, Any], text: str, path: Path, also: Mapping[str, type] | None = None) -> Design:
    """A design from what a TOML file says.

    Args:
        content: of the file.
        text: of the file, to name lines in errors.
        path: of the file.
        also: further keys that the caller reads, with the type of their values; lists are of names.

    Raises:
        InputError: with file, line, setting, value, and what is allowed.
    """
    reader = _Reader(text, path)
    reader.known(content, (*OF_BLOCK, *OF_DESIGN, *(also or ())), "")
    top = {key: value for key, value in content.items() if key in OF_BLOCK}
    entries = content.get("block", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise reader.wrong("block", f"block = {shown(entries)}: should be sections that each begin with [[block]]")
    blocks = []
    for entry in entries:
        reader.known(entry, OF_BLOCK, "block")
        merged = {key: {**top[key], **entry[key]} if key == "set" and key in top and key in entry else value
                  for key, value in {**top, **entry}.items()}  # fmt: skip
        blocks.append(Block(**reader.block(merged)))
    values = reader.block({k: v for k, v in top.items() if not blocks or k not in ("vary", "method", "points")})
    trace = content.get("trace")
    if trace is not None and not isinstance(trace, dict):
        raise reader.wrong("trace", f"trace = {shown(trace)}: should be numbers by kind, {{ customer = [17] }}")
    for name, kind in {**_TYPES, **(also or {})}.items():
        if name in content:
            reader.typed(name, content[name], kind)
    return Design(
        **values,
        replications=content.get("replications"),
        days=content.get("days"),
        seed=content.get("seed"),
        common_luck=content.get("common_random_numbers", True),
        series=content.get("series", []),
        traces=trace,
        blocks=tuple(blocks),
    )


class _Reader:
    """Turns values of a file into those of a block, and names lines in errors."""

    def __init__(self, text: str, path: Path) -> None:
        self.text, self.path = text, path

    def wrong(self, key: str, message: str, section: str = "") -> InputError:
        place = (section, key) if section else (key,)
        return InputError(f"{at(str(self.path), line_of(self.text, place))}: {message}")

    def known(self, content: Mapping[str, Any], keys: Sequence[str], section: str) -> None:
        inside = f"[[{section}]]: " if section else ""
        for key in content:
            if key not in keys:
                hint = nearest(key, keys)
                if "." in key:
                    hint = "; settings to vary stand in the section [vary], settings to change in [set]"
                told = f"{inside}there is no '{key}' in a design{hint}; have: {', '.join(keys)}"
                raise self.wrong(key, told, section)

    def typed(self, key: str, value: Any, kind: type) -> Any:
        """A value, if it has a type of `_WORDS`; lists are of names."""
        are_names = not isinstance(value, list) or all(isinstance(name, str) for name in value)
        if type(value) is not kind or not are_names:
            raise self.wrong(key, f"{key} = {shown(value)}: should be {_WORDS[kind]}")
        return value

    def beside(self, name: str) -> str | Path:
        return self.path.parent / name if is_file(name) else name

    def all_beside(self, key: str, names: Any) -> list[str | Path]:
        return [self.beside(name) for name in self.typed(key, names, list)]

    def block(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """Arguments of a `Block`."""
        found: dict[str, Any] = {}
        if "scenario" in content:
            value = content["scenario"]
            found["scenario"] = self.beside(value) if isinstance(value, str) else self.all_beside("scenario", value)
        if "structures" in content:
            found["structures"] = self.all_beside("structures", content["structures"])
        for key, name in (("set", "settings"), ("vary", "vary")):
            value = content.get(key, {})
            if not isinstance(value, dict):
                raise self.wrong(key, f"{key} = {shown(value)}: should be a section, [{key}], with settings below")
            found[name] = _flat(value)
        found["vary"] = {name: self.varied(name, value) for name, value in found["vary"].items()}
        if "method" in content:
            found["method"] = self.typed("method", content["method"], str)
        if "points" in content:
            found["points"] = content["points"]
        return found

    def varied(self, name: str, value: Any) -> Any:
        """A list or a `Span`."""
        if isinstance(value, list):
            return value
        if isinstance(value, dict) and {"low", "high"} <= value.keys() <= _RANGE:
            return Span(**value)
        wanted = "should be a list of values or a range { low, high, steps }"
        if isinstance(value, dict):
            wanted = "a range has low and high, and may have steps and scale"
        raise self.wrong(name, f"{name} = {shown(value)}: {wanted}", "vary")


_RANGE = {field.name for field in fields(Span)}
_TYPES = {"replications": int, "days": int, "seed": int, "common_random_numbers": bool, "series": list}
_WORDS = {
    int: "a whole number", bool: "true or false", str: "a name in quotes", list: "a list of names in brackets",
}  # fmt: skip


def _flat(content: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """Settings by full name, whether a file writes "demand.remedy" in quotes or without them."""
    found: dict[str, Any] = {}
    for key, value in content.items():
        name = f"{above}.{key}" if above else key
        if isinstance(value, dict) and not above and "." not in key and not value.keys() & _RANGE:
            found |= _flat(value, key)
        else:
            found[name] = value
    return found
