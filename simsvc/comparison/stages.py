"""Stages of the decomposition: a run with the rules of later stages switched off.

They tell the queueing effect of a flat organisation from what decisions and behaviour add to it.
"""

from __future__ import annotations

from simsvc.scenario.loading import changed
from simsvc.scenario.settings import Rules, Scenario

STAGES = ("queueing", "decisions", "behaviour")
"""Stages of the decomposition; each adds its rules to those before."""
STEPS = {"queueing": "queueing", "decisions": "+ decisions", "behaviour": "+ behaviour", "total": "= in all"}
"""What each stage adds to a difference, and the whole of it, as tables call it."""


def up_to_stage(scenario: Scenario, stage: str) -> Scenario:
    """The scenario with the rules of later stages switched off."""
    off = STAGES[STAGES.index(stage) + 1 :]
    strengths = {}
    for name, setting in Rules.model_fields.items():
        extra = setting.json_schema_extra
        if isinstance(extra, dict) and extra["group"] in off:
            strengths[f"rules.{name}"] = 0.0
    timeline = tuple(
        change.model_copy(update={"set": {k: v for k, v in change.set.items() if k not in strengths}})
        for change in scenario.timeline
    )
    return changed(scenario.model_copy(update={"timeline": timeline}), strengths)
