"""Stories of single people as the page shows them."""

from __future__ import annotations

import re
from typing import Any

from simsvc.demo.names import People
from simsvc.demo.telling import Telling
from simsvc.organization import ServiceOrganization
from simsvc.scenario.words import Words
from simsvc.tracing.story import Story
from simsvc.tracing.telling import clock

MOMENTS = 60
"""Moments of a story that the page shows, the last ones; days alike, one after the other, are one."""
_PLAIN = {"paid": "in money paid", "abandoned": "given up", "unsettled": "not settled", "silent": "never complained of"}
"""What is counted in a conclusion, in words for a class."""


def as_page(story: Story, model: ServiceOrganization, words: Words) -> dict[str, Any]:
    """A story as the page shows it: the last moments first, days counted from 1."""
    people = People(model)
    telling = Telling(people, words)
    moments: list[dict[str, Any]] = []
    told = 0
    for moment in reversed(story.moments):
        text, numbers = telling.tell(moment)
        last = moments[-1] if moments else None
        if last and moment.kind in ("day", "evening") and last["text"] == text and last["from"] == moment.day + 2:
            last["from"] = moment.day + 1
        elif len(moments) == MOMENTS:
            break
        else:
            when = (
                "evening" if moment.minute is None else clock(moment.minute) if moment.kind == "contact" else "morning"
            )
            moments.append(
                {
                    "from": moment.day + 1,
                    "day": moment.day + 1,
                    "when": when,
                    "text": text,
                    "numbers": numbers,
                    "about": moment.facts.get("case", ""),
                }
            )
        told += 1
    name, position = _now(story, model, people)
    return {
        "name": name,
        "position": words.put(position),
        "conclusion": words.put(in_plain_words(story.conclusion(), story.subject.kind == "manager")),
        "moments": moments,
        "earlier": len(story.moments) - told,
        "day": model.day,
    }


def in_plain_words(text: str, post: bool = False) -> str:
    """Changes of states from 0 to 1 as the charts show them, days counted from 1, plain words; `post`: of a manager."""
    text = re.sub(r"(\d\.\d\d) -> (\d\.\d\d)", lambda found: f"{_hundred(found[1])} → {_hundred(found[2])}", text)
    text = re.sub(r"on day (\d+)", lambda found: f"on day {int(found[1]) + 1}", text)
    text = text.replace("; left on day", "; somebody who held the post before left on day") if post else text
    for word, plain in _PLAIN.items():
        text = re.sub(rf"(\d) {word}\b", rf"\1 {plain}", text)
    return text


def _hundred(share: str) -> str:
    return f"{100 * float(share):.0f}"


def _now(story: Story, model: ServiceOrganization, people: People) -> tuple[str, str]:
    """Name of whoever is meant now, and what the class knows that person as; counted from 1."""
    number = story.subject.number
    if story.subject.kind == "staff":
        return people.staff(number), f"front line, department {model.state.staff['department'][number] + 1}"
    if story.subject.kind == "manager":
        return people.manager_alone(number), people.title(number)
    there = model.state.customers["since"][number] >= 0
    return people.customer(number), f"customer {number + 1}" if there else f"person {number + 1}, not a customer today"
