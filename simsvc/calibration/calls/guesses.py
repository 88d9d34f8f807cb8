"""What had to be guessed to read a file of calls, and how a layout says it instead."""

from __future__ import annotations

from typing import Any, NamedTuple

from simsvc.scenario.writing import toml_value


class Guess(NamedTuple):
    """An entry of a layout that was found out from the file.

    Attributes:
        section: of the layout.
        name: of the entry.
        value: found.
        why: a sentence, or empty where it goes without saying.
    """

    section: str
    name: str
    value: Any
    why: str = ""


def in_layout(section: str, name: str, value: Any) -> str:
    """How a layout says it, for messages: `[units] wait = "mm:ss"`."""
    return f"[{section}] {name} = {toml_value(value)}"


def remedy(*sayings: str) -> str:
    """What to do where a file can be read in several ways."""
    return f"say which in a layout, --layout mine.toml with {' or '.join(sayings)}"
