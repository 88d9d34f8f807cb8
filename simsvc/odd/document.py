"""The ODD document: prose from `text/*.md`, with tables and equations put in where it asks for them.

A fragment asks with a line of its own: `{{settings market}}` for a table of `simsvc.odd.tables`, `{{text NAME}}` for
another fragment, `{{day}}` for the diagram of a day, `{{equations}}` for the equation of every rule.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from simsvc.errors import InputError, nearest
from simsvc.odd.equations import markdown as equations
from simsvc.odd.tables import TABLE_OF, every_table, markdown, phases

TEXTS = Path(__file__).with_name("text")

ELEMENTS = {
    "purpose": "Purpose and patterns",
    "entities": "Entities, state variables, and scales",
    "scheduling": "Process overview and scheduling",
    "concepts": "Design concepts",
    "initialisation": "Initialisation",
    "input": "Input data",
    "submodels": "Submodels",
}
"""The seven elements of the protocol, in order, by the name of their fragment."""
_ASKS = re.compile(r"^\{\{(\w+)(?: (\w+))?\}\}$", re.MULTILINE)


def diagram_of_a_day() -> str:
    """The phases of a day as a flow chart."""
    named = [(row["phase"].strip("`"), row["what happens"]) for row in phases()]
    boxes = [f'    {name}["<b>{name}</b><br>{does}"]' for name, does in named]
    steps = [f"    {one} --> {following}" for (one, _), (following, _) in pairwise(named)]
    again = f"    {named[-1][0]} -. next day .-> {named[0][0]}"
    return "\n".join(["```mermaid", "flowchart TD", *boxes, *steps, again, "```"])


_MADE = {"day": diagram_of_a_day, "equations": equations}


def _asked(found: re.Match[str]) -> str:
    name, argument = found.groups()
    if name == "text":
        return fragment(argument)
    if name in _MADE:
        return _MADE[name]()
    return markdown(TABLE_OF[name](argument) if argument else TABLE_OF[name]())


@cache
def fragment(name: str) -> str:
    """A fragment of the document with everything it asks for."""
    return _ASKS.sub(_asked, (TEXTS / f"{name}.md").read_text("utf-8").strip())


def document(element: str | None = None) -> str:
    """The whole document, or one element of it, as Markdown.

    Raises:
        InputError: if there is no such element.
    """
    if element is not None and element not in ELEMENTS:
        raise InputError(f"--element {element}{nearest(element, ELEMENTS)}: have {', '.join(ELEMENTS)}")
    parts = [] if element else [fragment("begin")]
    for number, (name, title) in enumerate(ELEMENTS.items(), 1):
        if element in (None, name):
            parts.append(f"## {number} {title}\n\n{fragment(name)}")
    return "\n\n".join([*parts, *([] if element else [fragment("references")])]) + "\n"


def as_json(element: str | None = None) -> dict[str, Any]:
    """The document for programs: the text of each element, and all tables as rows."""
    texts = {name: document(name) for name in ELEMENTS if element in (None, name)}
    elements = [{"name": name, "title": ELEMENTS[name], "markdown": text} for name, text in texts.items()]
    return {"elements": elements, "tables": every_table()}
