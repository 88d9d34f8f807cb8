"""Stories of single people as the page shows them."""

from __future__ import annotations

from typing import Any

from simsvc.organization import ServiceOrganization
from simsvc.scenario.management import LEVELS
from simsvc.tracing.story import Story
from simsvc.tracing.telling import clock, tell

MOMENTS = 60
"""Moments of a story that the page shows, the last ones."""


def as_page(story: Story, model: ServiceOrganization) -> dict[str, Any]:
    """A story as the page shows it: the last moments first."""
    moments = []
    for moment in story.moments[: -MOMENTS - 1 : -1]:
        what, *effects = tell(moment)
        when = "evening" if moment.minute is None else clock(moment.minute) if moment.kind == "contact" else "morning"
        moments.append({"day": moment.day, "when": when, "text": what, "effects": effects})
    return {
        "title": f"{str(story.subject).capitalize()}, {_position(story, model)}",
        "conclusion": story.conclusion(),
        "moments": moments,
        "earlier": len(story.moments) - len(moments),
        "day": model.day,
    }


def _position(story: Story, model: ServiceOrganization) -> str:
    """What a person is, as the class knows it."""
    number = story.subject.number
    if story.subject.kind == "staff":
        return f"front line, department {model.state.staff['department'][number]}"
    if story.subject.kind == "manager":
        return LEVELS[int(model.state.managers["level"][number]) - 1].title
    there = model.state.customers["since"][number] >= 0
    return "one of the firm's customers" if there else "not a customer today"
