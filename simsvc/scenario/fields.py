"""How a setting is declared: default, range, unit, meaning, source, all in one place.

Declarations stand as tables, without the formatter: numbers in the first line, below it what they mean and the source.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Grade = Literal["estimated", "derived", "order", "guess"]
"""How well a coefficient is known: from published tables, derived from them, order of magnitude, nothing better."""


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


def coefficient(
    value: float,
    low: float,
    high: float,
    unit: str,
    grade: Grade,
    meaning: str,
    source: str = "assumption",
    *,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Any:
    """A coefficient of a rule: an assumption with a name, a range and a source.

    Args:
        value: as published.
        low: smallest plausible value; draws of `simsvc robust` begin here.
        high: largest plausible value.
        unit: of the value, for example `"days"`; `"0-1"` for shares.
        grade: how well it is known.
        meaning: what it says about people or work, in one sentence.
        source: publication it comes from, and how; `"assumption"` where there is none.
        at_least: smallest value allowed; left out: a tenth of `low`, or ten times where it is below zero.
        at_most: largest value allowed; left out: ten times `high` (a tenth where it is below zero), 1 for shares.
    """
    least = at_least if at_least is not None else (low / 10.0 if low >= 0.0 else low * 10.0)
    most = at_most if at_most is not None else 1.0 if unit == "0-1" else (high * 10.0 if high >= 0.0 else high / 10.0)
    if not least <= low <= value <= high <= most:
        raise ValueError(f"{meaning} {least} <= {low} <= {value} <= {high} <= {most} does not hold")
    extra: dict[str, Any] = {"unit": unit, "source": source, "group": "", "low": least, "high": most}
    extra |= {"grade": grade, "plausible_low": low, "plausible_high": high}
    return Field(value, ge=least, le=most, description=meaning, json_schema_extra=extra)
