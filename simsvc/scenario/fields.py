"""How a setting is declared: default, range, unit, meaning, source, all in one place."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Section(BaseModel):
    """A frozen group of settings; unknown names, wrong types, NaN and infinities are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


def number(
    default: float, low: float, high: float, unit: str, meaning: str, source: str = "assumption", group: str = ""
) -> Any:
    """A setting with a number as its value.

    Args:
        default: value unless the scenario says otherwise.
        low: smallest value allowed.
        high: largest value allowed.
        unit: unit of the value, for example `"min"`; `"0-1"` for shares and states.
        meaning: what it says about the organisation, in one sentence.
        source: publication or practice it comes from; `"assumption"` where it is a guess.
        group: for structure levers the component of the flip it belongs to; for rule strengths
            the stage of the decomposition.
    """
    return Field(
        default,
        ge=low,
        le=high,
        description=meaning,
        json_schema_extra={"unit": unit, "source": source, "group": group, "low": low, "high": high},
    )


def choice(default: str | bool, meaning: str, source: str = "assumption", group: str = "") -> Any:
    """A setting whose value is one of the names (or truth values) its type lists."""
    return Field(default, description=meaning, json_schema_extra={"unit": "", "source": source, "group": group})
