"""Design files: a sweep's design written down in TOML."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from simsvc.errors import InputError, nearest
from simsvc.scenario.explaining import at, line_of, shown
from simsvc.scenario.sources import is_file, read_toml
from simsvc.sweeps.block import Block, Span
from simsvc.sweeps.design import Design

OF_BLOCK = ("scenario", "structures", "set", "vary", "method", "points")
"""Keys of a block; at the top of the file they hold for all blocks that do not say otherwise."""
OF_DESIGN = ("replications", "days", "seed", "common_random_numbers", "series", "trace", "block")


def load_design(path: str | Path, watch: Callable[[int, int], None] | None = None) -> Design:
    """A design from a TOML file.

    Args:
        path: of the file; scenarios and structures that it names as files are looked for beside it.
        watch: told how many points under a structure have been checked, of how many.

    Raises:
        InputError: with file, line, setting, value, and what is allowed.
    """
    content, text = read_toml(Path(path))
    if not content:
        raise InputError(f'{path}: says nothing; a design names at least a scenario: scenario = "contact_centre"')
    design = design_from(content, text, Path(path))
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


def design_from(content: Mapping[str, Any], text: str, path: Path, also: Sequence[str] = ()) -> Design:
    """A design from what a TOML file says.

    Args:
        content: of the file.
        text: of the file, to name lines in errors.
        path: of the file.
        also: further keys that the caller reads.

    Raises:
        InputError: with file, line, setting, value, and what is allowed.
    """
    reader = _Reader(text, path)
    reader.known(content, (*OF_BLOCK, *OF_DESIGN, *also), "")
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
    for name in ("replications", "days", "seed"):
        if name in content and (isinstance(content[name], bool) or not isinstance(content[name], int)):
            raise reader.wrong(name, f"{name} = {shown(content[name])}: should be a whole number")
    common = content.get("common_random_numbers", True)
    if not isinstance(common, bool):
        raise reader.wrong("common_random_numbers", f"common_random_numbers = {shown(common)}: should be true or false")
    design = Design(
        **values,
        replications=content.get("replications"),
        days=content.get("days"),
        seed=content.get("seed"),
        common_luck=common,
        series=reader.names("series", content.get("series", [])),
        traces=trace,
        blocks=tuple(blocks),
    )
    return design


class _Reader:
    """Turns values of a file into those of a block, and names lines in errors."""

    def __init__(self, text: str, path: Path) -> None:
        self.text, self.path = text, path

    def wrong(self, key: str, message: str, section: str = "") -> InputError:
        place = (section, key) if section else (key,)
        return InputError(f"{at(str(self.path), line_of(self.text, place))}: {message}")

    def known(self, content: Mapping[str, Any], keys: Sequence[str], section: str) -> None:
        for key in content:
            if key not in keys:
                hint = nearest(key, keys)
                inside = f"[[{section}]]: " if section else ""
                if "." in key:
                    hint = "; settings to vary stand in the section [vary], settings to change in [set]"
                raise self.wrong(
                    key, f"{inside}there is no '{key}' in a design{hint}; have: {', '.join(keys)}", section
                )

    def names(self, key: str, value: Any) -> list[str]:
        if isinstance(value, str) or not isinstance(value, list) or not all(isinstance(name, str) for name in value):
            raise self.wrong(key, f"{key} = {shown(value)}: should be a list of names in brackets")
        return value

    def beside(self, name: str) -> str | Path:
        return self.path.parent / name if is_file(name) else name

    def block(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """Arguments of a `Block`."""
        found: dict[str, Any] = {}
        if "scenario" in content:
            value = content["scenario"]
            if isinstance(value, str):
                found["scenario"] = self.beside(value)
            else:
                found["scenario"] = [self.beside(name) for name in self.names("scenario", value)]
        if "structures" in content:
            found["structures"] = [self.beside(name) for name in self.names("structures", content["structures"])]
        for key, name in (("set", "settings"), ("vary", "vary")):
            value = content.get(key, {})
            if not isinstance(value, dict):
                raise self.wrong(key, f"{key} = {shown(value)}: should be a section, [{key}], with settings below")
            found[name] = _flat(value)
        found["vary"] = {name: self.varied(name, value) for name, value in found["vary"].items()}
        for key in ("method", "points"):
            if key in content:
                found[key] = content[key]
        if not isinstance(found.get("method", ""), str):
            raise self.wrong("method", f"method = {shown(found['method'])}: should be a name in quotes")
        return found

    def varied(self, name: str, value: Any) -> Any:
        """A list or a `Span`."""
        if isinstance(value, list):
            return value
        keys = tuple(field.name for field in fields(Span))
        if isinstance(value, dict):
            if not {"low", "high"} <= value.keys() or not value.keys() <= set(keys):
                raise self.wrong(
                    name, f"{name} = {shown(value)}: a range has low and high, and may have steps and scale", "vary"
                )
            return Span(**value)
        raise self.wrong(
            name, f"{name} = {shown(value)}: should be a list of values or a range {{ low, high, steps }}", "vary"
        )


_RANGE = {field.name for field in fields(Span)}


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
