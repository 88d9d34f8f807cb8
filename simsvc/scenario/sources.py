"""Where scenarios and structures are written down: what comes with the program, and files in TOML."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from simsvc.errors import InputError, nearest
from simsvc.scenario.explaining import at, line_of, shown

Kind = Literal["scenario", "structure", "history"]
_FOLDERS: dict[Kind, str] = {"scenario": "presets", "structure": "structures", "history": "histories"}
_FIRST = ("contact_centre", "classroom", "traditional", "inverted")  # in lists: what most people look for


@dataclass(frozen=True)
class Source:
    """A scenario or structure as it was written down.

    Attributes:
        content: of the file, as TOML says it.
        text: of the file.
        origin: what to call it in errors.
        folder: where names of files in it start from.
    """

    content: dict[str, Any]
    text: str
    origin: str
    folder: Path

    def place(self, *names: str) -> str:
        """Where a setting stands, named by section and key as in `line_of`."""
        return at(self.origin, line_of(self.text, names))

    def other(self, content: dict[str, Any], key: str, kind: Kind, seen: tuple[str, ...], *section: str) -> str | None:
        """Take out and check the name of what this starts from, or takes from.

        Args:
            content: of the file or of a section, without that key afterwards.
            key: `base` or `take`.
            kind: of what is named.
            seen: origins that have led here.
            section: name of the section, if it is one.

        Raises:
            InputError: if it is no name, or leads back to here.
        """
        name = content.pop(key, None)
        if name is not None and not isinstance(name, str):
            where = self.place(*section, key)
            raise InputError(f"{where}: {key} = {shown(name)}: should be the name of a {kind} in quotes")
        if name and self.origin in seen:
            raise InputError(f"{self.place(*section, key)}: {key} = '{name}': the file starts from itself")
        return name


@cache
def built_in(kind: Kind) -> dict[str, str]:
    """Texts of what comes with the program, by name."""
    folder = resources.files("simsvc.scenario") / _FOLDERS[kind]
    texts = {e.name[:-5]: e.read_text(encoding="utf-8") for e in folder.iterdir() if e.name.endswith(".toml")}
    first = [name for name in _FIRST if name in texts]
    return {name: texts[name] for name in (*first, *sorted(texts.keys() - first))}


def read_toml(path: Path) -> tuple[dict[str, Any], str]:
    """Content and text of a TOML file.

    Raises:
        InputError: if the file is missing, not readable, or not TOML.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        beside = [file.stem for file in path.parent.glob("*.toml")] if path.parent.is_dir() else []
        hint = nearest(path.stem, beside).replace("'?", f"{path.suffix}'?")
        raise InputError(f"{path}: there is no such file{hint}") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: cannot be read: not a text file in UTF-8") from None
    except (OSError, ValueError) as error:  # such as a name that no file can have
        raise InputError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    return parse_toml(text, str(path)), text


def parse_toml(text: str, origin: str, above: int = 0) -> dict[str, Any]:
    """What a text in TOML says.

    Args:
        text: to read.
        origin: what to call it in errors.
        above: lines of the file that stand above it.

    Raises:
        InputError: if it is not TOML.
    """
    try:
        found = tomllib.loads(text)
        repr(found)  # a hexadecimal number of thousands of digits can be read, and not be told of
        return found
    except RecursionError:
        raise InputError(f"{origin}: not valid TOML: brackets are nested too deeply") from None
    except ValueError as error:  # also of Python itself, for a number of thousands of digits
        message, *_ = re.split(r" \(at |;", str(error))
        place = re.search(r"\(at line (\d+), column \d+\)", str(error))
        line = int(place.group(1)) if place else text.count("\n") + 1  # at the end
        where = at(origin, line + above) if isinstance(error, tomllib.TOMLDecodeError) else origin
        raise InputError(f"{where}: not valid TOML: {message}") from None


def is_file(name: str | Path) -> bool:
    """Whether a name is that of a file."""
    if isinstance(name, Path) or name.endswith(".toml") or "/" in name or "\\" in name:
        return True
    try:
        return Path(name).is_file()
    except (OSError, ValueError):  # too long, or with characters that no name of a file has
        return False


def short_name(name: str | Path) -> str:
    """What a scenario or structure is called in tables: a file's name without its folder."""
    return Path(name).stem if is_file(name) else str(name)


def source_of(kind: Kind, name: str | Path, folder: Path, asked_by: str = "") -> Source:
    """A scenario or structure by name, or from a file.

    Args:
        kind: of what is wanted.
        name: of one that comes with the program, or a file.
        folder: where names of files start from.
        asked_by: what names it, for errors.

    Raises:
        InputError: if there is none of that name, or the file cannot be read.
    """
    texts = {**built_in(kind), **(built_in("history") if kind == "scenario" else {})}
    if isinstance(name, str) and name in texts:
        text = texts[name]
        return Source(tomllib.loads(text), text, f"{kind} {name}", Path())
    where = f"{asked_by}: " if asked_by else ""
    if is_file(name):
        path = folder / name
        try:
            content, text = read_toml(path)
        except InputError as error:
            raise InputError(f"{where}{error}") from None
        return Source(content, text, str(path), path.parent)
    raise InputError(
        f"{where}there is no {kind} {shown(str(name))}{nearest(str(name), texts)}; "
        f"have: {', '.join(texts)}, or a file whose name ends in .toml"
    )
