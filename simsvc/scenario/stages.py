"""Stages of the model: a scenario with the rules of some of them switched off.

They tell the queueing effect of a flat organisation from what decisions and behaviour add to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from simsvc.scenario.loading import changed
from simsvc.scenario.settings import Rules, Scenario, setting_field

STAGES = ("queueing", "decisions", "behaviour")
"""Stages, each a group of strengths of rules. How customers react belongs to none and is always on."""


def strengths_of(stage: str) -> tuple[str, ...]:
    """Full names of the strengths of a stage's rules."""
    names = (f"rules.{name}" for name in Rules.model_fields)
    return tuple(name for name in names if setting_field(name).json_schema_extra["group"] == stage)


def without_stages(scenario: Scenario, off: Iterable[str], settings: Mapping[str, Any] | None = None) -> Scenario:
    """The scenario with the rules of some stages switched off, on all days.

    Args:
        scenario: to start from; it stays as it is.
        off: stages.
        settings: by full name, to hold on all days as well.
    """
    held = {name: 0.0 for stage in off for name in strengths_of(stage)} | dict(settings or {})
    timeline = tuple(
        change.model_copy(update={"set": {k: v for k, v in change.set.items() if k not in held}})
        for change in scenario.timeline
    )
    return changed(scenario.model_copy(update={"timeline": timeline}), held)


def up_to_stage(scenario: Scenario, stage: str) -> Scenario:
    """The scenario with the rules of later stages switched off.

    Queueing alone is told at equal head-count, or what a chart saves in work would go into fewer people (H1).
    """
    settings = {"workforce.staffing": "fixed"} if stage == "queueing" else {}
    return without_stages(scenario, STAGES[STAGES.index(stage) + 1 :], settings)
