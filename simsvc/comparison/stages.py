"""Stages of the rules: a run with the rules of later stages switched off.

They tell the queueing effect of a flat organisation from what decisions and behaviour add to it.
"""

from __future__ import annotations

from typing import Any

from simsvc.scenario.loading import changed
from simsvc.scenario.settings import Rules, Scenario

STAGES = ("queueing", "decisions", "behaviour")
"""Stages; each adds its rules to those before."""


def up_to_stage(scenario: Scenario, stage: str) -> Scenario:
    """The scenario with the rules of later stages switched off.

    Queueing alone is told at equal head-count, or what a chart saves in work would go into fewer people (H1).
    """
    off = STAGES[STAGES.index(stage) + 1 :]
    settings: dict[str, Any] = {} if stage != "queueing" else {"workforce.staffing": "fixed"}
    for name, setting in Rules.model_fields.items():
        extra = setting.json_schema_extra
        if isinstance(extra, dict) and extra["group"] in off:
            settings[f"rules.{name}"] = 0.0
    timeline = tuple(
        change.model_copy(update={"set": {k: v for k, v in change.set.items() if k not in settings}})
        for change in scenario.timeline
    )
    return changed(scenario.model_copy(update={"timeline": timeline}), settings)
